//! Runs progenitor on the schemas of the contract.

use openapiv3::{Components, OpenAPI};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use schemars::schema::{InstanceType, SchemaObject};
use serde_json::Value;

use crate::spec::{FORMATS, Spec, one_line};

/// Schemas whose types are written by hand, in `src`.
const BY_HAND: [(&str, &str); 6] = [
    ("LockId", "crate::LockId"),
    ("LockNumber", "crate::LockId"),
    ("Version", "crate::Number"),
    ("UserId", "crate::UserId"),
    ("ApiError", "crate::ApiError"),
    ("ApiErrorDetail", "crate::ApiErrorDetail"),
];

/// The types of the schemas, as progenitor makes them.
pub(crate) fn generate(spec: &Spec) -> Result<syn::File, String> {
    // Operations are emitted from the model: progenitor sees the schemas alone, so that what it rejects is a schema.
    let read = |(name, schema): (&String, &Value)| match serde_json::from_value(schema.clone()) {
        Ok(schema) => Ok((name.clone(), schema)),
        Err(error) => Err(format!("schema {name}: not OpenAPI 3.0: {error}")),
    };
    let schemas = spec.schemas().map(read).collect::<Result<_, _>>()?;
    let components = Some(Components { schemas, ..Components::default() });
    let openapi = OpenAPI { openapi: "3.0.3".into(), components, ..OpenAPI::default() };
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional);
    for (name, schema) in spec.schemas() {
        if let Some(by_hand) = by_hand(Some(name), schema) {
            settings.with_replacement(name, by_hand, std::iter::empty());
        }
    }
    for (kind, format, by_hand) in FORMATS {
        let kind = if kind == "number" { InstanceType::Number } else { InstanceType::String };
        let (instance_type, format) = (Some(kind.into()), Some(format.to_owned()));
        let schema = SchemaObject { instance_type, format, ..SchemaObject::default() };
        settings.with_conversion(schema, by_hand, std::iter::empty());
    }
    let mut generator = Generator::new(&settings);
    // progenitor panics on some schemas that it does not support.
    let generated = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| generator.generate_tokens(&openapi)));
    generated
        .map_err(|_| "progenitor does not support a schema, its message is above: write it in another way".to_owned())?
        .map_err(|error| one_line(&format!("schema rejected by progenitor: {error}")))?;
    syn::parse2(generator.get_type_space().to_stream()).map_err(|error| error.to_string())
}

/// The type that stands for a schema instead of a generated one.
pub(crate) fn by_hand(name: Option<&str>, schema: &Value) -> Option<String> {
    if let Some((_, by_hand)) = BY_HAND.iter().find(|(schema, _)| Some(*schema) == name) {
        return Some((*by_hand).to_owned());
    }
    if let Some((.., by_hand)) =
        FORMATS.iter().find(|(kind, format, _)| schema["type"] == *kind && schema["format"] == *format)
    {
        return Some((*by_hand).to_owned());
    }
    let untyped = schema["type"].is_null() || schema["additionalProperties"] == true;
    match name {
        Some(name) if schema.get("enum").is_some() => Some(format!("crate::types::{name}")),
        _ => untyped.then(|| "crate::SensitiveJson".to_owned()),
    }
}
