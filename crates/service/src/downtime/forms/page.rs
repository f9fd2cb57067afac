//! Pages to print: HTML that stands alone, works without script, and is XML as well.

use samspill_agreement::model::Language;

/// Markup whose texts are escaped: only what this file makes can be in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Html(String);

/// Elements that HTML writes without an end tag.
const VOID: [&str; 2] = ["br", "meta"];

impl Html {
    /// A text, or the value of an attribute between double quotes. What is no character of XML becomes `\u{FFFD}`.
    pub(super) fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\n' | '\t' => out.push(letter),
                _ if letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
                _ => out.push(letter),
            }
        }
        Self(out)
    }

    /// Several, one after the other.
    pub(super) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect())
    }

    /// Several, each on a line of its own.
    pub(super) fn lines(texts: impl IntoIterator<Item = String>) -> Self {
        let mut parts = Vec::new();
        for text in texts {
            if !parts.is_empty() {
                parts.push(element("br", &[], Self::default()));
            }
            parts.push(Self::text(&text));
        }
        Self::all(parts)
    }
}

/// An element with attributes.
pub(super) fn element(name: &'static str, attributes: &[(&'static str, &str)], inner: Html) -> Html {
    let mut start = format!("<{name}");
    for (attribute, value) in attributes {
        start += &format!(" {attribute}=\"{}\"", Html::text(value).0);
    }
    if VOID.contains(&name) {
        return Html(start + "/>");
    }
    // Blocks end their line, so that the page can be read as text.
    let end = if matches!(name, "span" | "strong" | "td" | "th" | "li") { "" } else { "\n" };
    let mut markup = inner.0;
    markup.insert_str(0, &(start + ">"));
    markup += &format!("</{name}>{end}");
    Html(markup)
}

/// An element with a text.
pub(super) fn says(name: &'static str, text: &str) -> Html {
    element(name, &[], Html::text(text))
}

/// A table: its caption, its column headings, and rows whose first cell heads them.
pub(super) fn table(caption: &str, columns: &[&str], rows: Vec<Vec<Html>>) -> Html {
    let heads = columns.iter().map(|column| element("th", &[("scope", "col")], Html::text(column)));
    let head = element("thead", &[], element("tr", &[], Html::all(heads)));
    let head = if columns.is_empty() { Html::default() } else { head };
    let rows = rows.into_iter().map(row);
    let body = element("tbody", &[], Html::all(rows));
    element("table", &[], Html::all([says("caption", caption), head, body]))
}

/// A whole page.
pub(super) fn page(language: Language, title: &str, body: Vec<Html>) -> String {
    let code = match language {
        Language::Bokmal => "nb",
        Language::Nynorsk => "nn",
        Language::English => "en",
    };
    let meta = [
        element("meta", &[("charset", "utf-8")], Html::default()),
        element(
            "meta",
            &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")],
            Html::default(),
        ),
        says("title", title),
        Html(format!("<style>\n{STYLE}</style>\n")),
    ];
    let root = [("lang", code), ("xml:lang", code), ("xmlns", "http://www.w3.org/1999/xhtml")];
    let inner = Html::all([
        element("head", &[], Html::all(meta)),
        element("body", &[], element("main", &[], Html::all(body))),
    ]);
    format!("<!DOCTYPE html>\n{}", element("html", &root, inner).0)
}

fn row(cells: Vec<Html>) -> Html {
    let cells = cells.into_iter().enumerate().map(|(place, cell)| match place {
        0 => element("th", &[("scope", "row")], cell),
        _ => element("td", &[], cell),
    });
    element("tr", &[], Html::all(cells))
}

/// Black on white, A4; headings of tables come again on each page, and rows aren't torn. Captions are for those who listen: those who
/// look have the heading above.
const STYLE: &str = "\
@page { size: A4; margin: 15mm 15mm 18mm; @bottom-right { content: counter(page) ' / ' counter(pages); } }
html { color: #000; background: #fff; font: 11pt/1.35 Arial, Helvetica, sans-serif; }
body { margin: 0; }
h1 { font-size: 16pt; margin: 0 0 2mm; }
h2 { font-size: 12pt; margin: 5mm 0 1mm; break-after: avoid; }
p, ul { margin: 1mm 0; }
ul { padding-left: 5mm; }
ul.ticks { list-style: none; padding: 0; }
table { width: 100%; border-collapse: collapse; margin: 1mm 0 3mm; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.3mm solid #000; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th[scope=row] { width: 32%; font-weight: normal; }
.warning { border: 0.6mm solid #000; padding: 1.5mm; font-weight: bold; }
.line { display: block; min-width: 60mm; min-height: 8mm; border-bottom: 0.2mm dotted #000; }
.form { break-after: page; }
.form:last-child { break-after: auto; }
.wide { page: wide; }
@page wide { size: A4 landscape; }
.wide table { table-layout: fixed; font-size: 9pt; hyphens: auto; }
.wide th, .wide th[scope=row] { width: 15%; }
.wide th[scope=col]:nth-child(2), .wide th[scope=col]:nth-child(5) { width: 19%; }
.wide th[scope=col]:nth-child(3) { width: 25%; }
.wide th[scope=col]:nth-child(4) { width: 11%; }
@media screen { body { padding: 5mm; } }
";
