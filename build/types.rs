//! Shapes the types that progenitor makes: fields in the contract's order and with its descriptions, secrets
//! that only the wire sees, serde in the directions that a client needs, and `Debug` without personal data.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use quote::{format_ident, quote};
use serde_json::Value;
use syn::{GenericArgument, Ident, Item, ItemStruct, PathArguments, PathSegment, Type, parse_quote};

use crate::generate::generate;
use crate::spec::{Spec, elements, entries, resolve, schema_name, text};

/// The structs of the contract.
pub(crate) struct Types {
    pub(crate) items: Vec<ItemStruct>,
    pub(crate) structs: BTreeMap<String, Struct>,
}

/// What the rest of the build needs to know of a struct.
pub(crate) struct Struct {
    pub(crate) fields: Vec<Field>,
    /// Part of a request.
    pub(crate) request: bool,
    /// Part of a response, an event, or of nothing.
    pub(crate) response: bool,
    /// Whether it is read from JSON.
    pub(crate) read: bool,
}

/// A field of a struct, or a parameter.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) wire: String,
    /// The type without `Option`, as code outside the module of types names it.
    pub(crate) ty: Type,
    pub(crate) presence: Presence,
    pub(crate) docs: String,
    /// An e-mail address, a phone number, the name of a person, a license plate.
    pub(crate) personal: bool,
    /// Whether errors redact its value: a secret, untyped JSON, personal data, or a struct that holds such.
    pub(crate) sensitive: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// Must be set, and may be null: to leave it out is not to send null.
    Nullable,
    /// May be left out, and is then empty.
    Default,
}

impl Struct {
    pub(crate) fn has_required(&self) -> bool {
        self.fields.iter().any(|field| field.presence == Presence::Required)
    }

    pub(crate) fn is_sensitive(&self) -> bool {
        self.fields.iter().any(|field| field.sensitive)
    }
}

impl Presence {
    pub(crate) fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::Nullable)
    }
}

/// Makes the types of the contract. With `round_trip`, requests can be read and responses written too.
pub(crate) fn types(spec: &Spec, round_trip: bool) -> Result<Types, String> {
    let file = generate(spec)?;
    let (requests, responses) = (spec.request_schemas(), spec.response_schemas());
    let mut items = Vec::new();
    let mut structs = BTreeMap::new();
    for item in file.items {
        let Item::Struct(mut item) = item else { continue };
        let name = item.ident.to_string();
        let request = requests.contains(&*name);
        let response = responses.contains(&*name) || !request;
        let read = response || round_trip;
        let shaped = Struct { fields: shape(&mut item, spec)?, request, response, read };
        let serialize = request || round_trip;
        let derives = [
            (quote! { Clone }, true),
            (quote! { Default }, !shaped.has_required()),
            (quote! { Debug }, !request && shaped.fields.iter().all(|field| !field.personal)),
            (quote! { ::serde::Serialize }, serialize),
        ];
        let derives = derives.into_iter().filter(|(_, wanted)| *wanted).map(|(name, _)| name);
        item.attrs.retain(|attribute| !attribute.path().is_ident("derive"));
        item.attrs.insert(0, parse_quote! { #[derive(#(#derives),*)] });
        if !serialize {
            for field in &mut item.fields {
                field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            }
        }
        if request && !responses.contains(&*name) {
            item.attrs.push(parse_quote! { #[non_exhaustive] });
        }
        check_typed(&item)?;
        items.push(item);
        structs.insert(name, shaped);
    }
    mark_sensitive(&mut structs);
    Ok(Types { items, structs })
}

/// Puts the fields in the contract's order and gives them its descriptions.
fn shape(item: &mut ItemStruct, spec: &Spec) -> Result<Vec<Field>, String> {
    let schema = &spec.document["components"]["schemas"][item.ident.to_string()];
    let syn::Fields::Named(named) = &mut item.fields else {
        return Err(format!("schema {}: it is no object with properties: write it where it is used", item.ident));
    };
    // progenitor sorts the fields by name, and gives each the snake case of its property's name.
    let mut by_name: HashMap<String, syn::Field> = std::mem::take(&mut named.named)
        .into_iter()
        .filter_map(|field| Some((field.ident.as_ref()?.to_string(), field)))
        .collect();
    let mut fields = Vec::new();
    for (wire, _) in entries(&schema["properties"]) {
        let ident = snake(wire);
        let mut field = by_name
            .remove(&ident.to_string())
            .ok_or_else(|| format!("schema {}: {wire}: progenitor made no field {ident}: rename it", item.ident))?;
        fields.push(shape_field(&mut field, wire, schema, spec));
        named.named.push(field);
    }
    match by_name.keys().next() {
        Some(name) => Err(format!("schema {}: additionalProperties beside properties make a field {name}", item.ident)),
        None => Ok(fields),
    }
}

fn shape_field(field: &mut syn::Field, wire: &str, schema: &Value, spec: &Spec) -> Field {
    let property = &schema["properties"][wire];
    let described = if property["description"].is_string() { property } else { resolve(&spec.document, property) };
    let docs = text(&described["description"]).to_owned();
    let required = elements(&schema["required"]).any(|name| name == wire);
    let inner = argument(&field.ty, "Option");
    let presence = match (inner, required) {
        (Some(_), true) => Presence::Nullable,
        (Some(_), false) => Presence::Optional,
        (None, true) => Presence::Required,
        (None, false) => Presence::Default,
    };
    let ty = inner.unwrap_or(&field.ty).clone();
    let serialize_with = match (schema_name(property), inner) {
        (Some("LockNumber"), _) => Some("crate::value::lock_id::as_number"),
        _ if property["format"] == "date-time" => Some("crate::value::date_time::as_text"),
        (_, None) if is(&ty, "Secret") => Some("crate::value::secret::expose"),
        (_, Some(_)) if is(&ty, "Secret") => Some("crate::value::secret::expose_optional"),
        _ => None,
    };
    if let Some(path) = serialize_with {
        field.attrs.push(parse_quote! { #[serde(serialize_with = #path)] });
    }
    field.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    field.attrs.insert(0, parse_quote! { #[doc = #docs] });
    let personal = property["x-spkey-personal"] == true;
    let sensitive = personal || is_secret(&ty);
    Field { ident: snake(wire), wire: wire.to_owned(), ty: outside(ty), presence, docs, personal, sensitive }
}

/// Marks the fields whose type is a struct that holds something sensitive, however deep.
fn mark_sensitive(structs: &mut BTreeMap<String, Struct>) {
    loop {
        let sensitive = structs.iter().filter(|(_, item)| item.is_sensitive());
        let sensitive: BTreeSet<_> = sensitive.map(|(name, _)| name.clone()).collect();
        let mut changed = false;
        for field in structs.values_mut().flat_map(|item| &mut item.fields).filter(|field| !field.sensitive) {
            field.sensitive = element_name(&field.ty).is_some_and(|name| sensitive.contains(&name));
            changed |= field.sensitive;
        }
        if !changed {
            return;
        }
    }
}

/// Whether a type is a secret or untyped JSON, perhaps in a list.
pub(crate) fn is_secret(ty: &Type) -> bool {
    element_name(ty).is_some_and(|name| name == "Secret" || name == "SensitiveJson")
}

/// The last name of a type; of a list, that of its elements.
pub(crate) fn element_name(ty: &Type) -> Option<String> {
    last_segment(argument(ty, "Vec").unwrap_or(ty)).map(|segment| segment.ident.to_string())
}

/// Fails where an untyped value is left: `Debug` would print the secrets that it holds.
fn check_typed(item: &ItemStruct) -> Result<(), String> {
    for syn::Field { ty, .. } in &item.fields {
        let ty = quote!(#ty).to_string();
        if ty.contains("serde_json") {
            return Err(format!("schema {}: {ty} is untyped: use a $ref to a named schema without type", item.ident));
        }
    }
    Ok(())
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    if let Type::Path(path) = ty { path.path.segments.last() } else { None }
}

/// Whether the last name of a type is that.
pub(crate) fn is(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == name)
}

/// `T` of `Name<T>`, where the type is of that name.
pub(crate) fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let last = last_segment(ty).filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| if let GenericArgument::Type(ty) = argument { Some(ty) } else { None })
}

/// A type as code outside the module of types names it.
fn outside(mut ty: Type) -> Type {
    let Type::Path(path) = &mut ty else { return ty };
    for segment in &mut path.path.segments {
        let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else { continue };
        for argument in &mut arguments.args {
            if let GenericArgument::Type(ty) = argument {
                *ty = outside(ty.clone());
            }
        }
    }
    match path.path.get_ident() {
        Some(name) if name.to_string().starts_with(char::is_uppercase) => parse_quote! { crate::types::#name },
        _ => ty,
    }
}

/// `lockId` becomes `lock_id` and `type` `type_`, like the names that progenitor gives to fields.
pub(crate) fn snake(name: &str) -> Ident {
    let mut snake = String::new();
    for c in name.trim_start_matches('_').chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(if c.is_alphanumeric() { c } else { '_' }.to_lowercase());
    }
    syn::parse_str(&snake).unwrap_or_else(|_| format_ident!("{snake}_"))
}
