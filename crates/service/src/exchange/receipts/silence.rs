/// Why a message gets no receipt at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// Not even sender, receiver and id can be made out. What can be said is said by the transport.
    Unreadable,
    /// It is itself a receipt.
    IsReceipt,
    /// It doesn't say where it came from.
    SenderUnreadable,
    /// None of its receivers is ours.
    NotOurs,
    /// The same message has come before, and its receipts went then.
    Duplicate,
    /// A message with this id, but with other content, has come before. No second receipt goes; a person must see it.
    SameIdOtherContent,
    /// The sender asks for none, and it is agreed that this field is followed.
    NotAskedFor,
}

impl Silence {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Unreadable,
        Self::IsReceipt,
        Self::SenderUnreadable,
        Self::NotOurs,
        Self::Duplicate,
        Self::SameIdOtherContent,
        Self::NotAskedFor,
    ];

    /// Where the standard says so.
    pub fn clause(self) -> &'static str {
        match self {
            Self::Unreadable => "HIS 80415:2012 3.3.4",
            Self::IsReceipt => "HITS 1168:2016 3",
            Self::SenderUnreadable | Self::NotOurs => "HITS 1168:2016 5.3",
            Self::Duplicate => "HITS 1168:2016 5.4",
            Self::SameIdOtherContent => "HITS 1168:2016 5.1 og 5.4",
            Self::NotAskedFor => "HIS 80601:2006 (Ack)",
        }
    }

    /// What to tell those who look after the messages, in Norwegian.
    pub fn text(self) -> &'static str {
        match self {
            Self::Unreadable => {
                "Meldingen kan ikke leses, og verken avsender eller mottaker kan tydes. Ingen kvittering kan sendes; \
                 følg opp med avsenderen slik transporten viser."
            }
            Self::IsReceipt => "Dette er en applikasjonskvittering. Kvitteringer kvitteres ikke.",
            Self::SenderUnreadable => {
                "Meldingen sier ikke hvem den er fra: avsenderen har ingen identifikator. Ingen kvittering kan \
                 sendes; følg opp slik transporten viser."
            }
            Self::NotOurs => {
                "Ingen av mottakerne er våre. Meldingen skal ikke kvitteres; sjekk hvorfor den kom hit."
            }
            Self::Duplicate => "Meldingen er mottatt og kvittert før. Den ses bort fra.",
            Self::SameIdOtherContent => {
                "En annen melding med samme meldings-id er mottatt før. Denne er ikke tatt inn og kvitteres ikke; \
                 ta kontakt med avsenderen, som må sende den på nytt med ny meldings-id."
            }
            Self::NotAskedFor => {
                "Avsenderen har bedt om å slippe kvittering, og det er avtalt at det gjelder."
            }
        }
    }

    /// Whether a person must look at it: something is wrong that nobody else is told.
    pub fn needs_a_person(self) -> bool {
        match self {
            Self::Unreadable | Self::SenderUnreadable | Self::NotOurs | Self::SameIdOtherContent => true,
            Self::IsReceipt | Self::Duplicate | Self::NotAskedFor => false,
        }
    }
}
