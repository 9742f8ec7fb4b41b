use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::retry::class::RetryClass;
use crate::retry::outcome::Outcome;

/// The operation of a request to what the contract does not have: no read shows its effect.
pub(crate) const CUSTOM_REQUEST: &str = "request";

/// What a caller should do next; empty where the description of the error says it.
pub(crate) fn advice(error: &AttemptError) -> &'static str {
    let status = error.received.status.map_or(0, |status| status.as_u16());
    let reads = error.class == RetryClass::Safe;
    match (error.history.outcome, error.kind) {
        (_, ErrorKind::Config | ErrorKind::Request | ErrorKind::Credentials | ErrorKind::Pages)
            if error.history.attempts == 0 =>
        {
            ""
        }
        (Outcome::Applied, _) if !reads => "it took effect: do not repeat it, read its result instead",
        (_, ErrorKind::Decode | ErrorKind::TooLarge) => "check the base URL, and for a newer version of this crate",
        (_, ErrorKind::Api) if (300..400).contains(&status) => "redirects are not followed: check the base URL",
        (Outcome::Unknown, _) if error.class == RetryClass::Idempotent => {
            "it may have taken effect: read the current state first, a late repeat can overwrite a newer value"
        }
        (Outcome::Unknown, _) if !reads && error.operation == Some(CUSTOM_REQUEST) => {
            "it may have taken effect: find out before repeating it"
        }
        (Outcome::Unknown, _) if !reads => "it may have taken effect: find out by `confirm` before repeating it",
        (_, ErrorKind::Connect) => "check the network and the base URL, then retry",
        (_, ErrorKind::Api) if (400..500).contains(&status) && status != 408 => match status {
            401 | 403 => "rejected: check the credentials and their permissions",
            404 => "rejected: check the ids",
            429 => "rejected: wait before retrying",
            _ => "rejected: fix the request",
        },
        _ if reads => "it only reads: retry later",
        _ => "it did not take effect: retry later",
    }
}
