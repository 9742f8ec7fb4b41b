//! Runs the generator.

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use schemars::schema::{InstanceType, SchemaObject};
use serde_json::{Value, json};

use crate::contract::Contract;

/// Schemas whose types are written by hand, in `src`.
const BY_HAND: [(&str, &str); 6] = [
    ("LockId", "crate::LockId"),
    ("LockNumber", "crate::LockId"),
    ("EventLockId", "crate::LockId"),
    ("UserId", "crate::UserId"),
    ("ApiError", "crate::ApiError"),
    ("ApiErrorDetail", "crate::ApiErrorDetail"),
];

/// Generates the client of the contract. A contract that the generator refuses is tried operation by operation, so that
/// the fault names the one to mend.
pub(crate) fn generate(contract: &Contract) -> Result<syn::File, String> {
    let document = prepared(contract);
    tokens(contract, document.clone()).map_err(|fault| {
        let culprit = contract.operations.iter().find(|operation| {
            let mut alone = document.clone();
            alone["paths"] = json!({ &operation.path: { &operation.method: document["paths"][&operation.path][&operation.method] } });
            tokens(contract, alone).is_err()
        });
        culprit.map_or(fault.clone(), |operation| format!("{}: {fault}", operation.id))
    })
}

/// The contract as the generator can take it: it knows no success but a 2xx.
fn prepared(contract: &Contract) -> Value {
    let mut document = contract.document.clone();
    for operation in contract.operations.iter().filter(|operation| operation.redirects) {
        let responses = &mut document["paths"][&operation.path][&operation.method]["responses"];
        if let Some(success) = responses.as_object_mut().and_then(|map| map.remove("303")) {
            responses["204"] = success;
        }
    }
    document
}

fn tokens(contract: &Contract, document: Value) -> Result<syn::File, String> {
    let spec: OpenAPI = serde_json::from_value(document).map_err(|error| format!("not OpenAPI 3.0: {error}"))?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder).with_tag(TagStyle::Merged);
    // With no default hooks, a `send()` that `rewrite` missed, and that would skip credentials and retries, does not
    // compile.
    settings.with_hooks(HooksMode::Expected);
    for (schema, by_hand) in BY_HAND {
        settings.with_replacement(schema, by_hand, std::iter::empty());
    }
    for (name, schema) in contract.schemas() {
        let by_shape = match (&schema["type"], &schema["format"]) {
            (Value::String(ty), Value::String(format)) if ty == "string" && format == "password" => {
                "crate::Secret".to_owned()
            }
            _ if schema.get("enum").is_some() => format!("crate::types::{name}"),
            // A shape that is not told may hold anything, secrets too.
            (Value::Null, _) => "crate::OpaqueJson".to_owned(),
            _ if schema["additionalProperties"] == true => "crate::OpaqueJson".to_owned(),
            _ => continue,
        };
        if !BY_HAND.iter().any(|(by_hand, _)| by_hand == name) {
            settings.with_replacement(name, by_shape, std::iter::empty());
        }
    }
    let secret = SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some("password".into()),
        ..SchemaObject::default()
    };
    settings.with_conversion(secret, "crate::Secret", std::iter::empty());
    // The generator panics on some documents that it cannot take.
    let generated = std::panic::catch_unwind(|| Generator::new(&settings).generate_tokens(&spec));
    let tokens = generated.map_err(|_| "the generator panicked".to_owned())?.map_err(|error| error.to_string())?;
    syn::parse2(tokens).map_err(|error| error.to_string())
}
