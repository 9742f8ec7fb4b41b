//! Reshapes the generated types: fields in the contract's order, lists that may be null, secrets that only the wire sees,
//! setters that say what was wrong, and no builders for what only answers are made of.

use std::collections::{BTreeSet, HashMap};

use syn::visit_mut::VisitMut;
use syn::{FnArg, ImplItem, ImplItemFn, Item, ItemImpl, ItemStruct, Type, parse_quote};

use crate::contract::Contract;
use crate::enums;
use crate::rewrite::{fields, first_argument, hide_values, module, type_name};

/// Rewrites the module of types, and the setters of the operations.
pub(crate) fn rewrite(code: &mut syn::File, contract: &Contract) -> Result<(), String> {
    let requests: BTreeSet<String> = contract.request_schemas().into_iter().map(ToOwned::to_owned).collect();

    let types = module(code, "types")?;
    for item in types.iter_mut() {
        Opaque.visit_item_mut(item);
    }
    let structs: BTreeSet<String> = types
        .iter()
        .filter_map(|item| if let Item::Struct(item) = item { Some(item.ident.to_string()) } else { None })
        .collect();
    let unused = |name: &str| structs.contains(name) && !requests.contains(name);
    types.retain(
        |item| !matches!(item, Item::Impl(block) if is_builder_fn(block) && unused(&type_name(&block.self_ty))),
    );
    for item in types.iter_mut() {
        match item {
            Item::Struct(item) => {
                reorder(item, contract);
                fields(item).into_iter().flatten().for_each(field);
            }
            Item::Mod(module) if module.ident == "builder" => {
                let items = &mut module.content.get_or_insert_default().1;
                items.retain(|item| !mentions(item, &unused));
                hide_values(items);
                setters(items);
                flaws(items);
            }
            _ => {}
        }
    }
    types.extend(syn::parse2::<syn::File>(enums::items(contract)).map_err(|error| error.to_string())?.items);
    types.push(parse_quote! {
        impl From<crate::request::input::Flaw> for error::ConversionError {
            fn from(flaw: crate::request::input::Flaw) -> Self {
                match flaw {
                    ::std::borrow::Cow::Borrowed(text) => Self::from(text),
                    ::std::borrow::Cow::Owned(text) => Self::from(text),
                }
            }
        }
    });
    let operations = module(code, "builder")?;
    setters(operations);
    flaws(operations);
    Ok(())
}

/// What the contract does not tell the shape of may hold secrets: it becomes a type that `Debug` does not show.
struct Opaque;

impl VisitMut for Opaque {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        // Most types are told by their last name; to write one out takes a hundred times as long.
        if matches!(type_name(ty).as_str(), "Value" | "Map") {
            let text = quote::quote!(#ty).to_string();
            if text == ":: serde_json :: Value" || text.starts_with(":: serde_json :: Map <") {
                *ty = parse_quote! { crate::OpaqueJson };
            }
        }
        syn::visit_mut::visit_type_mut(self, ty);
    }
}

fn flaws(items: &mut [Item]) {
    for item in items {
        Flaws.visit_item_mut(item);
    }
}

/// Says of a value that was not given how to give it. The generated builders allocate that text for every field, in case;
/// here it is borrowed until it is needed.
struct Flaws;

impl VisitMut for Flaws {
    fn visit_type_path_mut(&mut self, ty: &mut syn::TypePath) {
        syn::visit_mut::visit_type_path_mut(self, ty);
        if let Some(result) = ty.path.segments.last_mut().filter(|segment| segment.ident == "Result")
            && let syn::PathArguments::AngleBracketed(arguments) = &mut result.arguments
            && let Some(syn::GenericArgument::Type(error)) = arguments.args.last_mut()
            && type_name(error) == "String"
        {
            *error = parse_quote! { crate::request::input::Flaw };
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        syn::visit_mut::visit_expr_mut(self, expression);
        let text = match expression {
            syn::Expr::MethodCall(call) if call.method == "to_string" => match &*call.receiver {
                syn::Expr::Lit(_) => call.receiver.clone(),
                syn::Expr::Path(receiver) if receiver.path.is_ident("e") => {
                    return *expression = parse_quote! { e.to_string().into() };
                }
                _ => return,
            },
            syn::Expr::Closure(closure) if matches!(&*closure.body, syn::Expr::Macro(_)) => {
                let text = &closure.body;
                return *closure.body = parse_quote! { ::std::borrow::Cow::Owned(#text) };
            }
            _ => return,
        };
        *expression = parse_quote! { ::std::borrow::Cow::Borrowed(#text) };
    }

    fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
        let text = literal.value();
        let name = text.strip_prefix("no value supplied for ").or_else(|| text.strip_suffix(" was not initialized"));
        if let Some(name) = name {
            *literal = syn::LitStr::new(&format!("{name} is missing: set it by `.{name}(..)`"), literal.span());
        }
    }
}

fn is_builder_fn(block: &ItemImpl) -> bool {
    block.items.iter().any(|item| matches!(item, ImplItem::Fn(f) if f.sig.ident == "builder"))
}

/// Whether an item of the module of builders is about a type that only answers are made of.
fn mentions(item: &Item, unused: &impl Fn(&str) -> bool) -> bool {
    match item {
        Item::Struct(item) => unused(&item.ident.to_string()),
        Item::Impl(block) => unused(&type_name(&block.self_ty)),
        _ => false,
    }
}

/// The generator sorts fields by name. The contract's order is the one of the vendor's pages.
fn reorder(item: &mut ItemStruct, contract: &Contract) {
    let schema = &contract.document["components"]["schemas"][item.ident.to_string()];
    let Some(properties) = schema["properties"].as_object() else { return };
    let places: HashMap<&str, usize> =
        properties.keys().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
    if let Some(named) = fields(item) {
        let mut sorted: Vec<_> = std::mem::take(named).into_iter().collect();
        sorted.sort_by_key(|field| places.get(wire_name(field).as_str()).copied().unwrap_or(usize::MAX));
        *named = sorted.into_iter().collect();
    }
}

fn field(field: &mut syn::Field) {
    let optional = type_name(&field.ty) == "Option";
    let inner = if optional { first_argument(&field.ty).map(type_name) } else { Some(type_name(&field.ty)) };
    if inner.as_deref() == Some("Secret") {
        let expose = if optional { "crate::value::secret::expose_optional" } else { "crate::value::secret::expose" };
        field.attrs.push(parse_quote! { #[serde(serialize_with = #expose)] });
    }
}

/// Whether a field may be missing, and then is empty.
pub(crate) fn has_default(field: &syn::Field) -> bool {
    serde_words(field).any(|(word, value)| word == "default" && value.is_none())
}

/// What is asked of serde for a field and `src/fields.rs` does not do.
pub(crate) fn beyond_names(field: &syn::Field) -> Option<String> {
    let asked = |(word, value): (String, Option<String>)| {
        (matches!(word.as_str(), "flatten" | "alias") || word == "default" && value.is_some()).then_some(word)
    };
    serde_words(field).find_map(asked)
}

/// The name of a field in JSON.
pub(crate) fn wire_name(field: &syn::Field) -> String {
    let renamed = serde_words(field).find(|(word, _)| word == "rename").and_then(|(_, value)| value);
    renamed.or_else(|| field.ident.as_ref().map(ToString::to_string)).unwrap_or_default()
}

fn serde_words(field: &syn::Field) -> impl Iterator<Item = (String, Option<String>)> {
    let mut words = Vec::new();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let value =
                meta.value().and_then(syn::parse::ParseBuffer::parse::<syn::LitStr>).ok().map(|text| text.value());
            words.push((meta.path.get_ident().map(ToString::to_string).unwrap_or_default(), value));
            Ok(())
        });
    }
    words.into_iter()
}

/// Rewrites every setter of the builders: an optional value may be given bare or as an `Option`, and a value that does not
/// convert is reported with its reason.
fn setters(items: &mut [Item]) {
    let mut types: HashMap<(String, String), Type> = HashMap::new();
    for item in items.iter_mut() {
        if let Item::Struct(item) = item {
            let owner = item.ident.to_string();
            for field in fields(item).into_iter().flatten() {
                if let (Some(name), Some(value)) = (&field.ident, first_argument(&field.ty)) {
                    types.insert((owner.clone(), name.to_string()), value.clone());
                }
            }
        }
    }
    for item in items.iter_mut() {
        let Item::Impl(block) = item else { continue };
        let owner = type_name(&block.self_ty);
        for function in &mut block.items {
            if let ImplItem::Fn(function) = function
                && let Some(ty) = types.get(&(owner.clone(), function.sig.ident.to_string()))
                && function.sig.inputs.len() == 2
                && function.sig.ident != "body"
            {
                setter(function, ty);
            }
        }
    }
}

fn setter(function: &mut ImplItemFn, ty: &Type) {
    let name = function.sig.ident.clone();
    let text = name.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    function.sig.generics = parse_quote! { <V> };
    if let Some(FnArg::Typed(value)) = function.sig.inputs.last_mut() {
        *value.ty = parse_quote! { V };
    }
    if type_name(ty) == "Option"
        && let Some(inner) = first_argument(ty)
    {
        function.sig.generics.where_clause = Some(parse_quote! { where V: crate::Optional<#inner> });
        function.block = parse_quote! {{
            self.#name = crate::request::input::given(#text, value.optional());
            self
        }};
    } else {
        function.sig.generics.where_clause = Some(parse_quote! {
            where V: ::std::convert::TryInto<#ty>, V::Error: ::std::fmt::Display
        });
        function.block = parse_quote! {{
            self.#name = crate::request::input::given(#text, value.try_into());
            self
        }};
    }
}
