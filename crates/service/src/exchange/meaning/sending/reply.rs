//! The municipality's answer as a text that can't be misread.

use jiff::civil::Date;

use super::{SendError, Sending, sent};
use crate::exchange::meaning::{Answer, Sureness, suggest};

impl Sending<'_> {
    /// The sentence of the typed answer, and what was said in words besides if the whole still reads as the answer.
    ///
    /// A reply without a typed answer is sent as it was written only if it says clearly what it says.
    pub(super) fn reply(&self) -> Result<String, SendError> {
        let on = self.context.zone.to_datetime(sent(self.entry)).date();
        let words = self.words();
        let Some(answer) = self.answer() else {
            let is_clear = suggest(&words, on).sureness == Sureness::Clear;
            return if is_clear { Ok(words) } else { Err(SendError::NoAnswer) };
        };
        let reads_so = |text: &str| {
            let read = suggest(text, on);
            read.answer == Some(answer) && read.sureness == Sureness::Clear
        };
        if reads_so(&words) {
            return Ok(words);
        }
        let sentence = answer.sentence();
        let both = format!("{sentence}\n{words}");
        match (words.is_empty(), reads_so(&both), reads_so(&sentence)) {
            (false, true, _) => Ok(both),
            (_, _, true) => Ok(sentence),
            (_, _, false) => Err(SendError::UnclearAnswer),
        }
    }

    fn answer(&self) -> Option<Answer> {
        self.context.table.answer_of(self.entry)
    }
}

impl Answer {
    /// The answer as a sentence in bokmål, as it is sent in a free text.
    pub fn sentence(self) -> String {
        let shown = |day: Date| day.strftime("%d.%m.%Y").to_string();
        match self {
            Self::CanReceive { from: Some(day) } => {
                format!("Kommunen kan ta imot pasienten fra {}.", shown(day))
            }
            Self::CanReceive { from: None } => "Kommunen kan ta imot pasienten.".to_owned(),
            Self::CannotReceive { expected: Some(day) } => {
                format!("Kommunen kan ikke ta imot pasienten. Tilbud ventes klart {}.", shown(day))
            }
            Self::CannotReceive { expected: None } => "Kommunen kan ikke ta imot pasienten.".to_owned(),
        }
    }
}
