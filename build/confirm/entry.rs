//! `x-spkey-confirm` of the contract, as it is written there. What its keys say is in `src/request/confirm.rs`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Entry {
    pub(crate) nothing: Option<String>,
    pub(crate) proves: Proves,
    pub(crate) gone: bool,
    pub(crate) mark: Option<String>,
    pub(crate) only: Pairs,
    pub(crate) read: String,
    pub(crate) with: Pairs,
    pub(crate) list: Option<String>,
    pub(crate) total: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) more: Option<String>,
    pub(crate) r#where: OneOrMore,
    pub(crate) where_set: Pairs,
    pub(crate) author: Pairs,
    pub(crate) time: Option<String>,
    pub(crate) on_404: Option<Absent>,
    pub(crate) absence: Absence,
    pub(crate) recovers: BTreeMap<String, String>,
    pub(crate) resolve: BTreeMap<String, Resolve>,
    pub(crate) history: Option<Box<Entry>>,
    /// The inputs by which the effect is recognized, without secrets: found by the build, as the next.
    #[serde(skip)]
    pub(crate) inputs: Vec<String>,
    #[serde(skip)]
    pub(crate) secrets: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Proves {
    Command,
    Event,
    #[default]
    State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Absence {
    #[default]
    Known,
    Unknown,
    UnknownToApiKey,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Absent {
    Absent,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resolve {
    pub(crate) read: String,
    pub(crate) with: Pairs,
    pub(crate) take: String,
}

/// Fields or parameters with their values.
pub(crate) type Pairs = BTreeMap<String, Value>;

#[derive(Debug, Deserialize)]
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
    /// The names of the inputs whose values it needs.
    pub(crate) fn needed_inputs(&self) -> Vec<&str> {
        let fields = self.r#where.all().iter().chain([&self.where_set, &self.author, &self.with]);
        let pairs = fields.chain(self.resolve.values().map(|resolve| &resolve.with));
        let own = pairs.flat_map(BTreeMap::values).filter_map(input);
        let of_history = self.history.iter().flat_map(|history| history.needed_inputs());
        own.map(|(name, _)| name).chain(of_history).filter(|name| !name.starts_with("found.")).collect()
    }
}

/// The input that a value names, and whether it is a license plate, which the service stores in upper case, without spaces and
/// dashes.
pub(crate) fn input(value: &Value) -> Option<(&str, bool)> {
    let name = value.as_str()?.strip_prefix('$')?;
    Some(name.strip_suffix(" | plate").map_or((name, false), |name| (name, true)))
}
