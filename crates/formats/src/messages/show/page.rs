use super::blocks::{Block, Page};
use super::left::Left;
use super::teller::Teller;
use super::times::{Detail, in_words};
use super::{Language, epicrisis, head, labels, receipt};
use crate::messages::types::{Kind, Message};
use crate::xml::{Document, El};

/// A message as a page.
pub(super) fn page(document: &Document<'_>, message: &Message, language: Language) -> Page {
    let teller = Teller { language };
    let root = document.root();
    match root.local() {
        "MsgHead" => head::page(teller, root, message),
        "AppRec" => receipt::page(teller, root, message),
        "Message" if root.child("ServRprt").is_some() => epicrisis::page(teller, root, message),
        _ => Page { title: teller.label(root), status: Vec::new(), blocks: teller.inside(root, "") },
    }
}

impl Teller {
    /// What kind of message it is, in words; of a kind that isn't known, what the sender calls it.
    pub(super) fn title(self, message: &Message, kind: Option<El<'_>>) -> String {
        let told = kind.map(|kind| self.value_line(kind)).filter(|told| !told.is_empty());
        match (message.kind, told) {
            (Kind::Annen, Some(told)) => told,
            (kind, _) => self.word(kind_word(kind)).to_owned(),
        }
    }

    /// A status of table 7309 in words, with the sender's name for it if that isn't ours.
    pub(super) fn status(self, element: El<'_>) -> String {
        let code = element.attribute("V").unwrap_or_default().trim();
        match labels::known_word(&format!("status_{code}"), self.language) {
            Some(words) => words.to_owned(),
            None => format!("{}: {}", self.word("unknown_status"), self.value_line(element)),
        }
    }

    /// When it was sent, to the minute.
    pub(super) fn sent(self, made: El<'_>) -> Block {
        let written = made.attribute("V").map_or_else(|| made.text().into_owned(), str::to_owned);
        let told = in_words(written.trim(), Detail::Minutes, self.language);
        Block::fact(self.word("sent"), told.unwrap_or_else(|| self.value_line(made)))
    }

    /// Elements as facts with their own labels.
    pub(super) fn told(self, elements: &[El<'_>]) -> Vec<Block> {
        elements.iter().flat_map(|element| self.element(*element, "")).collect()
    }

    /// What is left of a message's outer elements: facts about the message.
    pub(super) fn rest(self, left: &Left<'_>) -> Vec<Block> {
        self.blocks(left, "")
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Innlagt => "kind_innlagt",
        Kind::Innleggelsesrapport => "kind_innleggelsesrapport",
        Kind::Helseopplysninger => "kind_helseopplysninger",
        Kind::Utskrivningsklar => "kind_utskrivningsklar",
        Kind::Avmelding => "kind_avmelding",
        Kind::Utskrevet => "kind_utskrevet",
        Kind::Utskrivningsrapport => "kind_utskrivningsrapport",
        Kind::Dodsfall => "kind_dodsfall",
        Kind::TilLege => "kind_til_lege",
        Kind::Tjenestetilbud => "kind_tjenestetilbud",
        Kind::MedisinskeOpplysninger => "kind_medisinske_opplysninger",
        Kind::Fravar => "kind_fravar",
        Kind::Foresporsel => "kind_foresporsel",
        Kind::Svar => "kind_svar",
        Kind::Notat => "kind_notat",
        Kind::Avvik => "kind_avvik",
        Kind::HelsefagligDialog => "kind_helsefaglig_dialog",
        Kind::Epikrise => "kind_epikrise",
        Kind::Kvittering => "kind_kvittering",
        Kind::Annen => "kind_annen",
    }
}
