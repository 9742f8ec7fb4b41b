//! Reads `openapi/matter.yaml`, and writes its enums and clusters as rows of two macros in `src/matter`. Every error is one
//! line that names the place and the fix.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::spec::{elements, entries, text, yaml};

const TYPES: [(&str, &str); 6] = [
    ("boolean", "bool"),
    ("integer", "i64"),
    ("number", "Number"),
    ("text", "String"),
    ("integers", "Vec<i64>"),
    ("json", "SensitiveJson"),
];

/// The rows of the whole file.
pub(crate) fn rows(yaml: &str) -> Result<String, String> {
    let document = yaml::read(yaml)?;
    let mut rows = String::new();
    for (name, schema) in entries(&document["enums"]) {
        rows += &enum_row(name, schema).map_err(|problem| format!("enum {name}: {problem}"))?;
    }
    let mut ids = BTreeSet::new();
    for (name, cluster) in entries(&document["clusters"]) {
        let place = |problem| format!("cluster {name}: {problem}");
        let id = id(name, cluster, &mut ids).map_err(place)?;
        rows.extend([format!("cluster! {{ {:?} {name} = {id} {{\n", description(cluster).map_err(place)?)]);
        let mut ids = BTreeSet::new();
        for (name, attribute) in entries(&cluster["attributes"]) {
            let row = attribute_row(name, attribute, &document["enums"], &mut ids);
            rows += &row.map_err(|problem| place(format!("{name}: {problem}")))?;
        }
        rows += "} }\n";
    }
    Ok(rows)
}

fn enum_row(name: &str, schema: &Value) -> Result<String, String> {
    let values: Vec<_> = elements(&schema["values"]).map(text).collect();
    if values.is_empty() || values.contains(&"") {
        return Err("values must be a list of texts: quote what YAML reads as something else".into());
    }
    let values = values.iter().enumerate().map(|(id, text)| format!("{} = {id} {text:?}, ", variant(text)));
    Ok(format!("numbered_enum! {{ {:?} {name} {{ {}}} }}\n", description(schema)?, values.collect::<String>()))
}

fn attribute_row(name: &str, node: &Value, enums: &Value, ids: &mut BTreeSet<u64>) -> Result<String, String> {
    let (id, description, kind) = (id(name, node, ids)?, description(node)?, text(&node["type"]));
    let ty = TYPES.iter().find(|(name, _)| *name == kind).map(|(_, by_hand)| *by_hand);
    let ty = ty.or(enums.get(kind).map(|_| kind)).ok_or_else(|| {
        format!("type {kind:?} is unknown: use {} or an enum of the file", TYPES.map(|(name, _)| name).join(", "))
    })?;
    let unit = node["unit"].as_str().map(|unit| format!(" Unit: {unit}.")).unwrap_or_default();
    Ok(format!("    {:?} {}: {ty} = {id},\n", description + &unit, name.to_uppercase()))
}

fn description(node: &Value) -> Result<String, String> {
    Some(text(&node["description"]).to_owned())
        .filter(|text| !text.is_empty())
        .ok_or("description is missing: add it".into())
}

fn id(name: &str, node: &Value, ids: &mut BTreeSet<u64>) -> Result<u64, String> {
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        return Err("the name must be in snake case: rename it".into());
    }
    let id = node["id"].as_u64().filter(|id| u32::try_from(*id).is_ok());
    let id = id.ok_or("id must be a whole number of up to 32 bits: add Matter's number")?;
    if ids.insert(id) { Ok(id) } else { Err(format!("id {id} is there twice: fix one of them")) }
}

/// `not fully locked` becomes `NotFullyLocked`.
fn variant(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
