//! Writes the Rust of every operation from the model: a builder that implements `Endpoint`, and the method of the client that
//! makes it. The only emitter of operations.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use crate::entries::entry;
use crate::model::{Input, Location, Operation, Response, pascal};
use crate::spec::{SpecOperation, SpecPage};
use crate::types::{Field, Presence, snake};

/// The builders and the client's methods.
pub(crate) fn operations(operations: &[Operation]) -> TokenStream {
    let items = operations.iter().map(operation);
    let builders = operations.iter().map(|operation| &operation.builder);
    quote! {
        #(#items)*
        /// Every operation of the contract, in its order.
        static ALL: &[&Operation] = &[#(#builders::OPERATION),*];
    }
}

fn operation(operation: &Operation) -> TokenStream {
    let Operation { id, builder, inputs, .. } = operation;
    let fields = inputs.iter().map(|Input { field, .. }| {
        let (name, value) = (&field.ident, value_type(field));
        quote! { #name: Option<#value>, }
    });
    let builder_docs = format!(" A call of [`Client::{id}`]. Nothing is sent before [`send`](Self::send).");
    let setters = operation.settable().map(setter);
    let send = send(operation);
    let endpoint = endpoint(operation);
    let paged = paged(operation);
    let method = client_method(operation);
    quote! {
        #[doc = #builder_docs]
        #[must_use = "nothing is sent before `.send().await`"]
        #[derive(Clone)]
        pub struct #builder { call: PendingCall, #(#fields)* }

        impl #builder { #(#setters)* call_settings!(); #send }
        #endpoint
        #paged
        crate::value::secret::hidden!(#builder);
        impl Client { #method }
    }
}

/// The only place where a setter is written.
fn setter(field: &Field) -> TokenStream {
    let Field { ident, presence, docs, .. } = field;
    let (name, value) = (ident.to_string(), value_type(field));
    let (target, set) = if presence.is_required() {
        (value, quote! { set })
    } else {
        (quote! { Option<#value> }, quote! { set_optional })
    };
    let docs = format!(" {docs}{}", if presence.is_required() { "\n\n Required." } else { "" });
    quote! {
        #[doc = #docs]
        #[inline]
        pub fn #ident(mut self, value: impl IntoInput<#target>) -> Self {
            self.call.#set(#name, &mut self.#ident, value);
            self
        }
    }
}

fn send(operation: &Operation) -> TokenStream {
    let fields = || operation.inputs.iter().map(|input| &input.field);
    let names = fields().map(|field| &field.ident);
    let required: Vec<_> = fields().filter(|field| field.presence.is_required()).map(|field| &field.ident).collect();
    let required_names = required.iter().map(ToString::to_string);
    let response = response_type(operation);
    let put = operation.inputs.iter().filter_map(put);
    let mark = fields().filter(|field| operation.mark.as_ref() == Some(&field.wire)).map(|field| &field.ident);
    let sensitive = fields().filter(|field| field.sensitive).map(|field| &field.ident);
    let body = operation.body.iter().map(|ty| {
        let fields = operation.in_body().map(|Field { ident, presence, .. }| {
            let or_default = (*presence == Presence::Default).then(|| quote! { : #ident.unwrap_or_default() });
            quote! { #ident #or_default }
        });
        quote! { request.json(&#ty { #(#fields),* }); }
    });
    quote! {
        /// Sends the request, and retries it as its [`RetryClass`] allows.
        ///
        /// # Errors
        /// [`Error::outcome`] says whether the command took effect. An input that is missing or invalid is an
        /// [`ErrorKind::Request`](crate::ErrorKind::Request) that names all of them; nothing is sent then.
        #[inline]
        pub fn send(self) -> impl Future<Output = Result<Response<#response>, Error>> + Send + 'static {
            let Self { mut call, #(#names),* } = self;
            let mut request = call.request(Self::OPERATION);
            let complete = request.require(&[#((#required_names, #required.is_none())),*]);
            if let (true, #(Some(#required),)*) = (complete, #(#required,)*) {
                #(#put)*
                #(request.redact(&#sensitive);)*
                #(let #mark = request.mark(#mark);)*
                #(#body)*
            }
            call.send(Self::OPERATION, request)
        }
    }
}

/// Puts an input into the path or the query.
fn put(Input { field: Field { ident, wire, presence, .. }, location }: &Input) -> Option<TokenStream> {
    match location {
        Location::Path | Location::PathAndBody => Some(quote! { request.path_param(#wire, &#ident); }),
        Location::Query if presence.is_required() => Some(quote! { request.query_param(#wire, &#ident); }),
        Location::Query => Some(quote! { request.optional_query_param(#wire, #ident.as_ref()); }),
        Location::Body => None,
    }
}

fn endpoint(operation: &Operation) -> TokenStream {
    let Operation { builder, method, retry, auth, inputs, .. } = operation;
    let SpecOperation { id, path, retry_reason, redirects, physical, confirm, area, summary, .. } = operation.spec;
    let confirm = confirm.as_ref().map_or(quote!(None), |confirm| {
        let confirm = entry(confirm);
        quote! { Some(&#confirm) }
    });
    let response = response_type(operation);
    let body = operation.body.as_ref().map_or(quote!(()), ToTokens::to_token_stream);
    let shape = |ty: &Type| quote! { <#ty as Shaped>::SHAPE };
    let table = inputs.iter().map(|Input { field, location }| {
        let Field { ident, wire, ty, presence, docs, sensitive, .. } = field;
        let (name, location, shape) = (ident.to_string(), format_ident!("{location:?}"), shape(ty));
        let (required, nullable) = (presence.is_required(), *presence == Presence::Nullable);
        quote! {
            Input {
                name: #name, wire: #wire, location: InputLocation::#location, required: #required, docs: #docs,
                nullable: #nullable, sensitive: #sensitive, shape: #shape,
            }
        }
    });
    let shape_of_response = match &operation.response {
        Response::Json(ty) => {
            let shape = shape(ty);
            quote! { Some(#shape) }
        }
        Response::Empty | Response::Html => quote! { None },
    };
    let has_body = operation.body.is_some();
    let pages = page_fields(operation);
    let set = inputs.iter().enumerate().map(|(index, Input { field: Field { ident, .. }, .. })| {
        quote! { set.add(&Self::OPERATION.inputs[#index], self.#ident.as_ref()); }
    });
    quote! {
        impl Endpoint for #builder {
            const OPERATION: &'static Operation = &Operation {
                id: #id,
                method: Method::#method,
                path: #path,
                retry: RetryClass::#retry,
                retry_reason: #retry_reason,
                auth: Auth::#auth,
                redirects: #redirects,
                physical: #physical,
                confirm: #confirm,
                area: #area,
                summary: #summary,
                inputs: &[#(#table),*],
                response: #shape_of_response,
                format: <#response as ResponseBody>::FORMAT,
                has_body: #has_body,
                pages: #pages,
            };
            type Response = #response;
            type Body = #body;
        }

        impl Sealed for #builder {
            #[inline]
            fn problems(&self) -> &Problems { self.call.problems() }
            #[inline]
            fn set_inputs(&self, set: &mut SetInputs) { #(#set)* }
        }
    }
}

/// How its pages follow each other, as data.
fn page_fields(operation: &Operation) -> TokenStream {
    let Some(SpecPage { style, input, items, position, more, .. }) = &operation.spec.page else { return quote!(None) };
    let style = format_ident!("{}", pascal(style));
    let input = snake(input).to_string();
    let position = position.as_ref().map_or(quote!(None), |position| quote!(Some(#position)));
    quote! {
        Some(&PageFields { style: StyleName::#style, input: #input, items: #items, position: #position, more: #more })
    }
}

/// The streams of the builder, as one row: how its pages follow each other.
fn paged(operation: &Operation) -> Option<TokenStream> {
    let SpecPage { style, input, items, item, position, more } = operation.spec.page.as_ref()?;
    let (builder, style, item) = (&operation.builder, format_ident!("{}", pascal(style)), format_ident!("{item}"));
    let (input, items, field) = (snake(input), snake(items), snake(more));
    let position = position.iter().map(|name| snake(name));
    Some(quote! { paged! { #builder: #style, #input, #items: #item, [#(#position)*], #field = #more } })
}

fn client_method(operation: &Operation) -> TokenStream {
    let Operation { id, builder, inputs, .. } = operation;
    let docs = method_docs(operation);
    let arguments: Vec<_> = operation.in_path().map(|field| &field.ident).collect();
    let types = operation.in_path().map(|field| &field.ty);
    let names = arguments.iter().map(ToString::to_string);
    let fields = inputs.iter().map(|input| &input.field.ident);
    quote! {
        #[doc = #docs]
        #[inline]
        pub fn #id(&self, #(#arguments: impl IntoInput<#types>),*) -> #builder {
            let mut builder = #builder { call: PendingCall::new(self), #(#fields: None),* };
            #(builder.call.set(#names, &mut builder.#arguments, #arguments);)*
            builder
        }
    }
}

fn method_docs(operation: &Operation) -> String {
    let Operation { builder, method, retry, .. } = operation;
    let SpecOperation { id, path, retry_reason, auth, summary, description, .. } = operation.spec;
    let reason = if retry_reason.is_empty() { String::new() } else { format!(": {retry_reason}") };
    let credentials = match *auth {
        "admin" => "Needs the admin key and an admin's bearer token.",
        "none" => "Needs no credentials and sends none.",
        _ => "Needs a bearer token, an API key, or both.",
    };
    let arguments = join(", ", operation.in_path().map(|field| field.ident.to_string()));
    let (required, optional): (Vec<_>, Vec<_>) = operation.settable().partition(|field| field.presence.is_required());
    let given = operation.in_path().chain(required.iter().copied());
    let given = join("", given.map(|field| format!(", {}: {}", field.ident, type_text(value_type(field)))));
    let setters = join("", required.iter().map(|field| format!("\n    .{0}({0})", field.ident)));
    let link = |field: &&Field| format!("[`{0}`](crate::operations::{builder}::{0})", field.ident);
    let links = join(", ", optional.iter().map(link));
    let optional = if links.is_empty() { links } else { format!("\n\nOptional: {links}.") };
    let pages = format!("\n\n[`items`](crate::operations::{builder}::items) reads the list of all pages.");
    let pages = operation.spec.page.as_ref().map_or(String::new(), |_| pages);
    format!(
        "{summary}.\n\n{description}\n\n`{method} {path}`. {credentials} Retry class \
         [`{retry}`](crate::RetryClass::{retry}){reason}.\n\n\
         ```no_run\n# async fn example(spkey: &spkey::Client{given}) -> Result<(), spkey::Error> {{\n\
         let response = spkey\n    .{id}({arguments}){setters}\n    .send()\n    .await?;\n\
         # drop(response);\n# Ok(())\n# }}\n```{optional}{pages}"
    )
}

fn response_type(operation: &Operation) -> TokenStream {
    match &operation.response {
        Response::Json(ty) => quote! { #ty },
        Response::Empty => quote! { () },
        Response::Html => quote! { String },
    }
}

/// The type of an input's value, with null as `None`.
fn value_type(Field { ty, presence, .. }: &Field) -> TokenStream {
    if *presence == Presence::Nullable { quote!(Option<#ty>) } else { quote!(#ty) }
}

/// A type as a user of the crate names it.
fn type_text(ty: impl ToTokens) -> String {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    text.replace("crate::", "spkey::").replace("::std::string::", "").replace("::std::vec::", "")
}

fn join(separator: &str, parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(separator)
}

/// For tests, what each needs of every operation. The including file has `OperationTest`, `Given`, `Returned` and `read`.
pub(crate) fn operation_tests(operations: &[Operation]) -> String {
    let tests = operations.iter().map(|operation| {
        let value = |field: &Field| {
            let get = if field.presence == Presence::Required { "required" } else { "optional" };
            format!("given.{get}::<{}>({:?})", type_text(&field.ty), field.wire)
        };
        let arguments = join(", ", operation.in_path().map(value));
        let setters = join("", operation.settable().map(|field| format!(".{}({})", field.ident, value(field))));
        let any = vec!["spkey::mock::any()"; operation.in_path().count()].join(", ");
        let returned = if operation.response == Response::Html { "html" } else { "json" };
        let Operation { id, builder, .. } = operation;
        format!(
            "    OperationTest {{ id: \"{id}\", call: |client, given| Box::pin(async move {{ \
             let call = client.{id}({arguments}){setters}; given.show(&call); Ok(Returned::{returned}(call.send().await?)) \
             }}), stub: |mock, client| {{ mock.given(client.{id}({any})).expect(1); }}, \
             read: read::<spkey::operations::{builder}> }},\n"
        )
    });
    format!("static OPERATIONS: &[OperationTest] = &[\n{}];\n", tests.collect::<String>())
}
