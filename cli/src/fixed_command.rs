use std::path::PathBuf;

use clap::Subcommand;
use clap_complete::Shell;

use crate::sandbox::options::SandboxOptions;
use crate::webhook::options::WebhookCommand;

/// The commands that do not come from the table of operations.
#[derive(Debug, Subcommand)]
pub(crate) enum FixedCommand {
    /// Check the credentials
    #[command(subcommand)]
    Auth(AuthCommand),
    /// Run a SpKey in memory on a port of this machine
    ///
    /// Every call sees what the calls before it have written. It has all operations but the administrators', and accepts any
    /// credentials unless --credential is given.
    Sandbox(SandboxOptions),
    /// Receive webhooks, and send them
    #[command(subcommand)]
    Webhook(WebhookCommand),
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

/// What is done with credentials.
#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Say where the credentials come from, whose they are, and whether the service accepts them
    ///
    /// Makes one read, and shows no credential. Exactly one source counts: the profile of --profile; else the environment, if
    /// `SPKEY_TOKEN`, `SPKEY_API_KEY` or `SPKEY_ADMIN_API_KEY` is set; else the profile of `SPKEY_PROFILE`, or the default one
    /// of the configuration file.
    Check,
}
