//! What differs between this contract and a published one, as far as the wire goes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Lists the differences, a line each.
pub fn differences(ours: &Value, published: &Value) -> Vec<String> {
    let (ours, theirs) = (operations(ours), operations(published));
    let mut found = Vec::new();
    for place in theirs.keys().filter(|place| !ours.contains_key(*place)) {
        found.push(format!("added: {place}"));
    }
    for (place, our) in &ours {
        match theirs.get(place) {
            None => found.push(format!("removed: {place}")),
            Some(their) => found.extend(our.differences(their).into_iter().map(|what| format!("{place}: {what}"))),
        }
    }
    found
}

/// What an operation takes and returns, laid out flat.
#[derive(Default)]
struct Wire {
    /// Parameters by place and name, and the body's properties by path.
    request: BTreeMap<String, Fact>,
    /// The properties of successes by status and path.
    successes: BTreeMap<String, Fact>,
    statuses: BTreeSet<String>,
}

#[derive(Clone, Debug, Default)]
struct Fact {
    types: BTreeSet<String>,
    required: bool,
    nullable: bool,
    values: BTreeSet<String>,
}

impl Wire {
    fn differences(&self, their: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (name, fact) in &their.request {
            match self.request.get(name) {
                None if !within_any(&self.request, name) => found.push(format!("{name}: added")),
                None => {}
                Some(our) => {
                    our.compare(fact, name, &mut found);
                    if our.required != fact.required {
                        found.push(format!(
                            "{name}: {}",
                            if fact.required { "now required" } else { "no longer required" }
                        ));
                    }
                    if our.nullable && !fact.nullable && !our.is_any() {
                        found.push(format!("{name}: may no longer be null"));
                    }
                    if fact.nullable && !our.nullable && our.required && !our.is_any() {
                        found.push(format!("{name}: may now be null"));
                    }
                }
            }
        }
        for (name, fact) in &their.successes {
            match self.successes.get(name) {
                None if !within_any(&self.successes, name) => found.push(format!("{name}: added")),
                None => {}
                Some(our) => {
                    our.compare(fact, name, &mut found);
                    if our.required && !fact.required {
                        found.push(format!("{name}: no longer promised"));
                    }
                }
            }
        }
        let removed_inputs =
            self.request.keys().filter(|name| !their.request.contains_key(*name) && !within_any(&their.request, name));
        let removed_outputs = self
            .successes
            .keys()
            .filter(|name| !their.successes.contains_key(*name) && !within_any(&their.successes, name));
        found.extend(removed_inputs.chain(removed_outputs).map(|name| format!("{name}: removed")));
        let covered =
            |status: &String| self.statuses.contains(status) || self.statuses.contains(&format!("{}XX", &status[..1]));
        found.extend(
            their.statuses.iter().filter(|status| !covered(status)).map(|status| format!("status {status}: added")),
        );
        found
    }
}

impl Fact {
    fn is_any(&self) -> bool {
        self.types.is_empty()
    }

    fn compare(&self, their: &Self, name: &str, found: &mut Vec<String>) {
        let list = |types: &BTreeSet<String>| types.iter().cloned().collect::<Vec<_>>().join(" or ");
        // A path or a query is text on the wire, whatever it is typed as.
        let text =
            (name.starts_with("path ") || name.starts_with("query ")) && their.types == ["string".to_owned()].into();
        let number = |ty: &str| matches!(ty, "integer" | "number");
        let holds = |ty: &String| self.types.contains(ty) || (number(ty) && self.types.iter().any(|our| number(our)));
        if !self.is_any() && !their.is_any() && !text && !their.types.iter().all(holds) {
            found.push(format!("{name}: was {}, is {}", list(&self.types), list(&their.types)));
        }
        if !self.values.is_empty() {
            found.extend(their.values.difference(&self.values).map(|value| format!("{name}: new value {value}")));
        }
    }
}

/// Whether something that holds `name` is of any shape, so that nothing can be said of what is within.
fn within_any(facts: &BTreeMap<String, Fact>, name: &str) -> bool {
    let ends = name.char_indices().filter(|(_, c)| matches!(c, '.' | '[')).map(|(end, _)| end);
    ends.filter_map(|end| facts.get(&name[..end])).any(Fact::is_any)
}

fn operations(document: &Value) -> BTreeMap<String, Wire> {
    let mut operations = BTreeMap::new();
    for (path, item) in entries(&document["paths"]) {
        for (method, node) in entries(item).filter(|(method, _)| *method != "parameters") {
            let place = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
            let place = format!("{} {}", method.to_uppercase(), place.collect::<Vec<_>>().join("/"));
            operations.insert(place, wire(document, path, &item["parameters"], node));
        }
    }
    operations
}

fn wire(document: &Value, path: &str, shared: &Value, node: &Value) -> Wire {
    let mut wire = Wire::default();
    let parameters = [shared, &node["parameters"]].into_iter().filter_map(Value::as_array).flatten();
    for parameter in parameters.map(|parameter| resolve(document, parameter)) {
        let (place, name) =
            (parameter["in"].as_str().unwrap_or_default(), parameter["name"].as_str().unwrap_or_default());
        // A path parameter is known by its place: its name is no part of the wire.
        let name = if place == "path" {
            path.find(&format!("{{{name}}}")).map_or_else(String::new, |_| position(path, name))
        } else {
            name.into()
        };
        let mut fact = fact(document, &parameter["schema"]);
        fact.required = parameter["required"] == true;
        fact.nullable = false;
        wire.request.insert(format!("{place} {name}"), fact);
    }
    let body = &resolve(document, &node["requestBody"])["content"]["application/json"]["schema"];
    if !body.is_null() {
        flatten(document, body, "body", &mut wire.request, 0);
        // Whether the body itself may be left out is not on the wire: an empty one is sent.
        wire.request.remove("body");
    }
    for (status, response) in entries(&node["responses"]) {
        wire.statuses.insert(status.clone());
        let schema = &resolve(document, response)["content"]["application/json"]["schema"];
        if status.starts_with('2') && !schema.is_null() {
            flatten(document, schema, status, &mut wire.successes, 0);
        }
    }
    wire
}

fn position(path: &str, name: &str) -> String {
    let parameters = path.split('/').filter(|segment| segment.starts_with('{'));
    let position = parameters.take_while(|segment| *segment != format!("{{{name}}}")).count();
    position.to_string()
}

fn flatten(document: &Value, schema: &Value, name: &str, facts: &mut BTreeMap<String, Fact>, depth: usize) {
    let schema = resolve(document, schema);
    facts.entry(name.to_owned()).or_insert_with(|| fact(document, schema));
    if depth > 12 {
        return;
    }
    for alternative in alternatives(schema) {
        flatten(document, alternative, name, facts, depth + 1);
    }
    for (property, node) in entries(&schema["properties"]) {
        let place = format!("{name}.{property}");
        flatten(document, node, &place, facts, depth + 1);
        let required =
            schema["required"].as_array().is_some_and(|required| required.contains(&Value::from(property.as_str())));
        if let Some(fact) = facts.get_mut(&place) {
            fact.required = required;
        }
    }
    if schema["items"].is_object() {
        flatten(document, &schema["items"], &format!("{name}[]"), facts, depth + 1);
    }
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten()
}

fn fact(document: &Value, schema: &Value) -> Fact {
    let schema = resolve(document, schema);
    let mut fact = Fact::default();
    let types = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    for ty in types.iter().filter_map(Value::as_str) {
        if ty == "null" {
            fact.nullable = true;
        } else {
            fact.types.insert(ty.to_owned());
        }
    }
    fact.nullable |= schema["nullable"] == true;
    let texts = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    fact.values = texts.map(ToOwned::to_owned).collect();
    for alternative in alternatives(schema) {
        let alternative = self::fact(document, alternative);
        fact.types.extend(alternative.types);
        fact.nullable |= alternative.nullable;
        fact.values.extend(alternative.values);
    }
    // An object whose properties are not described may hold anything.
    let described = entries(&schema["properties"]).next().is_some() || schema["additionalProperties"].is_object();
    if fact.types == ["object".to_owned()].into() && !described && alternatives(schema).next().is_none() {
        fact.types.clear();
    }
    fact
}

fn entries(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.as_object().into_iter().flatten()
}

fn resolve<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let pointer = node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(node)
}
