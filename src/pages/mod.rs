//! # Lists that come in pages
//!
//! Four operations return their list page by page. Their calls have two streams beside `send`: `items()` gives the elements
//! of all pages, one by one, and `pages()` gives the pages. A page is requested when the stream is polled and has nothing left,
//! so that reading no further costs nothing.
//!
//! | call | order of `items()` | a page has |
//! |---|---|---|
//! | [`get_lock_events`](crate::Client::get_lock_events) | oldest first; newest first with [`newest_first`](Items::newest_first) | 10 events |
//! | [`get_camera_lpr_events`](crate::Client::get_camera_lpr_events) | the service's, which is not documented | `page_size`, at most 100 |
//! | [`list_aggregates`](crate::Client::list_aggregates) | most recently changed first | `limit`, at most 200 |
//! | [`get_aggregate_events`](crate::Client::get_aggregate_events) | by version, oldest first | `limit`, at most 500, or 100 |
//!
//! ```no_run
//! # async fn example(spkey: &spkey::Client) -> Result<(), spkey::Error> {
//! let mut events = spkey.get_lock_events(123).items().newest_first();
//! while let Some(event) = events.next().await {
//!     let event = event?;
//!     println!("{:?} at {:?}", event.type_, event.timestamp);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Both are `Stream`s of the crate `futures-core`, so that the adapters of `futures-util` and `tokio-stream` work on them.
//! The latest 20 events of a lock take two or three requests, since the last page may hold a single event:
//!
//! ```no_run
//! use futures_util::{StreamExt, TryStreamExt};
//!
//! # async fn example(spkey: &spkey::Client) -> Result<(), spkey::Error> {
//! let latest: Vec<_> = spkey.get_lock_events(123).items().newest_first().take(20).try_collect().await?;
//! # drop(latest);
//! # Ok(())
//! # }
//! ```
//!
//! # What holds for each page
//!
//! Each page is a call of its own, as `send` makes it: with the same retries, time limits and headers. The first page is the one
//! that the call says (`page`, `offset` or `cursor`), or the first of all.
//!
//! An error is the last thing that a stream gives; what came before it is valid. A stream of its own ends with an
//! [`ErrorKind::Pages`](crate::ErrorKind::Pages) where the service's pages cannot be followed: a page that was not requested, a
//! cursor that does not go on, an empty page that another one shall follow, or no word on whether another one follows. It ends
//! so too if there are more than [`DEFAULT_MAX_PAGES`] pages, or what [`max_pages`](Pages::max_pages) says: a list is never cut
//! off in silence. So every stream ends.
//!
//! Where the service inserts elements at the front while a stream reads, the service itself moves elements from one page to
//! the next. The events of locks and aggregates do not move; for a camera, limit the time by `to`.
//!
//! A stream that is dropped sends nothing more. [`next`](Pages::next) can be dropped at any time without losing a page.

pub(crate) mod item_stream;
pub(crate) mod operation_pages;
pub(crate) mod page_stream;
pub(crate) mod paged;
pub(crate) mod paged_builder;
pub(crate) mod style;
mod truncated;

pub use item_stream::Items;
pub use operation_pages::OperationPages;
pub use page_stream::{DEFAULT_MAX_PAGES, Pages};
pub use paged::Paged;
pub use style::PageCount;
