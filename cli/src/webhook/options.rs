use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use spkey::Secret;

/// What is done with webhooks.
#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Receive deliveries, check their secret, drop duplicates and print a line for each
    ///
    /// Prints type, object, version and time on one line, or JSON with --json; the data of events only with --show-secrets. What is
    /// rejected is on standard error, with the reason.
    Listen(ListenOptions),
    /// Send an event to a receiver, as SpKey delivers it
    ///
    /// The exit status is 0 if the receiver responds with 2xx, and 3 otherwise.
    Send(SendOptions),
}

/// What `spkey webhook listen` takes.
#[derive(Args, Debug)]
pub(crate) struct ListenOptions {
    /// The port; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// The address to listen on; 0.0.0.0 lets other machines send
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    #[command(flatten)]
    pub(crate) secret: SecretOption,
    /// Reject deliveries for other partners
    #[arg(long, value_name = "ID")]
    pub(crate) partner_id: Option<String>,
}

/// What `spkey webhook send` takes.
#[derive(Args, Debug)]
pub(crate) struct SendOptions {
    /// A JSON file, or - for standard input: an event such as `{"type": "KeyAdded", "lockId": 123}`, or a whole delivery
    pub(crate) fixture: PathBuf,
    /// Where the receiver is, such as `http://127.0.0.1:8080/webhooks`
    pub(crate) url: String,
    #[command(flatten)]
    pub(crate) secret: SecretOption,
    /// The partner that an event is for
    #[arg(long, value_name = "ID")]
    pub(crate) partner_id: Option<String>,
}

/// The secret of a webhook.
#[derive(Args, Debug)]
pub(crate) struct SecretOption {
    /// The secret of the webhook; other users of this machine can see it here, and not in `SPKEY_WEBHOOK_SECRET`
    #[arg(long = "secret", value_name = "SECRET")]
    pub(crate) given: Option<Secret>,
}
