//! Reads nodes of an OpenAPI document, ours or a published one.

use serde_json::Value;

/// The keys to a node, from the top of the document. An element of a list is known by its index.
pub type Path = Vec<String>;

/// The methods that an operation may have.
pub const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// An operation of a document.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    /// Its path, as it is written.
    pub path: &'a str,
    /// Its method, in lower case.
    pub method: &'a str,
    /// What is said of it.
    pub node: &'a Value,
    shared: &'a Value,
}

impl<'a> Operation<'a> {
    /// How the documents know it: names of parameters in a path are no part of the wire.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, wire_path(self.path))
    }

    /// How a person knows it.
    pub fn title(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// Where it is in its document.
    pub fn at(&self) -> Path {
        path(&["paths", self.path, self.method])
    }

    /// Its parameters, and those that its whole path has.
    pub fn parameters(&self, document: &'a Value) -> impl Iterator<Item = &'a Value> {
        elements(self.shared).chain(elements(&self.node["parameters"])).map(|node| resolve(document, node))
    }
}

/// The operations of a document, in its order.
pub fn operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    entries(&document["paths"]).flat_map(|(path, item)| {
        let known = entries(item).filter(|(method, _)| METHODS.contains(&method.as_str()));
        known.map(move |(method, node)| Operation { path, method, node, shared: &item["parameters"] })
    })
}

/// A path with `{}` for each parameter.
pub fn wire_path(path: &str) -> String {
    segments(path).map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect::<Vec<_>>().join("/")
}

/// The parts of a path between slashes; the first one is empty.
pub fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
}

/// The names of the parameters in a path, in its order.
pub fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    segments(path).filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// The keys as a path.
pub fn path(keys: &[&str]) -> Path {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// A path with one more key.
pub fn join(at: &[String], key: &str) -> Path {
    at.iter().cloned().chain([key.to_owned()]).collect()
}

/// Where a named schema is.
pub fn schema_path(name: &str) -> Path {
    path(&["components", "schemas", name])
}

/// The node that a path leads to.
pub fn find<'a>(document: &'a Value, at: &[String]) -> Option<&'a Value> {
    at.iter().try_fold(document, |node, key| match node {
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        _ => node.get(key),
    })
}

/// The node that a path leads to, to change it.
pub fn find_mut<'a>(document: &'a mut Value, at: &[String]) -> Option<&'a mut Value> {
    at.iter().try_fold(document, |node, key| match node {
        Value::Array(list) => list.get_mut(key.parse::<usize>().ok()?),
        _ => node.get_mut(key),
    })
}

/// The entries of an object; none of anything else.
pub fn entries(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.as_object().into_iter().flatten()
}

/// The elements of a list; none of anything else.
pub fn elements(node: &Value) -> impl Iterator<Item = &Value> {
    node.as_array().into_iter().flatten()
}

/// The text of a node; empty if it has none.
pub fn text(node: &Value) -> &str {
    node.as_str().unwrap_or_default().trim()
}

/// The path that a `$ref` within the document leads to.
pub fn reference(node: &Value) -> Option<Path> {
    let pointer = node["$ref"].as_str()?.strip_prefix("#/")?;
    Some(pointer.split('/').map(|key| key.replace("~1", "/").replace("~0", "~")).collect())
}

/// The name that a `$ref` to a schema ends in.
pub fn schema_name(node: &Value) -> Option<&str> {
    node["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// A `$ref` to a named schema.
pub fn reference_to(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Follows references within the document; any other node is returned as it is.
pub fn resolve<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let mut node = node;
    // A reference may lead to a reference, but not forever.
    for _ in 0..16 {
        match reference(node).and_then(|at| find(document, &at)) {
            Some(target) => node = target,
            None => break,
        }
    }
    node
}

/// The schema of JSON content.
pub fn json_schema(content: &Value) -> Option<&Value> {
    entries(content).find(|(kind, _)| kind.contains("json")).and_then(|(_, content)| content.get("schema"))
}

/// The schema of an operation's body.
pub fn body_schema<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    json_schema(&resolve(document, operation.get("requestBody")?)["content"])
}
