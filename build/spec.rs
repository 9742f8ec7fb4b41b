//! Reads the contract: its operations, its schemas, and what refers to what.

pub(crate) mod confirm;
mod pages;
mod rules;
pub(crate) mod yaml;

use std::collections::BTreeSet;

use serde_json::Value;

use self::confirm::entry::Entry;
pub(crate) use self::pages::SpecPage;

/// Types and formats of properties whose Rust types are written by hand, in `src`.
pub(crate) const FORMATS: [(&str, &str, &str); 4] = [
    ("string", "password", "crate::Secret"),
    ("string", "lock-id", "crate::LockId"),
    ("string", "date-time", "crate::DateTime"),
    ("number", "epoch-millis", "crate::DateTime"),
];

/// The contract as it is written, and its operations.
pub(crate) struct Spec {
    pub(crate) document: Value,
    pub(crate) operations: Vec<SpecOperation>,
}

/// What the contract says of an operation, validated.
pub(crate) struct SpecOperation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) retry: String,
    pub(crate) retry_reason: String,
    pub(crate) auth: &'static str,
    /// Its success is a 303 with a `Location`, not a 2xx.
    pub(crate) redirects: bool,
    /// Whether it moves something physical, a door above all.
    pub(crate) physical: bool,
    /// How its list is read page by page, where it is.
    pub(crate) page: Option<SpecPage>,
    /// How it is confirmed; none if it only reads.
    pub(crate) confirm: Option<Entry>,
    /// The tag of the contract that it belongs to.
    pub(crate) area: String,
    pub(crate) summary: String,
    pub(crate) description: String,
}

impl Spec {
    /// Parses and validates the text of the contract.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let document = yaml::read(text)?;
        let operations = rules::check(&document)?;
        Ok(Self { document, operations })
    }

    /// The node of an operation.
    pub(crate) fn node(&self, operation: &SpecOperation) -> &Value {
        &self.document["paths"][&operation.path][&operation.method]
    }

    /// The named schemas, in the order of the contract.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = (&String, &Value)> {
        entries(&self.document["components"]["schemas"])
    }

    /// The names of the schemas that requests are made of.
    pub(crate) fn request_schemas(&self) -> BTreeSet<&str> {
        self.reachable("requestBody")
    }

    /// The names of the schemas that responses are made of.
    pub(crate) fn response_schemas(&self) -> BTreeSet<&str> {
        self.reachable("responses")
    }

    fn reachable(&self, part: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for operation in &self.operations {
            self.reach(&self.node(operation)[part], &mut found);
        }
        found
    }

    fn reach<'a>(&'a self, node: &'a Value, found: &mut BTreeSet<&'a str>) {
        if let Some(name) = schema_name(node)
            && found.insert(name)
        {
            self.reach(&self.document["components"]["schemas"][name], found);
        }
        children(node).for_each(|child| self.reach(child, found));
    }
}

/// The name that a `$ref` to a schema ends in.
pub(crate) fn schema_name(node: &Value) -> Option<&str> {
    node["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// The entries of an object; none of anything else.
pub(crate) fn entries(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.as_object().into_iter().flatten()
}

/// The elements of a list; none of anything else.
pub(crate) fn elements(node: &Value) -> impl Iterator<Item = &Value> {
    node.as_array().into_iter().flatten()
}

/// The text of a node; empty if it has none.
pub(crate) fn text(node: &Value) -> &str {
    node.as_str().unwrap_or_default().trim()
}

/// Follows a reference within the document; any other node is returned as it is.
pub(crate) fn resolve<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let pointer = node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(node)
}

/// A text as Cargo can print it: a line break would end the message.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an object or a list holds.
fn children(node: &Value) -> impl Iterator<Item = &Value> {
    entries(node).map(|(_, value)| value).chain(elements(node))
}
