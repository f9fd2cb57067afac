//! Why downtime can't be registered so, as people read it.

use samspill_agreement::model::Language;

use super::{AfterwardsRefusal, Refusal, words::tell};

impl Refusal {
    /// It in a sentence that says what to do.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::UnknownParty(party) => tell!(language;
                "Adresseboka kjenner ikke «{party}»: velg en part som står der.",
                "Adresseboka kjenner ikkje «{party}»: vel ein part som står der.",
                "The address book doesn't know “{party}”: choose a party that is there."),
            Self::UnknownUnit { party, unit } => tell!(language;
                "{party} har ingen enhet «{unit}»: velg en av tjenestene, eller hele parten.",
                "{party} har inga eining «{unit}»: vel ei av tenestene, eller heile parten.",
                "{party} has no unit “{unit}”: choose one of its services, or all of the party."),
            Self::Missing(_) => tell!(language;
                "Det står ikke hvorfor, eller hvem som melder: fyll det ut.",
                "Det står ikkje kvifor, eller kven som melder: fyll det ut.",
                "It isn't said why, or who says so: fill it in."),
            Self::EndBeforeStart => tell!(language;
                "Nedetiden må slutte etter at den begynner: rett en av tidene, eller la slutten stå åpen.",
                "Nedetida må slutte etter at ho byrjar: rett ei av tidene, eller la slutten stå open.",
                "The downtime must end after it begins: correct one of the times, or leave the end open."),
            Self::InFuture(_) => tell!(language;
                "Det som har hendt, kan ikke ligge fram i tid: rett tiden, eller meld nedetiden som planlagt.",
                "Det som har hendt, kan ikkje liggje fram i tid: rett tida, eller meld nedetida som planlagd.",
                "What has happened can't lie ahead: correct the time, or announce the downtime as planned."),
            Self::Overlaps(_) | Self::IdTaken(_) => tell!(language;
                "Det er meldt nedetid for den tiden fra før: endre den.",
                "Det er meldt nedetid for den tida frå før: endre den.",
                "Downtime is registered for that time already: change that one."),
            Self::Unknown(_) => tell!(language;
                "Nedetiden er ikke meldt: meld den først.",
                "Nedetida er ikkje meldt: meld ho først.",
                "The downtime isn't registered: register it first."),
            Self::Over(_) => tell!(language;
                "Nedetiden er over eller trukket: meld en ny.",
                "Nedetida er over eller trekt: meld ei ny.",
                "The downtime has ended or was withdrawn: register a new one."),
        }
    }
}

impl AfterwardsRefusal {
    /// It in a sentence that says what to do.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::InFuture => tell!(language;
                "En av tidene ligger fram i tid: rett den.",
                "Ei av tidene ligg fram i tid: rett ho.",
                "One of the times lies ahead: correct it."),
            Self::WrongOrder => tell!(language;
                "Det ble meldt før det skjedde: rett en av tidene.",
                "Det vart meldt før det skjedde: rett ei av tidene.",
                "It was told before it happened: correct one of the times."),
            Self::NoId | Self::Missing(_) => tell!(language;
                "Det står ikke hvem det ble meldt til: skriv navnet, og hvor.",
                "Det står ikkje kven det vart meldt til: skriv namnet, og kvar.",
                "It isn't said who was told: write the name, and where."),
            Self::UnknownDowntime(_) => tell!(language;
                "Nedetiden er ikke meldt, eller den er trukket: meld den først.",
                "Nedetida er ikkje meld, eller ho er trekt: meld ho først.",
                "The downtime isn't registered, or was withdrawn: register it first."),
        }
    }
}
