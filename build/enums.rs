//! Writes the enums of the contract as calls of the macro in `src/open_enum.rs`.

use std::fmt::Write;

use serde_json::Value;

use crate::contract::Contract;

/// The source of the enums.
pub(crate) fn source(contract: &Contract) -> String {
    let mut source = String::new();
    for (name, schema) in enums(contract) {
        let description = schema["description"].as_str().unwrap_or_default().trim();
        let variants = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let variants: Vec<_> = variants.map(|text| format!("{} = {text:?}", variant(text))).collect();
        let _ = writeln!(
            source,
            "crate::open_enum::open_enum! {{ {description:?}, {name} {{ {} }} }}",
            variants.join(", ")
        );
    }
    source
}

fn enums(contract: &Contract) -> impl Iterator<Item = (&String, &Value)> {
    contract.schemas().filter(|(_, schema)| schema.get("enum").is_some())
}

/// `rtsp-camera` becomes `RtspCamera`, `OWNER` becomes `Owner`, `DeviceAdded` stays.
fn variant(text: &str) -> String {
    let shout = !text.chars().any(|c| c.is_ascii_lowercase());
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words
        .map(|word| {
            let (head, tail) = word.split_at(1);
            head.to_uppercase() + &if shout { tail.to_lowercase() } else { tail.to_owned() }
        })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("V{name}") } else { name }
}
