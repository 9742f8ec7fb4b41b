//! Writes the events as calls of the macros in `src/events.rs`.

use std::fmt::Write;

use serde_json::Value;

use crate::contract::{Contract, entries, schema_name};

/// The source of the enum of events, and of the method by which an answer gives its event.
pub(crate) fn source(contract: &Contract) -> Result<String, String> {
    let mut source = String::from("domain_event! {\n");
    for (event, schema) in entries(&contract.document["x-spkey-events"]) {
        let schema = schema.as_str().unwrap_or_default();
        let payload = &contract.document["components"]["schemas"][schema];
        if payload["type"] != "object" {
            return Err(format!("x-spkey-events: {event}: there is no object schema {schema:?}: describe its payload"));
        }
        if !event.starts_with(|c: char| c.is_ascii_uppercase()) || event.contains(|c: char| !c.is_ascii_alphanumeric())
        {
            return Err(format!("x-spkey-events: {event}: a type of event must be a word with a capital, as KeyAdded"));
        }
        let description = payload["description"].as_str().unwrap_or_default().trim();
        let _ = writeln!(source, "    {event}({schema}) {description:?},");
    }
    source.push_str("}\n");

    let (mut answers, mut records) = (Vec::new(), Vec::new());
    for (name, schema) in contract.schemas() {
        let properties = &schema["properties"];
        if schema_name(&properties["event"]) == Some("Event") {
            let list = if matches!(properties["type"], Value::Null) { &mut answers } else { &mut records };
            list.push(name.as_str());
        }
    }
    let _ = writeln!(source, "answers! {{ {} }}\nrecords! {{ {} }}", answers.join(", "), records.join(", "));
    Ok(source)
}
