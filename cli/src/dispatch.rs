use clap::{ArgMatches, FromArgMatches as _};

use crate::failure::Failure;
use crate::fixed_command::{AuthCommand, FixedCommand};
use crate::global_options::GlobalOptions;
use crate::webhook::options::WebhookCommand;
use crate::{auth, completions, man, sandbox, webhook};

/// Runs the command that the arguments name.
pub(crate) async fn dispatch(matches: &ArgMatches, options: &GlobalOptions) -> Result<(), Failure> {
    match FixedCommand::from_arg_matches(matches)? {
        FixedCommand::Auth(AuthCommand::Check) => auth::check::run(options).await,
        FixedCommand::Sandbox(sandbox) => sandbox::run(&sandbox, options.json).await,
        FixedCommand::Webhook(WebhookCommand::Listen(listen)) => webhook::listen::run(&listen, options).await,
        FixedCommand::Webhook(WebhookCommand::Send(send)) => webhook::send::run(&send, options).await,
        FixedCommand::Completions { shell } => completions::print(shell),
        FixedCommand::Man { dir } => man::print(dir.as_deref()),
    }
}
