/// A piece of the notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// A name, with `.` in it for one of another namespace.
    Word(&'s str),
    /// `"…"`, without the quotes.
    Quoted(&'s str),
    /// `/…/`, without the strokes.
    Pattern(&'s str),
    /// One of `( ) { } [ ] | ? * + : = @`.
    Sign(char),
}

/// Takes a declaration apart.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'s> {
    rest: &'s str,
    ahead: Option<Token<'s>>,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        let mut lexer = Self { rest: text, ahead: None };
        lexer.ahead = lexer.cut();
        lexer
    }

    pub(super) fn peek(&self) -> Option<Token<'s>> {
        self.ahead
    }

    pub(super) fn next(&mut self) -> Option<Token<'s>> {
        let next = self.cut();
        std::mem::replace(&mut self.ahead, next)
    }

    fn cut(&mut self) -> Option<Token<'s>> {
        self.rest = self.rest.trim_ascii_start();
        let first = self.rest.chars().next()?;
        match first {
            '"' => Some(Token::Quoted(self.until('"'))),
            '/' => Some(Token::Pattern(self.until('/'))),
            _ if is_sign(first) => {
                self.rest = &self.rest[first.len_utf8()..];
                Some(Token::Sign(first))
            }
            _ => {
                let ends = |character: char| character.is_ascii_whitespace() || is_sign(character);
                let word;
                (word, self.rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
                Some(Token::Word(word))
            }
        }
    }

    /// What stands between the first character and the next `end`; without one, all.
    fn until(&mut self, end: char) -> &'s str {
        let inner = &self.rest[1..];
        let (text, rest) = inner.split_once(end).unwrap_or((inner, ""));
        self.rest = rest;
        text
    }
}

fn is_sign(character: char) -> bool {
    matches!(character, '(' | ')' | '{' | '}' | '[' | ']' | '|' | '?' | '*' | '+' | ':' | '=' | '@')
}
