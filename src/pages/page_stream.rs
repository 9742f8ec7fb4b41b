use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::error::Error;
use crate::execute::response::Response;
use crate::pages::paged::{PageFuture, Paged};
use crate::pages::style::{PageCount, PageMarks, PageStyle, UNKNOWN_WORD};

/// How many pages a stream reads at most, unless [`Pages::max_pages`] says otherwise: 1,000.
pub const DEFAULT_MAX_PAGES: u64 = 1000;

/// The pages of a list as a stream, each as `send` returns it. Made by `pages()` of a call; see [`pages`](crate::pages).
///
/// ```no_run
/// # async fn example(spkey: &spkey::Client) -> Result<(), spkey::Error> {
/// let mut pages = spkey.get_camera_lpr_events("camera-7").page_size(100).pages();
/// while let Some(page) = pages.next().await.transpose()? {
///     println!("{} of {:?} plates", page.events.len(), page.total);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before it is polled"]
pub struct Pages<E: Paged> {
    call: E,
    next: Next<E::Style>,
    step: Step<E>,
    read: u64,
    limit: u64,
}

/// From what a page says of itself to where the next one starts.
type Next<S> = fn(&PageMarks<<S as PageStyle>::More>) -> Result<Option<i64>, Cow<'static, str>>;

enum Step<E: Paged> {
    /// The page that starts there is requested next.
    Request(Option<i64>),
    /// It is requested.
    Wait(Option<i64>, PageFuture<E>),
    /// The page was given; why there is no way on comes next.
    Fail(Error),
    End,
}

impl<E: Paged> Pages<E> {
    pub(crate) fn new(call: E) -> Self {
        let first = call.position().or(E::Style::FIRST);
        Self { call, next: E::Style::next, step: Step::Request(first), read: 0, limit: DEFAULT_MAX_PAGES }
    }

    /// Limits how many pages are read; [`DEFAULT_MAX_PAGES`] unless set. If another page follows, the stream ends with an error
    /// after them.
    pub fn max_pages(self, pages: u64) -> Self {
        Self { limit: pages, ..self }
    }

    /// The next page; none after the last one, and after an error.
    ///
    /// It may be dropped before it is ready: nothing is lost, and the next one waits for the same page.
    ///
    /// # Errors
    /// As `send`, and [`ErrorKind::Pages`](crate::ErrorKind::Pages).
    pub async fn next(&mut self) -> Option<Result<Response<E::Response>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Restarts at that page, in the direction of `next`.
    pub(super) fn from(self, first: Option<i64>, next: Next<E::Style>) -> Self {
        Self { next, step: Step::Request(first), read: 0, ..self }
    }

    /// What a page is worth: the page and what follows, or an error in its place.
    fn step_after(&self, requested: Option<i64>, response: &Response<E::Response>) -> Result<Step<E>, Error> {
        let marks = E::marks(response).of_requested(requested).map_err(|what| self.stopped(&what))?;
        if response.ignored().iter().any(|path| path == E::MORE) {
            return Ok(Step::Fail(self.stopped(UNKNOWN_WORD)));
        }
        Ok(match (self.next)(&marks) {
            Ok(Some(next)) => Step::Request(Some(next)),
            Ok(None) => Step::End,
            Err(what) => Step::Fail(self.stopped(&what)),
        })
    }

    fn stopped(&self, what: &str) -> Error {
        stopped(E::OPERATION.id, E::MORE, self.read, what)
    }
}

/// Why the page after the one of that number cannot be requested.
pub(super) fn stopped(operation: &'static str, more: &str, read: u64, what: &str) -> Error {
    let advice = "check for a newer version of this crate, or read single pages by `send`";
    Error::of_pages(operation, format!("page {read} of the stream: {what} (`{more}`): {advice}"))
}

/// That there are more pages than may be read.
pub(super) fn too_many(operation: &'static str, limit: u64) -> Error {
    Error::of_pages(operation, format!("there are more than {limit} pages: raise the limit by `max_pages`"))
}

impl<E: Paged<Style = PageCount>> Pages<E> {
    /// Reads from the last page to the first, or from the page that the call says. Each page stays as it is, with its oldest
    /// element first. A stream that has given something starts again.
    pub fn newest_first(self) -> Self {
        let first = self.call.position();
        self.from(first, PageCount::previous)
    }
}

impl<E: Paged> Stream for Pages<E> {
    type Item = Result<Response<E::Response>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Step::Request(position) = this.step {
            if this.read >= this.limit {
                this.step = Step::End;
                return Poll::Ready(Some(Err(too_many(E::OPERATION.id, this.limit))));
            }
            let call = this.call.clone();
            let call = if let Some(position) = position { call.at(position) } else { call };
            this.step = Step::Wait(position, call.fetch());
        }
        let (step, given) = match &mut this.step {
            Step::Wait(position, page) => {
                let (position, page) = (*position, ready!(page.as_mut().poll(context)));
                this.read += 1;
                match page.and_then(|page| Ok((this.step_after(position, &page)?, page))) {
                    Ok((step, page)) => (step, Some(Ok(page))),
                    Err(error) => (Step::End, Some(Err(error))),
                }
            }
            step => match std::mem::replace(step, Step::End) {
                Step::Fail(error) => (Step::End, Some(Err(error))),
                _ => (Step::End, None),
            },
        };
        this.step = step;
        Poll::Ready(given)
    }
}

impl<E: Paged> fmt::Debug for Pages<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Pages");
        debug.field("operation", &E::OPERATION.id).field("read", &self.read).field("max_pages", &self.limit);
        debug.finish_non_exhaustive()
    }
}
