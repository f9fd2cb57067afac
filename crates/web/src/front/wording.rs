//! Refusals in words: a problem (RFC 9457), or what FHIR has for it, for machines; a page for people. Nothing of what was asked for stands in them, so that what
//! is refused and what isn't there are the same, byte for byte.

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use samspill_agreement::model::Language;

use super::{RequestId, refused::ToWord};
use crate::{
    api::{self, Problem, Write},
    fhir, pages,
};

/// To whom a refusal is worded.
#[derive(Clone, Copy, Debug)]
pub(super) struct SaidTo {
    /// Their language.
    pub(super) language: Language,
    /// Whether their role may take access to stays of their party on itself.
    pub(super) takes_access: bool,
}

/// How it was asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    form: Form,
    is_head: bool,
    language: Language,
    /// How problems are written where it was asked.
    write: Write,
    /// What the request is called in a problem.
    instance: String,
    /// The stay whose page was asked for, as it stands in the address.
    stay: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Page,
    Problem,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        let accepts = accepted(request.headers());
        let wants_json = accepts.contains("json") && !accepts.contains("html");
        let is_problem = wants_json || is_for_machines(request.uri().path());
        let id = request.extensions().get::<RequestId>().map(|id| id.0.as_str()).unwrap_or_default();
        Self {
            form: if is_problem { Form::Problem } else { Form::Page },
            is_head: request.method() == Method::HEAD,
            language: language_of(request.headers()),
            write: if is_below(request.uri().path(), "/fhir") { fhir::written } else { api::written },
            instance: format!("/requests/{id}"),
            stay: stay_in(request.uri().path()),
        }
    }

    /// A refusal as the API and the FHIR facade write theirs.
    fn problem(&self, problem: &Problem, response: &Response) -> Response {
        let mut written = (self.write)(problem, &self.instance);
        if self.is_head {
            *written.body_mut() = Body::empty();
        }
        keep_headers(response, &mut written);
        written
    }
}

/// The stay that the path of a page names, if it can go into another address as it stands. Whether there is such a stay isn't known here.
fn stay_in(path: &str) -> Option<String> {
    let (stay, _) = path.strip_prefix("/opphold/").map(|rest| rest.split_once('/').unwrap_or((rest, "")))?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.~%".contains(letter);
    (!stay.is_empty() && stay.chars().all(is_plain)).then(|| stay.to_owned())
}

/// Whether a path belongs to an interface for programs.
pub(super) fn is_for_machines(path: &str) -> bool {
    ["/api", "/fhir"].iter().any(|begin| is_below(path, begin))
}

fn is_below(path: &str, begin: &str) -> bool {
    path.strip_prefix(begin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Words an answer that refuses and has no words of its own: those of [`Refused`](super::Refused), and the bare ones that the router
/// and its extractors give, which tell too much or nothing. A problem that isn't written yet is another system's, wherever it asked.
pub(super) fn worded(asked: &Asked, mut response: Response) -> Response {
    let status = response.status();
    let to_word = response.extensions().get::<ToWord>().cloned();
    let problem = response.extensions_mut().remove::<Problem>();
    let is_refusal = status.is_client_error() || status.is_server_error();
    if !is_refusal || (to_word.is_none() && problem.is_none() && has_words(&response)) {
        return response;
    }
    let to = response.extensions().get::<SaidTo>().copied();
    let language = to.map_or(asked.language, |to| to.language);
    let ToWord { says, wait } = to_word.unwrap_or(ToWord { says: None, wait: None });
    if problem.is_some() || asked.form == Form::Problem {
        let problem = problem.unwrap_or_else(|| Problem::of_refusal(status, says, wait));
        return asked.problem(&problem, &response);
    }
    let words = words(status);
    let [title, detail] = words.map(|text| text.in_language(language));
    let takes_access = to.is_some_and(|to| to.takes_access) && status == StatusCode::NOT_FOUND;
    let way_on = asked.stay.as_ref().filter(|_| takes_access);
    let body = page(language, title, says.as_deref().unwrap_or(detail), way_on);
    let mut worded = (status, if asked.is_head { Body::empty() } else { Body::from(body) }).into_response();
    keep_headers(&response, &mut worded);
    worded.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Some(seconds) = wait {
        worded.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    worded
}

/// Whether somebody has worded it already: as a page, as a problem, or in another form of its own.
fn has_words(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    response.body().size_hint().exact() != Some(0) && kind.is_some_and(|kind| !kind.starts_with("text/plain"))
}

/// Headers that say what to do now; nothing of the body.
fn keep_headers(from: &Response, to: &mut Response) {
    let nonce = HeaderName::from_static("dpop-nonce");
    for name in [header::ALLOW, header::WWW_AUTHENTICATE, header::LOCATION, header::SET_COOKIE, nonce] {
        for value in from.headers().get_all(&name) {
            to.headers_mut().append(name.clone(), value.clone());
        }
    }
}

fn accepted(headers: &HeaderMap) -> &str {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn language_of(headers: &HeaderMap) -> Language {
    let asked =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match asked.trim_start().get(..2) {
        Some("nn") => Language::Nynorsk,
        Some("en") => Language::English,
        Some(_) | None => Language::Bokmal,
    }
}

fn page(language: Language, title: &str, detail: &str, stay: Option<&String>) -> String {
    let (code, home, take) = match language {
        Language::Bokmal => {
            ("nb", "Til forsiden", "Hører det til en annen enhet hos dere? Ta tilgang på eget ansvar")
        }
        Language::Nynorsk => {
            ("nn", "Til framsida", "Høyrer det til ei anna eining hos dykk? Ta tilgang på eige ansvar")
        }
        Language::English => {
            ("en", "To the front page", "Does it belong to another unit of yours? Take access on yourself")
        }
    };
    let (title, detail) = (escaped(title), escaped(detail));
    let take = stay
        .map(|stay| format!("<p><a href=\"/selvtilgang?sak={stay}\">{take}</a></p>\n"))
        .unwrap_or_default();
    let style = |address: String| format!("<link rel=\"stylesheet\" href=\"{address}\">\n");
    let styles: String = pages::styles().into_iter().map(style).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\" data-color-scheme=\"auto\" data-size=\"sm\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title} – Samspill</title>\n{styles}</head>\n\
         <body class=\"s-body\">\n<header class=\"s-header\"><a class=\"s-brand\" href=\"/\">Samspill</a></header>\n\
         <main class=\"s-main\">\n<h1 class=\"ds-heading\" data-size=\"md\">{title}</h1>\n<p class=\"s-lead\">{detail}</p>\n\
         {take}<p><a href=\"/\">{home}</a></p>\n</main>\n</body>\n</html>\n"
    )
}

fn escaped(text: &str) -> String {
    let entity = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(entity).collect()
}

/// A text in three languages.
#[derive(Clone, Copy, Debug)]
struct Said {
    nb: &'static str,
    nn: &'static str,
    en: &'static str,
}

impl Said {
    fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Bokmal => self.nb,
            Language::Nynorsk => self.nn,
            Language::English => self.en,
        }
    }
}

const fn said(nb: &'static str, nn: &'static str, en: &'static str) -> Said {
    Said { nb, nn, en }
}

/// Title and explanation of a status.
fn words(status: StatusCode) -> [Said; 2] {
    match status.as_u16() {
        400 | 415 | 422 => [
            said("Det kan ikke leses", "Det kan ikkje lesast", "It can't be read"),
            said(
                "Noe i det som ble sendt, mangler eller er skrevet på en annen måte enn det skal.",
                "Noko i det som vart sendt, manglar eller er skrive på ein annan måte enn det skal.",
                "Something that was sent is missing or written in another way than it must be.",
            ),
        ],
        401 => [
            said("Du er ikke innlogget", "Du er ikkje innlogga", "You are not logged in"),
            said("Logg inn, og prøv igjen.", "Logg inn, og prøv igjen.", "Log in and try again."),
        ],
        403 => [
            said("Skjemaet kan ikke tas imot", "Skjemaet kan ikkje takast imot", "The form can't be taken"),
            said(
                "Det kommer ikke fra en side du har åpen, eller fra en tidligere innlogging. Gå tilbake, last siden på nytt, og send igjen.",
                "Det kjem ikkje frå ei side du har open, eller frå ei tidlegare innlogging. Gå tilbake, last sida på nytt, og send igjen.",
                "It doesn't come from a page that you have open, or comes from an earlier login. Go back, load the page again, and send it again.",
            ),
        ],
        404 | 410 => [
            said("Finnes ikke", "Finst ikkje", "Not there"),
            said(
                "Det du leter etter, finnes ikke, eller du har ikke tilgang til det.",
                "Det du leiter etter, finst ikkje, eller du har ikkje tilgang til det.",
                "What you look for isn't there, or you have no access to it.",
            ),
        ],
        405 => [
            said("Slik kan det ikke gjøres", "Slik kan det ikkje gjerast", "It can't be done like this"),
            said(
                "Adressen tar ikke imot denne metoden.",
                "Adressa tek ikkje imot denne metoden.",
                "The address doesn't take this method.",
            ),
        ],
        408 => [
            said("Det tok for lang tid", "Det tok for lang tid", "It took too long"),
            said("Prøv igjen.", "Prøv igjen.", "Try again."),
        ],
        409 | 412 => [
            said(
                "Noen har endret det i mellomtiden",
                "Nokon har endra det i mellomtida",
                "Somebody changed it in the meantime",
            ),
            said(
                "Last siden på nytt, se hva som er endret, og prøv igjen.",
                "Last sida på nytt, sjå kva som er endra, og prøv igjen.",
                "Load the page again, see what changed, and try again.",
            ),
        ],
        413 => [
            said("Det er for stort", "Det er for stort", "It is too large"),
            said("Send mindre om gangen.", "Send mindre om gongen.", "Send less at a time."),
        ],
        429 => [
            said("For mange forespørsler", "For mange førespurnader", "Too many requests"),
            said("Vent litt, og prøv igjen.", "Vent litt, og prøv igjen.", "Wait a little and try again."),
        ],
        _ => OURS,
    }
}

/// What is said where the fault is this program's.
const OURS: [Said; 2] = [
    said("Noe gikk galt", "Noko gjekk gale", "Something went wrong"),
    said(
        "Feilen ligger hos oss og er notert. Prøv igjen om litt.",
        "Feilen ligg hos oss og er notert. Prøv igjen om litt.",
        "The fault is ours and is noted. Try again in a while.",
    ),
];
