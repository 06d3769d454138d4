//! Bodies and parameters, read within bounds; what is wrong with one is said without repeating it.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::error::{Code, Error};

/// A JSON body. Fields that the type does not have are refused by the type.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// A form, as browsers and OAuth clients send it.
#[derive(Debug)]
pub struct Form<T>(pub T);

/// The query of the address.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// A part of the path that is of type `T`; anything else is not there.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// Two parts of the path.
#[derive(Debug)]
pub struct Path2<A, B>(pub A, pub B);

impl<S: Send + Sync, A: std::str::FromStr, B: std::str::FromStr> FromRequestParts<S> for Path2<A, B> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let texts = axum::extract::Path::<(String, String)>::from_request_parts(parts, state).await;
        let (one, other) = texts.map_err(|_| Error::from(Code::NotFound))?.0;
        let not_there = || Error::from(Code::NotFound);
        Ok(Self(one.parse().map_err(|_| not_there())?, other.parse().map_err(|_| not_there())?))
    }
}

/// Three parts of the path.
#[derive(Debug)]
pub struct Path3<A, B, C>(pub A, pub B, pub C);

impl<S: Send + Sync, A: std::str::FromStr, B: std::str::FromStr, C: std::str::FromStr> FromRequestParts<S>
    for Path3<A, B, C>
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let texts = axum::extract::Path::<(String, String, String)>::from_request_parts(parts, state).await;
        let (one, two, three) = texts.map_err(|_| Error::from(Code::NotFound))?.0;
        let not_there = || Error::from(Code::NotFound);
        let one = one.parse().map_err(|_| not_there())?;
        Ok(Self(one, two.parse().map_err(|_| not_there())?, three.parse().map_err(|_| not_there())?))
    }
}

/// Bytes of no particular form.
#[derive(Debug)]
pub struct Octets(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Octets {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        bytes(request, state, "application/octet-stream").await.map(Self)
    }
}

fn is_type(headers: &HeaderMap, wanted: &str) -> bool {
    let mut lines = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return false };
    let essence = line.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(wanted)
}

async fn bytes<S: Send + Sync>(request: Request, state: &S, wanted: &str) -> Result<Bytes, Error> {
    if !is_type(request.headers(), wanted) {
        return Err(Error::with(Code::UnsupportedMediaType, format!("Send a body of type {wanted}.")));
    }
    Bytes::from_request(request, state).await.map_err(|rejection: BytesRejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge.into(),
        _ => Code::Malformed.into(),
    })
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let bytes = bytes(request, state, "application/json").await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            Error::with(
                Code::Malformed,
                format!("The body is not of its form at line {}, column {}.", error.line(), error.column()),
            )
        })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let bytes = bytes(request, state, "application/x-www-form-urlencoded").await?;
        from_pairs(&bytes).map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        from_pairs(parts.uri.query().unwrap_or_default().as_bytes()).map(Self)
    }
}

fn from_pairs<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_urlencoded::from_bytes(bytes).map_err(|_| Code::Malformed.into())
}

impl<S: Send + Sync, T: std::str::FromStr> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let text = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let text = text.map_err(|_| Error::from(Code::NotFound))?.0;
        text.parse().map(Self).map_err(|_| Code::NotFound.into())
    }
}
