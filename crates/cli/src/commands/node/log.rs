//! The log: out, in, and whether it is whole.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::Path,
    process::ExitCode,
};

use samspill_base::{Entry, Position};
use samspill_formats::{messages::norway, write_jsonl};
use samspill_server::node;
use samspill_service::{access::Action, audit::About};
use samspill_store::{CommunityId, Exported, Head, IfMissing, Store};

use super::{
    ExportArgs, ImportArgs, NodeArgs, VerifyArgs,
    args::ExportForm,
    open,
    terminal::{self, Seen},
};
use crate::{output, trouble::Trouble};

/// Entries that are read at a time.
const PAGE: usize = 1000;

/// Writes the log out.
pub(super) fn export(args: &ExportArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.node.config)?;
    open::run(async {
        let store = open::store(&config, IfMissing::Refuse).await?;
        let community = &config.node.community;
        let (about, count) = (About::Community, store.head(community).await?.position.0);
        let detail = match (args.form, args.numbers) {
            (ExportForm::Chain, false) => "hele loggen",
            (ExportForm::Chain, true) => "hele loggen, med fødselsnummer",
            (ExportForm::Entries, false) => "alle innføringer",
            (ExportForm::Entries, true) => "alle innføringer, med fødselsnummer",
        };
        terminal::look(&config, &store, Seen { action: Action::Export, about, detail, count }).await?;
        let count = match args.form {
            ExportForm::Chain => chain(&store, community, args).await?,
            ExportForm::Entries => entries(&store, community, args).await?,
        };
        output::note(&format!("{count} entries of {community}"));
        Ok(ExitCode::SUCCESS)
    })
}

async fn chain(store: &Store, community: &CommunityId, args: &ExportArgs) -> Result<u64, Trouble> {
    let mut chain = Vec::new();
    let exported = if args.numbers {
        store.export_with_numbers(community, &mut chain).await?
    } else {
        store.export(community, &mut chain).await?
    };
    output::to(args.output.as_deref())?.write_all(&chain)?;
    let Exported { head, written, named } = exported;
    if named > 0 && !args.numbers {
        output::note(&format!("{named} of them name persons: they were written before there were keys"));
    }
    if written != head {
        let (is, was) = (shown(written), shown(head));
        output::note(&format!(
            "with numbers in it the chain is another: its end is {is}, that of the log {was}"
        ));
    }
    Ok(head.position.0)
}

async fn entries(store: &Store, community: &CommunityId, args: &ExportArgs) -> Result<u64, Trouble> {
    let mut out = output::to(args.output.as_deref())?;
    let mut last = Position(0);
    loop {
        let from = Position(last.0 + 1);
        let page: Vec<Entry> = if args.numbers {
            store.read(community, from, PAGE).await?.into_iter().map(|line| line.entry).collect()
        } else {
            store.read_marked(community, from, PAGE).await?
        };
        let Some(end) = page.last().map(|entry| entry.position) else { break };
        last = end;
        write_jsonl(page.iter(), &norway(), &mut out)?;
    }
    out.flush()?;
    Ok(last.0)
}

/// The end of a log, as `--head` of `verify` takes it.
fn shown(head: Head) -> String {
    format!("{}:{}", head.position.0, head.hash)
}

/// Takes an export in.
pub(super) fn import(args: &ImportArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.node.config)?;
    open::run(async {
        let store = open::store(&config, IfMissing::Create).await?;
        let mut input = input(&args.file)?;
        let logs = store.import(&mut *input).await?;
        tell(&logs)
    })
}

fn input(file: &Path) -> Result<Box<dyn BufRead + Send>, Trouble> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let opened = File::open(file);
    let opened = opened.map_err(|source| Trouble::File { what: "reading", path: file.to_owned(), source })?;
    Ok(Box::new(BufReader::new(opened)))
}

/// Says what was taken in.
pub(super) fn tell(logs: &[samspill_store::ImportedLog]) -> Result<ExitCode, Trouble> {
    let mut out = output::standard();
    for log in logs {
        writeln!(out, "{}: {} entries added, {} were there", log.community, log.added, log.there)?;
        if log.kept != log.head {
            let (is, was) = (shown(log.kept), shown(log.head));
            writeln!(
                out,
                "persons are marks here, so that the chain is another: its end is {is} and was {was}; keep both"
            )?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Walks the chain.
pub(super) fn verify(args: &VerifyArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.node.config)?;
    let known: Vec<Head> = args.head.iter().map(|text| head(text)).collect::<Result<_, _>>()?;
    open::run(async {
        let store = open::store(&config, IfMissing::Refuse).await?;
        let found = store.verify(&config.node.community, &known).await?;
        let mut out = output::standard();
        for fault in &found.faults {
            writeln!(out, "{fault}")?;
        }
        if found.more > 0 {
            writeln!(out, "… and {} more", found.more)?;
        }
        writeln!(
            out,
            "{}: {} entries, {} messages, {} decisions; the end is {}",
            found.community,
            found.entries,
            found.messages,
            found.decisions,
            shown(found.head)
        )?;
        if found.unnamed > 0 {
            writeln!(
                out,
                "{} entries are about persons whose numbers this store doesn't have",
                found.unnamed
            )?;
        }
        let whole = if found.is_whole() { "the log is whole" } else { "the log is NOT whole" };
        writeln!(out, "{whole}")?;
        out.flush()?;
        Ok(if found.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })
}

fn head(text: &str) -> Result<Head, Trouble> {
    let wrong =
        || Trouble::Call(format!("--head {text}: write POSITION:HASH, as `samspill verify` prints it"));
    let (position, hash) = text.split_once(':').ok_or_else(wrong)?;
    let position = Position(position.parse().map_err(|_| wrong())?);
    Ok(Head { position, hash: hash.parse().map_err(|_| wrong())? })
}

/// Makes what is derived from the log anew.
pub(super) fn rebuild(args: &NodeArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.config)?;
    open::run(async {
        let store = open::store(&config, IfMissing::Refuse).await?;
        let projections = node::projections(&config).map_err(|error| Trouble::Node(error.to_string()))?;
        let Some(projections) = projections else {
            return Err(Trouble::Call("the node names no agreements: nothing is derived".to_owned()));
        };
        let mut out = output::standard();
        for name in [projections.case_name(), projections.open_name(), projections.search_name()] {
            store.rebuild(&config.node.community, name).await?;
            writeln!(out, "{name}: made anew")?;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    })
}
