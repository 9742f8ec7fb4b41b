use clap_complete::Shell;

use crate::command::command;
use crate::failure::Failure;
use crate::output;

/// Prints the completions of a shell.
pub(crate) fn print(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "spkey", &mut script);
    output::bytes(&script)
}
