//! `x-spkey-confirm` of the contract: how what became of a command is found out. The build reads it by the same types.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// Which read shows the effect of a command, and what it must show.
///
/// A value that begins with `$` is an input of the command, by its name on the wire and a path within it, or `$found.name` for
/// what [`resolve`](Self::resolve) finds. Everything else is meant as it stands.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Entry {
    /// Why no read shows it. Stands alone.
    pub(crate) nothing: Option<String>,
    pub(crate) proves: Proves,
    /// Whether the effect is that there is no such item.
    pub(crate) gone: bool,
    /// The input that only this call carries: filled in with a random text where the caller sets none.
    pub(crate) mark: Option<String>,
    /// The inputs that must have these values, or not be set where null, for the read to show all that the command does.
    pub(crate) only: Pairs,
    /// The id of the operation that is read.
    pub(crate) read: String,
    /// The parameters of the read, without those that both paths have.
    pub(crate) with: Pairs,
    /// The list to look through; the whole response is looked at without.
    pub(crate) list: Option<String>,
    /// The field of the response that says how many items there are.
    pub(crate) total: Option<String>,
    /// Looks through events of this type.
    pub(crate) event: Option<String>,
    /// The field of the response that is there if there are more events.
    pub(crate) more: Option<String>,
    /// The fields that an item must have: the first of these whose inputs are known counts.
    pub(crate) r#where: OneOrMore,
    /// More of them, for inputs that are set.
    pub(crate) where_set: Pairs,
    /// The fields of an item that say who made it.
    pub(crate) author: Pairs,
    /// The field of an item that says when it was made.
    pub(crate) time: Option<String>,
    /// What a 404 says; without, nothing.
    pub(crate) on_404: Option<Absent>,
    pub(crate) absence: Absence,
    /// What the lost response would have said: its name there, and the field of the item.
    pub(crate) recovers: BTreeMap<String, String>,
    /// Reads that find the id of something that the command names in another way.
    pub(crate) resolve: BTreeMap<String, Resolve>,
    /// Where it shows that the effect was there, where it is there no longer.
    pub(crate) history: Option<Box<Entry>>,
    /// The inputs that are secrets: the build adds it.
    pub(crate) secrets: Vec<String>,
}

/// What it proves that the effect is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Proves {
    /// This very command took effect, if it carries a mark of its own.
    Command,
    /// It was done since the command was sent, by this command or another.
    Event,
    /// It is so, by this command or another, whenever that was.
    #[default]
    State,
}

/// What it proves that an item is not in a list that came whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Absence {
    /// There is none.
    #[default]
    Known,
    /// Nothing: the read lags, or does not list all that there is.
    Unknown,
    /// Nothing to a client with an API key, which sees what belongs to its own organization.
    UnknownToApiKey,
}

/// That there is no such item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Absent {
    Absent,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resolve {
    pub(crate) read: String,
    pub(crate) with: Pairs,
    /// The field of the response.
    pub(crate) take: String,
}

/// Fields or parameters with their values.
pub(crate) type Pairs = BTreeMap<String, Value>;

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore {
    One(Pairs),
    More(Vec<Pairs>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        Self::One(Pairs::new())
    }
}

impl OneOrMore {
    pub(crate) fn all(&self) -> &[Pairs] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

impl Entry {
    /// The entry of an operation as the table has it; none where it only reads.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The names of the inputs whose values it needs.
    pub(crate) fn inputs(&self) -> Vec<&str> {
        let fields = self.r#where.all().iter().chain([&self.where_set, &self.author, &self.with]);
        let pairs = fields.chain(self.resolve.values().map(|resolve| &resolve.with));
        let own = pairs.flat_map(BTreeMap::values).filter_map(input);
        let of_history = self.history.iter().flat_map(|history| history.inputs());
        own.map(|(name, _)| name).chain(of_history).filter(|name| !name.starts_with("found.")).collect()
    }
}

/// The input that a value names, and whether it is a license plate, which the service stores in upper case, without spaces and
/// dashes.
pub(crate) fn input(value: &Value) -> Option<(&str, bool)> {
    let name = value.as_str()?.strip_prefix('$')?;
    Some(name.strip_suffix(" | plate").map_or((name, false), |name| (name, true)))
}
