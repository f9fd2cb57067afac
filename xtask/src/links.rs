//! Links in documents lead somewhere.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::{Fault, Tree, TreeFile};

/// Links in `*.md` to files, folders or headings that aren't there. Links to other sites are not followed.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let pages: BTreeMap<_, _> = tree
        .files
        .iter()
        .filter(|file| file.ends_with(".md"))
        .map(|file| (file.path.as_str(), Page::read(file)))
        .collect();
    let mut faults = Vec::new();
    for (path, page) in &pages {
        for (line, link) in &page.links {
            if let Err(says) = resolve(tree, &pages, path, link) {
                faults.push(Fault::at(path, *line, format!("the link `{link}` {says}")));
            }
        }
        let undefined = page.undefined.iter();
        faults.extend(undefined.map(|(line, name)| {
            Fault::at(path, *line, format!("the link [{name}] has no address: define it"))
        }));
    }
    faults
}

/// What a document offers and what it points to.
#[derive(Debug, Default)]
struct Page {
    anchors: BTreeSet<String>,
    /// Line and address.
    links: Vec<(usize, String)>,
    /// Line and name of `[text][name]` where no address is given for the name.
    undefined: Vec<(usize, String)>,
    /// The words of the heading that is being read.
    heading: Option<String>,
}

impl Page {
    fn read(file: &TreeFile) -> Self {
        let text = file.text().unwrap_or_default();
        let line_of = |offset: usize| text[..offset].matches('\n').count() + 1;
        let (mut page, mut undefined) = (Self::default(), Vec::new());
        let note = |broken: BrokenLink<'_>| {
            if broken.link_type == LinkType::Reference {
                undefined.push((line_of(broken.span.start), broken.reference.to_string()));
            }
            None
        };
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
        let parser = Parser::new_with_broken_link_callback(text, options, Some(note));
        for (event, range) in parser.into_offset_iter() {
            page.take(event, line_of(range.start));
        }
        page.undefined = undefined;
        page
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "of all that a document holds, these alone matter to links"
    )]
    fn take(&mut self, event: Event<'_>, line: usize) {
        match event {
            Event::Start(Tag::Heading { .. }) => self.heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => self.end_heading(),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut self.heading {
                    heading.push_str(&words);
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.links.push((line, dest_url.to_string()));
            }
            Event::Html(html) | Event::InlineHtml(html) => self.anchors.extend(ids(&html)),
            _ => {}
        }
    }

    /// A second heading with the same words gets `-1`, as the sites that show documents do it.
    fn end_heading(&mut self) {
        let slug = slug(&self.heading.take().unwrap_or_default());
        let numbered = (1..).map(|number| format!("{slug}-{number}"));
        let free = std::iter::once(slug.clone()).chain(numbered).find(|name| !self.anchors.contains(name));
        self.anchors.extend(free);
    }
}

/// Small letters, digits, `-` and `_`; a blank becomes `-`, the rest falls away.
fn slug(title: &str) -> String {
    let kept = title.trim().chars().flat_map(char::to_lowercase);
    kept.filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    })
    .collect()
}

/// The values of `id="…"` in a piece of HTML.
fn ids(html: &str) -> impl Iterator<Item = String> {
    html.split(" id=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(id, _)| id.to_owned())
}

fn resolve(tree: &Tree, pages: &BTreeMap<&str, Page>, from: &str, link: &str) -> Result<(), &'static str> {
    if is_elsewhere(link) {
        return Ok(());
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target =
        if path.is_empty() { from.to_owned() } else { joined(from, path).ok_or("leaves the repository")? };
    if !tree.has(&target) {
        return Err("leads nowhere: there is no such file or folder");
    }
    match (anchor, pages.get(target.as_str())) {
        (Some(anchor), Some(page)) if !page.anchors.contains(anchor) => {
            Err("leads to no heading of that document")
        }
        (Some(_), None) => Err("has an anchor, and only documents have those"),
        (Some(_) | None, _) => Ok(()),
    }
}

/// Whether an address names another site: it begins with a scheme, `https:` or `mailto:`.
fn is_elsewhere(link: &str) -> bool {
    link.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
    })
}

/// The path from the root that a relative path means in this file; `None` where it leads out of the tree.
fn joined(from: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with one link in `docs/a.md`.
    fn check(link: &str) -> Vec<String> {
        let page = format!(
            "# Ord og tall\n\n## Døgn, `dognpris`\n\n## Ord og tall\n\n<a id=\"her\"></a>\n\n{link}\n"
        );
        let tree = Tree::of(&[("docs/a.md", &page), ("docs/b.md", "Title\n=====\n"), ("src/lib.rs", "")]);
        super::check(&tree).into_iter().map(|fault| fault.says).collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_kept() {
        let good = [
            "b.md",
            "./b.md#title",
            "../src/lib.rs",
            "../src",
            "../src/",
            "#ord-og-tall",
            "#ord-og-tall-1",
            "#døgn-dognpris",
            "#her",
            "https://example.org/a#b",
            "mailto:a@example.org",
            "..",
        ];
        for link in good {
            assert_eq!(check(&format!("[x]({link})")), [""; 0], "{link}");
        }
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        let bad = [
            "c.md",
            "../docs/c.md",
            "b.md#titel",
            "#ord-og-tall-2",
            "../../a.md",
            "/docs/b.md",
            "../src/lib.rs#L1",
        ];
        for link in bad {
            assert_eq!(check(&format!("[x]({link})")).len(), 1, "{link}");
            assert_eq!(check(&format!("![x][y]\n\n[y]: {link}")).len(), 1, "{link}");
        }
    }

    #[test]
    fn a_name_without_an_address_is_found_and_brackets_in_words_are_not() {
        assert_eq!(check("[x][y]").len(), 1);
        assert_eq!(check("a [x] and `[x](y.md)` and [[duty]]\n\n```\n[x](y.md)\n```"), [""; 0]);
    }
}
