//! What a schema says of the JSON that it stands for, whichever version of OpenAPI it is written in.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::{elements, entries, resolve, text};

/// Alternatives within alternatives are read this deep.
const MAX_DEPTH: usize = 12;

/// A schema, with its alternatives laid together.
#[derive(Default)]
pub struct Shape<'a> {
    /// The JSON types without null; none if it may be anything.
    pub types: BTreeSet<&'a str>,
    /// Whether it may be null.
    pub nullable: bool,
    /// The values of an enumeration, in its order.
    pub values: Vec<&'a Value>,
    /// The properties of an object, in its order.
    pub properties: Vec<(&'a str, &'a Value)>,
    /// The properties that each alternative requires.
    pub required: BTreeSet<&'a str>,
    /// The elements of a list.
    pub items: Option<&'a Value>,
    /// The values of a map.
    pub map_values: Option<&'a Value>,
    /// The keywords that a type of ours cannot say, with their values.
    pub limits: BTreeMap<&'a str, &'a Value>,
    /// What the document says of it.
    pub description: &'a str,
    /// The format of a text or a number.
    pub format: &'a str,
}

/// Keywords that our contract says in words.
const LIMITS: [&str; 12] = [
    "pattern",
    "minLength",
    "maxLength",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minimum",
    "maximum",
    "default",
    "uniqueItems",
    "minItems",
    "maxItems",
    "multipleOf",
];

impl<'a> Shape<'a> {
    /// Reads a schema of a document.
    pub fn of(document: &'a Value, schema: &'a Value) -> Self {
        Self::read(document, schema, 0)
    }

    fn read(document: &'a Value, schema: &'a Value, depth: usize) -> Self {
        let schema = resolve(document, schema);
        let mut shape = Self { description: text(&schema["description"]), ..Self::default() };
        shape.format = text(&schema["format"]);
        let types = &schema["type"];
        for name in elements(types).chain([types]).filter_map(Value::as_str) {
            if name == "null" { shape.nullable = true } else { _ = shape.types.insert(name) }
        }
        shape.nullable |= schema["nullable"] == true;
        for value in elements(&schema["enum"]).chain(schema.get("const")) {
            if value.is_null() { shape.nullable = true } else { shape.values.push(value) }
        }
        if shape.types.is_empty() && !shape.values.is_empty() && shape.values.iter().all(|value| value.is_string()) {
            shape.types.insert("string");
        }
        shape.properties = entries(&schema["properties"]).map(|(name, node)| (name.as_str(), node)).collect();
        shape.required = elements(&schema["required"]).filter_map(Value::as_str).collect();
        shape.items = schema.get("items");
        shape.map_values = schema.get("additionalProperties").filter(|values| values.is_object());
        shape.limits = LIMITS.iter().filter_map(|keyword| Some((*keyword, schema.get(*keyword)?))).collect();
        if depth < MAX_DEPTH {
            shape.add_all(document, schema, depth);
            shape.add_alternatives(document, schema, depth);
        }
        if shape.types.is_empty() && !shape.properties.is_empty() {
            shape.types.insert("object");
        }
        shape
    }

    fn add_all(&mut self, document: &'a Value, schema: &'a Value, depth: usize) {
        for part in elements(&schema["allOf"]) {
            let part = Self::read(document, part, depth + 1);
            self.required.extend(part.required.iter().copied());
            self.nullable |= part.nullable;
            self.add(part);
        }
    }

    fn add_alternatives(&mut self, document: &'a Value, schema: &'a Value, depth: usize) {
        let mut common: Option<BTreeSet<&str>> = None;
        for alternative in elements(&schema["anyOf"]).chain(elements(&schema["oneOf"])) {
            let alternative = Self::read(document, alternative, depth + 1);
            self.nullable |= alternative.nullable;
            let is_null = alternative.nullable && alternative.types.is_empty();
            if !is_null {
                let required = &alternative.required;
                common = Some(common.map_or_else(|| required.clone(), |common| &common & required));
                self.add(alternative);
            }
        }
        self.required.extend(common.into_iter().flatten());
    }

    fn add(&mut self, other: Self) {
        self.types.extend(other.types);
        for value in other.values {
            if !self.values.contains(&value) {
                self.values.push(value);
            }
        }
        for (name, node) in other.properties {
            if self.property(name).is_none() {
                self.properties.push((name, node));
            }
        }
        self.items = self.items.or(other.items);
        self.map_values = self.map_values.or(other.map_values);
        self.limits.extend(other.limits);
        self.description = if self.description.is_empty() { other.description } else { self.description };
        self.format = if self.format.is_empty() { other.format } else { self.format };
    }

    /// Whether nothing can be said of what it holds: an object whose properties are not described may hold anything.
    pub fn is_any(&self) -> bool {
        let is_object = self.types == BTreeSet::from(["object"]);
        self.types.is_empty() || is_object && self.properties.is_empty() && !self.is_map()
    }

    /// Whether it is a map whose values are described.
    pub fn is_map(&self) -> bool {
        self.properties.is_empty()
            && self.map_values.is_some_and(|values| values.as_object().is_some_and(|object| !object.is_empty()))
    }

    /// Its type, where it has just one.
    pub fn single_type(&self) -> Option<&'a str> {
        let mut types = self.types.iter();
        types.next().copied().filter(|_| types.next().is_none())
    }

    /// A property by its name.
    pub fn property(&self, name: &str) -> Option<&'a Value> {
        self.properties.iter().find(|(other, _)| *other == name).map(|(_, node)| *node)
    }

    /// The values of an enumeration of texts.
    pub fn texts(&self) -> Vec<&'a str> {
        self.values.iter().filter_map(|value| value.as_str()).collect()
    }

    /// Whether every type of the other is one of these; integers are numbers, and numbers may be whole.
    pub fn covers(&self, other: &Self) -> bool {
        let number = |name: &str| matches!(name, "integer" | "number");
        let covered =
            |name: &&str| self.types.contains(name) || number(name) && self.types.iter().any(|own| number(own));
        other.types.iter().all(covered)
    }

    /// The types as words.
    pub fn type_names(&self) -> String {
        let names = self.types.iter().copied().collect::<Vec<_>>().join(" or ");
        if names.is_empty() { "anything".into() } else { names }
    }
}
