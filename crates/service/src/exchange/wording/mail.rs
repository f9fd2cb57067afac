//! What is told of the ways of messages: receipts that came, queues, and what could not be handed over or taken in.

use super::Sentence;

pub(super) const ALL: &[Sentence] = &[
    [
        "{#n} sendinger venter på {channel}: køen står.",
        "{n} sendingar ventar på {channel}: køen står.",
        "Waiting for {channel}: {n}. The queue stands still.",
    ],
    [
        "{#n} sendinger til {channel} er gitt opp, og venter på en person.",
        "{n} sendingar til {channel} er gitt opp, og ventar på ein person.",
        "Given up on the way to {channel}: {n}. A person must look at it.",
    ],
    ["mottakere uten kanal", "mottakarar utan kanal", "receivers without a channel"],
    ["internt", "internt", "parties of this node"],
    [
        "Ingen kanal går til mottakeren.",
        "Ingen kanal går til mottakaren.",
        "No channel goes to the receiver.",
    ],
    [
        "Ingen kanal går til mottakeren (HER-id {to}). Meldingen venter; legg inn en vei til mottakeren og slipp den løs.",
        "Ingen kanal går til mottakaren (HER-id {to}). Meldinga ventar; legg inn ein veg til mottakaren og slepp ho laus.",
        "No channel goes to the receiver (HER-id {to}). The message waits; enter a way to the receiver and let it go.",
    ],
    [
        "Kvitteringen kan ikke forstås: den sier ikke hvem den er fra, eller har ukjent status.",
        "Kvitteringa kan ikkje forståast: ho seier ikkje kven ho er frå, eller har ukjend status.",
        "The receipt can't be understood: it does not say who it is from, or has an unknown status.",
    ],
    [
        "Kvitteringen gjelder en melding som ikke er sendt herfra.",
        "Kvitteringa gjeld ei melding som ikkje er send herifrå.",
        "The receipt is about a message that was not sent from here.",
    ],
    [
        "Kvitteringen sier ikke hvilken melding den gjelder.",
        "Kvitteringa seier ikkje kva melding ho gjeld.",
        "The receipt does not say which message it is about.",
    ],
    [
        "Kvitteringen er fra noen som meldingen ikke er sendt til.",
        "Kvitteringa er frå nokon som meldinga ikkje er send til.",
        "The receipt is from somebody that the message was not sent to.",
    ],
    ["Kvitteringen er mottatt før.", "Kvitteringa er motteken før.", "The receipt was received before."],
    [
        "Mottakeren har kvittert før, med samme svar.",
        "Mottakaren har kvittert før, med same svar.",
        "The receiver sent a receipt before, with the same answer.",
    ],
    [
        "Mottakeren har kvittert før, med det motsatte svaret. Den første kvitteringen gjelder.",
        "Mottakaren har kvittert før, med det motsette svaret. Den første kvitteringa gjeld.",
        "The receiver sent a receipt before, with the opposite answer. The first receipt counts.",
    ],
    [
        "Meldingen er oppbevart som den kom, men ikke tatt inn: den inneholder et merke som i loggen står for en person.",
        "Meldinga er oppbevart som ho kom, men ikkje teken inn: ho inneheld eit merke som i loggen står for ein person.",
        "The message is kept as it came, but not taken in: it holds a mark that stands for a person in the log.",
    ],
    [
        "Meldingen er oppbevart som den kom, men ikke tatt inn: den sier mer enn loggen har plass til om én melding.",
        "Meldinga er oppbevart som ho kom, men ikkje teken inn: ho seier meir enn loggen har plass til om éi melding.",
        "The message is kept as it came, but not taken in: it says more than the log has room for of one message.",
    ],
    [
        "Meldingen er oppbevart som den kom, men ikke tatt inn: den har et navn eller en id som ikke kan oppbevares.",
        "Meldinga er oppbevart som ho kom, men ikkje teken inn: ho har eit namn eller ein id som ikkje kan oppbevarast.",
        "The message is kept as it came, but not taken in: it has a name or an id that can't be kept.",
    ],
];
