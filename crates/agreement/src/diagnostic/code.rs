use std::fmt;

/// The codes as one table: variant, code, what it means, how to mend it.
macro_rules! codes {
    ($($variant:ident $code:literal $meaning:literal mend $mend:literal)*) => {
        /// What sort of mistake a diagnostic is. A code keeps its meaning for ever.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as printed: `A011`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// How to mend it.
            pub const fn mend(self) -> &'static str {
                match self { $(Self::$variant => $mend,)* }
            }
        }
    };
}

codes! {
    Syntax "A001" "The file is not TOML at this place."
        mend "Look at the place marked: a missing quote, bracket or equals sign, or the same key twice in one section."
    FileTooLarge "A002" "The file is larger than 1 MiB and is not read."
        mend "Split it: all files of a version's folder are one agreement."
    TooDeep "A003" "Values stand inside values, deeper than any section goes."
        mend "Look for a bracket or brace too many."
    TextTooLong "A004" "A text is longer than its field allows."
        mend "Shorten it: a sentence in `says`, the clause's number in `clause`, the long reasoning in a [[reading]]."
    UnknownKey "A010" "A section holds a key that the language doesn't know."
        mend "Correct the spelling, or move the key to the section where it belongs; the reference lists the keys of each."
    WrongType "A011" "A key holds another type of value than it takes."
        mend "Write the value as the help says: texts in quotes, dates without, lists in brackets."
    MissingKey "A012" "A key that the section must have is missing."
        mend "Add it; the help shows an example."
    UnknownWord "A013" "A key that takes one of a few words holds another."
        mend "Write one of the words listed."
    BadId "A014" "An id is not written as ids are, or is a word of the condition language."
        mend "Use small letters a to z, digits and hyphens: `svar-utskrivningsklar`."
    EmptyText "A015" "A text that must say something is empty."
        mend "Write it. Every rule cites its clause: that is how readers find their way back to the agreement."
    Contradiction "A016" "Keys stand together that exclude each other, or none of several stands where one must."
        mend "Keep exactly one of the keys that the message names."
    DuplicateId "A020" "Two things of one sort have the same id."
        mend "Give one of them another id, or remove it. All files of a version are one namespace."
    UnknownKind "A021" "A rule names a kind of entry that isn't declared."
        mend "Correct the spelling, declare the [[kind]], or add the vocabulary that has it to `uses`."
    UnknownFact "A022" "A condition names a fact that isn't declared."
        mend "Correct the spelling, or declare the [[fact]]."
    UnknownParty "A023" "A rule names a party that isn't declared."
        mend "Correct the spelling, or declare the [[party]]."
    UnknownPhase "A024" "A rule names a phase that isn't declared."
        mend "Correct the spelling, or declare the [[phase]]."
    UnknownDuty "A025" "A condition or a checklist names a duty that isn't there."
        mend "Correct the spelling, or write the [[duty]]."
    UnknownHours "A026" "A rule names open hours that aren't there."
        mend "Correct the spelling, or add them as a section: [calendar.kontortid]."
    UnknownHoliday "A027" "Hours name a holiday that isn't there."
        mend "Correct the spelling, declare the [[holiday]], or add the law that has it to `uses`."
    UnknownValue "A028" "A rate names a dated value that isn't there."
        mend "Correct the spelling, declare the [[value]], or add the law that has it to `uses`."
    UnknownReading "A029" "A rule rests on a reading that isn't there."
        mend "Correct the id, or write the [[reading]]."
    UnknownMeter "A030" "A settlement names a meter that isn't there."
        mend "Correct the spelling, or write the [[meter]]."
    UnknownException "A031" "`before` names an exception that the duty doesn't have."
        mend "Name another exception of the same duty."
    UnknownField "A032" "A rule looks at a field that the message doesn't have."
        mend "Correct the spelling, or add the field to `fields` of the [[kind]]."
    UnknownUse "A033" "`uses` names a vocabulary or law that isn't there."
        mend "Write vocabulary:<file name> or law:<folder name>, as they stand in the folders vocabulary/ and law/."
    UnknownZone "A034" "The time zone isn't known."
        mend "Write its IANA name: Europe/Oslo."
    BadDeadline "A040" "A deadline can't be read."
        mend "See the deadline grammar; the message says at which letter and what could stand there."
    BadCondition "A041" "A condition can't be read."
        mend "See the condition grammar; the message says at which letter and what could stand there."
    BadAmount "A042" "An amount of time can't be read."
        mend "Write a number and a unit: `24 hours`, `5 working days`."
    BadDay "A043" "A day of a meter can't be read."
        mend "Write `same day`, `next working day`, `2 days after varsel`, `field fra` or `fact x`."
    BadHours "A044" "Open hours or their days can't be read."
        mend "Write hours as 08:00-15:00 (24:00 for the end of the day) and days as the reference shows."
    BadHoliday "A045" "A holiday's day can't be read, or no year has it."
        mend "Write easter = -3, date = \"12-25\", nth = \"first monday of may\" or on_or_after = \"saturday on or after 06-20\"."
    BadMoney "A046" "An amount can't be read."
        mend "Write digits with at most two decimals after a point, in quotes: \"4000.00\"."
    WrongValueType "A050" "A fact or field is compared with, or set to, another type of value than it holds."
        mend "Compare text with text, numbers with numbers, and use a bare name only for facts that are yes or no."
    NotOneOf "A051" "A fact or field is compared with, or set to, a word that it can never hold."
        mend "Use one of the words that its `one_of` lists, or add the word there."
    NoEntryHere "A052" "A condition looks at a message's field where the rule looks at no message."
        mend "Ask for a fact instead, or move the test to a rule that looks at the message."
    HoursNeverOpen "A060" "Open hours never open, so a wait for them would never end."
        mend "Give them hours on some day."
    BadSteps "A061" "The steps of a rate are out of order, don't begin at day 1, or a per cent is 0."
        mend "Sort the steps by `from_day`, from 1 on; for free days use `free_days`."
    ValueGap "A062" "A dated value ends before the next begins: some days have none."
        mend "Move `until` to the next `from`, or leave it out; keep the gap if the value really didn't exist."
    ValueOrder "A063" "The amounts of a dated value are out of order, overlap, or share a date."
        mend "Sort them by `from`; each holds until the next begins."
    TooManyRows "A064" "Open hours have too many rows with a condition."
        mend "Join conditions with `or`, or make two sets of open hours: at most six rows may have a `when`."
    MayNotSend "A070" "A duty falls on a party that may send none of the kinds it asks for."
        mend "Correct `who`, or add the party to `from` of the [[kind]]."
    NeverTriggered "A071" "A duty can never arise: nobody sends what triggers it."
        mend "Give the [[kind]] its senders in `from`, or remove the duty."
    Cycle "A072" "Rules wait for each other in a circle: none can ever be met."
        mend "Remove one of the links named, or make the requirement effect = \"warn\"."
    PhaseNeverEnds "A073" "A phase has no kind that ends it."
        mend "Name what ends it in `until`."
    UnusedKind "A074" "A kind is declared here and no rule uses it."
        mend "Remove it, or use it; kinds that several agreements share belong in a vocabulary."
    UnorderedExceptions "A080" "Two exceptions of a duty can both apply, and nothing says which goes first."
        mend "Add before = [\"the other\"] to the one that goes first, or make the conditions exclude each other."
    NeverHolds "A081" "An exception can never apply."
        mend "Look at its condition together with the duty's own `when`; remove it or mend the condition."
    TooManyToCheck "A082" "Conditions hang on too many things to find out whether they can hold together."
        mend "Simplify them, or state an order with `before`."
    DutiesConflict "A083" "Two duties ask the same of the same party after the same event, with different limits."
        mend "Make one of them an exception of the other, or make their conditions exclude each other."
    FolderName "A090" "The version's folder isn't named after the day it comes into force."
        mend "Rename the folder to the date in `in_force`, or correct the date."
    VersionsOverlap "A091" "Two versions are in force on the same day."
        mend "End the earlier with `until` on or before the day the later comes into force."
    VersionGap "A092" "Between two versions there are days with none in force."
        mend "Move `until`, or leave it out: a version holds until the next one begins."
    EndsBeforeStart "A093" "Something ends on or before the day it begins."
        mend "Correct one of the dates; `until` is the first day that no longer counts."
    OtherAgreement "A094" "The versions of one agreement have different ids."
        mend "Give them the same `id`; other names belong in `also_called`."
    AgreementSection "A095" "The `[agreement]` section is missing from a version, or stands twice."
        mend "Exactly one file of the folder, agreement.toml, holds it."
    BadCase "A100" "A test case can't be read."
        mend "See the chapter on test cases; the message says which part could not be read."
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
