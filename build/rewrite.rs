//! Puts this crate's client in the place of the generated one: every `send()` names the parts of its request, in the order
//! in which the generated one put them in, and hands them to `hooks`, which sends the request and reads the answer.

use std::collections::HashSet;

use quote::quote;
use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, Fields, GenericArgument, Ident, Item, ItemImpl, ItemMod, ItemStruct, Lit, LitStr, Pat};
use syn::{PathArguments, ReturnType, Stmt, Type, parse_quote};

use crate::contract::Contract;

/// Rewrites the generated file.
pub(crate) fn client(code: &mut syn::File, contract: &Contract) -> Result<(), String> {
    code.items.retain(is_kept);
    code.items.insert(0, parse_quote! { use crate::client::Client; });
    let builders = module(code, "builder")?;
    builders.retain(|item| !matches!(item, Item::Use(_)));
    let uses: [Item; 3] = [
        parse_quote! { use super::types; },
        parse_quote! { use crate::execute::decode as hooks; },
        parse_quote! { #[allow(unused_imports)] use progenitor_client::{ByteStream, ResponseValue}; },
    ];
    builders.splice(0..0, uses);
    hide_values(builders);
    let mut optional = HashSet::new();
    for item in builders.iter_mut() {
        if let Item::Struct(builder) = item {
            let owner = builder.ident.to_string();
            let fields = fields(builder).into_iter().flatten();
            let fields = fields.filter(|field| first_argument(&field.ty).is_some_and(|ty| type_name(ty) == "Option"));
            optional.extend(fields.filter_map(|field| Some((owner.clone(), field.ident.clone()?))));
        }
    }
    for item in builders {
        match item {
            Item::Struct(builder) => {
                builder.attrs.push(parse_quote! { #[must_use = "nothing is sent before `.send().await`"] });
            }
            Item::Impl(block) => operation(block, contract, &optional)?,
            _ => {}
        }
    }
    Ok(())
}

/// Gives builders a `Debug` without what was given to them: addresses, keys and names go in as plain text.
pub(crate) fn hide_values(builders: &mut Vec<Item>) {
    let mut shown = Vec::new();
    for item in builders.iter_mut() {
        if let Item::Struct(builder) = item {
            builder.attrs.retain(|attribute| !attribute.path().is_ident("derive"));
            builder.attrs.push(parse_quote! { #[derive(Clone)] });
            let (name, lifetime) = (&builder.ident, builder.generics.lifetimes().map(|_| quote! { <'_> }));
            shown.push(parse_quote! { crate::value::secret::hidden! { #name #(#lifetime)* } });
        }
    }
    builders.extend(shown);
}

/// The items of a module of the generated file.
pub(crate) fn module<'a>(code: &'a mut syn::File, name: &str) -> Result<&'a mut Vec<Item>, String> {
    let found = code.items.iter_mut().find_map(|item| match item {
        Item::Mod(ItemMod { ident, content: Some((_, items)), .. }) if ident == name => Some(items),
        _ => None,
    });
    found.ok_or_else(|| format!("the generator no longer makes a module `{name}`: adapt build/rewrite.rs"))
}

/// Drops the generated client with its constructors, which would take a client without credentials or retries.
fn is_kept(item: &Item) -> bool {
    match item {
        Item::Mod(module) => module.ident != "prelude",
        Item::Impl(block) => {
            let constructor = |item: &syn::ImplItem| matches!(item, syn::ImplItem::Fn(f) if f.sig.ident == "new");
            block.trait_.is_none() && !block.items.iter().any(constructor)
        }
        _ => false,
    }
}

fn operation(block: &mut ItemImpl, contract: &Contract, optional: &HashSet<(String, Ident)>) -> Result<(), String> {
    let owner = type_name(&block.self_ty);
    let send = block.items.iter_mut().find_map(|item| match item {
        syn::ImplItem::Fn(function) if function.sig.ident == "send" => Some(function),
        _ => None,
    });
    let Some(send) = send else { return Ok(()) };
    let adapt = || "the generated `send()` has changed: adapt build/rewrite.rs".to_owned();

    // `let info = OperationInfo { operation_id: "..." };` parts what builds the request from what sends it.
    let info = send.block.stmts.iter().position(|statement| local_name(statement) == "info").ok_or_else(adapt)?;
    let sending = send.block.stmts.split_off(info);
    let id = operation_id(&sending[0]).ok_or_else(adapt)?;
    let operation = contract.operations.iter().find(|operation| operation.id == id).ok_or_else(adapt)?;
    let building = std::mem::take(&mut send.block.stmts);
    let mut parts = RequestParts::default();
    for statement in &building {
        parts.visit_stmt(statement);
    }
    // `let Self { client, user_id, body } = self;`: each must have found its place.
    let unpack = building.first().ok_or_else(adapt)?;
    let Stmt::Local(syn::Local { pat: Pat::Struct(given), .. }) = unpack else { return Err(adapt()) };
    if given.fields.len() != 1 + parts.path.len() + parts.query.len() + usize::from(parts.body.is_some()) {
        return Err(adapt());
    }
    // The generator fills the path's braces in their order.
    let names = operation.path.split_inclusive('}').filter_map(|part| Some(&part[part.find('{')?..]));
    let names: Vec<_> = names.collect();
    if names.len() != parts.path.len() {
        return Err(adapt());
    }
    let path = names.into_iter().zip(&parts.path).map(|(name, value)| quote! { .path_param(#name, #value) });
    let query = parts.query.iter().map(|(name, value)| {
        let setter =
            if optional.contains(&(owner.clone(), value.clone())) { "optional_query_param" } else { "query_param" };
        let setter = quote::format_ident!("{setter}");
        quote! { .#setter(#name, #value) }
    });
    let body = parts.body.iter().map(|ty| quote! { .body::<#ty>(body) });

    let success = success_type(&send.sig.output).ok_or_else(adapt)?;
    let (kind, read) = match quote!(#success).to_string().as_str() {
        "()" => (quote! { Empty }, quote! { empty }),
        "ByteStream" => (quote! { Stream }, quote! { stream }),
        _ => (quote! { Json }, quote! { json }),
    };
    let entry = quote::format_ident!("{}", id.to_uppercase());
    send.sig.asyncness = None;
    send.sig.output = parse_quote! {
        -> impl Future<Output = Result<ResponseValue<#success>, crate::Error>> + Send + 'a
    };
    send.block = parse_quote! {{
        #unpack
        let operation = &crate::request::operation::#entry;
        let parts = hooks::RequestParts::new(client, operation.path) #(#path)* #(#query)* #(#body)*;
        hooks::perform(client, operation, parts, hooks::Success::#kind, hooks::#read)
    }};
    Ok(())
}

/// What a generated `send()` puts into its request.
#[derive(Default)]
struct RequestParts {
    path: Vec<Expr>,
    query: Vec<(LitStr, Ident)>,
    body: Option<syn::Path>,
}

impl<'ast> Visit<'ast> for RequestParts {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        visit::visit_expr_call(self, call);
        let Expr::Path(function) = &*call.func else { return };
        let Some(name) = function.path.segments.last() else { return };
        match (name.ident.to_string().as_str(), call.args.first(), call.args.last()) {
            // `QueryParam::new("email", &email)`
            ("new", Some(Expr::Lit(ExprLit { lit: Lit::Str(name), .. })), Some(Expr::Reference(value))) => {
                if let Expr::Path(value) = &*value.expr
                    && let Some(value) = value.path.get_ident()
                {
                    self.query.push((name.clone(), value.clone()));
                }
            }
            // `types::AddDeviceRequest::try_from(v)`
            ("try_from", ..) => {
                let mut ty = function.path.clone();
                ty.segments.pop();
                ty.segments.pop_punct();
                self.body = Some(ty);
            }
            _ => {}
        }
    }

    /// `format!("{}/users/{}", client.baseurl, encode_path(&user_id.to_string()))`
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let parse = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
        for argument in call.parse_body_with(parse).into_iter().flatten() {
            if let Expr::Call(encode) = argument
                && let Some(Expr::Reference(reference)) = encode.args.first()
                && let Expr::MethodCall(to_string) = &*reference.expr
            {
                self.path.push((*to_string.receiver).clone());
            }
        }
    }
}

fn local_name(statement: &Stmt) -> String {
    match statement {
        Stmt::Local(local) => match &local.pat {
            Pat::Ident(name) => name.ident.to_string(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn operation_id(statement: &Stmt) -> Option<String> {
    let Stmt::Local(local) = statement else { return None };
    let Expr::Struct(info) = &*local.init.as_ref()?.expr else { return None };
    match &info.fields.first()?.expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(id), .. }) => Some(id.value()),
        _ => None,
    }
}

/// `T` of `Result<ResponseValue<T>, _>`.
fn success_type(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else { return None };
    first_argument(first_argument(result)?).cloned()
}

/// `T` of `Name<T, ..>`.
pub(crate) fn first_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The last name of a path type: `Vec` of `::std::vec::Vec<String>`.
pub(crate) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The named fields of a struct.
pub(crate) fn fields(item: &mut ItemStruct) -> Option<&mut syn::punctuated::Punctuated<syn::Field, syn::Token![,]>> {
    match &mut item.fields {
        Fields::Named(fields) => Some(&mut fields.named),
        _ => None,
    }
}
