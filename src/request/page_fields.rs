/// The fields of a list that comes in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageFields {
    pub(crate) style: StyleName,
    /// The input that says where a page starts.
    pub(crate) input: &'static str,
    /// The list in the response.
    pub(crate) items: &'static str,
    /// What repeats where the page starts, if anything does.
    pub(crate) position: Option<&'static str>,
    /// What says whether another page follows.
    pub(crate) more: &'static str,
}

/// The ways in which pages follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StyleName {
    PageCount,
    HasMore,
    Offset,
    Cursor,
}
