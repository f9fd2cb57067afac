use std::{fmt, ops::Range};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// A mistake in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What sort of mistake. A code never changes its meaning.
    pub code: Code,
    /// Whether the node can run all the same.
    pub severity: Severity,
    /// What is wrong. Never what a secret says.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The bytes of the file.
    pub span: Range<usize>,
}

/// Whether a node with this mistake can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No.
    Error,
    /// Yes; somebody should look at it.
    Warning,
}

/// All mistakes of a file, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    /// The file, as it was named.
    pub file: String,
    /// The mistakes. Empty where all is well.
    pub list: Vec<Mistake>,
    /// What stands in the file, to show lines of.
    text: String,
}

macro_rules! codes {
    ($($name:ident $code:literal $doc:literal)*) => {
        /// What sort of mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $doc] $name,)* }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As it is written: `CFG-03`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $doc),* }
            }
        }
    };
}

codes! {
    Unread "CFG-01" "The file can't be read."
    Syntax "CFG-02" "The file is not TOML."
    UnknownKey "CFG-03" "No such setting or section."
    Missing "CFG-04" "A setting or section that must be there isn't."
    WrongType "CFG-05" "A value of another sort than the setting holds."
    OutOfRange "CFG-06" "A number or time beyond the setting's limits."
    NotOneOf "CFG-07" "None of the words that the setting knows."
    BadForm "CFG-08" "A text that can't be read as what it should be."
    OtherKind "CFG-09" "A setting of another kind of channel."
    NameTaken "CFG-10" "A name or HER-id that stands twice."
    Route "CFG-11" "Nobody can tell by which channel a message goes."
    SecretInText "CFG-12" "A password in the configuration itself."
    Contradiction "CFG-13" "Two settings that can't both hold."
    NotOurs "CFG-14" "A channel reads for a service that isn't ours."
    Exposed "CFG-15" "Something is open to others that should not be."
    NoPath "CFG-20" "A file or folder isn't there, or isn't what it should be."
    NotWritable "CFG-21" "A folder can't be written to."
    PortTaken "CFG-22" "The address and port can't be listened on."
    BadAgreement "CFG-23" "An agreement doesn't load."
    BadFile "CFG-24" "A file that the configuration names can't be understood."
    NoSecret "CFG-25" "A secret isn't where it should be."
    BadSecret "CFG-26" "A secret or key can't be used as what it should be."
    NoParty "CFG-27" "A party that the address book doesn't have."
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Mistakes {
    pub(super) fn new(file: &str, text: &str) -> Self {
        Self { file: file.to_owned(), list: Vec::new(), text: text.to_owned() }
    }

    /// Whether any of them keeps the node from running.
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// How many of them do.
    pub(super) fn errors(&self) -> usize {
        self.list.iter().filter(|mistake| mistake.severity == Severity::Error).count()
    }

    /// As text without colours: each with the line that it is about, and what to write instead.
    pub fn render(&self) -> String {
        self.list.iter().map(|mistake| self.render_one(mistake) + "\n\n").collect()
    }

    pub(super) fn error(&mut self, code: Code, span: Range<usize>, message: String, help: String) {
        self.add(Severity::Error, code, span, message, help);
    }

    pub(super) fn warning(&mut self, code: Code, span: Range<usize>, message: String, help: String) {
        self.add(Severity::Warning, code, span, message, help);
    }

    /// In the order of the file.
    pub(super) fn sorted(mut self) -> Self {
        self.list.sort_by(|a, b| (a.span.start, a.code, &a.message).cmp(&(b.span.start, b.code, &b.message)));
        self.list.dedup();
        self
    }

    fn add(&mut self, severity: Severity, code: Code, span: Range<usize>, mut message: String, help: String) {
        if message.contains(char::is_control) {
            message = one_line(&message);
        }
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.list.push(Mistake { code, severity, message, help, line, column, span });
    }

    fn render_one(&self, mistake: &Mistake) -> String {
        let level = match mistake.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let start = mistake.span.start.min(self.text.len());
        let first = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let last = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let span = start - first..mistake.span.end.clamp(start, last) - first;
        // What stands under a mistake about a secret is a secret, and an address may hold one that nobody understood.
        let line = &self.text[first..last];
        let hides = mistake.code == Code::SecretInText || (line.contains("://") && line.contains('@'));
        let hidden = "…".repeat(8);
        let (source, span) = if hides { (hidden.as_str(), 0..0) } else { (line, span) };
        let snippet = Snippet::source(source)
            .line_start(mistake.line)
            .path(&self.file)
            .annotation(AnnotationKind::Primary.span(span));
        let title = level.primary_title(&mistake.message).id(mistake.code.as_str());
        let group = title.element(snippet).element(Level::HELP.message(&mistake.help));
        Renderer::plain().render(&[group])
    }
}

/// Text of a file may hold anything: no line breaks or control characters in a title.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
