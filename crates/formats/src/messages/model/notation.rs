//! The notation of content models: from text to declarations. What it means, says [the module](super).

use super::lexer::{Lexer, Token};

/// A model file, read.
#[derive(Debug)]
pub(super) struct Schema<'s> {
    pub(super) namespace: &'s str,
    pub(super) prefixes: Vec<(&'s str, &'s str)>,
    pub(super) locals: Locals,
    pub(super) declarations: Vec<Declaration<'s>>,
}

/// Whether elements that are declared inside others have the namespace of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Locals {
    Qualified,
    Unqualified,
}

#[derive(Debug)]
pub(super) struct Declaration<'s> {
    pub(super) name: &'s str,
    pub(super) what: Declared<'s>,
}

#[derive(Debug)]
pub(super) enum Declared<'s> {
    /// `element Name : type`
    ElementOf(Value<'s>),
    /// `element Name = …`
    Element(Body<'s>),
    /// `type Name = …`
    Type(Body<'s>),
    /// `simple Name = …`
    Simple(Value<'s>),
    /// `attribute Name : type`
    Attribute(Value<'s>),
}

/// What an element has in it, and its attributes.
#[derive(Debug)]
pub(super) struct Body<'s> {
    pub(super) text: Text<'s>,
    pub(super) particles: Vec<Particle<'s>>,
    pub(super) attributes: Vec<Attribute<'s>>,
}

/// Which text an element may have in it.
#[derive(Debug)]
pub(super) enum Text<'s> {
    None,
    Mixed,
    Only(Value<'s>),
}

#[derive(Debug)]
pub(super) struct Particle<'s> {
    pub(super) term: Term<'s>,
    pub(super) occurs: Occurs,
}

#[derive(Debug)]
pub(super) enum Term<'s> {
    /// An element that is declared outside others.
    Global(Reference<'s>),
    /// An element with a type that has a name.
    Local { name: &'s str, value: Value<'s> },
    /// An element with a body of its own.
    Inline { name: &'s str, body: Body<'s> },
    /// Alternatives, each a sequence; a sequence alone is one alternative.
    Group(Vec<Vec<Particle<'s>>>),
    /// Any element.
    Wildcard(Wildcard),
}

/// `any` and `other`, with or without `-lax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wildcard {
    pub(super) from: From,
    pub(super) process: Process,
}

/// The namespaces a wildcard lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// All, and none.
    Anywhere,
    /// All but the file's own, and not none.
    Elsewhere,
}

/// What is asked of an element that came in through a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Process {
    /// It must be declared.
    Strict,
    /// It is checked if it is declared.
    Lax,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occurs {
    Once,
    Optional,
    Any,
    Some,
}

#[derive(Debug)]
pub(super) struct Attribute<'s> {
    pub(super) name: Reference<'s>,
    /// None for an attribute that is declared outside elements.
    pub(super) value: Option<Value<'s>>,
    pub(super) fixed: Option<&'s str>,
    pub(super) required: bool,
}

/// A name, perhaps of another namespace: `kith.CS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference<'s> {
    pub(super) prefix: Option<&'s str>,
    pub(super) local: &'s str,
}

/// A type by name, narrowed: `token["a" "b"]`, `string="fixed"`, `(date | time)`.
#[derive(Debug)]
pub(super) struct Value<'s> {
    /// More than one is a union.
    pub(super) types: Vec<Reference<'s>>,
    pub(super) listed: Vec<&'s str>,
    pub(super) pattern: Option<&'s str>,
    pub(super) fixed: Option<&'s str>,
}

type Read<T> = Result<T, String>;

impl<'s> Schema<'s> {
    /// Reads a file; the error names the line.
    pub(super) fn read(text: &'s str) -> Read<Self> {
        let mut schema =
            Self { namespace: "", prefixes: Vec::new(), locals: Locals::Qualified, declarations: Vec::new() };
        for statement in statements(text) {
            schema.statement(statement).map_err(|says| format!("{says}: {statement}"))?;
        }
        if schema.namespace.is_empty() { Err("`namespace` is missing".to_owned()) } else { Ok(schema) }
    }

    fn statement(&mut self, statement: &'s str) -> Read<()> {
        let (word, rest) = statement.split_once(' ').unwrap_or((statement, ""));
        match word {
            "namespace" => self.namespace = rest.trim(),
            "with" => {
                self.prefixes.push(rest.split_once(" = ").ok_or("a prefix and a namespace are missing")?);
            }
            "locals" => self.locals = Locals::Unqualified,
            _ => self.declarations.push(Parser::new(rest).declaration(word)?),
        }
        Ok(())
    }
}

/// Lines with the indented lines that go on with them; comments and empty lines are left out.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    let goes_on = |line: &str| line.starts_with(' ');
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let mut end = rest.find('\n').map_or(rest.len(), |at| at + 1);
            while goes_on(&rest[end..]) {
                end += rest[end..].find('\n').map_or(rest.len() - end, |at| at + 1);
            }
            let statement;
            (statement, rest) = rest.split_at(end);
            if statement.is_empty() {
                return None;
            }
            if !statement.trim().is_empty() && !statement.starts_with('#') {
                return Some(statement.trim_end());
            }
        }
    })
}

struct Parser<'s> {
    tokens: Lexer<'s>,
}

impl<'s> Parser<'s> {
    fn new(text: &'s str) -> Self {
        Self { tokens: Lexer::new(text) }
    }

    fn declaration(&mut self, keyword: &str) -> Read<Declaration<'s>> {
        let name = self.word()?;
        let of_type = self.takes(':');
        if !of_type {
            self.sign('=')?;
        }
        let what = match (keyword, of_type) {
            ("element", true) => Declared::ElementOf(self.value()?),
            ("element", false) => Declared::Element(self.body()?),
            ("type", false) => Declared::Type(self.body()?),
            ("simple", false) => Declared::Simple(self.value()?),
            ("attribute", true) => Declared::Attribute(self.value()?),
            (_, _) => return Err(format!("`{keyword}` isn't a declaration")),
        };
        match self.tokens.next() {
            None => Ok(Declaration { name, what }),
            Some(token) => Err(format!("{token:?} stands after the end")),
        }
    }

    fn body(&mut self) -> Read<Body<'s>> {
        let text = match self.tokens.peek() {
            Some(Token::Word("mixed")) => {
                self.tokens.next();
                Text::Mixed
            }
            Some(Token::Word("text")) => {
                self.tokens.next();
                Text::Only(self.value()?)
            }
            Some(_) | None => Text::None,
        };
        let particles = self.sequence()?;
        let mut attributes = Vec::new();
        while self.takes('@') {
            attributes.push(self.attribute()?);
        }
        Ok(Body { text, particles, attributes })
    }

    fn sequence(&mut self) -> Read<Vec<Particle<'s>>> {
        let mut particles = Vec::new();
        while matches!(self.tokens.peek(), Some(Token::Word(_) | Token::Sign('('))) {
            let term = self.term()?;
            particles.push(Particle { term, occurs: self.occurs() });
        }
        Ok(particles)
    }

    fn term(&mut self) -> Read<Term<'s>> {
        if self.takes('(') {
            return self.group();
        }
        let word = self.word()?;
        if let Some(wildcard) = wildcard(word) {
            return Ok(Term::Wildcard(wildcard));
        }
        if self.takes(':') {
            return Ok(Term::Local { name: word, value: self.value()? });
        }
        if self.takes('{') {
            let body = self.body()?;
            self.sign('}')?;
            return Ok(Term::Inline { name: word, body });
        }
        Ok(Term::Global(reference(word)))
    }

    fn group(&mut self) -> Read<Term<'s>> {
        let mut alternatives = vec![self.sequence()?];
        while self.takes('|') {
            alternatives.push(self.sequence()?);
        }
        self.sign(')')?;
        Ok(Term::Group(alternatives))
    }

    fn occurs(&mut self) -> Occurs {
        for (sign, occurs) in [('?', Occurs::Optional), ('*', Occurs::Any), ('+', Occurs::Some)] {
            if self.takes(sign) {
                return occurs;
            }
        }
        Occurs::Once
    }

    fn attribute(&mut self) -> Read<Attribute<'s>> {
        let name = reference(self.word()?);
        let value = if self.takes(':') { Some(self.value()?) } else { None };
        let fixed = if self.takes('=') { Some(self.quoted()?) } else { None };
        Ok(Attribute { name, value, fixed, required: !self.takes('?') })
    }

    fn value(&mut self) -> Read<Value<'s>> {
        let types = if self.takes('(') { self.union()? } else { vec![reference(self.word()?)] };
        let mut value = Value { types, listed: Vec::new(), pattern: None, fixed: None };
        if self.takes('[') {
            self.facets(&mut value)?;
        }
        if self.takes('=') {
            value.fixed = Some(self.quoted()?);
        }
        Ok(value)
    }

    fn union(&mut self) -> Read<Vec<Reference<'s>>> {
        let mut types = vec![reference(self.word()?)];
        while self.takes('|') {
            types.push(reference(self.word()?));
        }
        self.sign(')')?;
        Ok(types)
    }

    fn facets(&mut self, value: &mut Value<'s>) -> Read<()> {
        loop {
            match self.tokens.next() {
                Some(Token::Quoted(listed)) => value.listed.push(listed),
                Some(Token::Pattern(pattern)) => value.pattern = Some(pattern),
                Some(Token::Sign(']')) => return Ok(()),
                other @ (Some(Token::Word(_) | Token::Sign(_)) | None) => {
                    return Err(format!("{other:?} isn't a value, a pattern or `]`"));
                }
            }
        }
    }

    fn takes(&mut self, sign: char) -> bool {
        let takes = self.tokens.peek() == Some(Token::Sign(sign));
        if takes {
            self.tokens.next();
        }
        takes
    }

    fn sign(&mut self, sign: char) -> Read<()> {
        if self.takes(sign) {
            Ok(())
        } else {
            Err(format!("`{sign}` is missing at {:?}", self.tokens.peek()))
        }
    }

    fn word(&mut self) -> Read<&'s str> {
        match self.tokens.next() {
            Some(Token::Word(word)) => Ok(word),
            other => Err(format!("{other:?} stands where a name must")),
        }
    }

    fn quoted(&mut self) -> Read<&'s str> {
        match self.tokens.next() {
            Some(Token::Quoted(text)) => Ok(text),
            other => Err(format!("{other:?} stands where a quoted value must")),
        }
    }
}

fn reference(word: &str) -> Reference<'_> {
    match word.split_once('.') {
        Some((prefix, local)) => Reference { prefix: Some(prefix), local },
        None => Reference { prefix: None, local: word },
    }
}

fn wildcard(word: &str) -> Option<Wildcard> {
    let (from, process) = match word {
        "any" => (From::Anywhere, Process::Strict),
        "any-lax" => (From::Anywhere, Process::Lax),
        "other" => (From::Elsewhere, Process::Strict),
        "other-lax" => (From::Elsewhere, Process::Lax),
        _ => return None,
    };
    Some(Wildcard { from, process })
}
