use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use crate::client::operation_call::OperationCall;
use crate::error::Error;
use crate::execute::response::Response;
use crate::pages::page_stream::{DEFAULT_MAX_PAGES, stopped, too_many};
use crate::pages::style::{Cursor, HasMore, Offset, PageCount, PageMarks, PageStyle, UNKNOWN_WORD};
use crate::request::page_fields::{PageFields, StyleName};
use crate::value::from_scalar::scalar;
use crate::value::number::Number;
use crate::value::sensitive_json::SensitiveJson;

/// The pages of a list as they came, of an operation that is chosen at run time. Made by
/// [`OperationCall::pages`](crate::OperationCall::pages); see [`pages`](crate::pages) for order and errors.
///
/// ```no_run
/// # async fn example(spkey: &spkey::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let operation = spkey::Operation::find("list_aggregates").ok_or("unknown")?;
/// let mut pages = spkey.call(operation).set("type", "lock").pages().ok_or("no pages")?;
/// while let Some(page) = pages.next().await.transpose()? {
///     println!("{}", page[pages.list_name()]);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before `.next().await`"]
pub struct OperationPages {
    call: OperationCall,
    fields: &'static PageFields,
    step: Step,
    read: u64,
    limit: u64,
}

enum Step {
    /// The page that starts there is requested next.
    Request(Option<i64>),
    /// The page was given; why there is no way on comes next.
    Fail(Error),
    End,
}

impl OperationCall {
    /// The pages of its list, one after another; none if its list does not come in [`pages`](crate::pages).
    pub fn pages(self) -> Option<OperationPages> {
        let fields = self.operation().pages?;
        Some(OperationPages::new(self, fields))
    }
}

impl OperationPages {
    fn new(call: OperationCall, fields: &'static PageFields) -> Self {
        let first = match fields.style {
            StyleName::PageCount => PageCount::FIRST,
            StyleName::HasMore => HasMore::FIRST,
            StyleName::Offset => Offset::FIRST,
            StyleName::Cursor => Cursor::FIRST,
        };
        let step = Step::Request(call.get(fields.input).and_then(Value::as_i64).or(first));
        Self { call, fields, step, read: 0, limit: DEFAULT_MAX_PAGES }
    }

    /// Limits how many pages are read; [`DEFAULT_MAX_PAGES`] unless set. If another page follows, an error comes after them.
    pub fn max_pages(self, pages: u64) -> Self {
        Self { limit: pages, ..self }
    }

    /// The name of the list in each page.
    #[must_use]
    pub fn list_name(&self) -> &'static str {
        self.fields.items
    }

    /// The next page; none after the last one, and after an error. If it is dropped before it is ready, the same page is
    /// requested next.
    ///
    /// # Errors
    /// As `send`, and [`ErrorKind::Pages`](crate::ErrorKind::Pages).
    pub async fn next(&mut self) -> Option<Result<Response<SensitiveJson>, Error>> {
        let requested = match std::mem::replace(&mut self.step, Step::End) {
            Step::Request(position) => position,
            Step::Fail(error) => return Some(Err(error)),
            Step::End => return None,
        };
        let operation = self.call.operation().id;
        if self.read >= self.limit {
            return Some(Err(too_many(operation, self.limit)));
        }
        self.step = Step::Request(requested);
        let call = self.call.clone();
        let call = if let Some(position) = requested { call.set(self.fields.input, position) } else { call };
        let page = call.send().await;
        self.read += 1;
        self.step = Step::End;
        let page = match page {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let stopped = |what: &str| stopped(operation, self.fields.more, self.read, what);
        self.step = match following(self.fields, &page, requested) {
            Err(what) => return Some(Err(stopped(&what))),
            Ok(Ok(Some(next))) => Step::Request(Some(next)),
            Ok(Ok(None)) => Step::End,
            Ok(Err(what)) => Step::Fail(stopped(&what)),
        };
        Some(Ok(page))
    }
}

/// Where the page after this one starts, or why that is not known; an error if this is not the page that was requested.
fn following(
    fields: &PageFields,
    page: &Value,
    requested: Option<i64>,
) -> Result<Result<Option<i64>, Cow<'static, str>>, String> {
    let integer = |name: &str| scalar::<Number>(page.get(name)?)?.as_i64();
    let said = page.get(fields.more).filter(|said| !said.is_null());
    let marks = PageMarks {
        position: fields.position.and_then(integer),
        more: Some(()),
        items: page.get(fields.items).and_then(Value::as_array).map_or(0, Vec::len),
    };
    let marks = marks.of_requested(requested)?;
    let number = || integer(fields.more);
    let next = match fields.style {
        StyleName::PageCount => next::<PageCount>(marks, number(), said),
        StyleName::HasMore => next::<HasMore>(marks, said.and_then(Value::as_bool), said),
        StyleName::Offset => next::<Offset>(marks, number(), said),
        StyleName::Cursor => next::<Cursor>(marks, number(), said),
    };
    Ok(next)
}

fn next<S: PageStyle>(
    PageMarks { position, items, .. }: PageMarks<()>,
    more: Option<S::More>,
    said: Option<&Value>,
) -> Result<Option<i64>, Cow<'static, str>> {
    if more.is_none() && said.is_some() {
        return Err(UNKNOWN_WORD.into());
    }
    S::next(&PageMarks { position, more, items })
}

impl fmt::Debug for OperationPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("OperationPages");
        debug.field("operation", &self.call.operation().id).field("read", &self.read).field("max_pages", &self.limit);
        debug.finish_non_exhaustive()
    }
}
