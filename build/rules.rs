//! Rejects a contract of which no correct code could be generated. Every error is one line that names the operation or the
//! schema, and the fix.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{FORMATS, SpecOperation, children, confirm, elements, entries, pages, resolve, schema_name, text};

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];
const RETRY_CLASSES: [&str; 4] = ["safe", "idempotent", "at-most-once", "no-retry"];

/// Keywords that progenitor turns into types which reject valid values, or does not support at all.
const UNSUPPORTED: &str = "pattern minLength maxLength exclusiveMinimum exclusiveMaximum maximum default uniqueItems \
                           minItems maxItems oneOf anyOf allOf not discriminator";

/// Checks the whole contract and returns its operations.
pub(super) fn check(document: &Value) -> Result<Vec<SpecOperation>, String> {
    let version = text(&document["openapi"]);
    require(version.starts_with("3.0."), || {
        format!("openapi is {version:?}: write 3.0.3, progenitor supports no other version")
    })?;
    check_references(document, document)?;
    for (name, schema) in entries(&document["components"]["schemas"]) {
        check_named_schema(schema).map_err(|problem| format!("schema {name}: {problem}"))?;
    }
    check_servers(document)?;
    check_events(document)?;
    let operations = operations(document)?;
    confirmed(document, operations)
}

/// Fails with the problem unless the rule holds.
pub(super) fn require(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

fn required_text<'a>(node: &'a Value, key: &str) -> Result<&'a str, String> {
    let text = text(&node[key]);
    require(!text.is_empty(), || format!("{key} is missing: add it"))?;
    Ok(text)
}

/// The operations with how each is confirmed, which may name any other.
fn confirmed(document: &Value, mut operations: Vec<SpecOperation>) -> Result<Vec<SpecOperation>, String> {
    let check = |command: &SpecOperation| {
        let place = format!("{} {}", command.method.to_uppercase(), command.path);
        confirm::check(document, &operations, command).map_err(|problem| format!("{place}: {problem}"))
    };
    let entries = operations.iter().map(check).collect::<Result<Vec<_>, _>>()?;
    operations.iter_mut().zip(entries).for_each(|(operation, entry)| operation.confirm = entry);
    Ok(operations)
}

fn operations(document: &Value) -> Result<Vec<SpecOperation>, String> {
    let mut operations: Vec<SpecOperation> = Vec::new();
    for (path, item) in entries(&document["paths"]) {
        for (method, node) in entries(item) {
            let place = format!("{} {path}", method.to_uppercase());
            let operation = operation(document, path, method, node).map_err(|problem| format!("{place}: {problem}"))?;
            let id = &operation.id;
            require(operations.iter().all(|other| other.id != *id), || {
                format!("{place}: operationId {id} is taken: choose another")
            })?;
            operations.push(operation);
        }
    }
    Ok(operations)
}

fn operation(document: &Value, path: &str, method: &str, node: &Value) -> Result<SpecOperation, String> {
    require(METHODS.contains(&method), || format!("only {} are allowed under a path", METHODS.join(", ")))?;
    let id = required_text(node, "operationId")?;
    let is_snake = id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    require(is_snake, || format!("operationId {id} must be in snake case"))?;
    let summary = required_text(node, "summary")?;
    let description = required_text(node, "description")?;
    let retry = required_text(node, "x-spkey-retry")?;
    require(RETRY_CLASSES.contains(&retry), || {
        format!("x-spkey-retry is {retry}: use one of {}", RETRY_CLASSES.join(", "))
    })?;
    let retry_reason = text(&node["x-spkey-retry-reason"]);
    require(retry == "safe" || !retry_reason.is_empty(), || {
        format!("x-spkey-retry-reason is missing: say why it is {retry}")
    })?;
    let auth = check_auth(document, node)?;
    let in_query = check_parameters(document, path, node)?;
    check_body(document, node, &in_query)?;
    Ok(SpecOperation {
        id: id.into(),
        method: method.into(),
        path: path.into(),
        retry: retry.into(),
        retry_reason: retry_reason.into(),
        auth,
        redirects: check_responses(document, node)?,
        physical: node["x-spkey-physical"] == true,
        page: pages::check(document, node)?,
        confirm: None,
        area: text(&node["tags"][0]).into(),
        summary: summary.into(),
        description: description.into(),
    })
}

fn check_references(document: &Value, node: &Value) -> Result<(), String> {
    if let Some(reference) = node["$ref"].as_str() {
        let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        require(target.is_some(), || format!("$ref {reference}: there is no such component: add it or fix the name"))?;
    }
    children(node).try_for_each(|child| check_references(document, child))
}

fn check_auth(document: &Value, node: &Value) -> Result<&'static str, String> {
    let security = node.get("security").unwrap_or(&document["security"]);
    let schemes: Vec<_> = elements(security).flat_map(entries).map(|(name, _)| name.as_str()).collect();
    let by_security = match schemes.as_slice() {
        [] => "none",
        names if names.contains(&"adminKey") => "admin",
        _ => "caller",
    };
    let auth = node.get("x-spkey-auth").map_or("caller", text);
    require(auth == by_security, || format!("x-spkey-auth does not match security: set it to {by_security}"))?;
    Ok(by_security)
}

/// Checks the parameters and returns the names of those in the query.
fn check_parameters<'a>(document: &'a Value, path: &str, node: &'a Value) -> Result<BTreeSet<&'a str>, String> {
    let (mut in_path, mut in_query) = (BTreeSet::new(), BTreeSet::new());
    for parameter in elements(&node["parameters"]) {
        let parameter = resolve(document, parameter);
        let name = required_text(parameter, "name")?;
        required_text(parameter, "description").map_err(|problem| format!("parameter {name}: {problem}"))?;
        check_schema(&parameter["schema"]).map_err(|problem| format!("parameter {name}: {problem}"))?;
        let is_in_path = parameter["in"] == "path";
        let names = if is_in_path { &mut in_path } else { &mut in_query };
        require(names.insert(name), || format!("parameter {name} is there twice: remove one"))?;
        require(!is_in_path || path.contains(&format!("{{{name}}}")), || {
            format!("parameter {name} is not in the path: add {{{name}}} or remove it")
        })?;
    }
    if let Some(name) = in_path.intersection(&in_query).next() {
        return Err(format!("parameter {name} is in the path and in the query: rename the one in the path"));
    }
    let placeholders = path.matches('{').count();
    require(placeholders == in_path.len(), || "a placeholder of the path has no parameter: describe it".into())?;
    Ok(in_query)
}

fn check_body(document: &Value, node: &Value, in_query: &BTreeSet<&str>) -> Result<(), String> {
    let Some(body) = node.get("requestBody") else { return Ok(()) };
    let schema = &body["content"]["application/json"]["schema"];
    let name = schema_name(schema).ok_or("the request body must be application/json with a $ref to a named schema")?;
    let properties = &resolve(document, schema)["properties"];
    require(properties.is_object(), || format!("the request body {name} must be an object with properties"))?;
    entries(properties).try_for_each(|(name, _)| {
        require(!in_query.contains(name.as_str()), || {
            format!("{name} is in the query and in the body: one setter cannot fill both, rename one")
        })
    })
}

/// Returns whether the success is a 303.
fn check_responses(document: &Value, node: &Value) -> Result<bool, String> {
    let mut successes = Vec::new();
    for (status, response) in entries(&node["responses"]) {
        let response = resolve(document, response);
        required_text(response, "description").map_err(|problem| format!("response {status}: {problem}"))?;
        let content = &response["content"];
        let json = content.get("application/json");
        let schema = json.and_then(|json| schema_name(&json["schema"]));
        match status.as_str() {
            "4XX" | "5XX" => require(schema == Some("ApiError"), || format!("{status} must have the schema ApiError"))?,
            "200" | "201" | "303" => successes.push(content),
            _ => return Err(format!("response {status}: write 200, 201, 303, 4XX or 5XX")),
        }
        require(json.is_none() || schema.is_some(), || format!("response {status} must be a $ref to a named schema"))?;
    }
    let described = |status: &str| node["responses"].get(status).is_some();
    require(described("4XX") && described("5XX"), || "4XX and 5XX must be described".into())?;
    let success = successes.first().ok_or("no success is described: add 200, 201 or 303")?;
    require(successes.iter().all(|other| other == success), || {
        "its successes have two types: give 200 and 201 the same schema".into()
    })?;
    Ok(described("303"))
}

fn check_named_schema(schema: &Value) -> Result<(), String> {
    required_text(schema, "description")?;
    if let Some(values) = schema.get("enum") {
        let are_texts = elements(values).count() > 0 && elements(values).all(Value::is_string);
        require(are_texts, || "enum has no values, or values that are not text: list them".into())?;
    }
    check_keywords(schema)?;
    for (name, property) in entries(&schema["properties"]) {
        check_property(property).map_err(|problem| format!("{name}: {problem}"))?;
    }
    check_contents(schema)
}

fn check_property(property: &Value) -> Result<(), String> {
    if property.get("$ref").is_none() || property.get("description").is_some() {
        required_text(property, "description")?;
    }
    check_schema(property)
}

/// Checks the elements of a list and the values of a map.
fn check_contents(schema: &Value) -> Result<(), String> {
    ["items", "additionalProperties"].iter().filter_map(|key| schema.get(*key)).try_for_each(check_schema)
}

/// Rejects what only a named schema may be, and keywords that do harm.
fn check_schema(schema: &Value) -> Result<(), String> {
    if schema.get("$ref").is_some() || schema == true {
        return Ok(());
    }
    check_keywords(schema)?;
    let is_inline = schema.get("enum").is_some() || schema.get("properties").is_some();
    require(!is_inline, || "an inline object or enum must become a named schema".into())?;
    require(schema["type"].is_string(), || {
        "it has no type and may hold a secret: use a $ref to a named schema without type".into()
    })?;
    check_contents(schema)
}

fn check_keywords(schema: &Value) -> Result<(), String> {
    let (kind, format) = (text(&schema["type"]), text(&schema["format"]));
    let is_known = (kind, format) == ("integer", "int64") || FORMATS.iter().any(|row| (row.0, row.1) == (kind, format));
    require(format.is_empty() || is_known, || format!("format {format} of type {kind} has no meaning: remove it"))?;
    UNSUPPORTED.split_whitespace().try_for_each(|keyword| {
        require(schema.get(keyword).is_none(), || format!("{keyword} is not supported: say it in the description"))
    })
}

/// Each server is named by its description: it becomes a variant of `Environment`.
fn check_servers(document: &Value) -> Result<(), String> {
    require(elements(&document["servers"]).count() > 0, || "servers: list at least one".into())?;
    for server in elements(&document["servers"]) {
        let name = text(&server["description"]);
        require(is_type_name(name), || {
            format!("servers: {name:?} must be a word with a capital, like Production: it names the variant")
        })?;
        required_text(server, "url").map_err(|problem| format!("servers: {name}: {problem}"))?;
    }
    Ok(())
}

fn check_events(document: &Value) -> Result<(), String> {
    for (event, schema) in entries(&document["x-spkey-events"]) {
        let schema = text(schema);
        require(document["components"]["schemas"][schema]["type"] == "object", || {
            format!("x-spkey-events: {event}: there is no object schema {schema:?}: describe its payload")
        })?;
        require(is_type_name(event), || {
            format!("x-spkey-events: {event} must be a word with a capital, like KeyAdded")
        })?;
    }
    Ok(())
}

fn is_type_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
