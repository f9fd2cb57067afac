//! Documents that a stranger could send to be a burden: each made to a size, so that it can be made twice as large.

use std::fmt::Write;

/// A message of ours, taken apart where things are put in.
const NOTICE: &str = include_str!("../../../formats/tests/data/messages/plo16-innlagt-kansellert.xml");
const DIALOGUE: &str = include_str!("../../../formats/tests/data/messages/dialog10-notat-klar.xml");

/// A document that grows with a number, and what that number is where the document is large.
pub(crate) struct Growing {
    pub(crate) name: &'static str,
    pub(crate) large: usize,
    pub(crate) make: fn(usize) -> String,
}

/// All of them. None passes a limit of the reader: what is read must then be borne by everything behind it.
pub(crate) const GROWING: [Growing; 36] = [
    Growing {
        name: "ids that break the schema",
        large: 150_000,
        make: |n| in_sender(&times(n, |_| "<Ident/>".into())),
    },
    Growing { name: "ids with a fault", large: 45_000, make: |n| in_sender(&times(n, faulty_id)) },
    Growing { name: "unknown codes", large: 150_000, make: |n| in_sender(&times(n, unknown_code)) },
    Growing { name: "unknown tables", large: 150_000, make: |n| in_sender(&times(n, unknown_table)) },
    Growing { name: "receivers", large: 30_000, make: |n| in_head(&times(n, receiver)) },
    Growing { name: "conversations", large: 60_000, make: |n| in_head(&times(n, conversation)) },
    Growing {
        name: "ids of the message",
        large: 150_000,
        make: |n| in_head(&times(n, |i| format!("<MsgId>{i}</MsgId>"))),
    },
    Growing { name: "attachments", large: 30_000, make: attachments },
    Growing { name: "events", large: 60_000, make: |n| in_body(&times(n, event)) },
    Growing { name: "times that aren't", large: 60_000, make: |n| in_body(&times(n, bad_event)) },
    Growing { name: "wrong siblings", large: 199_000, make: |n| in_head(&"<Feil/>".repeat(n)) },
    Growing {
        name: "known siblings in a wrong place",
        large: 199_000,
        make: |n| in_body(&"<Anslag>x</Anslag>".repeat(n)),
    },
    Growing {
        name: "attributes on every element",
        large: 50_000,
        make: |n| in_head(&times(n, |_| "<F a='' b='' c='' d='' e='' f='' g='' h=''/>".into())),
    },
    Growing { name: "references before their kind", large: 90_000, make: kind_after_siblings },
    Growing { name: "types by name of a long namespace", large: 150_000, make: long_types },
    Growing { name: "long namespaces that are nearly the same", large: 900, make: near_namespaces },
    Growing { name: "declarations", large: 900, make: declarations },
    Growing {
        name: "a long value",
        large: 10_000_000,
        make: |n| in_sender(&format!("<Ident><Id>{}</Id></Ident>", "9".repeat(n))),
    },
    Growing {
        name: "a long code",
        large: 3_000_000,
        make: |n| NOTICE.replace("V=\"LOG_INNLAGT\"", &format!("V=\"{}\"", "A".repeat(n))),
    },
    Growing {
        name: "a long table",
        large: 3_000_000,
        make: |n| in_sender(&format!("<Type V='1' S='{}'/>", "1.".repeat(n / 2))),
    },
    Growing { name: "a long id and time", large: 3_000_000, make: long_head },
    Growing {
        name: "a long text",
        large: 10_000_000,
        make: |n| in_note(&"ord og atter ord ".repeat(n / 17)),
    },
    Growing { name: "a long word", large: 10_000_000, make: |n| in_note(&"a".repeat(n)) },
    Growing { name: "short lines", large: 3_000_000, make: |n| in_note(&"a\n\n".repeat(n / 3)) },
    Growing { name: "marks without width", large: 300_000, make: |n| in_note(&"\u{301} ".repeat(n / 3)) },
    Growing {
        name: "characters that turn writing",
        large: 3_000_000,
        make: |n| in_note(&"\u{202e}\u{200b}\u{9b}".repeat(n / 8)),
    },
    Growing { name: "references to characters", large: 3_000_000, make: |n| in_note(&"&#65;".repeat(n / 5)) },
    Growing {
        name: "sections of characters",
        large: 3_000_000,
        make: |n| in_note(&"<![CDATA[a]]>".repeat(n / 13)),
    },
    Growing { name: "comments in a text", large: 3_000_000, make: |n| in_note(&"a<!---->".repeat(n / 8)) },
    Growing { name: "instructions in a text", large: 3_000_000, make: |n| in_note(&"a<?a?>".repeat(n / 6)) },
    Growing { name: "marked-up words", large: 90_000, make: |n| in_note(&"<b>a</b> ".repeat(n)) },
    Growing {
        name: "a wide table in a text",
        large: 10_000,
        make: |n| in_note(&table(&format!("<td>{}</td>", "a ".repeat(40)).repeat(n))),
    },
    Growing {
        name: "tables in tables in a text",
        large: 18,
        make: |n| in_note(&format!("{}a{}", "<table><tr><td>".repeat(n), "</td></tr></table>".repeat(n))),
    },
    Growing { name: "repeated parts in repeated parts", large: 50, make: repeated_in_repeated },
    Growing { name: "a long heading over many lines of a row", large: 20_000, make: long_heading },
    Growing {
        name: "a long name of a party with many within",
        large: 60_000,
        make: |n| {
            in_sender(&format!(
                "<OrganisationName>{}</OrganisationName>{}",
                "a".repeat(n),
                "<Organisation><OrganisationName>b</OrganisationName></Organisation>".repeat(n)
            ))
        },
    },
];

/// The notice with elements put into its sender's organisation.
pub(crate) fn in_sender(what: &str) -> String {
    before(NOTICE, "<Organisation>\n          <OrganisationName>Medisin plo", what)
}

/// The notice with elements put last into its head.
pub(crate) fn in_head(what: &str) -> String {
    before(NOTICE, "</MsgInfo>", what)
}

/// The notice with elements put last into the message.
fn in_message(what: &str) -> String {
    before(NOTICE, "</MsgHead>", what)
}

/// The notice with elements put into its event.
fn in_body(what: &str) -> String {
    before(NOTICE, "</m:MeldingInnlagtPasient>", what)
}

/// The dialogue message with this for its text.
pub(crate) fn in_note(what: &str) -> String {
    let (start, rest) = DIALOGUE.split_once("<TekstNotatInnhold").expect("a text");
    let (opening, rest) = rest.split_once('>').expect("its start");
    let (_, after) = rest.split_once("</TekstNotatInnhold>").expect("its end");
    format!("{start}<TekstNotatInnhold{opening}>{what}</TekstNotatInnhold>{after}")
}

/// The notice, and the one of the dialogue.
pub(crate) fn notice() -> &'static str {
    NOTICE
}

pub(crate) fn dialogue() -> &'static str {
    DIALOGUE
}

fn before(text: &str, place: &str, what: &str) -> String {
    let at = text.find(place).expect("the place is in the message");
    format!("{}{what}{}", &text[..at], &text[at..])
}

fn times(count: usize, one: fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |all, number| all + &one(number))
}

fn faulty_id(number: usize) -> String {
    format!("<Ident><Id>{number}</Id><TypeId V='FNR' S='2.16.578.1.12.4.1.1.8116'/></Ident>")
}

fn unknown_code(number: usize) -> String {
    format!("<T V='X{number}' S='2.16.578.1.12.4.1.1.9034'/>")
}

fn unknown_table(number: usize) -> String {
    format!("<T V='1' S='1.2.{number}'/>")
}

fn receiver(number: usize) -> String {
    format!(
        "<OtherReceiver><Organisation><OrganisationName>K</OrganisationName><Ident><Id>{number}</Id>\
         <TypeId V='HER'/></Ident></Organisation></OtherReceiver>"
    )
}

fn conversation(number: usize) -> String {
    format!("<ConversationRef><RefToParent>{number}</RefToParent></ConversationRef>")
}

fn attachments(count: usize) -> String {
    let one = "<Document><RefDoc><MsgType V='A'/><MimeType>application/pdf</MimeType><Content>\
               <b:Base64Container>JVBERi0=</b:Base64Container></Content></RefDoc></Document>";
    let space = "<MsgHead xmlns:b=\"http://www.kith.no/xmlstds/base64container\" ";
    in_message(&one.repeat(count)).replacen("<MsgHead ", space, 1)
}

fn event(_: usize) -> String {
    "<TidsfestetHendelse><Hendelsekode V='1' S='2.16.578.1.12.4.1.1.9121' DN='Pasient innlagt'/>\
     <TidspunktForHendelse V='2026-03-09T14:20:00'/></TidsfestetHendelse>"
        .to_owned()
}

fn bad_event(number: usize) -> String {
    format!(
        "<TidsfestetHendelse><TidspunktForHendelse V='i går {number}'/><Anslag>kanskje</Anslag></TidsfestetHendelse>"
    )
}

/// What a reference is for stands after much else in it, and much lies in its content.
fn kind_after_siblings(count: usize) -> String {
    let document = format!(
        "<Document><RefDoc>{}<Content>{}</Content></RefDoc></Document>",
        "<x/>".repeat(count),
        "<y/>".repeat(count)
    );
    before(NOTICE, "</MsgHead>", &document)
}

/// Each `xsi:type` names the longest namespace there may be in one letter.
fn long_types(count: usize) -> String {
    let space = format!("urn:{}", "x".repeat(252));
    let types = "<Ident xsi:type='p:T'/>".repeat(count);
    in_sender(&format!(
        "<Ident xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:p='{space}'>{types}</Ident>"
    ))
}

fn near_namespaces(count: usize) -> String {
    let long = "x".repeat(248);
    let mut all = String::new();
    for number in 0..count {
        write!(all, "<F xmlns='urn:{long}{number:04}'/>").expect("text");
    }
    in_head(&all)
}

fn declarations(count: usize) -> String {
    let mut all = String::new();
    for number in 0..count {
        write!(all, "<p{number}:F xmlns:p{number}='urn:{number}'/>").expect("text");
    }
    in_head(&all)
}

/// A value of so many bytes in each field of the head that is told in a receipt or by a finding.
fn long_head(count: usize) -> String {
    let long = "9".repeat(count / 4);
    NOTICE
        .replace("95bdf06a-d6d9-59a1-8ce2-cc1a256d15ff", &long)
        .replace("2026-03-09T15:40:00</GenDate>", &format!("{long}</GenDate>"))
        .replace("<Id>8100001</Id>", &format!("<Id>{long}</Id>"))
        .replace("V=\"LOG_INNLAGT\"", &format!("V=\"{long}\""))
}

fn table(cells: &str) -> String {
    format!("<table><tr>{cells}</tr></table>")
}

/// Parts that become a table where they are repeated, each in another, and in the innermost what no table holds.
fn repeated_in_repeated(depth: usize) -> String {
    let (open, close) = ("<TjenesteBehov>", "</TjenesteBehov><TjenesteBehov/>");
    in_body(&format!("{}<Notat>a</Notat>{}", open.repeat(depth), close.repeat(depth)))
}

/// In a part that becomes a row, a heading that each of many lines repeats.
fn long_heading(count: usize) -> String {
    let lines: String = times(count, |_| "<Navn>a</Navn>".into());
    let journal =
        format!("<Journaltekst><Overskriftskode V='1' DN='{}'/>{lines}</Journaltekst>", "a".repeat(count));
    in_body(&format!("<TjenesteBehov>{journal}</TjenesteBehov><TjenesteBehov>{journal}</TjenesteBehov>"))
}
