//! Reads the contract and refuses what could not be generated rightly, naming the operation and the mend.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

/// The contract as it is written, and its operations.
pub(crate) struct Contract {
    pub(crate) document: Value,
    pub(crate) operations: Vec<Operation>,
}

/// One operation of the contract.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) retry: String,
    pub(crate) auth: &'static str,
    /// Answers its success with a 303 and a `Location`, not with a 2xx.
    pub(crate) redirects: bool,
}

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];
const RETRIES: [&str; 4] = ["safe", "repeatable", "once", "never"];

/// Keywords that the generator turns into types which refuse valid values, or cannot take at all.
const UNSUPPORTED: [&str; 15] = [
    "pattern",
    "minLength",
    "maxLength",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "maximum",
    "default",
    "uniqueItems",
    "minItems",
    "maxItems",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "discriminator",
];

impl Contract {
    /// Checks the document and collects its operations.
    pub(crate) fn read(document: Value) -> Result<Self, String> {
        for (name, schema) in entries(&document["components"]["schemas"]) {
            check_schema(schema, true).map_err(|fault| format!("schema {name}: {fault}"))?;
        }
        let mut ids = HashSet::new();
        let mut operations = Vec::new();
        for (path, item) in entries(&document["paths"]) {
            for (method, operation) in entries(item) {
                let place = format!("{} {path}", method.to_uppercase());
                if !METHODS.contains(&method.as_str()) {
                    return Err(format!("{place}: only {} are allowed under a path", METHODS.join(", ")));
                }
                let read = Operation::read(&document, path, method, operation);
                let operation = read.map_err(|fault| format!("{place}: {fault}"))?;
                if !ids.insert(operation.id.clone()) {
                    return Err(format!("{place}: operationId {} is taken, choose another", operation.id));
                }
                operations.push(operation);
            }
        }
        Ok(Self { document, operations })
    }

    /// The operation of that id, as the contract has it.
    pub(crate) fn node(&self, operation: &Operation) -> &Value {
        &self.document["paths"][&operation.path][&operation.method]
    }

    /// The named schemas.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = (&String, &Value)> {
        entries(&self.document["components"]["schemas"])
    }

    /// Follows a reference within the document; anything else stays as it is.
    pub(crate) fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        resolve(&self.document, node)
    }

    /// The names of the schemas that requests are made of.
    pub(crate) fn request_schemas(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for operation in &self.operations {
            self.reach(&self.node(operation)["requestBody"], &mut found);
        }
        found
    }

    /// The names of the schemas that answers are made of.
    pub(crate) fn answer_schemas(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for operation in &self.operations {
            self.reach(&self.node(operation)["responses"], &mut found);
        }
        found
    }

    /// The names of the schemas of the events' payloads.
    pub(crate) fn event_schemas(&self) -> BTreeSet<&str> {
        entries(&self.document["x-spkey-events"]).filter_map(|(_, schema)| schema.as_str()).collect()
    }

    fn reach<'a>(&'a self, node: &'a Value, found: &mut BTreeSet<&'a str>) {
        match node {
            Value::Object(map) => {
                if let Some(name) = schema_name(node)
                    && found.insert(name)
                {
                    self.reach(&self.document["components"]["schemas"][name], found);
                }
                map.values().for_each(|value| self.reach(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| self.reach(value, found)),
            _ => {}
        }
    }
}

impl Operation {
    fn read(document: &Value, path: &str, method: &str, node: &Value) -> Result<Self, String> {
        let id = text(node, "operationId")?;
        if id.is_empty() || id.chars().any(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')) {
            return Err(format!("operationId {id} must be in snake case"));
        }
        text(node, "summary")?;
        text(node, "description")?;
        let retry = text(node, "x-spkey-retry")?;
        if !RETRIES.contains(&retry) {
            return Err(format!("x-spkey-retry is {retry}, it must be one of {}", RETRIES.join(", ")));
        }
        let auth = check_auth(document, node)?;
        check_parameters(document, path, node)?;
        if let Some(body) = node.get("requestBody") {
            let schema = &body["content"]["application/json"]["schema"];
            if schema_name(schema).is_none() {
                return Err("the request body must be application/json with a $ref to a named schema".into());
            }
        }
        let redirects = check_responses(document, node)?;
        Ok(Self { id: id.into(), method: method.into(), path: path.into(), retry: retry.into(), auth, redirects })
    }
}

/// The name that a `$ref` to a schema ends in.
pub(crate) fn schema_name(node: &Value) -> Option<&str> {
    node["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

fn check_auth(document: &Value, node: &Value) -> Result<&'static str, String> {
    let security = node.get("security").unwrap_or(&document["security"]);
    let schemes: Vec<_> = security.as_array().into_iter().flatten().flat_map(entries).map(|(name, _)| name).collect();
    let by_security = match schemes.as_slice() {
        [] => "none",
        names if names.iter().any(|name| *name == "adminKey") => "admin",
        _ => "caller",
    };
    match node.get("x-spkey-auth").map_or(Some("caller"), Value::as_str) {
        Some(auth) if auth == by_security => Ok(by_security),
        _ => Err(format!("x-spkey-auth and security disagree: security says {by_security}")),
    }
}

fn check_parameters(document: &Value, path: &str, node: &Value) -> Result<(), String> {
    let mut names = BTreeSet::new();
    let mut in_path = 0;
    for parameter in node["parameters"].as_array().into_iter().flatten() {
        let parameter = resolve(document, parameter);
        let name = text(parameter, "name")?;
        text(parameter, "description").map_err(|fault| format!("parameter {name}: {fault}"))?;
        check_schema(&parameter["schema"], false).map_err(|fault| format!("parameter {name}: {fault}"))?;
        if !names.insert(name) {
            return Err(format!("two parameters are called {name}: rename the one in the path"));
        }
        if parameter["in"] == "path" {
            in_path += 1;
            if !path.contains(&format!("{{{name}}}")) {
                return Err(format!("parameter {name} is not in the path"));
            }
        }
    }
    if path.matches('{').count() != in_path {
        return Err("a placeholder of the path has no parameter".into());
    }
    Ok(())
}

/// Says whether the success is a 303.
fn check_responses(document: &Value, node: &Value) -> Result<bool, String> {
    let mut successes = Vec::new();
    for (status, response) in entries(&node["responses"]) {
        let response = resolve(document, response);
        match status.as_str() {
            "4XX" | "5XX" => {
                if schema_name(&response["content"]["application/json"]["schema"]) != Some("ApiError") {
                    return Err(format!("{status} must have the schema ApiError"));
                }
            }
            "200" | "201" | "303" => successes.push((status, &response["content"])),
            _ => return Err(format!("response {status}: write 200, 201, 303, 4XX or 5XX")),
        }
        if let Some(body) = response["content"].get("application/json")
            && schema_name(&body["schema"]).is_none()
        {
            return Err(format!("response {status} must be a $ref to a named schema"));
        }
    }
    if node["responses"].get("4XX").is_none() || node["responses"].get("5XX").is_none() {
        return Err("4XX and 5XX must be described".into());
    }
    match successes.as_slice() {
        [] => Err("no success is described: add 200, 201 or 303".into()),
        [first, rest @ ..] if rest.iter().any(|(_, content)| content != &first.1) => {
            Err("its successes differ: give 200 and 201 the same schema".into())
        }
        all => Ok(all.iter().any(|(status, _)| *status == "303")),
    }
}

/// Refuses inline objects and enums, and keywords that do harm.
fn check_schema(schema: &Value, named: bool) -> Result<(), String> {
    if schema.get("$ref").is_some() {
        return Ok(());
    }
    if let Some(keyword) = UNSUPPORTED.iter().find(|keyword| schema.get(**keyword).is_some()) {
        return Err(format!("{keyword} is not supported: say it in the description"));
    }
    if !named && (schema.get("enum").is_some() || schema.get("properties").is_some()) {
        return Err("an inline object or enum must become a named schema".into());
    }
    if named {
        text(schema, "description")?;
    }
    for (name, property) in entries(&schema["properties"]) {
        let checked = if property.get("$ref").is_some() { Ok(()) } else { text(property, "description").map(drop) };
        checked.and_then(|()| check_schema(property, false)).map_err(|fault| format!("{name}: {fault}"))?;
    }
    ["items", "additionalProperties"].iter().filter_map(|key| schema.get(*key)).try_for_each(|s| check_schema(s, false))
}

fn text<'a>(node: &'a Value, key: &str) -> Result<&'a str, String> {
    node[key].as_str().filter(|text| !text.is_empty()).ok_or_else(|| format!("{key} is missing"))
}

pub(crate) fn entries(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.as_object().into_iter().flatten()
}

fn resolve<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let pointer = node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(node)
}
