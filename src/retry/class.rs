use std::fmt;

/// What may be done with an operation after an attempt that failed. The contract sets it, operation by operation; the HTTP
/// method plays no part.
///
/// | failure | `NoRetry` | `AtMostOnce` | `Idempotent`, `Safe` |
/// |---|---|---|---|
/// | no connection: the request was never sent | retried | retried | retried |
/// | 429: rejected without being processed | ends | retried | retried |
/// | 401 with a token that can be refreshed | once, with a new token | once, with a new token | once, with a new token |
/// | the service may have acted: time-out, reset, truncated body, 408, 500, 502 to 504, 520 to 526 | ends | ends | retried |
/// | every other status, or a success that cannot be understood | ends | ends | ends |
///
/// ```
/// use spkey::{Operation, RetryClass};
///
/// let open = Operation::find("open_lock").ok_or("no such operation")?;
/// assert_eq!(open.retry, RetryClass::AtMostOnce);
/// assert_eq!(open.retry.to_string(), "at-most-once");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryClass {
    /// It only reads: retried after every transient failure.
    Safe,
    /// Doing it twice has the effect of doing it once: retried after every transient failure.
    Idempotent,
    /// Retried only if the service certainly has not acted: the request was never sent, or was rejected without being
    /// processed.
    AtMostOnce,
    /// Retried only if the request was never sent. Not after a 429 either: for these operations that is a lock-out, which
    /// another attempt prolongs.
    NoRetry,
}

impl RetryClass {
    /// The class as the contract writes it: `safe`, `idempotent`, `at-most-once` or `no-retry`.
    ///
    /// ```
    /// assert_eq!(spkey::RetryClass::NoRetry.as_str(), "no-retry");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Idempotent => "idempotent",
            Self::AtMostOnce => "at-most-once",
            Self::NoRetry => "no-retry",
        }
    }
}

impl fmt::Display for RetryClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_written_as_in_the_contract() {
        let classes = [RetryClass::Safe, RetryClass::Idempotent, RetryClass::AtMostOnce, RetryClass::NoRetry];
        assert_eq!(classes.map(RetryClass::as_str), ["safe", "idempotent", "at-most-once", "no-retry"]);
        assert_eq!(
            classes.map(|class| format!("{class:>12}")),
            ["        safe", "  idempotent", "at-most-once", "    no-retry"]
        );
    }
}
