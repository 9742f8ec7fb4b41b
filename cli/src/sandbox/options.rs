use std::time::Duration;

use clap::Args;
use spkey::mock::Failure;
use spkey::{LockId, Operation, RetryClass, UserId};

/// The port of the service's own local environment, so that `--environment local` calls the sandbox.
const PORT: u16 = 8787;

/// What `spkey sandbox` takes.
#[derive(Args, Debug)]
pub(crate) struct SandboxOptions {
    /// The port on this machine; 0 takes any free one
    #[arg(long, default_value_t = PORT)]
    pub(crate) port: u16,
    /// Add a lock
    #[arg(long = "lock", value_name = "LOCK")]
    pub(crate) locks: Vec<LockId>,
    /// Add a user
    #[arg(long = "user", value_name = "USER")]
    pub(crate) users: Vec<UserId>,
    /// Accept this key or token only, and reject others with 401
    #[arg(long = "credential", value_name = "KEY")]
    pub(crate) credentials: Vec<String>,
    /// Make the device of a lock unreachable: 502
    #[arg(long = "unreachable", value_name = "LOCK")]
    pub(crate) unreachable: Vec<LockId>,
    /// Take a hub off the network: 502
    #[arg(long = "hub-offline", value_name = "HUB")]
    pub(crate) offline_hubs: Vec<String>,
    /// Make an operation fail: with a status, lose-request, lose-response or act-late:SECONDS
    #[arg(long = "fail", value_name = "OPERATION=HOW", value_parser = failure)]
    pub(crate) failures: Vec<OfOperation<Failure>>,
    /// Make a read show the state of some time ago
    #[arg(long = "lag", value_name = "OPERATION=SECONDS", value_parser = lag)]
    pub(crate) lags: Vec<OfOperation<Duration>>,
}

/// A setting of one operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfOperation<T> {
    pub(crate) operation: &'static str,
    pub(crate) value: T,
}

/// `add_key=503`, `add_key=lose-request`, `add_key=lose-response` or `add_key=act-late:30`.
fn failure(text: &str) -> Result<OfOperation<Failure>, String> {
    let (operation, how) = split(text)?;
    let value = match how.split_once(':') {
        None if how == "lose-request" => Failure::LoseRequest,
        None if how == "lose-response" => Failure::LoseResponse,
        Some(("act-late", delay)) => Failure::ActLate(seconds(delay)?),
        _ => status(how)?,
    };
    Ok(OfOperation { operation: operation.id, value })
}

fn status(text: &str) -> Result<Failure, String> {
    let status = text.parse().ok().filter(|status| (400..600).contains(status));
    let known = "give a status from 400 to 599, lose-request, lose-response or act-late:SECONDS behind the `=`";
    status.map(Failure::Status).ok_or_else(|| known.to_owned())
}

/// `get_owned_locks=5`.
fn lag(text: &str) -> Result<OfOperation<Duration>, String> {
    let (operation, by) = split(text)?;
    if operation.retry != RetryClass::Safe {
        return Err(format!("{} does more than read: give an operation that only reads", operation.id));
    }
    Ok(OfOperation { operation: operation.id, value: seconds(by)? })
}

/// An operation, and what is behind the `=`.
fn split(text: &str) -> Result<(&'static Operation, &str), String> {
    let (id, value) = text.split_once('=').ok_or("give OPERATION=VALUE, such as open_lock=503")?;
    let operation =
        Operation::find(id).ok_or_else(|| format!("there is no operation {id}: give one like open_lock"))?;
    Ok((operation, value))
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse().map(Duration::from_secs).map_err(|_| format!("give whole seconds, not {text:?}"))
}

#[cfg(test)]
mod tests {
    use spkey::mock::Failure;

    use super::{failure, lag};

    #[test]
    fn failures_are_read_as_they_are_written() {
        for (text, expected) in [
            ("add_key=503", Failure::Status(503)),
            ("add_key=lose-request", Failure::LoseRequest),
            ("add_key=lose-response", Failure::LoseResponse),
            ("open_lock=act-late:30", Failure::ActLate(std::time::Duration::from_secs(30))),
        ] {
            assert_eq!(failure(text).map(|failure| failure.value), Ok(expected), "{text}");
        }
    }

    #[test]
    fn wrong_values_are_rejected_with_what_to_give() {
        for (text, expected) in [
            ("open_lock", "give OPERATION=VALUE"),
            ("open_door=503", "there is no operation open_door"),
            ("open_lock=200", "give a status from 400 to 599"),
            ("open_lock=act-late:soon", "give whole seconds, not \"soon\""),
        ] {
            let message = failure(text).map(|failure| failure.operation).unwrap_err();
            assert!(message.starts_with(expected), "{message}");
        }
        assert!(lag("open_lock=5").map(|lag| lag.operation).unwrap_err().starts_with("open_lock does more than read"));
    }
}
