//! Where generated code and this crate meet: what generated requests are made of, and where they end.

use progenitor_client::{ByteStream, ResponseValue, encode_path};
use reqwest::Request;
use reqwest::header::{ACCEPT, HeaderValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::attempts::History;
use crate::call::{Call, Reading, fault_of, headers_of};
use crate::client::Client;
use crate::error::{Error, ErrorKind, Fault};
use crate::optional::Flaw;
use crate::retry::Outcome;
use crate::{Operation, Secret};

/// Why a request could not be made. Generated builders end with it.
pub(crate) enum RequestError {
    InvalidRequest(Flaw),
    Build(reqwest::Error),
}

impl From<reqwest::Error> for RequestError {
    fn from(error: reqwest::Error) -> Self {
        Self::Build(error)
    }
}

impl RequestError {
    pub(crate) fn fault(self) -> Box<Fault> {
        match self {
            Self::InvalidRequest(what) => Fault::new(ErrorKind::Request, what),
            Self::Build(error) => Fault::new(ErrorKind::Request, "the request cannot be encoded").caused_by(error),
        }
    }
}

/// A path parameter as it stands in a URL.
pub(crate) fn path_value(value: &impl PathValue) -> String {
    value.encoded()
}

/// What can be a path parameter: whatever can be displayed, and secrets.
pub(crate) trait PathValue {
    fn encoded(&self) -> String;
}

impl<T: std::fmt::Display> PathValue for T {
    fn encoded(&self) -> String {
        encoded(&self.to_string())
    }
}

impl PathValue for Secret {
    fn encoded(&self) -> String {
        encoded(self.expose())
    }
}

/// A URL takes a backslash for a slash, which `encode_path` leaves: `a\..\b` would arrive as `b`.
fn encoded(text: &str) -> String {
    encode_path(text).replace('\\', "%5C")
}

/// Reads a list of an answer that may be null.
pub(crate) fn null_is_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Makes the call of an operation whose success has a JSON body.
pub(crate) async fn call<T: DeserializeOwned>(
    client: &Client,
    operation: &Operation,
    mut request: Result<Request, RequestError>,
) -> Result<ResponseValue<T>, Error> {
    if let Ok(request) = &mut request {
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    }
    let call = Call::start(client, operation);
    let (mut answer, history) = call.perform(request, Reading::Whole).await?;
    match serde_json::from_slice(&answer.body) {
        Ok(value) => Ok(ResponseValue::new(value, answer.head.status(), headers_of(&mut answer.head))),
        Err(error) => {
            let what = format!("the answer is not what the contract says ({})", position(&error));
            let fault = fault_of(ErrorKind::Decode, what, &mut answer.head, answer.body);
            Err(call.fail(fault, History { outcome: Outcome::Applied, ..history }))
        }
    }
}

/// Makes the call of an operation whose success says nothing but its status.
pub(crate) async fn call_empty(
    client: &Client,
    operation: &Operation,
    request: Result<Request, RequestError>,
) -> Result<ResponseValue<()>, Error> {
    let (mut answer, _) = Call::start(client, operation).perform(request, Reading::Whole).await?;
    Ok(ResponseValue::new((), answer.head.status(), headers_of(&mut answer.head)))
}

/// Makes the call of an operation whose success is a stream of bytes. The time limits hold until its head has arrived.
pub(crate) async fn call_stream(
    client: &Client,
    operation: &Operation,
    request: Result<Request, RequestError>,
) -> Result<ResponseValue<ByteStream>, Error> {
    let (answer, _) = Call::start(client, operation).perform(request, Reading::Head).await?;
    Ok(ResponseValue::stream(answer.head))
}

/// Where and how reading failed, without the value that it failed at: serde's own message may quote it.
fn position(error: &serde_json::Error) -> String {
    let how = match error.classify() {
        serde_json::error::Category::Eof => "it is empty or cut short",
        serde_json::error::Category::Syntax => "it is not JSON",
        _ => "a value is missing or of another type",
    };
    format!("{how}, at line {} column {}", error.line(), error.column())
}
