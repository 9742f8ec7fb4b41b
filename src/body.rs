use reqwest::Response;
use tokio::time::{Instant, timeout_at};

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

/// Reads a body up to `cap` bytes and until `end`, with what came of it where it is not whole.
pub(crate) async fn read(response: &mut Response, cap: usize, end: Instant) -> (Vec<u8>, Option<Cut>) {
    let mut body = Vec::with_capacity(announced(response).min(cap));
    loop {
        match timeout_at(end, response.chunk()).await {
            Err(_) => return (body, Some(Cut::TimedOut)),
            Ok(Err(error)) => return (body, Some(Cut::Broken(error))),
            Ok(Ok(None)) => return (body, None),
            Ok(Ok(Some(chunk))) => {
                let room = cap - body.len();
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    return (body, Some(Cut::TooLarge));
                }
            }
        }
    }
}
