//! Carries the contract's descriptions to where the generator leaves them out, and gives every operation an example that
//! compiles.

use std::collections::HashMap;
use std::fmt::Write;

use quote::quote;
use serde_json::Value;
use syn::{Attribute, ImplItem, ImplItemFn, Item, ItemStruct, Type, parse_quote};

use crate::contract::{Contract, Operation, schema_name};
use crate::rewrite::{fields, first_argument, module, type_name};
use crate::types::wire_name;

/// Documents the generated items.
pub(crate) fn rewrite(code: &mut syn::File, contract: &Contract) {
    let mut parameters = HashMap::new();
    for operation in &contract.operations {
        for parameter in contract.node(operation)["parameters"].as_array().into_iter().flatten() {
            let parameter = contract.resolve(parameter);
            if let (Some(name), Some(text)) = (parameter["name"].as_str(), parameter["description"].as_str()) {
                parameters.insert((pascal(&operation.id), snake(name)), text.trim().to_owned());
            }
        }
    }
    let examples = arguments_by_operation(code);
    if let Ok(builders) = module(code, "builder") {
        document_setters(builders, &parameters);
    }
    if let Ok(types) = module(code, "types") {
        document_types(types, contract);
    }
    for item in &mut code.items {
        let Item::Impl(block) = item else { continue };
        for function in &mut block.items {
            if let ImplItem::Fn(function) = function
                && let Some(operation) = contract.operations.iter().find(|o| function.sig.ident == o.id)
            {
                let arguments = examples.get(&operation.id).map(Vec::as_slice).unwrap_or_default();
                document_operation(function, operation, contract.node(operation), arguments);
            }
        }
    }
}

fn document_operation(function: &mut ImplItemFn, operation: &Operation, node: &Value, arguments: &[(String, String)]) {
    let Operation { id, method, path, retry, .. } = operation;
    let text = |key: &str| node[key].as_str().unwrap_or_default().trim().to_owned();
    let (mut given, mut set) = (String::new(), String::new());
    for (name, ty) in arguments {
        let _ = write!(given, ", {name}: {ty}");
        let _ = write!(set, ".{name}({name})");
    }
    let retry = match retry.as_str() {
        "safe" => "Only reads: sent again after whatever may pass.",
        "repeatable" => "Harmless to repeat: sent again after whatever may pass.",
        "once" => "Never sent again once it may have acted.",
        _ => "Never sent again once it has arrived, nor after a 429.",
    };
    let credentials = match operation.auth {
        "admin" => "Takes the admin key and an admin's bearer token.",
        "none" => "Takes no credentials and sends none.",
        _ => "Takes a bearer token, an API key, or both.",
    };
    let documentation = format!(
        "{summary}.\n\n{description}\n\n`{method} {path}`. {retry} {credentials}\n\n\
         ```no_run\n# async fn example(client: &spkey::Client{given}) -> Result<(), spkey::Error> {{\n\
         let answer = client.{id}(){set}.send().await?;\n# drop(answer);\n# Ok(())\n# }}\n```",
        summary = text("summary"),
        description = text("description"),
        method = method.to_uppercase(),
    );
    function.attrs = vec![document(&documentation)];
}

/// For each operation, what its builder takes, with the types that a caller may give.
pub(crate) fn arguments_by_operation(code: &mut syn::File) -> HashMap<String, Vec<(String, String)>> {
    let items = module(code, "builder").map(|items| items.iter_mut()).into_iter().flatten();
    let builders = items.filter_map(|item| if let Item::Struct(builder) = item { Some(builder) } else { None });
    builders.map(|builder| (snake(&builder.ident.to_string()), arguments(builder))).collect()
}

/// The parameters of a builder with the types that a caller may give.
fn arguments(builder: &mut ItemStruct) -> Vec<(String, String)> {
    let fields = fields(builder).into_iter().flatten();
    let arguments = fields.filter_map(|field| {
        let value = first_argument(&field.ty)?;
        let value = if type_name(value) == "Option" { first_argument(value)? } else { value };
        Some((field.ident.as_ref()?.to_string(), public_type(value)))
    });
    arguments.collect()
}

fn public_type(ty: &Type) -> String {
    let text = quote!(#ty).to_string().replace(' ', "");
    let text = text.replace("crate::types::", "spkey::types::").replace("crate::", "spkey::");
    if text.starts_with("types::") { format!("spkey::{}", text.replace("types::builder::", "types::")) } else { text }
}

fn document_setters(items: &mut [Item], parameters: &HashMap<(String, String), String>) {
    for item in items {
        let Item::Impl(block) = item else { continue };
        if block.trait_.is_some() {
            continue;
        }
        let owner = type_name(&block.self_ty);
        for function in &mut block.items {
            let ImplItem::Fn(function) = function else { continue };
            let name = function.sig.ident.to_string();
            let text = match name.as_str() {
                "new" => "The request, with nothing set.",
                "body" => "The body, whole.",
                "body_map" => "The body, by its builder.",
                "send" => "Sends the request and reads the answer.",
                _ => parameters.get(&(owner.clone(), name)).map_or("", String::as_str),
            };
            function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
            function.attrs.push(document(text));
        }
    }
}

/// Documents fields that are references, and the setters of builders by the fields they set.
fn document_types(types: &mut [Item], contract: &Contract) {
    let mut described = HashMap::new();
    for item in types.iter_mut() {
        let Item::Struct(item) = item else { continue };
        let owner = item.ident.to_string();
        let schema = &contract.document["components"]["schemas"][&owner];
        for field in fields(item).into_iter().flatten() {
            let property = &schema["properties"][wire_name(field)];
            let property = schema_name(property).map_or(property, |_| contract.resolve(property));
            let text = property["description"].as_str().unwrap_or_default().trim().to_owned();
            field.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
            field.attrs.insert(0, document(&text));
            described.insert((owner.clone(), field.ident.as_ref().map(ToString::to_string).unwrap_or_default()), text);
        }
    }
    for item in types {
        match item {
            Item::Mod(module) if module.ident == "builder" => {
                module.attrs.push(document("Builders of request bodies, as `body_map` takes them."));
                document_setters(&mut module.content.get_or_insert_default().1, &described);
            }
            Item::Impl(block) => {
                for function in &mut block.items {
                    if let ImplItem::Fn(function) = function
                        && function.sig.ident == "builder"
                    {
                        function.attrs.push(document("A builder with nothing set."));
                    }
                }
            }
            _ => {}
        }
    }
}

fn document(text: &str) -> Attribute {
    parse_quote! { #[doc = #text] }
}

/// `add_device` becomes `AddDevice`, as the generator names builders.
pub(crate) fn pascal(id: &str) -> String {
    id.split('_')
        .map(|word| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>())
        .collect()
}

/// `lockId` becomes `lock_id` and `type` `type_`, as the generator names parameters.
pub(crate) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.trim_start_matches('_').chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    if syn::parse_str::<syn::Ident>(&snake).is_err() {
        snake.push('_');
    }
    snake
}
