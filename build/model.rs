//! An operation with everything that the code made of it needs, in types: what the emitter reads.

use quote::format_ident;
use serde_json::Value;
use syn::{Ident, Type, parse_quote};

use crate::generate::by_hand;
use crate::spec::{Spec, SpecOperation, elements, resolve, schema_name, text};
use crate::types::{Field, Presence, Types, is_secret, snake};

pub(crate) struct Operation<'a> {
    pub(crate) spec: &'a SpecOperation,
    pub(crate) id: Ident,
    /// The name of the builder.
    pub(crate) builder: Ident,
    pub(crate) method: Ident,
    pub(crate) retry: Ident,
    pub(crate) auth: Ident,
    /// The input that is filled in with a mark where the caller sets none.
    pub(crate) mark: Option<String>,
    /// What a caller sets: path, query and body on one level, each name once. Those of the path come first, in its order.
    pub(crate) inputs: Vec<Input>,
    /// The type of the body, whose fields are the inputs that are in the body.
    pub(crate) body: Option<Type>,
    pub(crate) response: Response,
}

/// What a caller sets.
pub(crate) struct Input {
    pub(crate) field: Field,
    pub(crate) location: Location,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Body,
    /// In the path, and repeated in the body.
    PathAndBody,
}

#[derive(PartialEq, Eq)]
pub(crate) enum Response {
    Json(Box<Type>),
    Empty,
    Html,
}

impl Operation<'_> {
    pub(crate) fn in_path(&self) -> impl Iterator<Item = &Field> {
        self.fields(Input::is_in_path)
    }

    pub(crate) fn in_body(&self) -> impl Iterator<Item = &Field> {
        self.fields(|input| matches!(input.location, Location::Body | Location::PathAndBody))
    }

    /// What has a setter.
    pub(crate) fn settable(&self) -> impl Iterator<Item = &Field> {
        self.fields(|input| !input.is_in_path())
    }

    fn fields(&self, wanted: impl Fn(&Input) -> bool) -> impl Iterator<Item = &Field> {
        self.inputs.iter().filter(move |input| wanted(input)).map(|input| &input.field)
    }
}

impl Input {
    fn is_in_path(&self) -> bool {
        matches!(self.location, Location::Path | Location::PathAndBody)
    }
}

/// The operations of the contract.
pub(crate) fn operations<'a>(spec: &'a Spec, types: &Types) -> Result<Vec<Operation<'a>>, String> {
    let read =
        |read: &'a SpecOperation| operation(spec, types, read).map_err(|problem| format!("{}: {problem}", read.id));
    spec.operations.iter().map(read).collect()
}

fn operation<'a>(spec: &Spec, types: &Types, operation: &'a SpecOperation) -> Result<Operation<'a>, String> {
    let node = spec.node(operation);
    let parameters = elements(&node["parameters"]).map(|node| parameter(spec, resolve(&spec.document, node)));
    let mut inputs = parameters.collect::<Result<Vec<_>, _>>()?;
    // A call takes the parameters of the path in the order in which it has them.
    inputs.sort_by_key(|input| operation.path.find(&format!("{{{}}}", input.field.wire)).unwrap_or(usize::MAX));
    let body = body(node, types, &mut inputs)?;
    Ok(Operation {
        spec: operation,
        id: format_ident!("{}", operation.id),
        builder: format_ident!("{}", pascal(&operation.id)),
        method: format_ident!("{}", operation.method.to_uppercase()),
        retry: format_ident!("{}", pascal(&operation.retry)),
        auth: format_ident!("{}", pascal(operation.auth)),
        mark: node["x-spkey-confirm"]["mark"].as_str().map(ToOwned::to_owned),
        inputs,
        body,
        response: response(node),
    })
}

fn parameter(spec: &Spec, node: &Value) -> Result<Input, String> {
    let wire = text(&node["name"]).to_owned();
    let ty = parameter_type(spec, &node["schema"]).ok_or_else(|| {
        format!("parameter {wire}: its type is not supported: use text, integer, boolean, an id, or an enum")
    })?;
    let personal = node["x-spkey-personal"] == true;
    let field = Field {
        ident: snake(&wire),
        presence: if node["required"] == true { Presence::Required } else { Presence::Optional },
        docs: text(&node["description"]).to_owned(),
        personal,
        sensitive: personal || is_secret(&ty),
        wire,
        ty,
    };
    let location = if node["in"] == "path" { Location::Path } else { Location::Query };
    Ok(Input { field, location })
}

fn parameter_type(spec: &Spec, schema: &Value) -> Option<Type> {
    let target = resolve(&spec.document, schema);
    let plain = match target["type"].as_str()? {
        "string" => "::std::string::String",
        "integer" => "i64",
        "number" => "f64",
        "boolean" => "bool",
        _ => return None,
    };
    syn::parse_str(&by_hand(schema_name(schema), target).unwrap_or_else(|| plain.to_owned())).ok()
}

/// Returns the type of the body, and adds its fields to the inputs.
fn body(node: &Value, types: &Types, inputs: &mut Vec<Input>) -> Result<Option<Type>, String> {
    let schema = &node["requestBody"]["content"]["application/json"]["schema"];
    let Some(name) = schema_name(schema) else { return Ok(None) };
    for field in &types.structs.get(name).ok_or_else(|| format!("{name} is no object"))?.fields {
        match inputs.iter_mut().find(|input| input.field.ident == field.ident) {
            Some(input) if input.is_in_path() && input.field.wire == field.wire => {
                input.location = Location::PathAndBody;
            }
            Some(_) => return Err(format!("{} is in the query and in the body: rename one", field.wire)),
            None => inputs.push(Input { field: field.clone(), location: Location::Body }),
        }
    }
    Ok(named(schema))
}

/// The type that a `$ref` names.
fn named(schema: &Value) -> Option<Type> {
    let name: Ident = syn::parse_str(schema_name(schema)?).ok()?;
    Some(parse_quote! { crate::types::#name })
}

fn response(node: &Value) -> Response {
    let mut contents = ["200", "201"].iter().map(|status| &node["responses"][status]["content"]);
    match contents.find(|content| content.is_object()) {
        None => Response::Empty,
        Some(content) => match named(&content["application/json"]["schema"]) {
            Some(ty) => Response::Json(Box::new(ty)),
            None => Response::Html,
        },
    }
}

/// `add_device` becomes `AddDevice`, and `at-most-once` `AtMostOnce`.
pub(crate) fn pascal(words: &str) -> String {
    let words = words.split(['_', '-']).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
