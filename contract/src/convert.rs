//! Makes schemas of ours from published ones: ids and times by our conventions, nested objects and enumerations by name, and an
//! empty description wherever a person must write one.

use serde_json::{Map, Value, json};

use crate::addition::Direction;
use crate::conventions::{element_name, id_schema, scalar, sensitive};
use crate::document::{Path, join, reference_to, schema_name, schema_path};
use crate::note::{Note, Task};
use crate::reuse::{self, Written, response_schemas};
use crate::shape::Shape;
use crate::words::{pascal, readable, singular};

/// Properties whose named schema says all there is to say.
const SAID_BY_SCHEMA: [&str; 3] = ["lockId", "userId", "event"];

/// Makes schemas for one addition.
pub(crate) struct Converter<'a> {
    published: &'a Value,
    /// Our contract, with the schemas that were made.
    ours: Value,
    direction: Direction,
    /// The named objects that may be used again.
    shared: Written,
    /// The named schemas that were made, in the order in which they are written.
    pub(crate) made: Vec<String>,
    pub(crate) notes: Vec<Note>,
}

impl<'a> Converter<'a> {
    pub(crate) fn new(published: &'a Value, ours: &Value, written: &Written, direction: Direction) -> Self {
        let (made, notes) = (Vec::new(), Vec::new());
        let mut shared = written.clone();
        if direction == Direction::Response {
            shared.extend(response_schemas(ours).into_iter().map(|name| (name.to_owned(), direction)));
        }
        Self { published, ours: ours.clone(), direction, shared, made, notes }
    }

    /// Our contract, with the schemas that were made.
    pub(crate) fn ours(&self) -> &Value {
        &self.ours
    }

    pub(crate) fn published(&self) -> &'a Value {
        self.published
    }

    pub(crate) fn direction(&self) -> Direction {
        self.direction
    }

    /// The schemas that were made, by name.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.made.iter().map(|name| (name.as_str(), &self.ours["components"]["schemas"][name]))
    }

    /// A property, with its description left to write.
    pub(crate) fn property(&mut self, owner: &str, at: &Path, name: &str, schema: &Value) -> Value {
        let shape = Shape::of(self.published, schema);
        let mut node = self.typed(owner, at, name, schema);
        let is_said = schema_name(&node)
            .is_some_and(|target| SAID_BY_SCHEMA.contains(&name) || self.made.iter().any(|made| made == target));
        if self.direction == Direction::Request && shape.nullable {
            if schema_name(&node).is_some() {
                self.note(at, Task::Decide("the service takes null too, which a $ref cannot say".into()));
            } else {
                node["nullable"] = json!(true);
            }
        }
        if !is_said {
            node["description"] = Value::Null;
            self.write(&join(at, "description"), shape.description);
        }
        sorted(node)
    }

    /// The schema of a parameter. What it is for is written beside it.
    pub(crate) fn parameter(&mut self, owner: &str, at: &Path, name: &str, schema: &Value) -> Value {
        let values = Shape::of(self.published, schema).texts();
        // On the wire, a boolean is one of two texts.
        if !values.is_empty() && values.iter().all(|value| matches!(*value, "true" | "false")) {
            return json!({ "type": "boolean" });
        }
        self.typed(owner, at, name, schema)
    }

    /// A `$ref` to a named schema for a whole body.
    pub(crate) fn body(&mut self, wanted: &str, at: &Path, schema: &Value) -> Value {
        let shape = Shape::of(self.published, schema);
        if shape.single_type() == Some("object") || shape.types.is_empty() {
            return self.object(wanted, at, schema);
        }
        let node = self.typed(wanted, at, "element", schema);
        if schema_name(&node).is_some() { node } else { self.make(wanted, node, shape.description) }
    }

    /// Leaves a text to write at a place.
    pub(crate) fn write(&mut self, at: &Path, service: &str) {
        self.note(at, Task::Write { service: readable(service) });
    }

    pub(crate) fn note(&mut self, at: &Path, task: Task) {
        self.notes.push(Note { at: at.clone(), task });
    }

    /// A schema without a description.
    fn typed(&mut self, owner: &str, at: &Path, name: &str, schema: &Value) -> Value {
        let shape = Shape::of(self.published, schema);
        self.note_limits(at, &shape);
        let ids = id_schema(name, &shape);
        // Not the elements of a list of events.
        let is_event = at.last().is_some_and(|key| key == "event") && self.direction == Direction::Response;
        if let Some(known) = is_event.then_some("Event").or(ids).filter(|known| self.has_schema(known)) {
            if !(self.direction == Direction::Request && shape.nullable) {
                return reference_to(known);
            }
            self.note(at, Task::Check(format!("no {known}, because null can be sent, which a $ref cannot say")));
        }
        let nested = || format!("{}{}", base(owner), pascal(name));
        if !shape.values.is_empty() && shape.single_type() == Some("string") {
            return self.enumeration(&nested(), at, &shape);
        }
        match shape.single_type() {
            Some("array") => {
                let element = element_name(name);
                let items = match shape.items {
                    Some(items) => self.typed(owner, &join(at, "items"), &element, items),
                    None => self.object(&format!("{}{}", base(owner), pascal(&element)), at, &Value::Null),
                };
                json!({ "type": "array", "items": items })
            }
            Some("object") if shape.is_map() => {
                let values = shape.map_values.unwrap_or(&Value::Null);
                let values = self.typed(owner, &join(at, "additionalProperties"), &singular(name), values);
                json!({ "type": "object", "additionalProperties": values })
            }
            Some("object") | None => self.object(&nested(), at, schema),
            Some(_) => {
                let (node, check) = scalar(name, &shape);
                let is_plain_text = shape.single_type() == Some("string") && node["format"].is_null();
                let decide = if is_plain_text { sensitive(name, &shape) } else { None };
                let tasks = [check.map(Task::Check), decide.map(Task::Decide)];
                self.notes.extend(tasks.into_iter().flatten().map(|task| Note { at: at.clone(), task }));
                node
            }
        }
    }

    fn enumeration(&mut self, wanted: &str, at: &Path, shape: &Shape) -> Value {
        let values = shape.texts();
        if let Some(known) = reuse::enumeration(&self.ours, &values) {
            self.note(at, Task::Check(format!("{known} has the same values: is it the same?")));
            return reference_to(&known);
        }
        self.make(wanted, json!({ "type": "string", "enum": values }), shape.description)
    }

    /// A `$ref` to a named object: one of ours that is the same, or a new one. An object of which nothing is said, or that may be
    /// something else, is untyped.
    fn object(&mut self, wanted: &str, at: &Path, schema: &Value) -> Value {
        let shape = Shape::of(self.published, schema);
        if shape.is_any() || shape.single_type().is_none() || shape.is_map() {
            let node = match shape.single_type() {
                Some("object") if shape.is_map() => self.typed(wanted, at, "value", schema),
                Some("object") => json!({ "type": "object", "additionalProperties": true }),
                _ => json!({}),
            };
            return self.make(wanted, node, shape.description);
        }
        let direction = self.direction;
        let known = reuse::object(&self.ours, &self.shared, wanted, (self.published, schema), direction);
        if let Some(known) = known {
            self.note(at, Task::Check(format!("{known} has the same properties: is it the same?")));
            return reference_to(&known);
        }
        let reference = self.make(wanted, json!({ "type": "object" }), shape.description);
        let name = schema_name(&reference).unwrap_or(wanted).to_owned();
        let mut properties = Map::new();
        for (property, schema) in &shape.properties {
            let at = [schema_path(&name), vec!["properties".into(), (*property).to_owned()]].concat();
            properties.insert((*property).to_owned(), self.property(&name, &at, property, schema));
        }
        let node = &mut self.ours["components"]["schemas"][&name];
        let required = shape.properties.iter().map(|(name, _)| *name).filter(|name| shape.required.contains(name));
        let required: Vec<_> = required.collect();
        if direction == Direction::Request && !required.is_empty() {
            node["required"] = json!(required);
        }
        node["properties"] = Value::Object(properties);
        reference
    }

    /// Adds a named schema, with its description left to write.
    fn make(&mut self, wanted: &str, mut node: Value, description: &str) -> Value {
        let name = self.free_name(wanted);
        node["description"] = Value::Null;
        self.ours["components"]["schemas"][&name] = sorted(node);
        self.shared.insert(name.clone(), self.direction);
        self.write(&join(&schema_path(&name), "description"), description);
        self.note(&schema_path(&name), Task::Check("the name of the schema was made".into()));
        let reference = reference_to(&name);
        self.made.push(name);
        reference
    }

    fn has_schema(&self, name: &str) -> bool {
        self.ours["components"]["schemas"].get(name).is_some()
    }

    fn free_name(&self, wanted: &str) -> String {
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        names.find(|name| !self.has_schema(name)).unwrap_or_default()
    }

    fn note_limits(&mut self, at: &Path, shape: &Shape) {
        let format = match shape.format {
            "" | "date-time" | "uuid" => None,
            format => Some(format!("format {format}")),
        };
        let limits = shape.limits.iter().map(|(keyword, value)| readable(&format!("{keyword} {value}")));
        let values =
            (!shape.values.is_empty() && shape.single_type() != Some("string")).then_some("values that are not text");
        let said: Vec<_> = limits.chain(format).chain(values.map(ToOwned::to_owned)).collect();
        if !said.is_empty() {
            self.note(at, Task::Describe(said.join(", ")));
        }
    }
}

/// What the names of nested schemas begin with.
fn base(owner: &str) -> &str {
    let name = ["Request", "Response"].iter().find_map(|end| owner.strip_suffix(end)).unwrap_or(owner);
    let rest = ["Get", "List", "Search"].iter().find_map(|verb| name.strip_prefix(verb));
    rest.filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase())).unwrap_or(name)
}

/// The keys of a schema in the order in which our contract has them.
fn sorted(mut node: Value) -> Value {
    const ORDER: [&str; 10] = [
        "$ref",
        "type",
        "format",
        "nullable",
        "description",
        "enum",
        "required",
        "properties",
        "items",
        "additionalProperties",
    ];
    let mut sorted = Map::new();
    for key in ORDER {
        if let Some(value) = node.as_object_mut().and_then(|object| object.remove(key)) {
            sorted.insert(key.into(), value);
        }
    }
    Value::Object(sorted)
}
