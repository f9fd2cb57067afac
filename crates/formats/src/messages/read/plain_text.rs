//! Formatted text as plain text.

use crate::xml::{Content, El};

/// What an element says as plain text: its own text, or that of the XHTML in it, paragraphs apart by a blank line and lines,
/// list items and table rows by a new line.
pub(super) fn plain(element: El<'_>) -> String {
    const USUAL: usize = 256;
    if element.children().next().is_none() {
        return element.text().into_owned();
    }
    let mut writer = Writer { out: String::with_capacity(USUAL), ..Writer::default() };
    writer.within(element);
    writer.out
}

/// What stands between two pieces of text. In the order of weight.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

#[derive(Default)]
struct Writer {
    out: String,
    gap: Gap,
}

impl Writer {
    fn within(&mut self, element: El<'_>) {
        for content in element.contents() {
            match content {
                Content::Text(text) => self.text(text),
                Content::Element(element) => self.element(element),
            }
        }
    }

    fn element(&mut self, element: El<'_>) {
        let gap = match element.local() {
            "script" | "style" | "head" => return,
            "b" | "i" | "u" | "em" | "strong" | "span" | "a" | "sub" | "sup" | "small" | "big" | "tt"
            | "code" | "font" => Gap::None,
            "td" | "th" => Gap::Space,
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "blockquote" => {
                Gap::Paragraph
            }
            _ => Gap::Line,
        };
        self.widen(gap);
        self.within(element);
        self.widen(gap);
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    /// White space is one space, as browsers show it; at the beginning of a line it is none.
    fn text(&mut self, text: &str) {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let [Some(first), Some(last)] = [text.as_bytes().first(), text.as_bytes().last()] else { return };
        if is_space(first) {
            self.widen(Gap::Space);
        }
        for word in text.split_ascii_whitespace() {
            self.break_off();
            self.out.push_str(word);
            self.gap = Gap::Space;
        }
        if !is_space(last) && self.gap == Gap::Space {
            self.gap = Gap::None;
        }
    }

    fn break_off(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if self.out.is_empty() {
            return;
        }
        self.out.push_str(match gap {
            Gap::None => "",
            Gap::Space => " ",
            Gap::Line => "\n",
            Gap::Paragraph => "\n\n",
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{XmlLimits, parse};

    #[track_caller]
    fn check(xml: &str, expected: &str) {
        let document = parse(xml, &XmlLimits::default()).unwrap();
        assert_eq!(plain(document.root()), expected, "{xml}");
    }

    #[test]
    fn a_plain_text_stays_as_it_is() {
        check("<a>\n To  ord\nog to linjer. </a>", "To  ord\nog to linjer.");
        check("<a/>", "");
    }

    #[test]
    fn paragraphs_lines_and_rows_stay_apart() {
        check(
            "<a><div><p>Først.</p>\n<p>Så <b>fe</b>tt,\n  ikke <i>nå</i>.</p></div></a>",
            "Først.\n\nSå fett, ikke nå.",
        );
        check("<a>En<br/>to<br/><br/>tre</a>", "En\nto\ntre");
        check("<a><p>Liste:</p><ul><li>a</li><li>b</li></ul>slutt</a>", "Liste:\n\na\nb\n\nslutt");
        check(
            "<a><table><tr><td>K</td><td>4,1</td></tr><tr><td>Na</td><td>140</td></tr></table></a>",
            "K 4,1\nNa 140",
        );
        check("<a><b>Ett</b> <i>to</i></a>", "Ett to");
        check("<a><ukjent>en</ukjent><ukjent>to</ukjent></a>", "en\nto");
    }

    #[test]
    fn what_isnt_text_is_left_out() {
        check("<a><head><title>x</title></head><style>p {}</style><p> Tekst </p> <p/></a>", "Tekst");
    }
}
