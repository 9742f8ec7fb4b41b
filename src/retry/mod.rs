pub(crate) mod budget;
pub(crate) mod retry_after;
pub(crate) mod retry_loop;

use std::time::Duration;

/// What may be done with an operation after an attempt that failed. The contract sets it, operation by operation; the HTTP
/// method plays no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryClass {
    /// Only reads: sent again after any failure that passes.
    Safe,
    /// Doing it twice ends where doing it once does: sent again after any failure that passes.
    Repeatable,
    /// Sent again only where it surely has not acted: it never arrived, or was refused unread.
    Once,
    /// Sent again only where it never arrived. Not after a 429 either: that is a lock-out, which knocking prolongs.
    Never,
}

/// How often and how soon a call is tried again. What may be repeated at all, [`RetryClass`] decides; no policy can widen
/// it.
///
/// ```
/// use std::time::Duration;
/// use spkey::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(5).base_delay(Duration::from_millis(500));
/// let none = RetryPolicy::none();
/// # let _ = (patient, none);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base_delay: Duration,
    pub(crate) max_delay: Duration,
}

/// How often a call is sent at the most, unless set: [`RetryPolicy::max_attempts`].
pub const DEFAULT_MAX_ATTEMPTS: u32 = 3;
/// The longest wait before the second attempt, unless set: [`RetryPolicy::base_delay`].
pub const DEFAULT_BASE_DELAY: Duration = Duration::from_millis(200);
/// The longest wait before any attempt, unless set: [`RetryPolicy::max_delay`].
pub const DEFAULT_MAX_DELAY: Duration = Duration::from_secs(5);

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_attempts: DEFAULT_MAX_ATTEMPTS, base_delay: DEFAULT_BASE_DELAY, max_delay: DEFAULT_MAX_DELAY }
    }
}

impl RetryPolicy {
    /// One attempt a call, whatever comes back.
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// How often a call is sent at the most, the first time included, and the one after a refused token too. 3 unless
    /// set ([`DEFAULT_MAX_ATTEMPTS`]); 0 counts as 1.
    pub fn max_attempts(self, attempts: u32) -> Self {
        Self { max_attempts: attempts.max(1), ..self }
    }

    /// The longest wait before the second attempt; it doubles with every further one, and the wait itself is drawn evenly
    /// from nothing up to that. 200 ms unless set ([`DEFAULT_BASE_DELAY`]).
    pub fn base_delay(self, delay: Duration) -> Self {
        Self { base_delay: delay, ..self }
    }

    /// The longest wait before any attempt, but for a `Retry-After` that asks for more. 5 s unless set
    /// ([`DEFAULT_MAX_DELAY`]).
    pub fn max_delay(self, delay: Duration) -> Self {
        Self { max_delay: delay, ..self }
    }

    /// The wait after the `attempt`th attempt, counted from 1, for a `random` in `0.0..1.0`.
    fn backoff(&self, attempt: u32, random: f64) -> Duration {
        let doubled = self.base_delay.saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
        doubled.min(self.max_delay).mul_f64(random)
    }
}

/// What an attempt that was no success says of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It never reached the service.
    NeverArrived,
    /// Refused unread, with 429.
    RateLimited,
    /// Refused unread, with 401, for a token that can be refreshed.
    TokenRefused,
    /// It may have been carried out: no answer, a broken one, or one that does not say.
    MayHaveActed,
    /// It was carried out, and the answer broke off.
    AnswerLost,
    /// It was carried out, and the answer cannot be understood.
    Unreadable,
    /// Refused: a 4xx.
    Refused,
    /// An answer that is final and does not say whether anything was done.
    Unclear,
    /// It could not be sent: incomplete, malformed, or for want of a credential.
    NotSent,
}

/// What became of a command, over all of its attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// It never arrived or was refused: nothing was changed, and it may be sent again once the cause is mended.
    NotApplied,
    /// It may have been carried out or not. Look before sending it again.
    Unknown,
    /// It was carried out; only the answer could not be read. Do not send it again.
    Applied,
}

impl Seen {
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::NeverArrived | Self::RateLimited | Self::TokenRefused | Self::Refused | Self::NotSent => {
                Outcome::NotApplied
            }
            Self::MayHaveActed | Self::Unclear => Outcome::Unknown,
            Self::AnswerLost | Self::Unreadable => Outcome::Applied,
        }
    }

    /// What a status that is no success says. `refreshable` tells whether the token that was sent can be replaced.
    pub(crate) fn of_status(status: u16, refreshable: bool) -> Self {
        match status {
            521 | 523 | 525 | 526 => Self::NeverArrived,
            429 => Self::RateLimited,
            401 if refreshable => Self::TokenRefused,
            408 | 500 | 502 | 503 | 504 | 520 | 522 | 524 => Self::MayHaveActed,
            400..=499 => Self::Refused,
            _ => Self::Unclear,
        }
    }
}

/// One failed attempt, as the decision needs to know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failed {
    pub(crate) seen: Seen,
    pub(crate) timed_out: bool,
    pub(crate) retry_after: Option<Duration>,
}

/// Where a call stands when an attempt has failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// The number of the attempt that failed, from 1.
    pub(crate) attempt: u32,
    /// Whether this call has had its token refreshed already.
    pub(crate) refreshed: bool,
    pub(crate) time_left: Duration,
    /// What is left of the budget.
    pub(crate) budget: u32,
    /// In `0.0..1.0`.
    pub(crate) random: f64,
}

/// To send it again after the wait, for that much of the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Retry {
    pub(crate) wait: Duration,
    pub(crate) cost: u32,
}

/// What a retry takes from the budget, and what it takes after a time-out.
pub(crate) const RETRY_COST: u32 = 5;
pub(crate) const TIMEOUT_COST: u32 = 10;

/// Whether to send a call again. What matters is whether the service may have acted, then what the operation is.
pub(crate) fn decide(class: RetryClass, policy: &RetryPolicy, failed: Failed, standing: Standing) -> Option<Retry> {
    let allowed = match failed.seen {
        Seen::NeverArrived => true,
        Seen::RateLimited => class != RetryClass::Never,
        Seen::TokenRefused => !standing.refreshed,
        Seen::MayHaveActed | Seen::AnswerLost => matches!(class, RetryClass::Safe | RetryClass::Repeatable),
        Seen::Unreadable | Seen::Refused | Seen::Unclear | Seen::NotSent => false,
    };
    let (backoff, cost) = match failed.seen {
        _ if !allowed => return None,
        // A new token is a new start: it neither waits nor counts as a failure of the service.
        Seen::TokenRefused => (Duration::ZERO, 0),
        _ if failed.timed_out => (policy.backoff(standing.attempt, standing.random), TIMEOUT_COST),
        _ => (policy.backoff(standing.attempt, standing.random), RETRY_COST),
    };
    let wait = backoff.max(failed.retry_after.unwrap_or_default());
    let possible = standing.attempt < policy.max_attempts && cost <= standing.budget && wait < standing.time_left;
    possible.then_some(Retry { wait, cost })
}

#[cfg(test)]
mod tests;
