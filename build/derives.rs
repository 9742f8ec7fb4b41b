//! Spares the compiler what a program does not use. Each generated type is read or written in the directions that a client
//! needs: requests are written, answers are read; the feature `round-trip` derives both for both. Functions are compiled
//! where they are called, so that a program pays for the operations that it uses.

use std::collections::BTreeSet;

use syn::visit_mut::VisitMut;
use syn::{ImplItemFn, Item, ItemStruct, parse_quote};

use crate::contract::Contract;
use crate::rewrite::{fields, module, type_name};
use crate::types::wire_name;

/// Rewrites the derives of the module of types.
pub(crate) fn rewrite(code: &mut syn::File, contract: &Contract, round_trip: bool) -> Result<(), String> {
    let (written, read) = (contract.request_schemas(), contract.answer_schemas());
    let events = contract.event_schemas();
    let mut payloads = Vec::new();
    for item in module(code, "types")? {
        let Item::Struct(item) = item else { continue };
        let name = item.ident.to_string();
        let (written, read) = (written.contains(&*name), read.contains(&*name));
        if events.contains(&*name) && !written && !read {
            keep_derives(item, &BTreeSet::new());
            payloads.push(payload(item));
            continue;
        }
        let mut wanted = BTreeSet::new();
        if written || round_trip {
            wanted.insert("Serialize");
        }
        // What is neither is part of an event's payload.
        if read || !written || round_trip {
            wanted.insert("Deserialize");
        }
        keep_derives(item, &wanted);
    }
    module(code, "types")?.extend(payloads);
    Inline.visit_file_mut(code);
    Ok(())
}

struct Inline;

impl VisitMut for Inline {
    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        function.attrs.push(parse_quote! { #[inline] });
    }
}

fn keep_derives(item: &mut ItemStruct, wanted: &BTreeSet<&str>) {
    for attribute in item.attrs.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let mut kept: Vec<syn::Path> = Vec::new();
        let _ = attribute.parse_nested_meta(|meta| {
            let name = meta.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            if !matches!(name.as_str(), "Serialize" | "Deserialize") || wanted.contains(name.as_str()) {
                kept.push(meta.path);
            }
            Ok(())
        });
        *attribute = parse_quote! { #[derive(#(#kept),*)] };
    }
}

/// How an event's payload is read from JSON of either form: field by field, without a visitor for each event.
fn payload(item: &mut ItemStruct) -> Item {
    let name = item.ident.clone();
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for field in fields(item).into_iter().flatten() {
        let wire = wire_name(field);
        let ident = &field.ident;
        values.push(match type_name(&field.ty).as_str() {
            "Vec" => quote::quote! { #ident: fields.get::<Option<_>>(#wire)?.unwrap_or_default() },
            _ => quote::quote! { #ident: fields.get(#wire)? },
        });
        names.push(wire);
        field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    }
    parse_quote! {
        impl crate::events::Payload for #name {
            const FIELDS: &'static [&'static str] = &[#(#names),*];

            fn read(fields: crate::events::Fields<'_>) -> Option<Self> {
                Some(Self { #(#values),* })
            }
        }
    }
}
