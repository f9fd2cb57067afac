//! `samspill message make`: a message from structured data.

use std::{io::Write, process::ExitCode};

use samspill_formats::{
    messages::{
        make::{self, MakeContext},
        types::Kind,
    },
    xml::XmlLimits,
};

use super::{args::Make, input, when};
use crate::{output, trouble::Trouble};

/// Writes the message. What could be better about it goes to standard error; what mustn't be sent is refused, with reasons.
pub(crate) fn run(args: &Make) -> Result<ExitCode, Trouble> {
    let kind = Kind::named(&args.kind).ok_or_else(|| {
        let all: Vec<&str> = Kind::all().map(Kind::slug).collect();
        Trouble::Call(format!("there is no kind of message «{}»: write one of {}", args.kind, all.join(", ")))
    })?;
    let bytes = input::bytes(&args.from, &XmlLimits::default())?;
    let json = String::from_utf8(bytes)
        .map_err(|_| Trouble::Call(format!("«{}» isn't text in UTF-8", args.from.display())))?;
    let id = when::id(args.id.as_deref())?;
    let context = MakeContext { id: &id, made: when::time(args.at.as_deref())? };
    match make::from_json(kind, &json, &context) {
        Err(refused) => {
            output::note(&output::clean(&refused.to_string()));
            output::note(&format!(
                "error: the message isn't written: mend «{}» and try again",
                args.from.display()
            ));
            Ok(ExitCode::from(1))
        }
        Ok(made) => {
            for warning in &made.warnings {
                output::note(&output::clean(&format!("warning: {warning}")));
            }
            let mut out = output::to(args.out.as_deref())?;
            out.write_all(made.xml.as_bytes())?;
            out.write_all(b"\n")?;
            out.flush()?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
