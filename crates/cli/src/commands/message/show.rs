//! `samspill message show`: a message as people read it.

use std::{io::Write, process::ExitCode};

use samspill_formats::{
    messages::{read, show},
    xml::{XmlLimits, decode, parse},
};

use super::{args::Show, input};
use crate::{args::Lang, output, trouble::Trouble};

pub(crate) fn run(args: &Show) -> Result<ExitCode, Trouble> {
    let limits = XmlLimits::default();
    let bytes = input::bytes(&args.file, &limits)?;
    let not_a_message = |source| Trouble::Message { file: args.file.clone(), source };
    let text = decode(&bytes, &limits).map_err(not_a_message)?;
    let document = parse(&text, &limits).map_err(not_a_message)?;
    let (message, _) = read::read(&document, &read::MessageLimits::default());
    let language = match args.lang {
        Lang::Nb => show::Language::Bokmal,
        Lang::Nn => show::Language::Nynorsk,
        Lang::En => show::Language::English,
    };
    let shown = if args.html {
        show::html_page(&document, &message, language)
    } else {
        show::text(&document, &message, language)
    };
    let mut out = output::to(args.out.as_deref())?;
    out.write_all(shown.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
