use std::pin::{Pin, pin};

use bytes::Bytes;
use futures_util::future::{Either, select};
use reqwest::Response;
use tokio::time::Sleep;

use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::retry::classify::FailureClass;

/// The largest response that is read, in bytes: 8 MiB. A larger one is rejected while it arrives.
pub const MAX_RESPONSE_BYTES: usize = 8 * 1024 * 1024;

/// The length that a body announces; 0 if it announces none.
pub(crate) fn announced(response: &Response) -> usize {
    response.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX))
}

/// Reads a body up to `cap` bytes and until the timer fires, with why it is truncated if it is. One that comes in one piece
/// is not copied. One timer serves all that an attempt waits for: to set one takes a lock that all tasks share.
pub(crate) fn read(
    response: &mut Response,
    cap: usize,
    mut timer: Pin<&mut Sleep>,
) -> impl Future<Output = (Bytes, Option<Box<AttemptError>>)> {
    async move {
        let announced = announced(response).min(cap);
        let (mut first, mut joined) = (Bytes::new(), Vec::new());
        let truncated = loop {
            let chunk = match select(pin!(response.chunk()), timer.as_mut()).await {
                Either::Left((Ok(Some(chunk)), _)) => chunk,
                Either::Left((Ok(None), _)) => break None,
                Either::Left((Err(error), _)) if error.is_timeout() => break Some(timed_out().caused_by(error)),
                Either::Left((Err(error), _)) => {
                    break Some(lost(ErrorKind::Transport, "was truncated").caused_by(error));
                }
                Either::Right(_) => break Some(timed_out()),
            };
            let room = cap - first.len().max(joined.len());
            let kept = chunk.slice(..chunk.len().min(room));
            if first.is_empty() {
                first = kept;
            } else {
                if joined.is_empty() {
                    joined.reserve(announced);
                    joined.extend_from_slice(&first);
                }
                joined.extend_from_slice(&kept);
            }
            if chunk.len() > room {
                break Some(too_large());
            }
        };
        (if joined.is_empty() { first } else { joined.into() }, truncated)
    }
}

pub(crate) fn too_large() -> Box<AttemptError> {
    AttemptError::new(FailureClass::ResponseUnreadable, ErrorKind::TooLarge, "the response is larger than 8 MiB")
}

fn timed_out() -> Box<AttemptError> {
    lost(ErrorKind::Timeout, "did not end in time")
}

fn lost(kind: ErrorKind, how: &str) -> Box<AttemptError> {
    AttemptError::new(FailureClass::ResponseLost, kind, format!("the response {how}"))
}
