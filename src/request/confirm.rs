//! How what became of a command is found out: `x-spkey-confirm` of the contract, which the build checks and writes as data.

/// Which read shows the effect of a command, and what it must show.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Why no read shows it. Stands alone.
    pub(crate) nothing: Option<&'static str>,
    pub(crate) proves: Proves,
    /// Whether the effect is that there is no such item.
    pub(crate) gone: bool,
    /// The input that only this call carries: filled in with a random text where the caller sets none.
    pub(crate) mark: Option<&'static str>,
    /// The inputs that must have these values, or not be set where null, for the read to show all that the command does.
    pub(crate) only: Pairs,
    /// The id of the operation that is read.
    pub(crate) read: &'static str,
    /// The parameters of the read, without those that both paths have.
    pub(crate) with: Pairs,
    /// The list to look through; the whole response is looked at without.
    pub(crate) list: Option<&'static str>,
    /// The field of the response that says how many items there are.
    pub(crate) total: Option<&'static str>,
    /// Looks through events of this type.
    pub(crate) event: Option<&'static str>,
    /// The field of the response that is there if there are more events.
    pub(crate) more: Option<&'static str>,
    /// The fields that an item must have: the first of these whose inputs are known counts.
    pub(crate) r#where: &'static [Pairs],
    /// More of them, for inputs that are set.
    pub(crate) where_set: Pairs,
    /// The fields of an item that say who made it.
    pub(crate) author: Pairs,
    /// The field of an item that says when it was made.
    pub(crate) time: Option<&'static str>,
    /// What a 404 says; without, nothing.
    pub(crate) on_404: Option<Absent>,
    pub(crate) absence: Absence,
    /// What the lost response would have said: its name there, and the field of the item.
    pub(crate) recovers: &'static [(&'static str, &'static str)],
    /// Reads that find the id of something that the command names in another way.
    pub(crate) resolve: &'static [(&'static str, Resolve)],
    /// Where it shows that the effect was there, where it is there no longer.
    pub(crate) history: Option<&'static Entry>,
    /// The inputs by which the effect is recognized, without those that are secrets.
    pub(crate) inputs: &'static [&'static str],
    /// Those that are secrets.
    pub(crate) secrets: &'static [&'static str],
}

/// What it proves that the effect is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proves {
    /// This very command took effect, if it carries a mark of its own.
    Command,
    /// It was done since the command was sent, by this command or another.
    Event,
    /// It is so, by this command or another, whenever that was.
    State,
}

/// What it proves that an item is not in a list that came whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    /// There is none.
    Known,
    /// Nothing: the read lags, or does not list all that there is.
    Unknown,
    /// Nothing to a client with an API key, which sees what belongs to its own organization.
    UnknownToApiKey,
}

/// That there is no such item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    Absent,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Resolve {
    pub(crate) read: &'static str,
    pub(crate) with: Pairs,
    /// The field of the response.
    pub(crate) take: &'static str,
}

/// Fields or parameters with their values.
pub(crate) type Pairs = &'static [(&'static str, EntryValue)];

/// A value in an entry: an input of the command, what [`resolve`](Entry::resolve) finds, or the value as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryValue {
    /// An input, by its name on the wire and a path within it.
    Input(&'static str),
    /// An input that is a license plate, which the service stores in upper case, without spaces and dashes.
    Plate(&'static str),
    /// What `resolve` finds by this name.
    Found(&'static str),
    Text(&'static str),
    Number(i64),
    Bool(bool),
    Null,
}

impl Entry {
    /// An entry with nothing in it, for the build to write the others by.
    pub(crate) const EMPTY: Self = Self {
        nothing: None,
        proves: Proves::State,
        gone: false,
        mark: None,
        only: &[],
        read: "",
        with: &[],
        list: None,
        total: None,
        event: None,
        more: None,
        r#where: &[],
        where_set: &[],
        author: &[],
        time: None,
        on_404: None,
        absence: Absence::Known,
        recovers: &[],
        resolve: &[],
        history: None,
        inputs: &[],
        secrets: &[],
    };
}

impl EntryValue {
    /// Whether it stands for another value.
    pub(crate) fn is_name(self) -> bool {
        matches!(self, Self::Input(_) | Self::Plate(_) | Self::Found(_))
    }

    /// Whether it stands for each element of a list.
    pub(crate) fn is_list(self) -> bool {
        matches!(self, Self::Input(name) | Self::Plate(name) | Self::Found(name) if name.contains('*'))
    }
}
