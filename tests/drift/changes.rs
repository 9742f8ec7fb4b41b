//! Changes to valid JSON, such as the service has made to its responses, each at one place.

use serde_json::{Value, json};

use crate::places::Place;

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Removed,
    Null,
    NumberAsText,
    TextAsNumber,
    IntegerAsFloat,
    NullInList,
    NewEnumValue,
    NewField,
    EmptyList,
}

pub const KINDS: [Kind; 9] = [
    Kind::Removed,
    Kind::Null,
    Kind::NumberAsText,
    Kind::TextAsNumber,
    Kind::IntegerAsFloat,
    Kind::NullInList,
    Kind::NewEnumValue,
    Kind::NewField,
    Kind::EmptyList,
];

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Removed => "field removed",
            Self::Null => "field null",
            Self::NumberAsText => "number as text",
            Self::TextAsNumber => "text as number",
            Self::IntegerAsFloat => "integer as `1.0`",
            Self::NullInList => "null as an element of a list",
            Self::NewEnumValue => "unknown enum value",
            Self::NewField => "extra field",
            Self::EmptyList => "empty list",
        }
    }

    /// Whether what was there can be read in spite of the change.
    pub fn loses_nothing(self) -> bool {
        matches!(self, Self::NumberAsText | Self::IntegerAsFloat | Self::NewField)
    }

    /// The value after the change; none where it does not apply.
    fn of(self, value: &Value, is_enum: bool) -> Option<Value> {
        match (self, value) {
            (Self::NumberAsText, Value::Number(number)) => Some(number.to_string().into()),
            (Self::TextAsNumber, Value::String(_)) => Some(json!(7)),
            (Self::IntegerAsFloat, Value::Number(number)) => {
                serde_json::from_str(&format!("{}.0", number.as_i64()?)).ok()
            }
            (Self::NewEnumValue, Value::String(_)) if is_enum => Some("a value of a later contract".into()),
            (Self::NullInList, Value::Array(list)) => Some(list.iter().cloned().chain([Value::Null]).collect()),
            (Self::EmptyList, Value::Array(_)) => Some(json!([])),
            (Self::NewField, Value::Object(map)) => {
                let mut map = map.clone();
                map.insert("fieldOfALaterContract".to_owned(), json!([{ "new": 1 }]));
                Some(map.into())
            }
            _ => None,
        }
    }
}

/// A change that was made.
#[derive(Clone)]
pub struct Change {
    pub kind: Kind,
    pub pointer: String,
    /// Whether what the contract promises is gone: it was removed, or is a user's id that became a number.
    pub breaks_a_promise: bool,
}

impl Change {
    /// Every change that can be made to the value.
    pub fn all(value: &Value, places: &[Place]) -> Vec<Self> {
        let changes = |place: &Place| {
            let Place { pointer, required, is_enum, is_field, is_user, is_open } = place;
            let there = value.pointer(pointer).unwrap();
            KINDS
                .into_iter()
                .filter(|kind| match kind {
                    Kind::Removed | Kind::Null => *is_field,
                    Kind::NewField | Kind::NullInList if *is_open => false,
                    kind => kind.of(there, *is_enum).is_some(),
                })
                .map(|kind| Self {
                    kind,
                    pointer: pointer.clone(),
                    breaks_a_promise: *required
                        && (matches!(kind, Kind::Removed | Kind::Null) || *is_user && kind == Kind::TextAsNumber),
                })
                .collect::<Vec<_>>()
        };
        places.iter().flat_map(changes).collect()
    }

    /// Makes the change; a place that another change has removed stays so.
    pub fn apply(&self, value: &mut Value) {
        let (parent, name) = self.pointer.rsplit_once('/').unwrap_or_default();
        match self.kind {
            Kind::Removed => {
                if let Some(Value::Object(map)) = value.pointer_mut(parent) {
                    map.remove(name);
                }
            }
            Kind::Null => {
                if let Some(there) = value.pointer_mut(&self.pointer) {
                    *there = Value::Null;
                }
            }
            kind => {
                if let Some(there) = value.pointer_mut(&self.pointer) {
                    *there = kind.of(there, true).unwrap_or_else(|| there.clone());
                }
            }
        }
    }

    /// The place as the client names it: `keys[0].lockId`.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for part in self.pointer.split('/').skip(1) {
            match part.parse::<usize>() {
                Ok(index) => path = format!("{path}[{index}]"),
                Err(_) if path.is_empty() => path += part,
                Err(_) => path = path + "." + part,
            }
        }
        if self.kind == Kind::NullInList { path + "[1]" } else { path }
    }
}
