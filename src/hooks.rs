//! Where generated code and this crate meet: what generated requests are made of, and where they end.

use progenitor_client::{ByteStream, ResponseValue};
use serde::de::DeserializeOwned;

use crate::call::{Call, Success, fault_of, headers_of};
use crate::error::{Error, ErrorKind};
pub(crate) use crate::request::PreparedRequest;

/// Makes the call of an operation whose success has a JSON body.
pub(crate) fn call<T: DeserializeOwned>(
    request: PreparedRequest<'_>,
) -> impl Future<Output = Result<ResponseValue<T>, Error>> + Send {
    Call::perform(request, Success::Json, |mut answer| match serde_json::from_slice(&answer.body) {
        Ok(value) => Ok(ResponseValue::new(value, answer.head.status(), headers_of(&mut answer.head))),
        Err(error) => {
            let what = format!("the answer is not what the contract says ({})", position(&error));
            Err(fault_of(ErrorKind::Decode, what, &mut answer.head, &answer.body))
        }
    })
}

/// Makes the call of an operation whose success says nothing but its status.
pub(crate) fn call_empty(
    request: PreparedRequest<'_>,
) -> impl Future<Output = Result<ResponseValue<()>, Error>> + Send {
    Call::perform(request, Success::Empty, |mut answer| {
        Ok(ResponseValue::new((), answer.head.status(), headers_of(&mut answer.head)))
    })
}

/// Makes the call of an operation whose success is a stream of bytes. The time limits hold until its head has arrived.
pub(crate) fn call_stream(
    request: PreparedRequest<'_>,
) -> impl Future<Output = Result<ResponseValue<ByteStream>, Error>> + Send {
    Call::perform(request, Success::Stream, |answer| Ok(ResponseValue::stream(answer.head)))
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
