use std::path::PathBuf;

use clap::Subcommand;
use clap_complete::Shell;

use crate::api::ApiOptions;
use crate::confirm::ConfirmOptions;
use crate::operations::list::ListOptions;
use crate::sandbox::options::SandboxOptions;
use crate::webhook::options::WebhookCommand;

/// The commands that do not come from the table of operations.
#[derive(Debug, Subcommand)]
pub(crate) enum FixedCommand {
    /// Call an endpoint that has no command
    ///
    /// The path is a template, such as /locks/{lockId}/SetLabel: its parameters are given by -p, so that each is encoded. It asks
    /// before a request that may move something physical, and what the contract does not know of the response is hidden.
    Api(ApiOptions),
    /// List the operations
    Operations(ListOptions),
    /// Find out what became of a command whose outcome is unknown
    ///
    /// Reads the effect of the command, and never repeats it. Exit status 0: it took effect; 3: it did not; 4: that cannot be
    /// known.
    Confirm(ConfirmOptions),
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
