//! Mistakes in Norwegian, for those who write a proposal in the browser. Codes that an author hardly meets there have no text of their own
//! and are told in English; so is everything on the command line.

use std::borrow::Cow;

use super::{Code, Diagnostic};
use crate::model::Language;

/// What is wrong and how to mend it, in one language.
struct Said {
    wrong: &'static str,
    mend: &'static str,
}

/// The texts as one table: code, then what is wrong and how to mend it in bokmål, and the same in nynorsk.
macro_rules! said {
    ($($code:ident $nb:literal mend $nb_mend:literal $nn:literal mend $nn_mend:literal)*) => {
        fn said(code: Code, language: Language) -> Option<Said> {
            match (code, language) {
                $(
                    (Code::$code, Language::Bokmal) => Some(Said { wrong: $nb, mend: $nb_mend }),
                    (Code::$code, Language::Nynorsk) => Some(Said { wrong: $nn, mend: $nn_mend }),
                )*
                _ => None,
            }
        }
    };
}

said! {
    Syntax
        "Filen er ikke TOML på dette stedet" mend "Se på stedet som er merket: det mangler et anførselstegn, en klamme eller et likhetstegn, eller samme nøkkel står to ganger i en seksjon"
        "Fila er ikkje TOML på denne staden" mend "Sjå på staden som er merkt: det manglar eit hermeteikn, ein klamme eller eit likskapsteikn, eller same nøkkel står to gonger i ein seksjon"
    TextTooLong
        "En tekst er lengre enn feltet tillater" mend "Kort den ned: en setning i `says`, punktets nummer i `clause`, og en lang begrunnelse i en [[reading]]"
        "Ein tekst er lengre enn feltet tillèt" mend "Kort han ned: ei setning i `says`, nummeret på punktet i `clause`, og ei lang grunngiving i ein [[reading]]"
    UnknownKey
        "En seksjon har en nøkkel som språket ikke kjenner" mend "Rett stavemåten, eller flytt nøkkelen til seksjonen der den hører hjemme"
        "Ein seksjon har ein nøkkel som språket ikkje kjenner" mend "Rett stavemåten, eller flytt nøkkelen til seksjonen der han høyrer heime"
    WrongType
        "En nøkkel har en annen type verdi enn den skal ha" mend "Skriv tekster i anførselstegn, datoer uten, og lister i klammer"
        "Ein nøkkel har ein annan type verdi enn han skal ha" mend "Skriv tekstar i hermeteikn, datoar utan, og lister i klammer"
    MissingKey
        "En nøkkel som seksjonen må ha, mangler" mend "Legg den til"
        "Ein nøkkel som seksjonen må ha, manglar" mend "Legg han til"
    UnknownWord
        "En nøkkel som tar ett av noen få ord, har et annet" mend "Skriv ett av ordene som er nevnt"
        "Ein nøkkel som tek eitt av nokre få ord, har eit anna" mend "Skriv eitt av orda som er nemnde"
    BadId
        "En id er ikke skrevet slik id-er skrives, eller er et ord i språket for vilkår" mend "Bruk små bokstaver fra a til z, sifre og bindestrek: `svar-utskrivningsklar`"
        "Ein id er ikkje skriven slik id-ar blir skrivne, eller er eit ord i språket for vilkår" mend "Bruk små bokstavar frå a til z, siffer og bindestrek: `svar-utskrivningsklar`"
    EmptyText
        "En tekst som må si noe, er tom" mend "Skriv den. Hver regel viser til punktet den står i: slik finner leseren tilbake til avtalen"
        "Ein tekst som må seie noko, er tom" mend "Skriv han. Kvar regel viser til punktet han står i: slik finn lesaren tilbake til avtalen"
    Contradiction
        "Nøkler som utelukker hverandre, står sammen, eller ingen av flere står der én må" mend "Behold nøyaktig én av nøklene som er nevnt"
        "Nøklar som utelukkar kvarandre, står saman, eller ingen av fleire står der éin må" mend "Hald på nøyaktig éin av nøklane som er nemnde"
    DuplicateId
        "To av samme slag har samme id" mend "Gi den ene en annen id, eller ta den bort. Alle filene i en versjon deler navnene"
        "To av same slag har same id" mend "Gje den eine ein annan id, eller ta han bort. Alle filene i ein versjon deler namna"
    UnknownKind
        "En regel nevner en melding eller hendelse som ikke er deklarert" mend "Rett stavemåten, deklarer [[kind]], eller legg vokabularet som har den, til i `uses`"
        "Ein regel nemner ei melding eller hending som ikkje er deklarert" mend "Rett stavemåten, deklarer [[kind]], eller legg vokabularet som har ho, til i `uses`"
    UnknownFact
        "Et vilkår nevner en opplysning som ikke er deklarert" mend "Rett stavemåten, eller deklarer [[fact]]"
        "Eit vilkår nemner ei opplysning som ikkje er deklarert" mend "Rett stavemåten, eller deklarer [[fact]]"
    UnknownParty
        "En regel nevner en part som ikke er deklarert" mend "Rett stavemåten, eller deklarer [[party]]"
        "Ein regel nemner ein part som ikkje er deklarert" mend "Rett stavemåten, eller deklarer [[party]]"
    UnknownPhase
        "En regel nevner en fase som ikke er deklarert" mend "Rett stavemåten, eller deklarer [[phase]]"
        "Ein regel nemner ein fase som ikkje er deklarert" mend "Rett stavemåten, eller deklarer [[phase]]"
    UnknownDuty
        "Et vilkår eller en sjekkliste nevner en plikt som ikke finnes" mend "Rett stavemåten, eller skriv [[duty]]"
        "Eit vilkår eller ei sjekkliste nemner ei plikt som ikkje finst" mend "Rett stavemåten, eller skriv [[duty]]"
    UnknownHours
        "En regel nevner en åpningstid som ikke finnes" mend "Rett stavemåten, eller legg den til som en seksjon: [calendar.kontortid]"
        "Ein regel nemner ei opningstid som ikkje finst" mend "Rett stavemåten, eller legg ho til som ein seksjon: [calendar.kontortid]"
    UnknownHoliday
        "En åpningstid nevner en helligdag som ikke finnes" mend "Rett stavemåten, deklarer [[holiday]], eller legg loven som har den, til i `uses`"
        "Ei opningstid nemner ein heilagdag som ikkje finst" mend "Rett stavemåten, deklarer [[holiday]], eller legg lova som har han, til i `uses`"
    UnknownValue
        "En sats nevner en datert verdi som ikke finnes" mend "Rett stavemåten, deklarer [[value]], eller legg loven som har den, til i `uses`"
        "Ein sats nemner ein datert verdi som ikkje finst" mend "Rett stavemåten, deklarer [[value]], eller legg lova som har han, til i `uses`"
    UnknownReading
        "En regel bygger på en lesning som ikke finnes" mend "Rett id-en, eller skriv [[reading]]"
        "Ein regel byggjer på ei lesing som ikkje finst" mend "Rett id-en, eller skriv [[reading]]"
    UnknownMeter
        "Et oppgjør nevner en teller som ikke finnes" mend "Rett stavemåten, eller skriv [[meter]]"
        "Eit oppgjer nemner ein teljar som ikkje finst" mend "Rett stavemåten, eller skriv [[meter]]"
    UnknownException
        "`before` nevner et unntak som plikten ikke har" mend "Nevn et annet unntak fra samme plikt"
        "`before` nemner eit unntak som plikta ikkje har" mend "Nemn eit anna unntak frå same plikt"
    UnknownField
        "En regel ser på et felt som meldingen ikke har" mend "Rett stavemåten, eller legg feltet til i `fields` i [[kind]]"
        "Ein regel ser på eit felt som meldinga ikkje har" mend "Rett stavemåten, eller legg feltet til i `fields` i [[kind]]"
    UnknownUse
        "`uses` nevner et vokabular eller en lov som ikke finnes" mend "Skriv vocabulary:<filnavn> eller law:<mappenavn>"
        "`uses` nemner eit vokabular eller ei lov som ikkje finst" mend "Skriv vocabulary:<filnamn> eller law:<mappenamn>"
    BadDeadline
        "Fristen kan ikke leses" mend "Skriv for eksempel `24 hours`, `5 working days` eller `15:00 same working day`"
        "Fristen kan ikkje lesast" mend "Skriv til dømes `24 hours`, `5 working days` eller `15:00 same working day`"
    BadCondition
        "Vilkåret kan ikke leses" mend "Skriv for eksempel `fagomrade is somatikk`, `has utskrevet` eller `late tidligmelding`, med `and`, `or` og `not`"
        "Vilkåret kan ikkje lesast" mend "Skriv til dømes `fagomrade is somatikk`, `has utskrevet` eller `late tidligmelding`, med `and`, `or` og `not`"
    BadAmount
        "Tidsrommet kan ikke leses" mend "Skriv et tall og en enhet: `24 hours`, `5 working days`"
        "Tidsrommet kan ikkje lesast" mend "Skriv eit tal og ei eining: `24 hours`, `5 working days`"
    BadDay
        "Dagen i en teller kan ikke leses" mend "Skriv `same day`, `next working day`, `2 days after varsel`, `field fra` eller `fact x`"
        "Dagen i ein teljar kan ikkje lesast" mend "Skriv `same day`, `next working day`, `2 days after varsel`, `field fra` eller `fact x`"
    BadHours
        "Åpningstiden eller dagene kan ikke leses" mend "Skriv tider som 08:00-15:00, og 24:00 for slutten av dagen"
        "Opningstida eller dagane kan ikkje lesast" mend "Skriv tider som 08:00-15:00, og 24:00 for slutten av dagen"
    BadHoliday
        "Dagen kan ikke leses, eller ingen år har den" mend "Skriv easter = -3, date = \"12-25\", nth = \"first monday of may\" eller on_or_after = \"saturday on or after 06-20\""
        "Dagen kan ikkje lesast, eller ingen år har han" mend "Skriv easter = -3, date = \"12-25\", nth = \"first monday of may\" eller on_or_after = \"saturday on or after 06-20\""
    BadMoney
        "Beløpet eller satsen kan ikke leses" mend "Skriv sifre med høyst to desimaler etter punktum, i anførselstegn: \"4000.00\", eller navnet på en datert verdi: \"law:dognpris\""
        "Beløpet eller satsen kan ikkje lesast" mend "Skriv siffer med høgst to desimalar etter punktum, i hermeteikn: \"4000.00\", eller namnet på ein datert verdi: \"law:dognpris\""
    WrongValueType
        "En opplysning eller et felt sammenlignes med en annen type verdi enn det har" mend "Sammenlign tekst med tekst og tall med tall. Et navn alene er bare for opplysninger som er ja eller nei"
        "Ei opplysning eller eit felt blir samanlikna med ein annan type verdi enn det har" mend "Samanlikn tekst med tekst og tal med tal. Eit namn åleine er berre for opplysningar som er ja eller nei"
    NotOneOf
        "En opplysning eller et felt sammenlignes med et ord som det aldri kan ha" mend "Bruk ett av ordene i `one_of`, eller legg ordet til der"
        "Ei opplysning eller eit felt blir samanlikna med eit ord som det aldri kan ha" mend "Bruk eitt av orda i `one_of`, eller legg ordet til der"
    NoEntryHere
        "Et vilkår ser på feltet i en melding der regelen ikke ser på noen melding" mend "Spør etter en opplysning, eller flytt vilkåret til en regel som ser på meldingen"
        "Eit vilkår ser på feltet i ei melding der regelen ikkje ser på noka melding" mend "Spør etter ei opplysning, eller flytt vilkåret til ein regel som ser på meldinga"
    HoursNeverOpen
        "Åpningstiden åpner aldri, så en frist som venter på den, tar aldri slutt" mend "Gi den timer på en dag"
        "Opningstida opnar aldri, så ein frist som ventar på ho, tek aldri slutt" mend "Gje ho timar på ein dag"
    BadSteps
        "Trinnene i en sats er i feil rekkefølge, begynner ikke på dag 1, eller har 0 prosent" mend "Sorter trinnene etter `from_day`, fra 1. Gratis døgn skrives med `free_days`"
        "Trinna i ein sats er i feil rekkjefølgje, byrjar ikkje på dag 1, eller har 0 prosent" mend "Sorter trinna etter `from_day`, frå 1. Gratis døgn blir skrivne med `free_days`"
    ValueGap
        "En datert verdi tar slutt før den neste begynner: noen dager har ingen" mend "Flytt `until` til neste `from`, eller ta den bort"
        "Ein datert verdi tek slutt før den neste byrjar: nokre dagar har ingen" mend "Flytt `until` til neste `from`, eller ta han bort"
    ValueOrder
        "Beløpene i en datert verdi er i feil rekkefølge, overlapper eller har samme dato" mend "Sorter dem etter `from`. Hvert gjelder til det neste begynner"
        "Beløpa i ein datert verdi er i feil rekkjefølgje, overlappar eller har same dato" mend "Sorter dei etter `from`. Kvart gjeld til det neste byrjar"
    MayNotSend
        "En plikt er lagt på en part som ikke kan sende noe av det den krever" mend "Rett `who`, eller legg parten til i `from` i [[kind]]"
        "Ei plikt er lagd på ein part som ikkje kan sende noko av det ho krev" mend "Rett `who`, eller legg parten til i `from` i [[kind]]"
    NeverTriggered
        "En plikt kan aldri oppstå: ingen sender det som utløser den" mend "Gi [[kind]] avsendere i `from`, eller ta plikten bort"
        "Ei plikt kan aldri oppstå: ingen sender det som utløyser ho" mend "Gje [[kind]] avsendarar i `from`, eller ta plikta bort"
    Cycle
        "Regler venter på hverandre i ring: ingen kan noen gang oppfylles" mend "Ta bort ett av leddene, eller la kravet ha effect = \"warn\""
        "Reglar ventar på kvarandre i ring: ingen kan nokon gong oppfyllast" mend "Ta bort eitt av ledda, eller la kravet ha effect = \"warn\""
    PhaseNeverEnds
        "En fase har ingenting som avslutter den" mend "Nevn det som avslutter den, i `until`"
        "Ein fase har ingenting som avsluttar han" mend "Nemn det som avsluttar han, i `until`"
    UnusedKind
        "En melding eller hendelse er deklarert her, og ingen regel bruker den" mend "Ta den bort, eller bruk den"
        "Ei melding eller hending er deklarert her, og ingen regel bruker ho" mend "Ta ho bort, eller bruk ho"
    UnorderedExceptions
        "To unntak fra en plikt kan gjelde samtidig, og ingenting sier hvilket som går først" mend "Skriv before = [\"det andre\"] i det som går først, eller la vilkårene utelukke hverandre"
        "To unntak frå ei plikt kan gjelde samtidig, og ingenting seier kva for eit som går først" mend "Skriv before = [\"det andre\"] i det som går først, eller la vilkåra utelukke kvarandre"
    NeverHolds
        "Et unntak kan aldri gjelde" mend "Se på vilkåret sammen med pliktens eget `when`. Ta bort unntaket, eller rett vilkåret"
        "Eit unntak kan aldri gjelde" mend "Sjå på vilkåret saman med `when` i plikta sjølv. Ta bort unntaket, eller rett vilkåret"
    DutiesConflict
        "To plikter krever det samme av samme part etter samme hendelse, med ulike frister" mend "Gjør den ene til et unntak fra den andre, eller la vilkårene utelukke hverandre"
        "To plikter krev det same av same part etter same hending, med ulike fristar" mend "Gjer den eine til eit unntak frå den andre, eller la vilkåra utelukke kvarandre"
    VersionsOverlap
        "To versjoner gjelder samme dag" mend "Avslutt den eldste med `until`, senest dagen den nyeste trer i kraft"
        "To versjonar gjeld same dag" mend "Avslutt den eldste med `until`, seinast dagen den nyaste trer i kraft"
    VersionGap
        "Mellom to versjoner er det dager da ingen gjelder" mend "Flytt `until`, eller ta den bort: en versjon gjelder til den neste begynner"
        "Mellom to versjonar er det dagar då ingen gjeld" mend "Flytt `until`, eller ta han bort: ein versjon gjeld til den neste byrjar"
    EndsBeforeStart
        "Noe tar slutt på dagen det begynner, eller før" mend "Rett en av datoene: `until` er den første dagen som ikke lenger teller"
        "Noko tek slutt på dagen det byrjar, eller før" mend "Rett ein av datoane: `until` er den første dagen som ikkje lenger tel"
    OtherAgreement
        "Versjonene av avtalen har ulik id" mend "Gi dem samme `id`. Andre navn hører hjemme i `also_called`"
        "Versjonane av avtalen har ulik id" mend "Gje dei same `id`. Andre namn høyrer heime i `also_called`"
    AgreementSection
        "Seksjonen `[agreement]` mangler, eller står to ganger" mend "Nøyaktig én fil, agreement.toml, har den"
        "Seksjonen `[agreement]` manglar, eller står to gonger" mend "Nøyaktig éi fil, agreement.toml, har han"
}

impl Diagnostic {
    /// What is wrong. In Norwegian what the code means, with what the English message quotes from the file; in English the message itself,
    /// which also stands in for a code without a Norwegian text.
    pub fn message_in(&self, language: Language) -> Cow<'_, str> {
        match said(self.code, language) {
            None => Cow::Borrowed(&self.message),
            Some(said) => Cow::Owned(with_quotes(said.wrong, &self.message)),
        }
    }

    /// What to write instead, in the same way: in Norwegian how such a mistake is mended, with the words that the English help names.
    pub fn help_in(&self, language: Language) -> Option<Cow<'_, str>> {
        match said(self.code, language) {
            None => self.help.as_deref().map(Cow::Borrowed),
            Some(said) => Some(Cow::Owned(with_quotes(said.mend, self.help.as_deref().unwrap_or_default()))),
        }
    }
}

/// A sentence, and after it what an English one quotes and the sentence doesn't: `En regel … («tidligmeldin»)`.
fn with_quotes(sentence: &str, english: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in quoted(english).filter(|name| !sentence.contains(name)) {
        let name = format!("«{name}»");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { sentence.to_owned() } else { format!("{sentence} ({})", names.join(", ")) }
}

/// What stands between quotation marks or backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let from = rest.find(['"', '`'])?;
        let mark = &rest[from..=from];
        let after = &rest[from + 1..];
        let until = after.find(mark)?;
        rest = &after[until + 1..];
        Some(&after[..until])
    })
    .filter(|name| !name.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_code_that_has_a_text_has_it_in_both_and_no_two_are_alike() {
        let mut texts = BTreeSet::new();
        for code in Code::ALL {
            let (nb, nn) = (said(*code, Language::Bokmal), said(*code, Language::Nynorsk));
            assert_eq!(nb.is_some(), nn.is_some(), "{code:?}");
            assert!(said(*code, Language::English).is_none());
            for text in nb.into_iter().chain(nn) {
                assert!(!text.wrong.ends_with('.') && !text.mend.ends_with('.'), "the page ends sentences");
                texts.insert(text.wrong);
            }
        }
        assert!(texts.len() > 80, "{}", texts.len());
    }

    /// An English text, and what it quotes.
    #[test]
    fn what_the_english_text_quotes_stands_in_the_norwegian_one() {
        for (english, shown) in [
            ("there is no kind \"tidligmeldin\"", "Feil («tidligmeldin»)"),
            ("`a` and `b`, and `a` again", "Feil («a», «b»)"),
            ("nothing is quoted, and one \" is open", "Feil"),
            ("an æ before \"æø\"", "Feil («æø»)"),
            ("\"\" is empty", "Feil"),
        ] {
            assert_eq!(with_quotes("Feil", english), shown);
        }
        assert_eq!(with_quotes("Skriv `flat`", "write \"flat\" or \"none\""), "Skriv `flat` («none»)");
    }
}
