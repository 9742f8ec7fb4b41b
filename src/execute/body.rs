use std::pin::{Pin, pin};

use bytes::Bytes;
use futures_util::future::{Either, select};
use reqwest::Response;
use reqwest::header::{Entry, HeaderMap, LOCATION, SET_COOKIE};
use tokio::time::Sleep;

use crate::error::{ErrorKind, Fault};
use crate::retry::Seen;

/// The largest answer that is read; a larger one is refused while it arrives.
pub const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;
/// How much of an answer is kept in an error.
pub const KEPT_BODY_BYTES: usize = 4 * 1024;
/// How much of the body of an error is read, to find its message.
pub(crate) const MAX_ERROR_BYTES: usize = 64 * 1024;

/// A success, with as much of its body as was read.
pub(crate) struct Answer {
    pub(crate) head: Response,
    pub(crate) body: Bytes,
}

/// How long a body says that it is; nothing where it does not say.
pub(crate) fn announced(response: &Response) -> usize {
    response.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX))
}

/// Reads a body up to `cap` bytes and until the timer fires, with why it is not whole where it is not. One that comes in one
/// piece is not copied. One timer serves all that an attempt waits for: to set one takes a lock that all tasks share.
pub(crate) async fn read(
    response: &mut Response,
    cap: usize,
    mut timer: Pin<&mut Sleep>,
) -> (Bytes, Option<Box<Fault>>) {
    let announced = announced(response).min(cap);
    let (mut first, mut joined) = (Bytes::new(), Vec::new());
    let cut = loop {
        let chunk = match select(pin!(response.chunk()), timer.as_mut()).await {
            Either::Left((Ok(Some(chunk)), _)) => chunk,
            Either::Left((Ok(None), _)) => break None,
            Either::Left((Err(error), _)) if error.is_timeout() => break Some(late().caused_by(error)),
            Either::Left((Err(error), _)) => break Some(lost(ErrorKind::Transport, "broke off").caused_by(error)),
            Either::Right(_) => break Some(late()),
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
    (if joined.is_empty() { first } else { joined.into() }, cut)
}

pub(crate) fn too_large() -> Box<Fault> {
    Fault::new(Seen::Unreadable, ErrorKind::TooLarge, "the answer is larger than 8 MiB")
}

fn late() -> Box<Fault> {
    lost(ErrorKind::Timeout, "did not end in time")
}

fn lost(kind: ErrorKind, how: &str) -> Box<Fault> {
    Fault::new(Seen::AnswerLost, kind, format!("the answer {how}"))
}

/// What an answer says of itself, with what opens something marked so that `Debug` does not show it.
pub(crate) fn headers_of(head: &mut Response) -> HeaderMap {
    let mut headers = std::mem::take(head.headers_mut());
    for name in [SET_COOKIE, LOCATION] {
        if let Entry::Occupied(mut values) = headers.entry(name) {
            values.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
    headers
}
