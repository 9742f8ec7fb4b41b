//! Puts this crate's client in the place of the generated one: every `send()` builds its request as generated, then hands
//! it to `hooks`, which authorises, sends, retries and reads the answer.

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Fields, GenericArgument, Item, ItemImpl, ItemMod, ItemStruct, Pat, PathArguments, ReturnType, Stmt};
use syn::{Type, parse_quote};

use crate::contract::Contract;

/// Rewrites the generated file.
pub(crate) fn client(code: &mut syn::File, contract: &Contract) -> Result<(), String> {
    code.items.retain(is_kept);
    code.items.insert(0, parse_quote! { use crate::client::Client; });
    let builders = module(code, "builder")?;
    builders.retain(|item| !matches!(item, Item::Use(_)));
    let uses: [Item; 3] = [
        parse_quote! { use super::types; },
        parse_quote! { use crate::hooks::{self, RequestError as Error}; },
        parse_quote! { #[allow(unused_imports)] use progenitor_client::{ByteStream, ResponseValue}; },
    ];
    builders.splice(0..0, uses);
    hide_values(builders);
    for item in builders {
        match item {
            Item::Struct(builder) => {
                builder.attrs.push(parse_quote! { #[must_use = "nothing is sent before `.send().await`"] });
            }
            Item::Impl(block) => operation(block, contract)?,
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
            let (name, (generics, arguments, _)) = (&builder.ident, builder.generics.split_for_impl());
            shown.push(parse_quote! {
                impl #generics ::std::fmt::Debug for #name #arguments {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.debug_struct(stringify!(#name)).finish_non_exhaustive()
                    }
                }
            });
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

fn operation(block: &mut ItemImpl, contract: &Contract) -> Result<(), String> {
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
    if !contract.operations.iter().any(|operation| operation.id == id) {
        return Err(adapt());
    }
    let mut building = std::mem::take(&mut send.block.stmts);
    let unpack = building.remove(0);
    building.retain(|statement| !is_api_version(statement));
    for statement in &mut building {
        RequestPass.visit_stmt_mut(statement);
    }
    if local_name(building.last().ok_or_else(adapt)?) != "request" {
        return Err(adapt());
    }

    let success = success_type(&send.sig.output).ok_or_else(adapt)?;
    let settle: Expr = match quote!(#success).to_string().as_str() {
        "()" => parse_quote! { hooks::call_empty },
        "ByteStream" => parse_quote! { hooks::call_stream },
        _ => parse_quote! { hooks::call },
    };
    let entry = quote::format_ident!("{}", id.to_uppercase());
    send.sig.output = parse_quote! { -> Result<ResponseValue<#success>, crate::Error> };
    send.block = parse_quote! {{
        #unpack
        let build = || -> Result<reqwest::Request, Error> {
            #(#building)*
            Ok(request)
        };
        #settle(client, &crate::operation::#entry, build()).await
    }};
    Ok(())
}

/// The statements that make the generator's own `api-version` header, which the contract does not name.
fn is_api_version(statement: &Stmt) -> bool {
    local_name(statement) == "header_map" || quote!(#statement).to_string().starts_with("header_map . append")
}

struct RequestPass;

impl VisitMut for RequestPass {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        // Both are `hooks`' to set, once for all operations.
        if let Expr::MethodCall(call) = expression
            && (call.method == "headers" || call.method == "header")
        {
            *expression = (*call.receiver).clone();
        }
    }

    /// `format!("{}/users/{}", client.baseurl, encode_path(&user_id.to_string()))` loses the detour by `to_string`, so that
    /// a secret, which has no `Display`, can be a path parameter too.
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if !call.path.is_ident("format") {
            return;
        }
        let parse = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
        if let Ok(mut arguments) = call.parse_body_with(parse) {
            for argument in &mut arguments {
                if let Expr::Call(encode) = argument
                    && let Some(Expr::Reference(reference)) = encode.args.first()
                    && let Expr::MethodCall(to_string) = &*reference.expr
                {
                    let value = &to_string.receiver;
                    *argument = parse_quote! { hooks::path_value(&#value) };
                }
            }
            call.tokens = quote! { #arguments };
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
