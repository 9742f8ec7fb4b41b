use std::borrow::Cow;

/// What a page says of itself, read from the response.
#[derive(Clone, Copy, Debug)]
pub struct PageMarks<M> {
    /// Where it starts: the number of the page or of its first element.
    pub(crate) position: Option<i64>,
    /// Whether another page follows, in the way of the style.
    pub(crate) more: Option<M>,
    /// How many elements it has.
    pub(crate) items: usize,
}

impl<M> PageMarks<M> {
    /// The marks of a page that was requested by where it starts: most likely another one was given before.
    pub(super) fn of_requested(self, requested: Option<i64>) -> Result<Self, String> {
        match (requested, self.position) {
            (Some(requested), Some(position)) if requested != position => {
                Err(format!("the page at {requested} was requested, and the one at {position} came"))
            }
            _ => Ok(Self { position: self.position.or(requested), ..self }),
        }
    }
}

/// A way in which pages follow each other.
pub trait PageStyle {
    /// How a response says that another page follows.
    type More: Send + 'static;

    /// Where the first page of all starts; none if that is not said in the request.
    const FIRST: Option<i64>;

    /// Where the next page starts, or none after the last one.
    ///
    /// # Errors
    /// What keeps the next page from being requested.
    fn next(page: &PageMarks<Self::More>) -> Result<Option<i64>, Cow<'static, str>>;
}

/// Pages are numbered from 1, and the response has the number of the last one.
#[derive(Debug)]
pub struct PageCount;

/// Pages are numbered from 1, and the response says whether another one follows.
#[derive(Debug)]
pub struct HasMore;

/// A page starts after a number of elements, and the response has the number of all.
#[derive(Debug)]
pub struct Offset;

/// The response has a cursor, which grows from page to page.
#[derive(Debug)]
pub struct Cursor;

pub(super) const UNKNOWN_WORD: &str = "the response says in an unknown way whether another page follows";
const NO_WORD: &str = "the response does not say whether another page follows";
const EMPTY: &str = "the page is empty, and another one shall follow";

impl PageStyle for PageCount {
    type More = i64;
    const FIRST: Option<i64> = Some(1);

    fn next(page: &PageMarks<i64>) -> Result<Option<i64>, Cow<'static, str>> {
        let position = page.position.ok_or(NO_WORD)?;
        following(page, page.more.ok_or(NO_WORD)? > position, position.checked_add(1))
    }
}

impl PageCount {
    /// Where the page before starts. An empty page is passed over: the numbers only go down, so that there is an end.
    pub(super) fn previous(page: &PageMarks<i64>) -> Result<Option<i64>, Cow<'static, str>> {
        // The page that is returned by default is the last one.
        let position = page.position.or(page.more).ok_or("the response does not say which page it is")?;
        Ok((position > 1).then(|| position - 1))
    }
}

impl PageStyle for HasMore {
    type More = bool;
    const FIRST: Option<i64> = Some(1);

    fn next(page: &PageMarks<bool>) -> Result<Option<i64>, Cow<'static, str>> {
        let position = page.position.ok_or(NO_WORD)?;
        following(page, page.more.ok_or(NO_WORD)?, position.checked_add(1))
    }
}

impl PageStyle for Offset {
    type More = i64;
    const FIRST: Option<i64> = Some(0);

    fn next(page: &PageMarks<i64>) -> Result<Option<i64>, Cow<'static, str>> {
        let read = i64::try_from(page.items).ok();
        let end = page.position.zip(read).and_then(|(position, read)| position.checked_add(read)).ok_or(NO_WORD)?;
        following(page, page.more.ok_or(NO_WORD)? > end, Some(end))
    }
}

impl PageStyle for Cursor {
    type More = i64;
    const FIRST: Option<i64> = None;

    /// A page may be empty: a filter may leave nothing of it, and the cursor goes on.
    fn next(page: &PageMarks<i64>) -> Result<Option<i64>, Cow<'static, str>> {
        match (page.position, page.more) {
            (Some(position), Some(next)) if next <= position => {
                Err(format!("the cursor goes from {position} to {next}: it must grow, or a page would come twice")
                    .into())
            }
            (_, next) => Ok(next),
        }
    }
}

/// Where the next page starts if another one follows. A page without elements is no progress.
fn following<M>(page: &PageMarks<M>, follows: bool, next: Option<i64>) -> Result<Option<i64>, Cow<'static, str>> {
    match (follows, page.items, next) {
        (false, ..) => Ok(None),
        (true, 0, _) => Err(EMPTY.into()),
        (true, _, None) => Err("the number of the next page is too large".into()),
        (true, _, next) => Ok(next),
    }
}
