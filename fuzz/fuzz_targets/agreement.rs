//! Loading and showing an agreement takes any text to the end, alone and twice as two versions.
#![no_main]

use samspill_agreement::{
    Look, SourceFile, VersionSources, compare, load, model::Language, parse_cases, render, render_diagnostics,
};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let version = |name: &str| VersionSources {
        folder_name: "2023-06-01".into(),
        files: vec![SourceFile::new(name, text)],
    };
    load(vec![version("a.toml"), version("b.toml")], &());
    let outcome = load(vec![version("a.toml")], &());
    assert_eq!(outcome.agreement.is_none(), outcome.has_errors());
    render_diagnostics(&outcome.diagnostics, &outcome.sources, Look::Plain);
    if let Some(agreement) = outcome.agreement {
        let newest = agreement.newest();
        render(newest, Language::Nynorsk);
        parse_cases(&SourceFile::new("cases.toml", text), newest);
        let comparison = compare(newest, newest, Language::Bokmal);
        assert!(comparison.rules.iter().all(samspill_agreement::RuleComparison::is_same));
        comparison.to_text(60);
    }
});
