use serde::{Deserialize, Serialize};

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It came to us.
    In,
    /// We made it.
    Out,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It was taken in, or handed in for sending. What a message is until something else is said.
    Taken,
    /// A person must answer something before it can be taken in.
    Question,
    /// The same message was here before.
    Duplicate,
    /// Another message with the same id was here before.
    Conflict,
    /// We rejected it, and told the sender.
    Refused,
    /// Nobody can tell what it is.
    Unreadable,
    /// It is for somebody else.
    NotOurs,
    /// It was a question, and a person has answered.
    Settled,
}

/// Where a parcel of the outbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutboxState {
    /// It waits until it is due.
    Waiting,
    /// Somebody has taken it, and holds it until an instant.
    Sending,
    /// It was handed over to its channel.
    Sent,
    /// It was given up. A person may release it.
    Dead,
}

/// The words of a type, in the database and in backups.
macro_rules! words {
    ($type:ident: $($variant:ident $word:literal),+) => {
        impl $type {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word for it, as it stands in the database and in backups.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// What a word stands for; `None` for any other text.
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

words!(Direction: In "in", Out "out");
words!(OutboxState: Waiting "waiting", Sending "sending", Sent "sent", Dead "dead");
words!(Standing:
    Taken "taken", Question "question", Duplicate "duplicate", Conflict "conflict", Refused "refused",
    Unreadable "unreadable", NotOurs "not-ours", Settled "settled"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_backups_are_those_of_the_database() {
        let json = |text: &str| format!("\"{text}\"");
        for one in Standing::ALL {
            assert_eq!(serde_json::to_string(one).unwrap(), json(one.as_str()));
            assert_eq!(Standing::of_word(one.as_str()), Some(*one));
        }
        for one in OutboxState::ALL {
            assert_eq!(serde_json::to_string(one).unwrap(), json(one.as_str()));
        }
        for one in Direction::ALL {
            assert_eq!(serde_json::to_string(one).unwrap(), json(one.as_str()));
        }
        assert_eq!(Standing::of_word("Taken"), None);
    }
}
