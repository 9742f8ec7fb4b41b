//! Writes what is a flat list in the contract as rows of small macros: enums, environments, events, what is done with each
//! struct, and the page that lists the operations.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::Ident;

use crate::model::{Operation, Response};
use crate::spec::{Spec, SpecOperation, elements, entries, schema_name, text};
use crate::types::{Field, Presence, Struct, Types, element_name};

/// The structs and enums, with what is implemented for them.
pub(crate) fn types(spec: &Spec, types: &Types, operations: &[Operation], mock: bool) -> TokenStream {
    let structs = &types.items;
    let enums = spec.schemas().filter(|(_, schema)| schema.get("enum").is_some()).map(open_enum);
    let nested = nested(types);
    let rows = types.structs.iter().map(|(name, item)| {
        let ident = format_ident!("{name}");
        let is_nested = nested.contains(name);
        let read = item.read.then(|| read_fields(&ident, item));
        let shape = (is_nested && !item.read).then(|| object_shape(&ident, item));
        let debug = debug(&ident, item);
        let sensitive = (item.request && item.is_sensitive()).then(|| redact(&ident, item));
        let constructor = is_nested.then(|| constructor(&ident, item));
        let default = (mock && item.response && item.has_required()).then(|| default(&ident, item));
        quote! { #read #shape #debug #sensitive #constructor #default }
    });
    let responses = operations.iter().filter_map(|operation| match &operation.response {
        Response::Json(ty) => Some((quote!(#ty).to_string(), ty)),
        _ => None,
    });
    let responses = responses.collect::<BTreeMap<_, _>>().into_values();
    quote! {
        #(#structs)*
        #(#enums)*
        #(#rows)*
        #(crate::request::response_body::json_response!(#responses);)*
    }
}

/// The request structs that other structs contain: callers build them.
fn nested(types: &Types) -> BTreeSet<String> {
    let requests = types.structs.values().filter(|item| item.request);
    let names = requests.flat_map(|item| &item.fields).filter_map(|field| element_name(&field.ty));
    names.filter(|name| types.structs.get(name).is_some_and(|item| item.request)).collect()
}

fn open_enum((name, schema): (&String, &Value)) -> TokenStream {
    let docs = text(&schema["description"]);
    let texts: Vec<_> = elements(&schema["enum"]).filter_map(Value::as_str).collect();
    let variants = texts.iter().map(|text| format_ident!("{}", variant(text)));
    let name = format_ident!("{name}");
    quote! { crate::value::open_enum::open_enum! { #[doc = #docs] #name { #(#variants = #texts),* } } }
}

/// `rtsp-camera` becomes `RtspCamera`, `OWNER` becomes `Owner`, `DeviceAdded` stays.
fn variant(text: &str) -> String {
    let upper = !text.chars().any(|c| c.is_ascii_lowercase());
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words
        .map(|word| word[..1].to_uppercase() + &if upper { word[1..].to_lowercase() } else { word[1..].to_owned() })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("V{name}") } else { name }
}

fn read_fields(name: &Ident, item: &Struct) -> TokenStream {
    let rows = item.fields.iter().map(|Field { ident, wire, ty, presence, .. }| {
        let kind = kind(*presence);
        quote! { #kind #ident: #ty = #wire }
    });
    quote! { crate::value::read_fields::read_fields! { #name { #(#rows),* } } }
}

fn object_shape(name: &Ident, item: &Struct) -> TokenStream {
    let rows = item.fields.iter().map(|Field { wire, ty, presence, .. }| {
        let kind = kind(*presence);
        quote! { #kind #ty = #wire }
    });
    quote! { crate::value::shape::object_shape! { #name { #(#rows),* } } }
}

fn kind(presence: Presence) -> TokenStream {
    match presence {
        Presence::Required => quote! { required },
        Presence::Default => quote! { default },
        _ => quote! { optional },
    }
}

fn debug(name: &Ident, item: &Struct) -> Option<TokenStream> {
    if item.request {
        return Some(quote! { crate::value::secret::hidden!(#name); });
    }
    let personal = item.fields.iter().any(|field| field.personal);
    let rows = item.fields.iter().map(
        |Field { ident, personal, .. }| {
            if *personal { quote!(hide #ident) } else { quote!(show #ident) }
        },
    );
    personal.then(|| quote! { crate::value::secret::partly_hidden! { #name { #(#rows),* } } })
}

fn redact(name: &Ident, item: &Struct) -> TokenStream {
    let fields = item.fields.iter().filter(|field| field.sensitive).map(|field| &field.ident);
    quote! { crate::value::redactable::redactable! { #name { #(#fields),* } } }
}

/// `new` with what is required, and a setter for everything else: a new optional property breaks no caller.
fn constructor(name: &Ident, item: &Struct) -> TokenStream {
    let required: Vec<_> = item.fields.iter().filter(|field| field.presence == Presence::Required).collect();
    let arguments = required.iter().map(|Field { ident, ty, .. }| quote! { #ident: impl Into<#ty> });
    let fields = item.fields.iter().map(|Field { ident, presence, .. }| match presence {
        Presence::Required => quote! { #ident: #ident.into() },
        Presence::Default => quote! { #ident: Default::default() },
        _ => quote! { #ident: None },
    });
    let setters = item.fields.iter().filter(|field| field.presence != Presence::Required).map(|field| {
        let Field { ident, ty, docs, presence, .. } = field;
        let value = if *presence == Presence::Default { quote!(value.into()) } else { quote!(Some(value.into())) };
        quote! {
            #[doc = #docs]
            #[must_use]
            pub fn #ident(mut self, value: impl Into<#ty>) -> Self {
                self.#ident = #value;
                self
            }
        }
    });
    let docs = if required.is_empty() { " With nothing set." } else { " With what is required; the rest has setters." };
    quote! {
        impl #name {
            #[doc = #docs]
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#fields),* }
            }
            #(#setters)*
        }
        crate::value::into_input::input_type!(#name);
    }
}

/// `Default` for a response with required fields, for tests that state a few of them.
fn default(name: &Ident, item: &Struct) -> TokenStream {
    let fields = item.fields.iter().map(|field| &field.ident);
    quote! { crate::value::sample::default_response! { #name { #(#fields),* } } }
}

/// The deployments of the service; the first is the default.
pub(crate) fn environments(spec: &Spec) -> TokenStream {
    let rows = elements(&spec.document["servers"]).map(|server| {
        let (name, url) = (text(&server["description"]), text(&server["url"]));
        let (ident, name) = (format_ident!("{name}"), name.to_lowercase());
        quote! { #ident #name = #url }
    });
    quote! { environments! { #(#rows),* } }
}

/// The enum of events, and the methods by which responses return their event.
pub(crate) fn events(spec: &Spec) -> TokenStream {
    let events = entries(&spec.document["x-spkey-events"]).map(|(event, schema)| {
        let schema = text(schema);
        let docs = text(&spec.document["components"]["schemas"][schema]["description"]);
        let (event, schema) = (format_ident!("{event}"), format_ident!("{schema}"));
        quote! { #event(#schema) #docs }
    });
    let with_event = spec.schemas().filter(|(_, schema)| schema_name(&schema["properties"]["event"]) == Some("Event"));
    let (records, responses): (Vec<_>, Vec<_>) =
        with_event.partition(|(_, schema)| schema["properties"]["type"].is_object());
    let records = records.iter().map(|(name, _)| format_ident!("{name}"));
    let responses = responses.iter().map(|(name, _)| format_ident!("{name}"));
    quote! {
        domain_event! { #(#events),* }
        command_responses! { #(#responses),* }
        event_records! { #(#records),* }
    }
}

/// The areas of the API, with their descriptions.
pub(crate) fn areas(spec: &Spec) -> TokenStream {
    let areas = elements(&spec.document["tags"]).map(|tag| {
        let (name, docs) = (text(&tag["name"]), text(&tag["description"]));
        quote! { (#name, #docs) }
    });
    quote! { static AREAS: &[(&str, &str)] = &[#(#areas),*]; }
}

/// The page of the documentation that lists the call of each endpoint, by area.
pub(crate) fn endpoints_page(spec: &Spec, operations: &[Operation]) -> String {
    let mut page = String::new();
    for tag in elements(&spec.document["tags"]) {
        let area = text(&tag["name"]);
        let _ = writeln!(page, "\n## {area}\n\n{}.\n", text(&tag["description"]));
        page.push_str("| endpoint | call | what it does | retry class |\n|---|---|---|---|\n");
        for Operation { spec, id, method, retry, .. } in
            operations.iter().filter(|operation| operation.spec.area == area)
        {
            let SpecOperation { path, summary, .. } = spec;
            let _ = writeln!(page, "| `{method} {path}` | [`{id}`](crate::Client::{id}) | {summary} | `{retry}` |");
        }
    }
    page
}
