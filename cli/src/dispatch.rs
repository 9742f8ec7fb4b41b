use clap::{ArgMatches, FromArgMatches as _};

use crate::completions;
use crate::failure::Failure;
use crate::fixed_command::FixedCommand;
use crate::global_options::GlobalOptions;
use crate::{man, sandbox};

/// Runs the command that the arguments name.
pub(crate) async fn dispatch(matches: &ArgMatches, options: &GlobalOptions) -> Result<(), Failure> {
    match FixedCommand::from_arg_matches(matches)? {
        FixedCommand::Sandbox(sandbox) => sandbox::run(&sandbox, options.json).await,
        FixedCommand::Completions { shell } => completions::print(shell),
        FixedCommand::Man { dir } => man::print(dir.as_deref()),
    }
}
