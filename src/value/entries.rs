use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::value::text::Text;

/// An object as its entries, in their order.
pub(crate) struct Entries<'a>(pub(crate) Vec<Entry<'a>>);

pub(crate) struct Entry<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) json: &'a RawValue,
}

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some((Text(name), json)) = map.next_entry()? {
            entries.push(Entry { name, json });
        }
        Ok(Entries(entries))
    }
}
