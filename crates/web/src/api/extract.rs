//! Arguments of handlers that answer with a problem where they can't be read.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use serde::de::DeserializeOwned;

use super::problem::{Problem, ProblemKind};
use crate::{App, Signed};

/// Who asks. Nobody is answered with a problem.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) Signed);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self(Signed::from_request_parts(parts, app).await?))
    }
}

/// The parameters of the address. One that isn't known is told of.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let read = axum::extract::Query::try_from_uri(&parts.uri);
        let read = read.map(|axum::extract::Query(asked)| Self(asked));
        read.map_err(|refused| Problem::new(ProblemKind::Parameter, refused.body_text()))
    }
}

/// The parts of the path.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(it)| Self(it)).map_err(|_| Problem::not_there())
    }
}

/// A body in JSON.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        is_of(request.headers(), &["application/json"])?;
        let Body(bytes) = Body::from_request(request, state).await?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| unread(&error))?;
        reader.end().map_err(|error| Problem::new(ProblemKind::Body, error.to_string()))?;
        Ok(Self(read))
    }
}

/// A body as it came.
#[derive(Debug)]
pub(crate) struct Body(pub(crate) axum::body::Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = axum::body::Bytes::from_request(request, state).await;
        read.map(Self).map_err(|refused| {
            let kind = ProblemKind::of_status(refused.status());
            Problem::new(kind, refused.body_text())
        })
    }
}

fn unread(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let says = error.inner().to_string();
    let kind = if error.inner().is_data() { ProblemKind::Content } else { ProblemKind::Body };
    Problem::new(kind, says.clone()).at(&pointer(error.path()), says)
}

/// A path as a JSON pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut text, segment| {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                text.push('/');
                text.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
        text
    })
}

/// Refuses a body that isn't of one of these media types.
pub(crate) fn is_of(headers: &HeaderMap, taken: &[&str]) -> Result<(), Problem> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bare = said.split(';').next().unwrap_or_default().trim();
    if taken.iter().any(|one| bare.eq_ignore_ascii_case(one)) {
        return Ok(());
    }
    let wanted = taken.join(" or ");
    Err(Problem::new(
        ProblemKind::MediaType,
        format!("Send the body as {wanted}, and say so in Content-Type."),
    )
    .with(header::ACCEPT, &taken.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_is_known_with_parameters_and_in_any_case() {
        let said = |value: &str| [(header::CONTENT_TYPE, value.parse().unwrap())].into_iter().collect();
        for good in ["application/json", "Application/JSON; charset=utf-8"] {
            assert!(is_of(&said(good), &["application/json"]).is_ok(), "{good}");
        }
        for bad in ["", "text/plain", "application/jsonx"] {
            assert!(is_of(&said(bad), &["application/json"]).is_err(), "{bad}");
        }
        assert!(is_of(&HeaderMap::new(), &["application/json"]).is_err());
    }

    #[test]
    fn a_mistake_is_pointed_at() {
        #[derive(Debug, serde::Deserialize)]
        struct Outer {
            #[expect(dead_code, reason = "only its reading is tested")]
            list: Vec<u8>,
        }
        let mut reader = serde_json::Deserializer::from_str(r#"{"list":[1,"x"]}"#);
        let error = serde_path_to_error::deserialize::<_, Outer>(&mut reader).unwrap_err();
        assert_eq!(unread(&error).errors[0].pointer, "/list/1");
    }
}
