use std::path::PathBuf;

use clap::Subcommand;
use clap_complete::Shell;

use crate::sandbox::options::SandboxOptions;

/// The commands that do not come from the table of operations.
#[derive(Debug, Subcommand)]
pub(crate) enum FixedCommand {
    /// Run a SpKey in memory on a port of this machine
    ///
    /// Every call sees what the calls before it have written. It has all operations but the administrators', and accepts any
    /// credentials unless --credential is given.
    Sandbox(SandboxOptions),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, in roff
    Man {
        /// Write a page for each command into this directory instead
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}
