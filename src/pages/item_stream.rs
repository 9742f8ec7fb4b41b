use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;

use crate::error::Error;
use crate::pages::page_stream::Pages;
use crate::pages::paged::Paged;
use crate::pages::style::PageCount;

/// The elements of all pages of a list as a stream, one by one. Made by `items()` of a call; see [`pages`](crate::pages).
///
/// ```no_run
/// # async fn example(spkey: &spkey::Client) -> Result<(), spkey::Error> {
/// let mut locks = spkey.list_aggregates().type_("lock").items().max_pages(10);
/// while let Some(lock) = locks.next().await.transpose()? {
///     println!("{:?}", lock.aggregate_id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before it is polled"]
pub struct Items<E: Paged> {
    pages: Pages<E>,
    /// What is left of the page that was read last.
    left: vec::IntoIter<E::Item>,
    newest_first: bool,
}

impl<E: Paged> Items<E> {
    pub(crate) fn new(call: E) -> Self {
        Self { pages: Pages::new(call), left: Vec::new().into_iter(), newest_first: false }
    }

    /// Limits how many pages are read: see [`Pages::max_pages`].
    pub fn max_pages(self, pages: u64) -> Self {
        Self { pages: self.pages.max_pages(pages), ..self }
    }

    /// The next element; none after the last one, and after an error.
    ///
    /// It may be dropped before it is ready: nothing is lost, and the next one waits for the same page.
    ///
    /// # Errors
    /// As `send`, and [`ErrorKind::Pages`](crate::ErrorKind::Pages).
    pub async fn next(&mut self) -> Option<Result<E::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<E: Paged<Style = PageCount>> Items<E> {
    /// Reads from the newest element of the last page to the oldest of the first, or from the page that the call says. A stream
    /// that has given something starts again.
    pub fn newest_first(self) -> Self {
        Self { pages: self.pages.newest_first(), left: Vec::new().into_iter(), newest_first: true }
    }
}

impl<E: Paged> Stream for Items<E> {
    type Item = Result<E::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let item = if self.newest_first { self.left.next_back() } else { self.left.next() };
            if let Some(item) = item {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => self.left = E::into_items(page.into_inner()).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<E: Paged> fmt::Debug for Items<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).field("left", &self.left.len()).finish_non_exhaustive()
    }
}
