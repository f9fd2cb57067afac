//! What is asked about messages, and what is noted of how they were read.

use super::Sentence;

pub(super) const ALL: &[Sentence] = &[
    // Which stay.
    [
        "Hvilket opphold gjelder meldingen? {why}",
        "Kva opphald gjeld meldinga? {why}",
        "Which stay is the message about? {why}",
    ],
    ["Hvem gjelder meldingen? {why}", "Kven gjeld meldinga? {why}", "Who is the message about? {why}"],
    [
        "Meldingen er av et slag som ikke sier noe om oppholdet.",
        "Meldinga er av eit slag som ikkje seier noko om opphaldet.",
        "The message is of a kind that says nothing about the stay.",
    ],
    [
        "En person har valgt dette oppholdet.",
        "Ein person har valt dette opphaldet.",
        "A person chose this stay.",
    ],
    [
        "Meldingen har verken fødselsnummer, annen id, eller navn og fødselsdato.",
        "Meldinga har verken fødselsnummer, annan id, eller namn og fødselsdato.",
        "The message has no national identity number, no other id, and no name with a date of birth.",
    ],
    [
        "Meldingen viser til {message}, som hører til dette oppholdet.",
        "Meldinga viser til {message}, som høyrer til dette opphaldet.",
        "The message refers to {message}, which belongs to this stay.",
    ],
    [
        "Meldingen viser til meldinger i flere opphold.",
        "Meldinga viser til meldingar i fleire opphald.",
        "The message refers to messages in several stays.",
    ],
    [
        "Pasienten har fått en annen id, men navn og fødselsdato er de samme.",
        "Pasienten har fått ein annan id, men namn og fødselsdato er dei same.",
        "The patient was given another id, but the name and the date of birth are the same.",
    ],
    [
        "Samtalen gjelder en annen pasient enn meldingen.",
        "Samtalen gjeld ein annan pasient enn meldinga.",
        "The conversation is about another patient than the message.",
    ],
    [
        "Navn og fødselsdato er de samme, men id-en er en annen.",
        "Namn og fødselsdato er dei same, men id-en er ein annan.",
        "The name and the date of birth are the same, but the id is another.",
    ],
    [
        "Samme pasient, sykehus og innleggelsestidspunkt.",
        "Same pasient, sjukehus og innleggingstidspunkt.",
        "The same patient, hospital and time of admission.",
    ],
    [
        "Samme pasient og sykehus, og innleggelsestidspunktet i oppholdet var ikke kjent.",
        "Same pasient og sjukehus, og innleggingstidspunktet i opphaldet var ikkje kjent.",
        "The same patient and hospital, and the time of admission of the stay was not known.",
    ],
    [
        "Et opphold som ikke er avsluttet, har et annet innleggelsestidspunkt like ved.",
        "Eit opphald som ikkje er avslutta, har eit anna innleggingstidspunkt like ved.",
        "A stay that is not over has another time of admission close by.",
    ],
    [
        "Oppholdet tok slutt samme dag; klokkeslettet er ikke kjent.",
        "Opphaldet tok slutt same dag; klokkeslettet er ikkje kjent.",
        "The stay ended on the same day; the time of day is not known.",
    ],
    [
        "Oppholdet er alt avsluttet på et annet tidspunkt.",
        "Opphaldet er alt avslutta på eit anna tidspunkt.",
        "The stay has already ended, at another time.",
    ],
    [
        "Det er lenge siden siste melding i oppholdet.",
        "Det er lenge sidan siste melding i opphaldet.",
        "It is long since the last message in the stay.",
    ],
    [
        "Eneste opphold for pasienten som pågikk da.",
        "Einaste opphald for pasienten som gjekk føre seg då.",
        "The only stay of the patient that was going on then.",
    ],
    [
        "Pasienten har flere opphold som meldingen kan gjelde.",
        "Pasienten har fleire opphald som meldinga kan gjelde.",
        "The patient has several stays that the message may be about.",
    ],
    [
        "Ingen opphold for pasienten pågikk da, og meldingen begynner ikke et nytt.",
        "Ingen opphald for pasienten gjekk føre seg då, og meldinga byrjar ikkje eit nytt.",
        "No stay of the patient was going on then, and the message does not begin a new one.",
    ],
    [
        "Pasienten har ingen opphold ved sykehuset fra før.",
        "Pasienten har ingen opphald ved sjukehuset frå før.",
        "The patient has no earlier stay at the hospital.",
    ],
    [
        "Ingen av pasientens tidligere opphold ved sykehuset passer i tid.",
        "Ingen av dei tidlegare opphalda til pasienten ved sjukehuset passar i tid.",
        "None of the patient's earlier stays at the hospital fits in time.",
    ],
    ["Innlagt {at}.", "Innlagd {at}.", "Admitted {at}."],
    [
        "Innleggelsestidspunkt ikke kjent; første melding {at}.",
        "Innleggingstidspunktet er ikkje kjent; første melding {at}.",
        "Time of admission not known; first message {at}.",
    ],
    [
        "Innleggelsestidspunkt ikke kjent.",
        "Innleggingstidspunktet er ikkje kjent.",
        "Time of admission not known.",
    ],
    ["Ikke avsluttet.", "Ikkje avslutta.", "Not over."],
    ["Avsluttet {at}.", "Avslutta {at}.", "Ended {at}."],
    ["Et nytt opphold.", "Eit nytt opphald.", "A new stay."],
    [
        "Meldingen henger sammen med svært mange andre, og er ikke lest inn i noe opphold. Er en id brukt for flere pasienter?",
        "Meldinga heng saman med svært mange andre, og er ikkje lesen inn i noko opphald. Er ein id brukt for fleire pasientar?",
        "The message hangs together with very many others, and was not read into any stay. Is one id used for several patients?",
    ],
    // Which message, and what it says.
    [
        "Mottakeren avviste meldingen: {reasons}. Den er ikke mottatt. Send på nytt, eller gi beskjed på annen måte.",
        "Mottakaren avviste meldinga: {reasons}. Ho er ikkje motteken. Send på nytt, eller gi beskjed på annan måte.",
        "The receiver rejected the message: {reasons}. It was not taken in. Send it again, or tell the receiver in another way.",
    ],
    ["ingen grunn er oppgitt", "ingen grunn er oppgitt", "no reason is given"],
    [
        "Meldingen er lest før, og gir ingenting nytt.",
        "Meldinga er lesen før, og gir ingenting nytt.",
        "The message was read before, and gives nothing new.",
    ],
    ["Meldingen er lest før.", "Meldinga er lesen før.", "The message was read before."],
    [
        "En annen melding har samme id og sier noe annet. Hvilken gjelder?",
        "Ei anna melding har same id og seier noko anna. Kva for ei gjeld?",
        "Another message has the same id and says something else. Which one counts?",
    ],
    [
        "Flere meldinger har samme id og sier forskjellige ting. Hvilken gjelder?",
        "Fleire meldingar har same id og seier ulike ting. Kva for ei gjeld?",
        "Several messages have the same id and say different things. Which one counts?",
    ],
    ["den første", "den første", "the first"],
    ["denne", "denne", "this one"],
    [
        "Meldingen ligger her {#n} ganger, og er lest én gang.",
        "Meldinga ligg her {n} gonger, og er lesen éin gong.",
        "The message is here {n} times, and was read once.",
    ],
    [
        "Meldingens status er verken N, M eller C, og leses som ny (N).",
        "Statusen til meldinga er verken N, M eller C, og blir lesen som ny (N).",
        "The status of the message is neither N, M nor C, and is read as new (N).",
    ],
    [
        "Meldingen kansellerer en tidligere melding, men sier ikke hvilken.",
        "Meldinga kansellerer ei tidlegare melding, men seier ikkje kva for ei.",
        "The message cancels an earlier message, but does not say which.",
    ],
    [
        "Kanselleringen venter på meldingen den gjelder: {named}.",
        "Kanselleringa ventar på meldinga ho gjeld: {named}.",
        "The cancellation waits for the message that it is about: {named}.",
    ],
    [
        "Meldingen det vises til, er av et annet slag enn kanselleringen. Hvilken melding gjelder den?",
        "Meldinga det blir vist til, er av eit anna slag enn kanselleringa. Kva melding gjeld ho?",
        "The message that is referred to is of another kind than the cancellation. Which message is it about?",
    ],
    [
        "Meldinger av dette slaget kan være nye eller kansellert, ikke endret (M). Er den ment som en ny melding?",
        "Meldingar av dette slaget kan vere nye eller kansellerte, ikkje endra (M). Er ho meint som ei ny melding?",
        "Messages of this kind can be new or cancelled, not changed (M). Is it meant as a new message?",
    ],
    [
        "Meldingen har et annet innleggelsestidspunkt enn oppholdet. Hvilket er riktig?",
        "Meldinga har eit anna innleggingstidspunkt enn opphaldet. Kva for eit er rett?",
        "The message has another time of admission than the stay. Which one is right?",
    ],
    [
        "Meldingen var kansellert før den kom.",
        "Meldinga var kansellert før ho kom.",
        "The message was cancelled before it came.",
    ],
    [
        "Meldingen har ikke noe tidspunkt som kan leses. Når ble den sendt?",
        "Meldinga har ikkje noko tidspunkt som kan lesast. Når vart ho send?",
        "The message has no time that can be read. When was it sent?",
    ],
    [
        "Meldingen er laget etter at den ble mottatt: en av klokkene går feil.",
        "Meldinga er laga etter at ho vart motteken: ei av klokkene går feil.",
        "The message was made after it was received: one of the clocks is wrong.",
    ],
    [
        "«{kind}» er oppgitt uten klokkeslett, og leses som {at}.",
        "«{kind}» er oppgitt utan klokkeslett, og blir lesen som {at}.",
        "“{kind}” is given without a time of day, and is read as {at}.",
    ],
    [
        "Tidspunktet kom to ganger da klokka ble stilt tilbake; det første er valgt.",
        "Tidspunktet kom to gonger då klokka vart stilt tilbake; det første er valt.",
        "The time came twice when the clock was set back; the first was chosen.",
    ],
    [
        "Tidspunktet fantes ikke da klokka ble stilt fram; det er flyttet fram.",
        "Tidspunktet fanst ikkje då klokka vart stilt fram; det er flytta fram.",
        "The time did not exist when the clock was set forward; it was moved forward.",
    ],
    [
        "Meldingen sier ikke når det skjedde. Når var det?",
        "Meldinga seier ikkje når det skjedde. Når var det?",
        "The message does not say when it happened. When was it?",
    ],
    [
        "Mottakeren betjener flere kommuner. Hvilken er oppholdskommunen?",
        "Mottakaren betener fleire kommunar. Kva for ein er opphaldskommunen?",
        "The receiver serves several municipalities. Which one is the municipality of the stay?",
    ],
    ["Hva svarte kommunen?", "Kva svarte kommunen?", "What did the municipality answer?"],
    ["Teksten nevner «{word}».", "Teksten nemner «{word}».", "The text mentions “{word}”."],
    ["Meldingens type.", "Typen til meldinga.", "The type of the message."],
    ["Hva slags oppføring er dette?", "Kva slags oppføring er dette?", "What kind of entry is this?"],
    [
        "Meldingen er gitt {given}, men sier at pasienten er utskrivningsklar {named}. Meldingen gjelder fra den ble gitt.",
        "Meldinga er gitt {given}, men seier at pasienten er utskrivingsklar {named}. Meldinga gjeld frå ho vart gitt.",
        "The message was given {given}, but says that the patient is ready for discharge {named}. The message counts from when it was given.",
    ],
    // What a reply seems to say.
    [
        "Teksten sier både at kommunen kan og at den ikke kan ta imot.",
        "Teksten seier både at kommunen kan og at han ikkje kan ta imot.",
        "The text says both that the municipality can and that it can't receive.",
    ],
    [
        "Teksten sier at dagen er ventet.",
        "Teksten seier at dagen er venta.",
        "The text says that the day is expected.",
    ],
    ["Teksten tar forbehold.", "Teksten tek atterhald.", "The text makes a reservation."],
    [
        "Teksten nevner en dag det må skje før.",
        "Teksten nemner ein dag det må skje før.",
        "The text names a day before which it must be.",
    ],
    [
        "Kan også leses som at kommunen kan ta imot fra den dagen.",
        "Kan òg lesast som at kommunen kan ta imot frå den dagen.",
        "Can also be read as saying that the municipality can receive from that day.",
    ],
    [
        "Teksten spør, håper, venter eller setter vilkår.",
        "Teksten spør, håpar, ventar eller set vilkår.",
        "The text asks, hopes, expects or sets conditions.",
    ],
    ["Teksten sier bare ja.", "Teksten seier berre ja.", "The text says only yes."],
    ["Teksten sier bare nei.", "Teksten seier berre nei.", "The text says only no."],
    ["Teksten sier både ja og nei.", "Teksten seier både ja og nei.", "The text says both yes and no."],
    ["Teksten nevner bare en dag.", "Teksten nemner berre ein dag.", "The text names only a day."],
    [
        "Teksten sier ikke om kommunen kan ta imot.",
        "Teksten seier ikkje om kommunen kan ta imot.",
        "The text does not say whether the municipality can receive.",
    ],
    ["Teksten nevner flere dager.", "Teksten nemner fleire dagar.", "The text names several days."],
    ["Teksten sier ikke hvilken dag.", "Teksten seier ikkje kva dag.", "The text does not say which day."],
    [
        "Ukedagen kan være i denne eller neste uke.",
        "Vekedagen kan vere i denne eller neste veke.",
        "The weekday may be in this week or the next.",
    ],
    [
        "Ukedagen og datoen er ikke samme dag.",
        "Vekedagen og datoen er ikkje same dag.",
        "The weekday and the date are not the same day.",
    ],
    [
        "Datoen finnes ikke i kalenderen.",
        "Datoen finst ikkje i kalenderen.",
        "There is no such date in the calendar.",
    ],
    [
        "Datoen ligger før svaret ble sendt.",
        "Datoen ligg før svaret vart sendt.",
        "The date lies before the reply was sent.",
    ],
];
