use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use crate::confirm::service_time::text_millis;
use crate::error::ticket::{Ticket, digest};
use crate::request::confirm::{EntryValue, Pairs};
use crate::value::from_scalar::scalar;

/// What a field must be.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Value(Value),
    /// A secret, of which the ticket has a digest.
    Digest {
        salt: String,
        digest: Value,
    },
}

/// The fields that one item must have.
pub(super) type Fields = Vec<(&'static str, Wanted)>;

/// What is known when the values of an entry are filled in: the ticket, and what was found by reading.
pub(super) struct Known<'a> {
    pub(super) ticket: &'a Ticket,
    pub(super) found: BTreeMap<&'static str, Value>,
}

impl Wanted {
    pub(super) fn is(&self, value: &Value) -> bool {
        match self {
            Self::Value(wanted) => same(wanted, value),
            Self::Digest { salt, digest: wanted } => {
                value.as_str().and_then(|secret| digest(salt, secret)).is_some_and(|digest| *wanted == digest)
            }
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Value(Value::Null))
    }
}

impl Known<'_> {
    /// The value of an entry; none where it is an input that is not known.
    pub(super) fn value(&self, value: EntryValue) -> Option<Wanted> {
        Some(Wanted::Value(match value {
            EntryValue::Input(name) => {
                let Some(value) = self.ticket.inputs.get(name) else {
                    let digest = self.ticket.digests.get(name)?.clone();
                    return Some(Wanted::Digest { salt: self.ticket.salt.clone(), digest });
                };
                value.clone()
            }
            EntryValue::Plate(name) => plate(self.ticket.inputs.get(name)?.as_str()?).into(),
            EntryValue::Found(name) => self.found.get(name)?.clone(),
            EntryValue::Text(text) => text.into(),
            EntryValue::Number(number) => number.into(),
            EntryValue::Bool(is) => is.into(),
            EntryValue::Null => Value::Null,
        }))
    }

    /// The fields of an item; of several items, where a value is one of each element of a list.
    pub(super) fn items(&self, pairs: Pairs) -> Option<Vec<Fields>> {
        let mut items = vec![Fields::new()];
        for (field, value) in pairs {
            let wanted = self.value(*value)?;
            let all = if value.is_list() { wanted.each()? } else { vec![wanted] };
            let with = |item: &Fields, wanted: &Wanted| [&item[..], &[(*field, wanted.clone())]].concat();
            items =
                items.iter().flat_map(|item| all.iter().map(|wanted| with(item, wanted)).collect::<Vec<_>>()).collect();
        }
        Some(items)
    }

    /// The fields whose inputs are known.
    pub(super) fn known(&self, pairs: Pairs) -> Fields {
        pairs.iter().filter_map(|(field, value)| Some((*field, self.value(*value)?))).collect()
    }
}

impl Wanted {
    fn each(&self) -> Option<Vec<Self>> {
        Some(match self {
            Self::Value(list) => list.as_array()?.iter().cloned().map(Self::Value).collect(),
            Self::Digest { salt, digest: list } => {
                let one = |digest: &Value| Self::Digest { salt: salt.clone(), digest: digest.clone() };
                list.as_array()?.iter().map(one).collect()
            }
        })
    }
}

/// Whether two values mean the same, in every spelling that the service uses: 7, 7.0 and "7", a UUID in either case, a time
/// with or without its fraction, lists in any order.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    if let (Value::Array(left), Value::Array(right)) = (left, right) {
        let within = |some: &[Value], all: &[Value]| some.iter().all(|one| all.iter().any(|other| same(one, other)));
        return within(left, right) && within(right, left);
    }
    let (Some(one), Some(other)) = (scalar::<String>(left), scalar::<String>(right)) else { return left == right };
    let is_uuid = || one.len() == other.len() && Uuid::try_parse(&one).is_ok();
    let at = text_millis(left);
    one == other || one.eq_ignore_ascii_case(&other) && is_uuid() || at.is_some() && at == text_millis(right)
}

/// A license plate as the service stores it.
fn plate(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-')).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spelling_makes_no_difference() {
        for (left, right) in [
            (json!(7), json!("7")),
            (json!(7.0), json!(7)),
            (json!("550E8400-e29b-41d4-a716-446655440000"), json!("550e8400-E29B-41d4-a716-446655440000")),
            (json!("2026-11-27T20:30:00Z"), json!("2026-11-27T21:30:00.000+01:00")),
            (json!(["a", 1]), json!(["1", "a"])),
            (json!(true), json!(true)),
        ] {
            assert!(same(&left, &right), "{left} {right}");
        }
        for (left, right) in [
            (json!("a"), json!("A")),
            (json!(7), json!(70)),
            (json!(["a"]), json!(["a", "b"])),
            (json!(null), json!("")),
            (json!(true), json!("true")),
        ] {
            assert!(!same(&left, &right), "{left} {right}");
        }
        assert_eq!(plate("ab-12 c"), "AB12C");
    }
}
