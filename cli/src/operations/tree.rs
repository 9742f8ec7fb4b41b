use clap::Command;
use spkey::Operation;

use crate::operations::argument::argument;
use crate::operations::names::{command_name, full_name, kebab};

/// A command for each area of the API, with one for each of its operations.
pub(crate) fn areas() -> impl Iterator<Item = Command> {
    Operation::areas().iter().map(|&(area, about)| {
        let of_area = Operation::all().iter().filter(|operation| operation.area == area);
        let commands = of_area.map(|operation| operation_command(operation));
        Command::new(area).about(about).subcommand_required(true).arg_required_else_help(true).subcommands(commands)
    })
}

fn operation_command(operation: &'static Operation) -> Command {
    let arguments = operation.inputs.iter().map(argument);
    let command = Command::new(command_name(operation)).about(operation.summary).args(arguments);
    let command = command.after_help(after_help(operation));
    if command_name(operation) == full_name(operation) { command } else { command.alias(full_name(operation)) }
}

/// Which operation it is, and what may be done after a failure.
fn after_help(operation: &Operation) -> String {
    let Operation { id, method, path, retry_reason, .. } = operation;
    let reason = if retry_reason.is_empty() { String::new() } else { format!(": {retry_reason}") };
    let class = operation.retry;
    let asks = if operation.physical { "\nIt moves something physical: it asks before, or takes --yes." } else { "" };
    let pages =
        operation.page_input().map(|input| format!("\nAll pages are read, unless --{} is given.", kebab(input)));
    let pages = pages.unwrap_or_default();
    format!("Operation {id}, {method} {path}\nRetry class {class}{reason}{asks}{pages}")
}
