//! Spares the compiler what a program does not use. Each generated type is read or written in the directions that a client
//! needs: requests are written, answers and events are read; the feature `round-trip` does both for all but events. What is
//! read is read by names alone. Functions are compiled where they are called, so that a program pays for the operations that
//! it uses.

use quote::quote;
use syn::{ImplItem, Item, ItemImpl, ItemStruct, parse_quote};

use crate::contract::Contract;
use crate::rewrite::{fields, module, type_name};
use crate::types::{beyond_names, has_default, wire_name};

/// Rewrites the derives of the module of types.
pub(crate) fn rewrite(code: &mut syn::File, contract: &Contract, round_trip: bool) -> Result<(), String> {
    let (requests, answers, events) = (contract.request_schemas(), contract.answer_schemas(), contract.event_schemas());
    let types = module(code, "types")?;
    let mut readers: Vec<Item> = Vec::new();
    for item in types.iter_mut() {
        let Item::Struct(item) = item else { continue };
        let name = item.ident.to_string();
        let asked = requests.contains(&*name) || round_trip && !events.contains(&*name);
        let answered = answers.contains(&*name) || !requests.contains(&*name) || round_trip;
        if let Some(reader) = reader(item)? {
            keep_derives(item, asked, false);
            readers.extend(answered.then_some(reader));
        } else {
            keep_derives(item, asked, answered);
        }
        if !asked {
            fields(item).into_iter().flatten().for_each(|field| field.attrs.retain(|a| !a.path().is_ident("serde")));
        }
    }
    types.extend(readers);
    inline(&mut code.items);
    Ok(())
}

fn keep_derives(item: &mut ItemStruct, serialize: bool, deserialize: bool) {
    for attribute in item.attrs.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let mut kept: Vec<syn::Path> = Vec::new();
        let _ = attribute.parse_nested_meta(|meta| {
            let wanted = match meta.path.segments.last().map(|segment| segment.ident.to_string()).as_deref() {
                Some("Serialize") => serialize,
                Some("Deserialize") => deserialize,
                _ => true,
            };
            kept.extend(wanted.then_some(meta.path));
            Ok(())
        });
        *attribute = parse_quote! { #[derive(#(#kept),*)] };
    }
}

/// What reads a struct, as a call of the macro in `src/fields.rs`; nothing for one without named fields.
fn reader(item: &mut ItemStruct) -> Result<Option<Item>, String> {
    let name = item.ident.clone();
    let Some(fields) = fields(item) else { return Ok(None) };
    let mut entries = Vec::new();
    for field in fields.iter() {
        let (ident, wire) = (&field.ident, wire_name(field));
        if let Some(word) = beyond_names(field) {
            return Err(format!("schema {name}, {wire}: the generator asks serde for `{word}`: adapt src/fields.rs"));
        }
        let kind = match type_name(&field.ty).as_str() {
            "Option" => quote! { optional },
            _ if has_default(field) => quote! { default },
            _ => quote! { required },
        };
        entries.push(quote! { #kind #ident = #wire });
    }
    Ok(Some(parse_quote! { crate::value::read_fields::read_fields! { #name { #(#entries),* } } }))
}

fn inline(items: &mut [Item]) {
    for item in items {
        match item {
            Item::Mod(module) => inline(&mut module.content.get_or_insert_default().1),
            Item::Impl(ItemImpl { items, .. }) => {
                for item in items {
                    if let ImplItem::Fn(function) = item {
                        function.attrs.push(parse_quote! { #[inline] });
                    }
                }
            }
            _ => {}
        }
    }
}
