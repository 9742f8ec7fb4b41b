//! Writes, for the feature `mock` alone, an entry of the mock kit for every operation, defaults for the answers that have
//! required fields, and the contract as JSON.

use std::collections::BTreeSet;
use std::fmt::Write;

use quote::quote;
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Item, ItemStruct, Type, TypePath, parse_quote};

use crate::contract::{Contract, Operation};
use crate::docs::{arguments_by_operation, pascal, snake};
use crate::rewrite::{fields, first_argument, module, type_name};
use crate::types::wire_name;

/// Calls of the macros in `src/mock/entries.rs`.
pub(crate) fn source(contract: &Contract, code: &mut syn::File) -> Result<String, String> {
    let arguments = arguments_by_operation(code);
    let types = module(code, "types")?;
    let mut entries = String::new();
    let mut json_answers = BTreeSet::new();
    for operation in &contract.operations {
        let answer = answer(contract, operation);
        if answer.starts_with("crate::types::") {
            json_answers.insert(answer.clone());
        }
        let arguments = arguments.get(&operation.id).map(Vec::as_slice).unwrap_or_default();
        let (mut path, mut query, mut body) = (String::new(), String::new(), String::new());
        for (name, ty) in arguments {
            let ty = ty.replace("spkey::", "crate::");
            match parameter(contract, operation, name) {
                Some(parameter) => {
                    let place = if parameter["in"] == "path" { &mut path } else { &mut query };
                    let _ = write!(place, "{name}: {ty} = {}, ", parameter["name"]);
                }
                None => body = format!("{ty} {{ {} }}", body_fields(types, &ty)),
            }
        }
        let _ = writeln!(
            entries,
            "operation! {{ {}, {}, {}, {answer}, path {{ {path} }}, query {{ {query} }}, body {{ {body} }} }}",
            operation.id,
            pascal(&operation.id),
            operation.id.to_uppercase(),
        );
    }
    let answers: Vec<_> = json_answers.into_iter().collect();
    Ok(format!("{entries}json_answers! {{ {} }}\n{}", answers.join(", "), defaults(contract, types)))
}

/// For tests, every entry by its operation's id, for which the including file has `Entry`.
pub(crate) fn list(contract: &Contract) -> String {
    let entries = contract.operations.iter().map(|operation| {
        let id = &operation.id;
        format!("    ({id:?}, |mock| {{ mock.{id}().expect(1); }}),\n")
    });
    format!("static MOCKS: &[(&str, Entry)] = &[\n{}];\n", entries.collect::<String>())
}

/// The contract without what people alone read.
pub(crate) fn data(contract: &Contract) -> String {
    let mut document = contract.document.clone();
    strip(&mut document);
    document.to_string()
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| !(matches!(key.as_str(), "description" | "summary") && value.is_string()));
            map.values_mut().for_each(strip);
        }
        Value::Array(values) => values.iter_mut().for_each(strip),
        _ => {}
    }
}

fn answer(contract: &Contract, operation: &Operation) -> String {
    let responses = &contract.node(operation)["responses"];
    let content = ["200", "201"].iter().map(|status| &responses[status]["content"]).find(|content| content.is_object());
    match content {
        _ if operation.redirects => "Redirect".to_owned(),
        None => "()".to_owned(),
        Some(content) => match content["application/json"]["schema"]["$ref"].as_str() {
            Some(reference) => format!("crate::types::{}", reference.trim_start_matches("#/components/schemas/")),
            None => "Page".to_owned(),
        },
    }
}

fn parameter<'a>(contract: &'a Contract, operation: &Operation, name: &str) -> Option<&'a Value> {
    let parameters = contract.node(operation)["parameters"].as_array().into_iter().flatten();
    let mut parameters = parameters.map(|parameter| contract.resolve(parameter));
    parameters.find(|parameter| parameter["name"].as_str().map(snake).as_deref() == Some(name))
}

fn body_fields(types: &mut [Item], ty: &str) -> String {
    let name = ty.trim_start_matches("crate::types::");
    let mut written = String::new();
    let item = structs(types).find(|item| item.ident == name);
    for field in item.and_then(fields).into_iter().flatten() {
        let value = first_argument(&field.ty).filter(|_| type_name(&field.ty) == "Option");
        let value = value.unwrap_or(&field.ty);
        let ty = text(value);
        let Some(ident) = &field.ident else { continue };
        let kind = if ty == "crate::Secret" { "secret_field" } else { "plain_field" };
        let name = wire_name(field);
        let ident = ident.to_string();
        let ident = ident.trim_start_matches("r#").trim_matches('_');
        let _ = write!(written, "{kind} body_{ident}: {ty} = {name:?}, ");
    }
    written
}

/// `Default` for the structs of answers that the generator gives none, since they have required fields.
fn defaults(contract: &Contract, types: &mut [Item]) -> String {
    let answers = contract.answer_schemas();
    let mut written = String::new();
    for item in structs(types).filter(|item| answers.contains(item.ident.to_string().as_str())) {
        if item.attrs.iter().any(|attribute| quote!(#attribute).to_string().contains("Default")) {
            continue;
        }
        let name = item.ident.clone();
        let _ = write!(written, "default! {{ {name} {{ ");
        if let syn::Fields::Unnamed(_) = item.fields {
            written.push_str("0: Default::default(), ");
        }
        for field in fields(item).into_iter().flatten() {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let _ = write!(written, "{name}: {}, ", default_of(contract, &field.ty));
        }
        written.push_str("} }\n");
    }
    written
}

fn default_of(contract: &Contract, ty: &Type) -> String {
    let ty = text(ty);
    let value = match ty.as_str() {
        "crate::UserId" => "crate::UserId::unchecked(SOME_USER)",
        "crate::LockId" => "crate::LockId::unchecked(\"1\")",
        "crate::Secret" => "crate::Secret::from(\"\")",
        "crate::OpaqueJson" => "serde_json::Value::Null.into()",
        _ if is_enum(contract, &ty) => return format!("{ty}::KNOWN[0].clone()"),
        _ => "Default::default()",
    };
    value.to_owned()
}

fn is_enum(contract: &Contract, ty: &str) -> bool {
    let name = ty.trim_start_matches("crate::types::");
    contract.schemas().any(|(schema, node)| schema == name && node.get("enum").is_some())
}

fn structs(types: &mut [Item]) -> impl Iterator<Item = &mut ItemStruct> {
    types.iter_mut().filter_map(|item| if let Item::Struct(item) = item { Some(item) } else { None })
}

/// A type of the module of types as code elsewhere names it.
fn text(ty: &Type) -> String {
    let mut ty = ty.clone();
    Qualified.visit_type_mut(&mut ty);
    quote!(#ty).to_string().replace(' ', "")
}

struct Qualified;

impl VisitMut for Qualified {
    fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
        visit_mut::visit_type_path_mut(self, ty);
        let Some(name) = ty.path.get_ident() else { return };
        if name.to_string().starts_with(|c: char| c.is_ascii_uppercase()) {
            *ty = parse_quote! { crate::types::#name };
        }
    }
}
