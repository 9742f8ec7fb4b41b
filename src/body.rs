use std::pin::{Pin, pin};

use bytes::Bytes;
use reqwest::Response;
use tokio::time::Sleep;

use crate::timer::within;

/// The largest answer that is read; a larger one is refused while it arrives.
pub const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;
/// How much of an answer is kept in an error.
pub const KEPT_BODY_BYTES: usize = 4 * 1024;
/// How much of the body of an error is read, to find its message.
pub(crate) const MAX_ERROR_BYTES: usize = 64 * 1024;

/// Why a body is not whole.
#[derive(Debug)]
pub(crate) enum Cut {
    TooLarge,
    Broken(reqwest::Error),
    TimedOut,
}

/// How long a body says that it is; nothing where it does not say.
pub(crate) fn announced(response: &Response) -> usize {
    response.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX))
}

/// Reads a body up to `cap` bytes and until the timer fires, with what came of it where it is not whole. One that comes in
/// one piece is not copied.
pub(crate) async fn read(response: &mut Response, cap: usize, mut timer: Pin<&mut Sleep>) -> (Bytes, Option<Cut>) {
    let announced = announced(response).min(cap);
    let (mut first, mut joined) = (Bytes::new(), Vec::new());
    let cut = loop {
        let chunk = match within(timer.as_mut(), pin!(response.chunk())).await {
            None => break Some(Cut::TimedOut),
            Some(Err(error)) => break Some(Cut::Broken(error)),
            Some(Ok(None)) => break None,
            Some(Ok(Some(chunk))) => chunk,
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
            break Some(Cut::TooLarge);
        }
    };
    (if joined.is_empty() { first } else { joined.into() }, cut)
}
