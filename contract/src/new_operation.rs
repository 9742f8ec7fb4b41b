//! Makes an operation of ours from a published one: id, tag, credentials, names in its path, and what a person must fill in.

use serde_json::{Map, Value, json};

use crate::addition::Direction;
use crate::compare::{SUCCESSES, published_auth};
use crate::convert::Converter;
use crate::document::{
    Operation, Path, body_schema, elements, entries, find, join, json_schema, operations, path, placeholders,
    reference, resolve, segments, text,
};
use crate::note::Task;
use crate::placeholders;
use crate::reuse::Written;
use crate::shape::Shape;
use crate::words::{camel, pascal, singular, snake};

/// An operation to write.
pub(crate) struct NewOperation<'a> {
    pub(crate) path: String,
    pub(crate) node: Value,
    /// The schemas and notes of its request and of its response.
    pub(crate) parts: Vec<Converter<'a>>,
}

/// Makes an operation of ours from a published one.
pub(crate) fn new_operation<'a>(
    ours: &Value,
    published: &'a Value,
    written: &Written,
    operation: Operation<'a>,
) -> NewOperation<'a> {
    let our_path = our_path(ours, operation.path);
    let at = path(&["paths", &our_path, operation.method]);
    let id = operation_id(ours, operation);
    let mut request = Converter::new(published, ours, written, Direction::Request);
    let mut node = Map::new();
    node.insert("operationId".into(), json!(id));
    request.note(&join(&at, "operationId"), Task::Check(format!("made from {}", text(&operation.node["operationId"]))));
    let neighbour = operations(ours)
        .filter(|known| known.node.get("tags").is_some())
        .max_by_key(|known| common(known.path, &our_path));
    let tags = neighbour.map_or(json!([segments(&our_path).nth(1)]), |known| known.node["tags"].clone());
    node.insert("tags".into(), tags);
    request.note(&join(&at, "tags"), Task::Check("those of its neighbour".into()));
    for key in ["summary", "description"] {
        node.insert(key.into(), Value::Null);
        request.write(&join(&at, key), text(&operation.node[key]));
    }
    let auth = published_auth(operation.node);
    let auth_or_neighbours = auth.unwrap_or(if our_path.starts_with("/admin") { "admin" } else { "caller" });
    if auth_or_neighbours != "caller" {
        node.insert("x-spkey-auth".into(), json!(auth_or_neighbours));
    }
    if auth.is_none() {
        let task =
            format!("security is that of its neighbours, {auth_or_neighbours}: the service says nothing of its own");
        request.note(&at, Task::Check(task));
    }
    for (key, task) in placeholders::facts(operation.method, &mut node) {
        request.note(&join(&at, key), Task::Decide((*task).into()));
    }
    if id.contains("open") || id.contains("unlock") {
        request.note(&at, Task::Decide("does it move something physical? then `x-spkey-physical: true`".into()));
    }
    match auth_or_neighbours {
        "admin" => _ = node.insert("security".into(), json!([{ "adminKey": [], "bearer": [] }])),
        "none" => _ = node.insert("security".into(), json!([])),
        _ => {}
    }
    let parameters = parameters(ours, (&our_path, &at), &id, operation, &mut request);
    if !parameters.is_empty() {
        node.insert("parameters".into(), Value::Array(parameters));
    }
    let schema = body_schema(published, operation.node);
    if let Some(schema) = schema.filter(|schema| !Shape::of(published, schema).properties.is_empty()) {
        node.insert("requestBody".into(), request_body(&mut request, &at, &id, schema));
    }
    let ours = request.ours().clone();
    let mut response = Converter::new(published, &ours, written, Direction::Response);
    node.insert("responses".into(), responses(&mut response, &at, &id, operation));
    NewOperation { path: our_path, node: Value::Object(node), parts: vec![request, response] }
}

/// A body of a request, with its named schema.
pub(crate) fn request_body(converter: &mut Converter, at: &Path, id: &str, schema: &Value) -> Value {
    let schema = converter.body(&format!("{}Request", pascal(id)), at, schema);
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

/// A parameter in the path or in the query.
pub(crate) fn parameter(converter: &mut Converter, at: &Path, id: &str, name: &str, node: &Value) -> Value {
    let mut parameter = Map::new();
    parameter.insert("name".into(), json!(name));
    parameter.insert("in".into(), node["in"].clone());
    if node["required"] == true {
        parameter.insert("required".into(), json!(true));
    }
    parameter.insert("description".into(), Value::Null);
    let described = [text(&node["description"]), text(&node["schema"]["description"])];
    converter.write(&join(at, "description"), described.into_iter().find(|text| !text.is_empty()).unwrap_or_default());
    parameter.insert("schema".into(), converter.parameter(&pascal(id), &join(at, "schema"), name, &node["schema"]));
    Value::Object(parameter)
}

/// A status of success.
pub(crate) fn response(converter: &mut Converter, at: &Path, id: &str, node: &Value) -> Value {
    let mut response = json!({ "description": null });
    converter.write(&join(at, "description"), text(&node["description"]));
    let content = &node["content"];
    if let Some(schema) = json_schema(content) {
        let schema = converter.body(&format!("{}Response", pascal(id)), at, schema);
        response["content"] = json!({ "application/json": { "schema": schema } });
    } else if let Some((kind, _)) = entries(content).next() {
        response["content"] = json!({ kind.as_str(): { "schema": { "type": "string" } } });
    }
    response
}

fn responses(converter: &mut Converter, at: &Path, id: &str, operation: Operation) -> Value {
    let mut responses = Map::new();
    for (status, node) in entries(&operation.node["responses"]) {
        let node = resolve(converter.published(), node);
        let at = join(&join(at, "responses"), status);
        if SUCCESSES.contains(&status.as_str()) {
            let made = match responses.values().next().map(|first: &Value| first["content"].clone()) {
                // All successes of an operation have one type.
                Some(content) => {
                    converter.write(&join(&at, "description"), text(&node["description"]));
                    json!({ "description": null, "content": content })
                }
                None => response(converter, &at, id, node),
            };
            responses.insert(status.clone(), made);
        } else if !status.starts_with(['4', '5']) && status != "default" {
            converter.note(&at, Task::Decide(format!("status {status} is not supported by the build")));
        }
    }
    responses.insert("4XX".into(), json!({ "$ref": "#/components/responses/Rejected" }));
    responses.insert("5XX".into(), json!({ "$ref": "#/components/responses/ServerError" }));
    Value::Object(responses)
}

fn parameters(
    ours: &Value,
    (our_path, at): (&str, &Path),
    id: &str,
    operation: Operation,
    converter: &mut Converter,
) -> Vec<Value> {
    let mut made: Vec<Value> = Vec::new();
    let published = converter.published();
    for node in operation.parameters(published) {
        let at = join(&join(at, "parameters"), &made.len().to_string());
        let name = text(&node["name"]);
        match text(&node["in"]) {
            "path" => {
                let position = placeholders(operation.path).position(|known| known == name).unwrap_or_default();
                let name = placeholders(our_path).nth(position).unwrap_or(name);
                let known = known_parameter(ours, our_path, name);
                made.push(known.unwrap_or_else(|| parameter(converter, &at, id, name, node)));
            }
            "query" => made.push(parameter(converter, &at, id, name, node)),
            place => converter
                .note(&at, Task::Decide(format!("a parameter in the {place}, {name}, is not supported by the build"))),
        }
    }
    made
}

/// A parameter of the path that another path of ours begins with too, or a named one.
fn known_parameter(ours: &Value, our_path: &str, name: &str) -> Option<Value> {
    let placeholder = format!("{{{name}}}");
    let start = &our_path[..our_path.find(&placeholder)? + placeholder.len()];
    let list = |known: Operation| {
        let own = elements(&known.node["parameters"]).find(|node| {
            let node = resolve(ours, node);
            node["in"] == "path" && node["name"] == name
        });
        own.cloned()
    };
    let shared =
        entries(&ours["components"]["parameters"]).find(|(_, node)| node["in"] == "path" && node["name"] == name);
    let shared = shared.map(|(key, _)| json!({ "$ref": format!("#/components/parameters/{key}") }));
    let same = operations(ours).find(|known| known.path.starts_with(start)).and_then(list);
    same.filter(|node| reference(node).is_none_or(|at| find(ours, &at).is_some())).or(shared)
}

/// How many segments two paths begin with alike.
pub(crate) fn common(one: &str, other: &str) -> usize {
    let is_same = |(one, other): &(&str, &str)| one == other || one.starts_with('{') && other.starts_with('{');
    segments(one).zip(segments(other)).take_while(is_same).count()
}

/// A published path with our names for its parameters: those of our path that begins like it, or one made of what precedes.
fn our_path(ours: &Value, published: &str) -> String {
    let nearest = operations(ours).max_by_key(|known| common(known.path, published));
    let mut path: Vec<String> = Vec::new();
    let mut before = "";
    let shared = nearest.map_or(0, |known| common(known.path, published));
    for (position, segment) in segments(published).enumerate() {
        let Some(name) = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else {
            before = segment;
            path.push(segment.into());
            continue;
        };
        let ours = nearest.and_then(|known| segments(known.path).nth(position)).filter(|_| position < shared);
        // A name that is good for anything would not do as an argument.
        let is_generic = matches!(name, "id" | "uuid" | "type" | "name" | "number");
        let made =
            if is_generic { format!("{{{}{}}}", camel(&singular(before)), pascal(name)) } else { segment.into() };
        path.push(ours.map_or(made, ToOwned::to_owned));
    }
    path.join("/")
}

/// The id in the manner of ours: `post_AddDeviceRoute` becomes `add_device`.
fn operation_id(ours: &Value, operation: Operation) -> String {
    let published = text(&operation.node["operationId"]);
    let method = format!("{}_", operation.method);
    let name = published.strip_prefix(&method).unwrap_or(published);
    let words = snake(name.strip_suffix("Route").unwrap_or(name));
    let id = if words.is_empty() {
        let literals = segments(operation.path).filter(|segment| !segment.starts_with('{')).map(snake);
        let literals: Vec<_> = literals.filter(|words| !words.is_empty()).collect();
        format!("{}_{}", operation.method, literals.join("_"))
    } else {
        words
    };
    let is_taken = |id: &str| operations(ours).any(|known| known.node["operationId"] == id);
    let area = segments(operation.path).nth(1).map(|area| snake(&singular(area))).unwrap_or_default();
    let other = std::iter::once(format!("{area}_{id}")).chain((2..).map(|number| format!("{id}_{number}")));
    std::iter::once(id.clone()).chain(other).find(|id| !is_taken(id)).unwrap_or(id)
}
