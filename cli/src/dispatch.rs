use clap::{ArgMatches, FromArgMatches as _};
use spkey::Operation;

use crate::failure::Failure;
use crate::fixed_command::{AuthCommand, FixedCommand};
use crate::global_options::GlobalOptions;
use crate::webhook::options::WebhookCommand;
use crate::{api, auth, completions, confirm, man, operations, sandbox, webhook};

/// Runs the command that the arguments name.
pub(crate) async fn dispatch(matches: &ArgMatches, options: &GlobalOptions) -> Result<(), Failure> {
    if let Some((operation, matches)) = operation_of(matches) {
        return operations::call::run(operation, matches, options).await;
    }
    let command = FixedCommand::from_arg_matches(matches)?;
    if options.dry_run && !matches!(command, FixedCommand::Api(_)) {
        return Err(Failure::usage("--dry-run is for the commands of operations, and `spkey api`: nothing was sent"));
    }
    match command {
        FixedCommand::Operations(list) => operations::list::print(&list, options.json),
        FixedCommand::Confirm(confirm) => confirm::run(&confirm, options).await,
        FixedCommand::Api(api) => api::run(api, options).await,
        FixedCommand::Auth(AuthCommand::Check) => auth::check::run(options).await,
        FixedCommand::Sandbox(sandbox) => sandbox::run(&sandbox, options.json).await,
        FixedCommand::Webhook(WebhookCommand::Listen(listen)) => webhook::listen::run(&listen, options).await,
        FixedCommand::Webhook(WebhookCommand::Send(send)) => webhook::send::run(&send, options).await,
        FixedCommand::Completions { shell } => completions::print(shell),
        FixedCommand::Man { dir } => man::print(dir.as_deref()),
    }
}

/// The operation that the arguments name, with its arguments.
fn operation_of(matches: &ArgMatches) -> Option<(&'static Operation, &ArgMatches)> {
    let (area, matches) = matches.subcommand()?;
    let (name, matches) = matches.subcommand()?;
    Some((operations::names::find(area, name)?, matches))
}
