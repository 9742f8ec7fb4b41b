//! `spkey confirm`: what became of a command whose outcome is unknown.

use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use spkey::{Auth, Confirmation, Evidence, Operation, Unknowable};

use crate::connection::resolve::resolve;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::global_options::{GlobalOptions, seconds_parser};
use crate::output;
use crate::progress;
use crate::ticket;

/// What `spkey confirm` takes.
#[derive(Args, Debug)]
pub(crate) struct ConfirmOptions {
    /// The ticket: its file, its JSON, or - for standard input
    ticket: String,
    /// Look once, now; the command may still act after that
    #[arg(long)]
    once: bool,
    /// How long after its last attempt the command may act, in seconds; 60 by default
    #[arg(long, value_name = "SECONDS", value_parser = seconds_parser(), conflicts_with = "once")]
    settle: Option<Duration>,
}

/// Reads the effect of the command, and says what is known of it.
pub(crate) async fn run(confirm: &ConfirmOptions, options: &GlobalOptions) -> Result<(), Failure> {
    let ticket = ticket::read(&confirm.ticket)?;
    let operation = Operation::find(ticket.operation());
    let physical = operation.is_none_or(|operation| operation.physical);
    // What an administrator's command did, an administrator's read shows.
    let auth = operation.map_or(Auth::Caller, |operation| operation.auth);
    let spkey = resolve(options)?.client_builder(auth).await?.build()?;
    let pending = spkey.confirm(&ticket);
    let pending = if confirm.once { pending.once() } else { pending };
    let pending = if let Some(settle) = confirm.settle { pending.settle(settle) } else { pending };
    let progress = progress::spinner("looking until the command can act no more");
    let confirmation = pending.await;
    progress.finish_and_clear();
    let confirmation = confirmation?;
    if let Confirmation::CannotBeKnown(Unknowable::OtherServer) = confirmation {
        return Err(Failure::usage("the ticket is of another server: give its --base-url, --environment or --profile"));
    }
    let (name, status, text, evidence) = found(confirmation, physical);
    if options.json {
        output::line(&json(name, &text, evidence.as_ref()).to_string())?;
    } else {
        output::line(&text)?;
    }
    match status {
        ExitStatus::Success => Ok(()),
        status => Err(Failure { status, message: String::new() }),
    }
}

fn found(confirmation: Confirmation, physical: bool) -> (&'static str, ExitStatus, String, Option<Evidence>) {
    let at = |evidence: &Evidence| evidence.version.map(|version| format!(" at version {version}")).unwrap_or_default();
    match confirmation {
        Confirmation::Applied(evidence) => {
            let text = format!("applied: this very command took effect{}: nothing to repeat", at(&evidence));
            ("applied", ExitStatus::Success, text, Some(evidence))
        }
        Confirmation::InEffect(evidence) => {
            let by = if evidence.by_another { "by another" } else { "by this command or another" };
            let text = format!("in effect{}, {by}: nothing to repeat", at(&evidence));
            ("in-effect", ExitStatus::Success, text, Some(evidence))
        }
        Confirmation::Undone(evidence) => {
            let text = format!("undone: it was done, and is no longer so{}: ask who undid it", at(&evidence));
            ("undone", ExitStatus::Success, text, Some(evidence))
        }
        Confirmation::NotSeen(evidence) if evidence.settled => {
            let next = if physical { "let a person decide" } else { "give the command again if it is still wanted" };
            let text = format!("not seen{}: {next}", at(&evidence));
            ("not-seen", ExitStatus::NotApplied, text, Some(evidence))
        }
        Confirmation::NotSeen(evidence) => {
            let text = format!("not seen{}, and it may still act: look again later", at(&evidence));
            ("not-seen", ExitStatus::Unknown, text, Some(evidence))
        }
        Confirmation::CannotBeKnown(why) => {
            ("cannot-be-known", ExitStatus::Unknown, format!("cannot be known: {why}"), None)
        }
        _ => {
            ("unknown", ExitStatus::Unknown, "this version does not know what was found: update spkey".to_owned(), None)
        }
    }
}

fn json(name: &str, text: &str, evidence: Option<&Evidence>) -> Value {
    json!({
        "confirmation": name,
        "text": text,
        "version": evidence.and_then(|evidence| evidence.version),
        "settled": evidence.map(|evidence| evidence.settled),
        "byAnother": evidence.map(|evidence| evidence.by_another),
    })
}
