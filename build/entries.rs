//! Writes how commands are confirmed as constants of the types in `src/request/confirm.rs`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::spec::confirm::entry::{Entry, Pairs, input};

/// What is not set stands in `Entry::EMPTY`.
pub(crate) fn entry(entry: &Entry) -> TokenStream {
    let texts = [
        ("nothing", &entry.nothing),
        ("mark", &entry.mark),
        ("list", &entry.list),
        ("total", &entry.total),
        ("event", &entry.event),
        ("more", &entry.more),
        ("time", &entry.time),
    ];
    let texts = texts.into_iter().filter_map(|(field, text)| {
        let (field, text) = (format_ident!("{field}"), text.as_ref()?);
        Some(quote! { #field: Some(#text), })
    });
    let fields =
        [("only", &entry.only), ("with", &entry.with), ("where_set", &entry.where_set), ("author", &entry.author)];
    let fields = fields.into_iter().filter(|(_, fields)| !fields.is_empty()).map(|(field, fields)| {
        let (field, fields) = (format_ident!("{field}"), pairs(fields));
        quote! { #field: #fields, }
    });
    let Entry { read, gone, proves, absence, inputs, secrets, .. } = entry;
    let (proves, absence) = (format_ident!("{proves:?}"), format_ident!("{absence:?}"));
    let on_404 = entry.on_404.iter().map(|absent| format_ident!("{absent:?}"));
    let items = entry.r#where.all().iter().map(pairs);
    let recovers = entry.recovers.iter().map(|(name, field)| quote! { (#name, #field) });
    let resolve = entry.resolve.iter().map(|(name, resolve)| {
        let (read, with, take) = (&resolve.read, pairs(&resolve.with), &resolve.take);
        quote! { (#name, Resolve { read: #read, with: #with, take: #take }) }
    });
    let history = entry.history.iter().map(|history| self::entry(history));
    quote! {
        Entry {
            #(#texts)*
            #(#fields)*
            #(on_404: Some(Absent::#on_404),)*
            #(history: Some(&#history),)*
            read: #read,
            proves: Proves::#proves,
            absence: Absence::#absence,
            gone: #gone,
            r#where: &[#(#items),*],
            recovers: &[#(#recovers),*],
            resolve: &[#(#resolve),*],
            inputs: &[#(#inputs),*],
            secrets: &[#(#secrets),*],
            ..Entry::EMPTY
        }
    }
}

fn pairs(pairs: &Pairs) -> TokenStream {
    let pairs = pairs.iter().map(|(name, value)| {
        let value = self::value(value);
        quote! { (#name, EntryValue::#value) }
    });
    quote! { &[#(#pairs),*] }
}

fn value(value: &Value) -> TokenStream {
    if let Some((name, is_plate)) = input(value) {
        match name.strip_prefix("found.") {
            Some(found) => quote! { Found(#found) },
            None if is_plate => quote! { Plate(#name) },
            None => quote! { Input(#name) },
        }
    } else if let Some(text) = value.as_str() {
        quote! { Text(#text) }
    } else if let Some(number) = value.as_i64() {
        quote! { Number(#number) }
    } else if let Some(is) = value.as_bool() {
        quote! { Bool(#is) }
    } else {
        quote! { Null }
    }
}
