use clap::{ArgMatches, FromArgMatches as _};

use crate::failure::Failure;
use crate::fixed_command::{AuthCommand, FixedCommand};
use crate::global_options::GlobalOptions;
use crate::{auth, completions, man, sandbox};

/// Runs the command that the arguments name.
pub(crate) async fn dispatch(matches: &ArgMatches, options: &GlobalOptions) -> Result<(), Failure> {
    match FixedCommand::from_arg_matches(matches)? {
        FixedCommand::Auth(AuthCommand::Check) => auth::check::run(options).await,
        FixedCommand::Sandbox(sandbox) => sandbox::run(&sandbox, options.json).await,
        FixedCommand::Completions { shell } => completions::print(shell),
        FixedCommand::Man { dir } => man::print(dir.as_deref()),
    }
}
