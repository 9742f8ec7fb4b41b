use crate::value::conform::Ignored;
use crate::value::reader::ReadResult;

/// What a successful response can be read into. Implemented for the responses of the contract alone.
pub trait ResponseBody: Sized + Send + 'static {
    /// What the body is.
    #[doc(hidden)]
    const FORMAT: BodyFormat;

    /// Reads the whole body, with the paths of what was ignored.
    ///
    /// # Errors
    /// Where it is not what the contract says.
    #[doc(hidden)]
    fn read(body: &[u8]) -> ReadResult<Self>;

    /// What a mock server responds with.
    #[cfg(feature = "mock")]
    #[doc(hidden)]
    fn content(&self) -> MockContent;
}

/// What the body of a success is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFormat {
    /// JSON.
    Json,
    /// Nothing, or nothing that matters.
    Empty,
    /// A page.
    Html,
}

/// A body as a mock server sends it.
#[cfg(feature = "mock")]
#[derive(Clone, Debug)]
pub enum MockContent {
    /// JSON.
    Json(serde_json::Value),
    /// Nothing.
    Empty,
    /// A page.
    Html(String),
}

impl ResponseBody for () {
    const FORMAT: BodyFormat = BodyFormat::Empty;

    fn read(_: &[u8]) -> ReadResult<Self> {
        Ok(((), Ignored::default()))
    }

    #[cfg(feature = "mock")]
    fn content(&self) -> MockContent {
        MockContent::Empty
    }
}

impl ResponseBody for String {
    const FORMAT: BodyFormat = BodyFormat::Html;

    fn read(body: &[u8]) -> ReadResult<Self> {
        Ok((Self::from_utf8_lossy(body).into_owned(), Ignored::default()))
    }

    #[cfg(feature = "mock")]
    fn content(&self) -> MockContent {
        MockContent::Html(self.clone())
    }
}

/// For a struct of the contract.
macro_rules! json_response {
    ($ty:ty) => {
        impl $crate::request::response_body::ResponseBody for $ty {
            const FORMAT: $crate::request::response_body::BodyFormat = $crate::request::response_body::BodyFormat::Json;

            #[inline]
            fn read(body: &[u8]) -> $crate::value::reader::ReadResult<Self> {
                $crate::value::reader::from_slice(body)
            }

            #[cfg(feature = "mock")]
            fn content(&self) -> $crate::request::response_body::MockContent {
                // Responses are structs with text as keys, which can always be written.
                let json = ::serde_json::to_value(self).unwrap_or_default();
                $crate::request::response_body::MockContent::Json(json)
            }
        }
    };
}
pub(crate) use json_response;
