use std::pin::Pin;

use crate::error::Error;
use crate::execute::response::Response;
use crate::pages::style::{PageMarks, PageStyle};
use crate::request::endpoint::Endpoint;

/// A call whose list comes in pages. Implemented by builders in [`operations`](crate::operations) alone; see
/// [`pages`](crate::pages).
pub trait Paged: Endpoint + Unpin {
    /// An element of the list.
    type Item: Send + Unpin + 'static;

    /// How the pages follow each other.
    #[doc(hidden)]
    type Style: PageStyle;

    /// The name of the field that says whether another page follows, as the contract has it.
    #[doc(hidden)]
    const MORE: &'static str;

    /// Where the page that is called starts, if that is set.
    #[doc(hidden)]
    fn position(&self) -> Option<i64>;

    /// The same call for the page that starts there.
    #[doc(hidden)]
    #[must_use]
    fn at(self, position: i64) -> Self;

    /// Sends it.
    #[doc(hidden)]
    fn fetch(self) -> PageFuture<Self>;

    /// What a page says of itself.
    #[doc(hidden)]
    fn marks(page: &Self::Response) -> PageMarks<<Self::Style as PageStyle>::More>;

    /// The list of a page.
    #[doc(hidden)]
    fn into_items(page: Self::Response) -> Vec<Self::Item>;
}

/// The call of one page.
pub type PageFuture<E> = Pin<Box<dyn Future<Output = Result<Response<<E as Endpoint>::Response>, Error>> + Send>>;
