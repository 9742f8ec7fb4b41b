use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use tokio::time::Sleep;

/// What a future ends with, or nothing where the timer fires before that. One timer serves all that an attempt waits for:
/// to set one takes a lock that all tasks share.
pub(crate) async fn within<F: Future>(mut timer: Pin<&mut Sleep>, mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await
}
