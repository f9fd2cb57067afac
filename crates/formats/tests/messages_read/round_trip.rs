//! What is read is written again: equal in content, and valid if it was.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use samspill_formats::xml::{Element, XmlLimits, parse, write_document};

use crate::{data, files_in, lxml, shared, text_of};

/// Writes a document and holds it to the first: elements, attributes and text; prefixes may differ.
fn rewritten(path: &Path) -> Option<String> {
    let text = text_of(path)?;
    let first = parse(&text, &XmlLimits::default()).ok()?;
    let written = write_document(&first);
    let second = parse(&written, &XmlLimits::default()).unwrap();
    assert!(
        Element::from(first.root()) == Element::from(second.root()),
        "{} came back otherwise",
        path.display()
    );
    Some(written)
}

#[test]
fn a_message_comes_back_as_it_was() {
    let ours = files_in(&data());
    assert!(ours.len() >= 33);
    for path in ours {
        assert!(rewritten(&path).is_some(), "{} isn't XML", path.display());
    }
    let Some(samples) = shared("standards/plo/samples") else { return };
    for path in files_in(&samples) {
        assert!(rewritten(&path).is_some(), "{} isn't XML", path.display());
    }
}

/// Which files a schema validator passes; none if it can't be asked here.
fn validated(files: &[PathBuf]) -> Option<Vec<String>> {
    let tool = shared("tools/check_kith.py")?;
    let python = lxml::python()?;
    let output = Command::new(python).arg(tool).args(files).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    Some(output.lines().filter_map(|line| line.strip_prefix("OK   ")).map(str::to_owned).collect())
}

#[test]
fn what_is_written_again_is_as_valid_as_before() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rewritten");
    std::fs::create_dir_all(&folder).unwrap();
    let mut originals = files_in(&data());
    for kind in [
        "plo-1.5",
        "plo-1.6",
        "dialogmelding-1.0",
        "dialogmelding-1.1",
        "epikrise-1.2",
        "apprec-1.0",
        "apprec-1.1",
    ] {
        originals
            .extend(shared(&format!("standards/plo/samples/{kind}")).iter().flat_map(|path| files_in(path)));
    }
    let copies: Vec<PathBuf> =
        (0..originals.len()).map(|number| folder.join(format!("{number}.xml"))).collect();
    for (original, copy) in originals.iter().zip(&copies) {
        std::fs::write(copy, rewritten(original).unwrap()).unwrap();
    }
    let (Some(before), Some(after)) = (validated(&originals), validated(&copies)) else { return };
    for (original, copy) in originals.iter().zip(&copies) {
        let is_in = |list: &[String], path: &Path| list.iter().any(|name| Path::new(name) == path);
        assert!(is_in(&before, original), "{} isn't valid", original.display());
        assert!(is_in(&after, copy), "{} isn't valid any more", original.display());
    }
}
