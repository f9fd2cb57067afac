use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::{condition::Condition, kinds::kinds_named, path::Path};
use crate::messages::{
    Severity,
    types::{Kind, Version},
};

/// A rule of a profile: what a kind of message must say beyond its schema.
#[derive(Debug)]
pub struct Rule {
    /// Its name, which is also the code of its findings: `innlagt-klokkeslett`.
    pub id: String,
    /// The kinds it is for.
    pub kinds: Vec<Kind>,
    /// The versions it is for.
    pub versions: Vec<Version>,
    /// The document and section that asks for it: `HIS 1149:2014 3.2.2`.
    pub clause: String,
    /// How much a breach weighs.
    pub severity: Severity,
    /// Whether a message that breaks it can be sent.
    pub writing: Writing,
    /// What to write, in English.
    pub en: String,
    /// What to write, in Norwegian bokmål.
    pub nb: String,
    pub(super) status: Vec<String>,
    pub(super) root: Root,
    pub(super) at: Path,
    pub(super) when: Option<Condition>,
    pub(super) must: Condition,
}

/// What a breach means for a message that is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Writing {
    /// It is written, and the breach is told beside it.
    Warn,
    /// It isn't written: it would be invalid, or mean nothing to who gets it.
    Refuse,
}

/// From where the way of a rule begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// The outermost element.
    Head,
    /// The element with the contents: in the first document of a Hodemelding, or the outermost.
    Body,
}

const FILES: [(&str, &str); 11] = [
    ("hodemelding", include_str!("../../../data/profiles/hodemelding.toml")),
    ("his-80704", include_str!("../../../data/profiles/his-80704.toml")),
    ("hisd-1154", include_str!("../../../data/profiles/hisd-1154.toml")),
    ("his-1143", include_str!("../../../data/profiles/his-1143.toml")),
    ("his-1144", include_str!("../../../data/profiles/his-1144.toml")),
    ("his-1148", include_str!("../../../data/profiles/his-1148.toml")),
    ("his-1149", include_str!("../../../data/profiles/his-1149.toml")),
    ("his-1077", include_str!("../../../data/profiles/his-1077.toml")),
    ("his-1151", include_str!("../../../data/profiles/his-1151.toml")),
    ("hisd-80806", include_str!("../../../data/profiles/hisd-80806.toml")),
    ("his-80226", include_str!("../../../data/profiles/his-80226.toml")),
];

/// All rules: the files are part of the program, and tests hold that each of them can be read.
static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| FILES.iter().flat_map(|(name, text)| load(name, text).unwrap_or_default()).collect());

/// The rules of each kind and version: a message is only asked about its own.
static BY_KIND: LazyLock<BTreeMap<(Kind, Version), Vec<&'static Rule>>> = LazyLock::new(|| {
    let mut all: BTreeMap<_, Vec<&'static Rule>> = BTreeMap::new();
    for rule in RULES.iter() {
        for kind in &rule.kinds {
            for version in &rule.versions {
                all.entry((*kind, *version)).or_default().push(rule);
            }
        }
    }
    all
});

/// All rules, in the order of their files.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The rule of this name, which is the code of its findings.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

pub(super) fn rules_of(kind: Kind, version: Version) -> &'static [&'static Rule] {
    BY_KIND.get(&(kind, version)).map_or(&[], Vec::as_slice)
}

/// What is wrong with the rule files: nothing, or the tests fail.
pub fn faults() -> Vec<String> {
    FILES.iter().filter_map(|(name, text)| load(name, text).err()).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    document: String,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    versions: Vec<String>,
    rule: Vec<RuleText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    id: String,
    #[serde(default)]
    clause: String,
    document: Option<String>,
    /// The same rule in several documents: kinds and the whole clause of each.
    #[serde(default, rename = "for")]
    by_document: Vec<ForText>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    versions: Vec<String>,
    #[serde(default)]
    status: Vec<String>,
    severity: Option<SeverityText>,
    writing: Option<Writing>,
    at: String,
    when: Option<String>,
    must: String,
    en: String,
    nb: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForText {
    kinds: Vec<String>,
    clause: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SeverityText {
    Note,
    Warning,
}

fn load(name: &str, text: &str) -> Result<Vec<Rule>, String> {
    let file: FileText = toml::from_str(text).map_err(|error| format!("{name}: {error}"))?;
    let mut rules = Vec::new();
    for rule in &file.rule {
        let compiled = compile_each(&file, rule).map_err(|error| format!("{name}: {}: {error}", rule.id))?;
        rules.extend(compiled);
    }
    Ok(rules)
}

fn compile_each(file: &FileText, rule: &RuleText) -> Result<Vec<Rule>, String> {
    if !rule.by_document.is_empty() {
        return rule.by_document.iter().map(|it| compile(file, rule, &it.kinds, it.clause.clone())).collect();
    }
    let kinds = if rule.kinds.is_empty() { &file.kinds } else { &rule.kinds };
    let clause = format!("{} {}", rule.document.as_ref().unwrap_or(&file.document), rule.clause);
    Ok(vec![compile(file, rule, kinds, clause.trim_end().to_owned())?])
}

fn compile(file: &FileText, rule: &RuleText, kinds: &[String], clause: String) -> Result<Rule, String> {
    let versions = if rule.versions.is_empty() { &file.versions } else { &rule.versions };
    let (root, at) = root(&rule.at)?;
    Ok(Rule {
        id: rule.id.clone(),
        kinds: names(kinds, kinds_named)?.concat(),
        versions: names(versions, version)?,
        clause,
        severity: match rule.severity {
            Some(SeverityText::Note) => Severity::Note,
            Some(SeverityText::Warning) | None => Severity::Warning,
        },
        writing: rule.writing.unwrap_or(Writing::Warn),
        en: rule.en.clone(),
        nb: rule.nb.clone(),
        status: rule.status.clone(),
        root,
        at: Path::parse(at)?,
        when: rule.when.as_deref().map(Condition::parse).transpose()?,
        must: Condition::parse(&rule.must)?,
    })
}

fn root(at: &str) -> Result<(Root, &str), String> {
    let (first, rest) = at.split_once('/').unwrap_or((at, ""));
    match first {
        "head" => Ok((Root::Head, rest)),
        "body" => Ok((Root::Body, rest)),
        other => Err(format!("begin with head or body, not {other}")),
    }
}

fn names<T>(texts: &[String], named: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    texts.iter().map(|text| named(text).ok_or_else(|| format!("unknown name {text}"))).collect()
}

fn version(text: &str) -> Option<Version> {
    match text {
        "plo-1.5" => Some(Version::Plo15),
        "plo-1.6" => Some(Version::Plo16),
        "dialog-1.0" => Some(Version::Dialog10),
        "dialog-1.1" => Some(Version::Dialog11),
        "epikrise-1.1" => Some(Version::Epikrise11),
        "epikrise-1.2" => Some(Version::Epikrise12),
        _ => None,
    }
}
