//! `spkey api`: an endpoint that has no command.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::Value;
use spkey::reqwest::Method;
use spkey::{Auth, Operation, RetryClass, SensitiveJson, Shape};

use crate::connection::resolve::resolve;
use crate::ctrl_c::unless_interrupted;
use crate::dry_run::curl;
use crate::dry_run::variables::Variables;
use crate::failure::Failure;
use crate::given;
use crate::global_options::GlobalOptions;
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
    #[arg(long, value_name = "CLASS", value_parser = class_parser(), default_value = RetryClass::AtMostOnce.as_str())]
    retry_class: RetryClass,
    /// Send the admin key too
    #[arg(long)]
    admin: bool,
}

const CLASSES: [RetryClass; 4] =
    [RetryClass::Safe, RetryClass::Idempotent, RetryClass::AtMostOnce, RetryClass::NoRetry];

fn class_parser() -> impl TypedValueParser<Value = RetryClass> {
    let class = |name: &String| CLASSES.into_iter().find(|class| class.as_str() == name);
    PossibleValuesParser::new(CLASSES.map(RetryClass::as_str))
        .try_map(move |name| class(&name).ok_or("there is no class of that name"))
}

/// `lockId=123`. What is wrong is not repeated: it may be a secret.
fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("give NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Sends the request, and prints the response.
pub(crate) async fn run(api: ApiOptions, options: &GlobalOptions) -> Result<(), Failure> {
    let auth = if api.admin { Auth::Admin } else { Auth::Caller };
    let mut body = api.data.as_deref().map(body).transpose()?;
    let mut secrets = Variables::default();
    // What was kept off the command line is kept out of the output too.
    if options.dry_run && !options.show_secrets && api.data.as_deref().is_some_and(|data| data.starts_with('@')) {
        body = body.map(|body| secrets.replace("data", body, &Shape::Any));
    }
    let method: Method = api.method.to_uppercase().parse().map_err(|_| Failure::usage("give an HTTP method"))?;
    let class = api.retry_class;
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

fn body(given: &str) -> Result<Value, Failure> {
    given::json("data", &given::text("data", given)?)
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
