//! Makes JSON of the service conform to the contract, after reading it as the contract says has failed.

use std::fmt;

use serde_json::value::RawValue;

use crate::value::convert::convert;
use crate::value::entries::{Entries, Entry};
use crate::value::json::{self, quoted};
use crate::value::read_error::ReadError;
use crate::value::shape::{FieldShape, Shape};

/// How many paths are kept: a hostile body could have millions.
const MAX_IGNORED: usize = 100;

/// The paths of what was left out, such as `keys[3].lockId`; at most 100 of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignored(Vec<String>);

impl Ignored {
    pub fn paths(&self) -> &[String] {
        &self.0
    }

    fn add(&mut self, path: &Path<'_>) {
        if self.0.len() < MAX_IGNORED {
            self.0.push(path.to_string());
        }
    }
}

/// Writes the JSON in the given shape, with the paths of what was left out.
///
/// # Errors
/// Where it is no JSON or not an object, or lacks a field without which it is useless.
pub(super) fn conform(json: &str, shape: &Shape) -> Result<(String, Ignored), ReadError> {
    let json: &RawValue = json::from_text(json)?;
    let mut conform = Conform { out: String::with_capacity(json.get().len()), ignored: Ignored::default() };
    if conform.value(json.get(), shape, &Path::Root)? {
        Ok((conform.out, conform.ignored))
    } else {
        Err(ReadError::no_object())
    }
}

struct Conform {
    out: String,
    ignored: Ignored,
}

impl Conform {
    /// Writes a value; `false`, with nothing written, if it cannot be understood.
    fn value(&mut self, json: &str, shape: &Shape, path: &Path<'_>) -> Result<bool, ReadError> {
        match shape {
            Shape::Any => self.out.push_str(json),
            Shape::Scalar(kind) => match convert(json, *kind) {
                Some(json) => self.out.push_str(&json),
                None => return Ok(false),
            },
            Shape::Object(fields) => match json::from_text(json) {
                Ok(Entries(entries)) => self.object(&entries, fields, path)?,
                Err(_) => return Ok(false),
            },
            Shape::List(shape) => match json::from_text::<Vec<&RawValue>>(json) {
                Ok(elements) => self.list(&elements, shape, path)?,
                Err(_) => return Ok(false),
            },
            Shape::Map(shape) => match json::from_text(json) {
                Ok(Entries(entries)) => self.map(&entries, shape, path)?,
                Err(_) => return Ok(false),
            },
        }
        Ok(true)
    }

    fn object(&mut self, entries: &[Entry<'_>], fields: &[FieldShape], path: &Path<'_>) -> Result<(), ReadError> {
        self.out.push('{');
        let start = self.out.len();
        for FieldShape { name, required, shape } in fields {
            let path = Path::Field(path, name);
            // Of a name that comes twice, the last counts.
            let json = entries.iter().rfind(|entry| entry.name == *name).map(|entry| entry.json.get());
            let json = json.filter(|json| *json != "null");
            let written = match json {
                Some(json) => self.entry(name, json, shape, &path, start)?,
                None => false,
            };
            if !written && *required {
                return Err(ReadError::missing(path));
            }
            if !written && json.is_some() {
                self.ignored.add(&path);
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn map(&mut self, entries: &[Entry<'_>], shape: &Shape, path: &Path<'_>) -> Result<(), ReadError> {
        self.out.push('{');
        let start = self.out.len();
        for Entry { name, json } in entries {
            let path = Path::Any(path);
            if json.get() == "null" || !self.entry(name, json.get(), shape, &path, start)? {
                self.ignored.add(&path);
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn list(&mut self, elements: &[&RawValue], shape: &Shape, path: &Path<'_>) -> Result<(), ReadError> {
        self.out.push('[');
        let start = self.out.len();
        for (index, json) in elements.iter().enumerate() {
            let path = Path::Element(path, index);
            let end = self.separate(start);
            if json.get() != "null" && self.value(json.get(), shape, &path)? {
                continue;
            }
            // A list that is shorter than it seems is worse than an error, but for elements that say nothing.
            if json.get() != "null" && is_identified(shape) {
                return Err(ReadError::missing(path));
            }
            self.out.truncate(end);
            self.ignored.add(&path);
        }
        self.out.push(']');
        Ok(())
    }

    /// Writes an entry of an object that began at `start`; `false`, with nothing written, if its value cannot be understood.
    fn entry(
        &mut self,
        name: &str,
        json: &str,
        shape: &Shape,
        path: &Path<'_>,
        start: usize,
    ) -> Result<bool, ReadError> {
        let end = self.separate(start);
        self.out.push_str(&quoted(name));
        self.out.push(':');
        let written = self.value(json, shape, path)?;
        if !written {
            self.out.truncate(end);
        }
        Ok(written)
    }

    /// Writes a comma unless nothing has been written since `start`. Returns the length before.
    fn separate(&mut self, start: usize) -> usize {
        let end = self.out.len();
        if end > start {
            self.out.push(',');
        }
        end
    }
}

/// Whether something must be in an element for it to be of use.
fn is_identified(shape: &Shape) -> bool {
    matches!(shape, Shape::Object(fields) if fields.iter().any(|field| field.required))
}

/// Where a value is. The names of a map are data: they are not part of it.
enum Path<'a> {
    Root,
    Field(&'a Path<'a>, &'static str),
    Element(&'a Path<'a>, usize),
    Any(&'a Path<'a>),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Self::Root, name) => f.write_str(name),
            Self::Field(parent, name) => write!(f, "{parent}.{name}"),
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
            Self::Any(parent) => write!(f, "{parent}.*"),
        }
    }
}
