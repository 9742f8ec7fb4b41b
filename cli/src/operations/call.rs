use std::io::{self, IsTerminal as _};

use clap::ArgMatches;
use serde_json::Value;
use spkey::pages::OperationPages;
use spkey::reqwest::header::LOCATION;
use spkey::{Auth, Input, Operation, OperationCall, Response, RetryClass, ScalarKind, SensitiveJson, Shape};

use crate::connection::resolve::resolve;
use crate::ctrl_c::unless_interrupted;
use crate::dry_run::curl;
use crate::dry_run::variables::Variables;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;
use crate::operations::values::set_inputs;
use crate::printable::printable;
use crate::show::elements::Elements;
use crate::show::printer::Printer;
use crate::{progress, question, ticket};

/// A page for a browser, or the link to one: whoever has it may open a door.
const PAGE: &Shape = &Shape::Scalar(ScalarKind::SecretText);

/// Calls an operation with the inputs of the command line, and prints its response.
pub(crate) async fn run(
    operation: &'static Operation,
    matches: &ArgMatches,
    options: &GlobalOptions,
) -> Result<(), Failure> {
    let connection = resolve(options)?;
    // A request that is only printed needs no key from a command.
    let auth = if options.dry_run { Auth::Caller } else { operation.auth };
    let spkey = connection.client_builder(auth).await?.build()?;
    let inputs = set_inputs(operation.inputs, matches)?;
    let set = |call: OperationCall, (input, value): (&Input, Value)| call.set(input.name, value);
    let call = inputs.iter().cloned().fold(spkey.call(operation), set);
    // What is wrong with the inputs is said before anybody is asked.
    call.to_request()?;
    if options.dry_run {
        let mut secrets = Variables::default();
        let hide = |(input, value): (&'static Input, Value)| {
            let value = if options.show_secrets { value } else { secrets.replace(input.name, value, input.shape) };
            (input, value)
        };
        let call = inputs.into_iter().map(hide).fold(spkey.call(operation), set);
        let request = call.to_request()?;
        return curl::print(&request, operation.auth, &connection.credentials, &secrets);
    }
    if operation.physical {
        let path = shown_path(operation, &inputs);
        question::confirm(&format!("{} moves something physical, by {path}. Go on?", operation.id), options.yes)?;
    }
    let mut printer = Printer::new(options);
    let starts = operation.page_input().is_some_and(|input| matches.contains_id(input));
    let pages = if starts { None } else { call.clone().pages() };
    if let Some(pages) = pages {
        all_pages(pages, operation, &mut printer).await?;
    } else {
        let response = unless_interrupted(operation.retry, call.send()).await?;
        let response = response.map_err(|error| ticket::failure(error, options.ticket_file.as_deref()))?;
        print(response, operation, &mut printer).map_err(|failure| after(operation, failure))?;
    }
    printer.finish();
    Ok(())
}

/// The path of the request without what may be secret in it.
fn shown_path(operation: &Operation, inputs: &[(&Input, Value)]) -> String {
    let known = inputs.iter().filter(|(input, _)| !input.sensitive);
    let path = known.fold(operation.path.to_owned(), |path, (input, value)| {
        path.replace(&format!("{{{}}}", input.wire), value.as_str().unwrap_or_default())
    });
    printable(&path)
}

fn print(response: Response<SensitiveJson>, operation: &Operation, printer: &mut Printer<'_>) -> Result<(), Failure> {
    let location = response.headers().get(LOCATION).filter(|_| operation.redirects);
    let location = location.and_then(|location| Some(location.to_str().ok()?.to_owned()));
    match (operation.response, location, response.into_inner().into_inner()) {
        (None, Some(location), _) => printer.response(location.into(), PAGE),
        (None, None, Value::Null) => Ok(()),
        (shape, _, value) => printer.response(value, shape.unwrap_or(PAGE)),
    }
}

/// The failure to print what a command did: it was applied all the same.
fn after(operation: &Operation, failure: Failure) -> Failure {
    if operation.retry == RetryClass::Safe || failure.status == ExitStatus::Success {
        return failure;
    }
    let message = format!("{} was applied, but {}", operation.id, failure.message);
    Failure { status: ExitStatus::Unreadable, message }
}

/// Prints the lists of all pages, each when it comes.
async fn all_pages(mut pages: OperationPages, operation: &Operation, printer: &mut Printer<'_>) -> Result<(), Failure> {
    let name = pages.list_name();
    let mut output = Elements::new(printer, element_shape(operation, name));
    // On a terminal the output itself shows that it goes on.
    let progress = (!io::stdout().is_terminal()).then(|| progress::spinner("reading pages"));
    while let Some(page) = pages.next().await {
        let mut page = page?.into_inner().into_inner();
        if let Some(Value::Array(elements)) = page.get_mut(name).map(Value::take) {
            output.print(elements)?;
        }
        if let Some(progress) = &progress {
            progress.inc(1);
        }
    }
    if let Some(progress) = progress {
        progress.finish_and_clear();
    }
    Ok(())
}

fn element_shape(operation: &Operation, list: &str) -> &'static Shape {
    let Some(Shape::Object(fields)) = operation.response else { return &Shape::Any };
    match fields.iter().find(|field| field.name == list).map(|field| field.shape) {
        Some(Shape::List(shape)) => shape,
        _ => &Shape::Any,
    }
}
