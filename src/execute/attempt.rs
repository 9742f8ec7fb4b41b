//! Where generated code and this crate meet: what generated requests are made of, and where they end.

use progenitor_client::{ByteStream, ResponseValue};
use serde::de::DeserializeOwned;

use crate::error::{ErrorKind, Fault};
use crate::execute::body::{Answer, headers_of};
pub(crate) use crate::execute::call::{Success, perform};
pub(crate) use crate::request::parts::RequestParts;
use crate::retry::Seen;

/// Reads a success that has a JSON body.
pub(crate) fn json<T: DeserializeOwned>(mut answer: Answer) -> Result<ResponseValue<T>, Box<Fault>> {
    match serde_json::from_slice(&answer.body) {
        Ok(value) => Ok(ResponseValue::new(value, answer.head.status(), headers_of(&mut answer.head))),
        Err(error) => {
            let what = format!("the answer is not what the contract says ({})", position(&error));
            Err(Fault::new(Seen::Unreadable, ErrorKind::Decode, what).of_answer(&mut answer.head, &answer.body))
        }
    }
}

#[allow(clippy::unnecessary_wraps, reason = "as `json`")]
/// Reads a success that says nothing but its status.
pub(crate) fn empty(mut answer: Answer) -> Result<ResponseValue<()>, Box<Fault>> {
    Ok(ResponseValue::new((), answer.head.status(), headers_of(&mut answer.head)))
}

#[allow(clippy::unnecessary_wraps, reason = "as `json`")]
/// Hands on a success that is a stream of bytes. The time limits hold until its head has arrived.
pub(crate) fn stream(answer: Answer) -> Result<ResponseValue<ByteStream>, Box<Fault>> {
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
