use jiff::{Timestamp, tz::TimeZone};
use samspill_agreement::{model::Language, words as agreed};

use super::{News, NoticeKind};

/// What is sent to somebody: plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl Letter {
    /// A letter that tells news: how many there are of each kind and when the first falls due, and where to log in. `when` is now, where
    /// people are.
    pub fn of_news(news: &[News], origin: &str, language: Language, when: (Timestamp, &TimeZone)) -> Self {
        let lines = lines(news, language, when).join("\n");
        let log_in = say(
            ["Logg inn: {origin}/oppgaver", "Logg inn: {origin}/oppgaver", "Log in: {origin}/oppgaver"],
            language,
        );
        let text = format!("{lines}\n\n{log_in}\n\n{}\n", say(CHANGE, language)).replace("{origin}", origin);
        let subject = say(
            ["Samspill: oppgaver venter", "Samspill: oppgåver ventar", "Samspill: tasks are waiting"],
            language,
        );
        Self { subject: subject.to_owned(), text }
    }

    /// A letter with the link that shows that somebody reads what is sent to an address.
    pub fn of_link(token: &str, origin: &str, language: Language) -> Self {
        let subject = say(
            [
                "Samspill: bekreft e-postadressen",
                "Samspill: stadfest e-postadressa",
                "Samspill: confirm the e-mail address",
            ],
            language,
        );
        let text = say(LINK, language).replace("{link}", &format!("{origin}/konto/varsler/bekreft/{token}"));
        Self { subject: subject.to_owned(), text }
    }
}

/// One and several, each in bokmål, nynorsk and English.
type Counted = [[&'static str; 3]; 2];

const AT_ONCE: Counted = [
    ["1 plikt skal gjøres straks.", "1 plikt skal gjerast straks.", "1 duty is to be done at once."],
    [
        "{n} plikter skal gjøres straks.",
        "{n} plikter skal gjerast straks.",
        "{n} duties are to be done at once.",
    ],
];

const LATE: Counted = [
    ["1 plikt er over fristen.", "1 plikt er over fristen.", "1 duty is overdue."],
    ["{n} plikter er over fristen.", "{n} plikter er over fristen.", "{n} duties are overdue."],
];

/// Of those that fall due or are overdue.
const IN_DOWNTIME: Counted = [
    [
        "1 av dem har fristen i registrert nedetid.",
        "1 av dei har fristen i registrert nedetid.",
        "1 of them has its limit in registered downtime.",
    ],
    [
        "{n} av dem har fristen i registrert nedetid.",
        "{n} av dei har fristen i registrert nedetid.",
        "{n} of them have their limits in registered downtime.",
    ],
];

/// The same where there are no others.
const ALL_IN_DOWNTIME: Counted = [
    [
        "Fristen er i registrert nedetid.",
        "Fristen er i registrert nedetid.",
        "Its limit is in registered downtime.",
    ],
    [
        "Alle har fristen i registrert nedetid.",
        "Alle har fristen i registrert nedetid.",
        "All have their limits in registered downtime.",
    ],
];

const ANSWER: Counted = [
    ["1 melding venter på svar.", "1 melding ventar på svar.", "1 message waits for an answer."],
    ["{n} meldinger venter på svar.", "{n} meldingar ventar på svar.", "{n} messages wait for an answer."],
];

const ASTRAY: Counted = [
    [
        "1 melding kom ikke fram og må følges opp.",
        "1 melding kom ikkje fram og må følgjast opp.",
        "1 message did not get through and must be followed up.",
    ],
    [
        "{n} meldinger kom ikke fram og må følges opp.",
        "{n} meldingar kom ikkje fram og må følgjast opp.",
        "{n} messages did not get through and must be followed up.",
    ],
];

const CHANGE: [&str; 3] = [
    "Du får dette fordi du har bedt om varsler. Endre eller slå av: {origin}/konto/varsler\nIngen leser svar på denne meldingen.",
    "Du får dette fordi du har bede om varsel. Endre eller slå av: {origin}/konto/varsler\nIngen les svar på denne meldinga.",
    "You get this because you asked for notices. Change or end them: {origin}/konto/varsler\nNobody reads answers to this message.",
];

const LINK: [&str; 3] = [
    "Noen vil ha varsler fra Samspill til denne adressen. Er det deg, så logg inn og bekreft:\n\n{link}\n\nLenken virker én gang, i ett døgn, og bare for den som ba om den.\nEr det ikke deg, trenger du ikke gjøre noe: da kommer det ikke flere.\n",
    "Nokon vil ha varsel frå Samspill til denne adressa. Er det deg, så logg inn og stadfest:\n\n{link}\n\nLenkja verkar éin gong, i eitt døgn, og berre for den som bad om ho.\nEr det ikkje deg, treng du ikkje gjere noko: då kjem det ikkje fleire.\n",
    "Somebody wants notices from Samspill at this address. If that is you, log in and confirm:\n\n{link}\n\nThe link works once, for a day, and only for whoever asked for it.\nIf it is not you, there is nothing to do: no more will come.\n",
];

/// What there is of each kind, a line each.
fn lines(news: &[News], language: Language, when: (Timestamp, &TimeZone)) -> Vec<String> {
    let count = |kind: NoticeKind| news.iter().filter(|it| it.kind == kind).count();
    let dues: Vec<Timestamp> =
        news.iter().filter(|it| it.kind == NoticeKind::Due).filter_map(|it| it.due).collect();
    let mut lines = Vec::new();
    if let Some(first) = dues.iter().min() {
        let text = say(due(dues.len()), language).replace("{time}", &time(*first, when, language));
        lines.push(with_downtime(
            text.replace("{n}", &dues.len().to_string()),
            news,
            NoticeKind::Due,
            language,
        ));
    }
    let counted = [
        (NoticeKind::Due, count(NoticeKind::Due) - dues.len(), AT_ONCE),
        (NoticeKind::Late, count(NoticeKind::Late), LATE),
        (NoticeKind::Answer, count(NoticeKind::Answer), ANSWER),
        (NoticeKind::Astray, count(NoticeKind::Astray), ASTRAY),
    ];
    for (kind, count, words) in counted.into_iter().filter(|(_, count, _)| *count > 0) {
        let line = counted_words(words, count, language);
        let is_late = kind == NoticeKind::Late;
        lines.push(if is_late { with_downtime(line, news, kind, language) } else { line });
    }
    lines
}

/// A line on duties with limits, and how many of these limits lie in registered downtime, where any does.
fn with_downtime(line: String, news: &[News], kind: NoticeKind, language: Language) -> String {
    let with_limits = || news.iter().filter(|it| it.kind == kind && it.due.is_some());
    let (all, down) = (with_limits().count(), with_limits().filter(|it| it.in_downtime).count());
    match down {
        0 => line,
        _ if down == all => format!("{line} {}", counted_words(ALL_IN_DOWNTIME, down, language)),
        _ => format!("{line} {}", counted_words(IN_DOWNTIME, down, language)),
    }
}

fn counted_words([one, several]: Counted, count: usize, language: Language) -> String {
    say(if count == 1 { one } else { several }, language).replace("{n}", &count.to_string())
}

fn due(count: usize) -> [&'static str; 3] {
    if count == 1 {
        ["1 plikt forfaller {time}.", "1 plikt forfell {time}.", "1 duty falls due {time}."]
    } else {
        [
            "{n} plikter forfaller, den første {time}.",
            "{n} plikter forfell, den første {time}.",
            "{n} duties fall due, the first {time}.",
        ]
    }
}

/// `kl. 14.30`, with the day where it is another than today.
fn time(at: Timestamp, (now, zone): (Timestamp, &TimeZone), language: Language) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let clock = agreed::clock_time(at.time(), language);
    let time = format!("{} {clock}", say(["kl.", "kl.", "at"], language));
    if at.date() == now.date() {
        return time;
    }
    let day = agreed::month_day(at.month(), at.day(), language);
    match language {
        Language::Bokmal | Language::Nynorsk => format!("{day} {time}"),
        Language::English => format!("on {day} {time}"),
    }
}

fn say(texts: [&'static str; 3], language: Language) -> &'static str {
    let [bokmal, nynorsk, english] = texts;
    match language {
        Language::Bokmal => bokmal,
        Language::Nynorsk => nynorsk,
        Language::English => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(kind: NoticeKind, due: Option<&str>) -> News {
        News { kind, key: String::new(), due: due.map(|due| due.parse().unwrap()), in_downtime: false }
    }

    fn text(news: &[News], language: Language) -> String {
        let (now, zone) = ("2026-03-28T12:00:00Z".parse().unwrap(), TimeZone::get("Europe/Oslo").unwrap());
        let letter = Letter::of_news(news, "https://samspill.example", language, (now, &zone));
        letter.text.split("\n\n").next().unwrap().to_owned()
    }

    #[test]
    fn one_is_said_as_one_and_several_with_the_first_limit() {
        let (first, second) = (Some("2026-03-28T14:00:00Z"), Some("2026-03-29T01:30:00Z"));
        let due = |at| news(NoticeKind::Due, at);
        assert_eq!(text(&[due(first)], Language::Bokmal), "1 plikt forfaller kl. 15.00.");
        assert_eq!(text(&[due(second)], Language::Nynorsk), "1 plikt forfell 29. mars kl. 03.30.");
        assert_eq!(
            text(&[due(second), due(first)], Language::English),
            "2 duties fall due, the first at 15:00."
        );
    }

    #[test]
    fn limits_in_downtime_are_said_beside_their_own_line() {
        let due = |in_downtime| News { in_downtime, ..news(NoticeKind::Due, Some("2026-03-28T14:00:00Z")) };
        let late = |in_downtime| News { in_downtime, ..news(NoticeKind::Late, Some("2026-03-28T10:00:00Z")) };
        assert_eq!(
            text(&[due(true), due(false), late(true)], Language::Bokmal),
            "2 plikter forfaller, den første kl. 15.00. 1 av dem har fristen i registrert nedetid.\n1 plikt er over fristen. Fristen er i registrert nedetid."
        );
        assert_eq!(
            text(&[late(true), late(true), due(false)], Language::English),
            "1 duty falls due at 15:00.\n2 duties are overdue. All have their limits in registered downtime."
        );
    }

    #[test]
    fn each_kind_has_its_line() {
        let all = [
            news(NoticeKind::Due, None),
            news(NoticeKind::Late, Some("2026-03-28T10:00:00Z")),
            news(NoticeKind::Late, Some("2026-03-28T10:00:00Z")),
            news(NoticeKind::Answer, None),
            news(NoticeKind::Due, Some("2026-03-28T14:00:00Z")),
            news(NoticeKind::Astray, None),
        ];
        assert_eq!(
            text(&all, Language::Bokmal),
            "1 plikt forfaller kl. 15.00.\n1 plikt skal gjøres straks.\n2 plikter er over fristen.\n1 melding venter på svar.\n1 melding kom ikke fram og må følges opp."
        );
    }

    #[test]
    fn a_letter_says_where_to_log_in_and_where_to_end_it() {
        let zone = TimeZone::UTC;
        let letter =
            Letter::of_news(&[], "https://a.example", Language::English, (Timestamp::UNIX_EPOCH, &zone));
        assert!(
            letter.text.contains("https://a.example/oppgaver") && !letter.text.contains('{'),
            "{}",
            letter.text
        );
        assert!(letter.text.contains("https://a.example/konto/varsler\n"));
        let link = Letter::of_link("hemmelig", "https://a.example", Language::Bokmal);
        assert!(link.text.contains("\nhttps://a.example/konto/varsler/bekreft/hemmelig\n"), "{}", link.text);
    }
}
