//! `spkey api`: an endpoint that has no command.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::Value;
use spkey::reqwest::Method;
use spkey::{Auth, Operation, RetryClass, SensitiveJson, Shape};

use crate::connection::resolve::resolve;
use crate::ctrl_c::unless_interrupted;
use crate::dry_run::curl;
use crate::dry_run::variables::Variables;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;
use crate::operations::values::file_or_standard_input;
use crate::question;
use crate::show::printer::Printer;

/// What `spkey api` takes.
#[derive(Args, Debug)]
pub(crate) struct ApiOptions {
    /// The HTTP method
    #[arg(value_parser = PossibleValuesParser::new(["GET", "POST", "PUT", "PATCH", "DELETE"]), ignore_case = true)]
    method: String,
    /// The path, with its parameters in braces
    path: String,
    /// A parameter of the path
    #[arg(short, long = "path-param", value_name = "NAME=VALUE", value_parser = pair)]
    path_params: Vec<(String, String)>,
    /// A pair of the query
    #[arg(short, long, value_name = "NAME=VALUE", value_parser = pair)]
    query: Vec<(String, String)>,
    /// The body as JSON; @FILE reads it from a file, @- from standard input
    #[arg(short, long, value_name = "JSON")]
    data: Option<String>,
    /// What may be done after an attempt that failed
    #[arg(long, value_parser = PossibleValuesParser::new(CLASSES.map(|(name, _)| name)), default_value = "at-most-once")]
    retry_class: String,
    /// Send the admin key too
    #[arg(long)]
    admin: bool,
}

const CLASSES: [(&str, RetryClass); 4] = [
    ("safe", RetryClass::Safe),
    ("idempotent", RetryClass::Idempotent),
    ("at-most-once", RetryClass::AtMostOnce),
    ("no-retry", RetryClass::NoRetry),
];

/// `lockId=123`. What is wrong is not repeated: it may be a secret.
fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("give NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Sends the request, and prints the response.
pub(crate) async fn run(api: ApiOptions, options: &GlobalOptions) -> Result<(), Failure> {
    let auth = if api.admin { Auth::Admin } else { Auth::Caller };
    let mut body = api.data.as_deref().map(json).transpose()?;
    let mut secrets = Variables::default();
    // What was kept off the command line is kept out of the output too.
    if options.dry_run && !options.show_secrets && api.data.as_deref().is_some_and(|data| data.starts_with('@')) {
        body = body.map(|body| secrets.replace("data", body, &Shape::Any));
    }
    let method: Method = api.method.to_uppercase().parse().map_err(|_| Failure::usage("give an HTTP method"))?;
    let class =
        CLASSES.iter().find(|(name, _)| *name == api.retry_class).map_or(RetryClass::AtMostOnce, |(_, class)| *class);
    let connection = resolve(options)?;
    let spkey = connection.client_builder(if options.dry_run { Auth::Caller } else { auth }).await?.build()?;

    let known = known(&method, &api.path);
    // The library takes the names of a program's own code. There is one request in this process.
    let path: &'static str = api.path.leak();
    let mut request = spkey.request(method.clone(), path).auth(auth).retry_class(class);
    for (name, value) in api.path_params {
        request = request.path_param(name.leak(), value);
    }
    for (name, value) in api.query {
        request = request.query(name.leak(), value);
    }
    if let Some(body) = &body {
        request = request.json(body);
    }
    let unsent = request.to_request()?;
    if options.dry_run {
        return curl::print(&unsent, auth, &connection.credentials, &secrets);
    }
    if known.map_or(method != Method::GET, |operation| operation.physical) {
        question::confirm(&format!("{method} {path} may move something physical. Go on?"), options.yes)?;
    }
    let response = unless_interrupted(class, request.send::<SensitiveJson>()).await??;
    let mut printer = Printer::new(options);
    match response.into_inner().into_inner() {
        Value::Null => {}
        value => printer.response(value, known.and_then(|operation| operation.response).unwrap_or(&Shape::Any))?,
    }
    printer.finish();
    Ok(())
}

/// The operation of the contract with that method and path, if there is one.
fn known(method: &Method, path: &str) -> Option<&'static Operation> {
    let is_it = |template: &str| {
        template.split('/').count() == path.split('/').count()
            && template
                .split('/')
                .zip(path.split('/'))
                .all(|(expected, given)| expected.starts_with('{') || expected == given)
    };
    Operation::all().iter().copied().find(|operation| operation.method == *method && is_it(operation.path))
}

fn json(text: &str) -> Result<Value, Failure> {
    let text = match text.strip_prefix('@') {
        Some(path) => file_or_standard_input(path).map_err(|error| {
            Failure::usage(format!("--data: {path} cannot be read: {error}: name another after the `@`"))
        })?,
        None => text.to_owned(),
    };
    // It may hold a secret: only the place of what is wrong is shown.
    serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!("--data: no valid JSON, at line {} column {}: fix it", error.line(), error.column()))
    })
}
