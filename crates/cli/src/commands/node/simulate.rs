use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use samspill_formats::messages::norway;
use samspill_sim::{Form, Sent, Settings, World, jsonl, messages_of, whole_of};

use super::{RegionName, SimulateArgs, open};
use crate::{output, trouble::Trouble};

/// Writes the log of a made-up region, or gives its messages to a node.
pub(super) fn run(args: &SimulateArgs) -> Result<ExitCode, Trouble> {
    let settings = settings(args.region);
    if let Some(into) = &args.into {
        return give(args, settings, into);
    }
    let log = whole_of(&Arc::new(World::of(args.seed, args.days, settings)));
    let mut out = output::to(args.output.as_deref())?;
    jsonl(&log, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn settings(region: RegionName) -> Settings {
    match region {
        RegionName::Small => Settings::shipped(),
        RegionName::UnnLike => Settings::unn_like(),
    }
}

/// Gives a node the messages of a region that begins today, in their order, as time goes or faster.
fn give(args: &SimulateArgs, mut settings: Settings, into: &str) -> Result<ExitCode, Trouble> {
    settings.region.start = Timestamp::now().to_zoned(norway()).date();
    let messages = messages_of(&Arc::new(World::of(args.seed, args.days, settings))).map_err(told)?;
    let node = Receiver::of(into)?;
    open::run(async {
        let (begun, mut refused) = (Instant::now(), Refusals::default());
        let first = messages.first().map_or(Timestamp::UNIX_EPOCH, |sent| sent.at);
        for sent in &messages {
            if let Some(wait) = due(first, sent.at, args.speed).checked_sub(begun.elapsed()) {
                tokio::time::sleep(wait).await;
            }
            if let Taken::Refused(why) = node.take(sent).await? {
                refused.add(sent, &why);
            }
        }
        refused.told(messages.len())
    })
}

/// Messages that the node didn't take, and why it didn't take the first of them.
#[derive(Debug, Default)]
struct Refusals {
    count: usize,
    /// Those among them that were wrong on purpose, as some of a region are.
    meant: usize,
}

/// So many are told of one by one.
const TOLD_MAX: usize = 5;

impl Refusals {
    fn add(&mut self, sent: &Sent, why: &str) {
        self.count += 1;
        if matches!(sent.form, Form::Wrong(_)) {
            self.meant += 1;
        } else if self.count - self.meant <= TOLD_MAX {
            output::note(&format!("message {} was refused: {}", sent.id, output::clean(why)));
        }
    }

    /// How it went. That others were refused than those that are wrong on purpose is a failure: the node's log isn't the region's.
    fn told(&self, given: usize) -> Result<ExitCode, Trouble> {
        let Self { count, meant } = self;
        output::note(&format!(
            "{given} messages were given, {count} of them refused ({meant} were wrong on purpose)"
        ));
        if count == meant {
            return Ok(ExitCode::SUCCESS);
        }
        let why = "see that the node has the region's address book and organisations, and that the token's role may hand in";
        Err(Trouble::Node(format!("the node refused messages: {why}")))
    }
}

/// How long after the first message one is given.
fn due(first: Timestamp, at: Timestamp, speed: u32) -> Duration {
    let since = Duration::try_from(at.duration_since(first)).unwrap_or_default();
    since.checked_div(speed).unwrap_or_default()
}

/// Who takes the messages.
enum Receiver {
    Api { client: reqwest::Client, address: String, token: String },
    Folder(PathBuf),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Taken {
    Yes,
    /// What the node said.
    Refused(String),
}

/// How often a node that doesn't answer is asked again, and how long it rests before.
const TRIES: u32 = 10;
const REST: Duration = Duration::from_secs(1);

impl Receiver {
    fn of(into: &str) -> Result<Self, Trouble> {
        if !into.starts_with("http://") && !into.starts_with("https://") {
            return Ok(Self::Folder(PathBuf::from(into)));
        }
        let missing = |_| {
            Trouble::Call(
                "--into an address needs a token in SAMSPILL_TOKEN: make one with `samspill account token`"
                    .to_owned(),
            )
        };
        let token = std::env::var("SAMSPILL_TOKEN").map_err(missing)?;
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().map_err(told)?;
        Ok(Self::Api { client, address: format!("{}/api/v1/messages", into.trim_end_matches('/')), token })
    }

    async fn take(&self, sent: &Sent) -> Result<Taken, Trouble> {
        match self {
            Self::Folder(folder) => drop_in(folder, sent).map(|()| Taken::Yes),
            Self::Api { client, address, token } => {
                let mut tried = 0;
                loop {
                    let request = client.post(address).bearer_auth(token);
                    let request = request.header("content-type", "application/xml").body(sent.bytes.clone());
                    tried += 1;
                    match request.send().await {
                        Ok(answer) if answer.status().is_success() => return Ok(Taken::Yes),
                        Ok(answer) if [401, 403].contains(&answer.status().as_u16()) => {
                            return Err(Trouble::Node(format!(
                                "the node says {}: look at the token",
                                answer.status()
                            )));
                        }
                        Ok(answer)
                            if answer.status().is_client_error() && answer.status().as_u16() != 429 =>
                        {
                            return Ok(Taken::Refused(words_of(answer).await));
                        }
                        // The same message again is taken once.
                        Ok(_) | Err(_) if tried < TRIES => tokio::time::sleep(REST).await,
                        Ok(answer) => {
                            return Err(Trouble::Node(format!("the node says {}", answer.status())));
                        }
                        Err(error) => return Err(told(error)),
                    }
                }
            }
        }
    }
}

/// The status, and the detail of the problem where the answer is one.
async fn words_of(answer: reqwest::Response) -> String {
    let status = answer.status();
    let text = answer.text().await.unwrap_or_default();
    let problem: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let detail = problem.as_ref().and_then(|problem| problem.get("detail")?.as_str());
    detail.map_or_else(|| status.to_string(), |detail| format!("{status}: {detail}"))
}

/// Whole or not at all: names that end in `.part` are left alone.
fn drop_in(folder: &Path, sent: &Sent) -> Result<(), Trouble> {
    let (part, whole) = (folder.join(format!("{}.part", sent.id)), folder.join(format!("{}.xml", sent.id)));
    let written = fs::write(&part, &sent.bytes).and_then(|()| fs::rename(&part, &whole));
    written.map_err(|source| Trouble::File { what: "writing", path: whole, source })
}

fn told(error: impl std::fmt::Display) -> Trouble {
    Trouble::Node(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_so_many_times_faster() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(due(at(100), at(3700), 60), Duration::from_mins(1));
        assert_eq!(due(at(100), at(3700), 0), Duration::ZERO);
        assert_eq!(due(at(100), at(50), 1), Duration::ZERO);
    }

    #[test]
    fn a_message_lies_whole_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let messages = messages_of(&Arc::new(World::new(1, 1))).unwrap();
        drop_in(folder.path(), &messages[0]).unwrap();
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, [format!("{}.xml", messages[0].id).as_str()]);
    }
}
