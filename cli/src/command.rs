use clap::{Args as _, Command, Subcommand as _};

use crate::exit_status::ExitStatus;
use crate::fixed_command::FixedCommand;
use crate::global_options::GlobalOptions;
use crate::operations;

/// The whole command line.
pub(crate) fn command() -> Command {
    let command = FixedCommand::augment_subcommands(GlobalOptions::augment_args(Command::new("spkey")));
    command
        .version(env!("CARGO_PKG_VERSION"))
        .about("The SpKey access-control API on the command line")
        .after_help(ExitStatus::HELP)
        .subcommands(operations::tree::areas())
        .subcommand_required(true)
        .arg_required_else_help(true)
}
