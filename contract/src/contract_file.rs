//! Our contract as text and as what the text says. Each edit is made to both, and in the end they must agree.

use serde_json::{Value, json};

use crate::document::{Path, find, find_mut, join};
use crate::yaml_lines::{Lines, Position};

/// Our contract.
pub struct Contract {
    original: String,
    lines: Lines,
    value: Value,
}

impl Contract {
    /// Reads the text of the contract.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value = yaml_serde::from_str(text).map_err(|error| format!("our contract is not valid YAML: {error}"))?;
        Ok(Self { original: text.to_owned(), lines: Lines::new(text), value })
    }

    /// What it says.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Its text as lines.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Whether a named schema exists.
    pub fn has_schema(&self, name: &str) -> bool {
        self.value["components"]["schemas"].get(name).is_some()
    }

    /// Writes an entry into a mapping, with an empty line before it if it is `apart`.
    pub fn insert(
        &mut self,
        at: &[String],
        position: Position,
        (key, value): (&str, Value),
        apart: bool,
    ) -> Result<(), String> {
        let mapping = find_mut(&mut self.value, at).and_then(Value::as_object_mut);
        let mapping = mapping.ok_or_else(|| format!("{} holds no entries", at.join(" > ")))?;
        self.lines.insert(at, position, (key, &value), apart)?;
        mapping.insert(key.to_owned(), value);
        Ok(())
    }

    /// Writes an element at the end of a list, which is made before another entry of its mapping if there is none.
    pub fn append(&mut self, at: &[String], key: &str, before: &[&str], value: Value) -> Result<(), String> {
        let list = join(at, key);
        if let Some(elements) = find_mut(&mut self.value, &list).and_then(Value::as_array_mut) {
            self.lines.append(&list, &value)?;
            elements.push(value);
            return Ok(());
        }
        self.insert_before(at, before, (key, json!([value])))
    }

    /// Writes an entry before the first of these that the mapping has, or at its end.
    pub fn insert_before(&mut self, at: &[String], before: &[&str], entry: (&str, Value)) -> Result<(), String> {
        let there = before.iter().find(|key| find(&self.value, &join(at, key)).is_some());
        self.insert(at, there.map_or(Position::End, |key| Position::Before(key)), entry, false)
    }

    /// The path of the schemas.
    pub fn schemas_path() -> Path {
        crate::document::path(&["components", "schemas"])
    }

    /// The text, if it says what it should and nothing of the original is lost.
    pub fn finish(self) -> Result<String, String> {
        let text = self.lines.text();
        let read: Value = yaml_serde::from_str(&text)
            .map_err(|error| format!("nothing was written: the result would not be valid YAML: {error}"))?;
        if let Some(difference) = first_difference(&read, &self.value, "") {
            return Err(format!("nothing was written: the result would not say what it should at {difference}"));
        }
        let mut rest = text.chars();
        if !self.original.chars().all(|wanted| rest.any(|found| found == wanted)) {
            return Err("nothing was written: the result would lose a part of our contract".into());
        }
        Ok(text)
    }
}

/// Where two documents differ first.
fn first_difference(read: &Value, expected: &Value, place: &str) -> Option<String> {
    let within = |key: &str| format!("{place}/{key}");
    match (read, expected) {
        (Value::Object(read), Value::Object(expected)) => {
            let keys = read.keys().chain(expected.keys());
            keys.into_iter().find_map(|key| match (read.get(key), expected.get(key)) {
                (Some(read), Some(expected)) => first_difference(read, expected, &within(key)),
                _ => Some(within(key)),
            })
        }
        (Value::Array(read), Value::Array(expected)) if read.len() == expected.len() => {
            let pairs = read.iter().zip(expected).enumerate();
            pairs
                .into_iter()
                .find_map(|(index, (read, expected))| first_difference(read, expected, &within(&index.to_string())))
        }
        _ => (read != expected).then(|| place.to_owned()),
    }
}
