//! `spkey operations`: what can be called.

use clap::Args;
use serde_json::{Value, json};
use spkey::{Auth, Operation};

use crate::failure::Failure;
use crate::operations::names::command_name;
use crate::output;

/// What `spkey operations` takes.
#[derive(Args, Debug)]
pub(crate) struct ListOptions {
    /// Only those of an area, such as locks
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(areas()))]
    area: Option<String>,
}

fn areas() -> impl Iterator<Item = &'static str> {
    Operation::areas().iter().map(|(area, _)| *area)
}

/// Prints the operations: the command, the endpoint, and what may be done after a failure.
pub(crate) fn print(options: &ListOptions, json: bool) -> Result<(), Failure> {
    let wanted = |operation: &&&Operation| options.area.as_deref().is_none_or(|area| area == operation.area);
    let operations: Vec<_> = Operation::all().iter().filter(wanted).copied().collect();
    if json {
        return output::line(&format!("{:#}", operations.into_iter().map(as_json).collect::<Value>()));
    }
    let commands: Vec<_> = operations.iter().map(|operation| command(operation)).collect();
    let width = commands.iter().map(String::len).max().unwrap_or_default();
    operations.iter().zip(commands).try_for_each(|(Operation { method, path, retry, .. }, command)| {
        output::line(&format!("{command:width$}  {:12}  {:6}  {path}", retry.as_str(), method.as_str()))
    })
}

fn command(operation: &Operation) -> String {
    format!("{} {}", operation.area, command_name(operation))
}

fn as_json(operation: &Operation) -> Value {
    let inputs = operation.inputs.iter().map(|input| {
        json!({ "name": input.name, "wire": input.wire, "required": input.required, "value": input.shape.to_string() })
    });
    json!({
        "operation": operation.id,
        "command": command(operation),
        "area": operation.area,
        "method": operation.method.as_str(),
        "path": operation.path,
        "summary": operation.summary,
        "retryClass": operation.retry.as_str(),
        "retryReason": operation.retry_reason,
        "credentials": match operation.auth { Auth::Admin => "admin", Auth::None => "none", _ => "caller" },
        "physical": operation.physical,
        "inputs": inputs.collect::<Vec<_>>(),
    })
}
