use std::time::Duration;

/// How often a call is attempted at most, unless set: [`RetryPolicy::max_attempts`].
pub const DEFAULT_MAX_ATTEMPTS: u32 = 3;
/// The longest wait before the second attempt, unless set: [`RetryPolicy::base_delay`].
pub const DEFAULT_BASE_DELAY: Duration = Duration::from_millis(200);
/// The longest wait before any attempt, unless set: [`RetryPolicy::max_delay`].
pub const DEFAULT_MAX_DELAY: Duration = Duration::from_secs(5);

/// The longest wait for a retry of a command that moves something physical: a door must not open half a minute later, when
/// nobody stands in front of it any more.
pub(crate) const PHYSICAL_MAX_WAIT: Duration = Duration::from_secs(5);

/// How often and how soon a call is retried. What may be retried at all is decided by [`RetryClass`](crate::RetryClass); no
/// policy can widen it.
///
/// Waits are exponential backoff with full jitter: the ceiling is [`base_delay`](Self::base_delay) before the second attempt,
/// doubles with each one after that up to [`max_delay`](Self::max_delay), and the wait is drawn evenly between nothing and the
/// ceiling. A `Retry-After` of the service is a floor for the wait; a wait that would end after the call's deadline ends the
/// call at once, and so does one of more than 5 s for a command that moves something physical.
///
/// Beside the policy there is a token bucket, shared by all clones of a client, so that retries do not multiply the load on a
/// service that is failing: it holds 500 tokens, a retry costs 5, or 10 after a time-out, a call that succeeds at the first
/// attempt refunds 1, and one that succeeds after retries refunds what its last retry cost. An empty bucket means no retries.
///
/// ```
/// use std::time::Duration;
/// use spkey::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(5).base_delay(Duration::from_millis(500));
/// let client = spkey::Client::builder().api_key("a-key").retry(patient).build()?;
/// # drop(client);
/// # Ok::<(), spkey::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base_delay: Duration,
    pub(crate) max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_attempts: DEFAULT_MAX_ATTEMPTS, base_delay: DEFAULT_BASE_DELAY, max_delay: DEFAULT_MAX_DELAY }
    }
}

impl RetryPolicy {
    /// One attempt a call, whatever the response. A rejected token is not refreshed within the call either.
    ///
    /// ```
    /// use spkey::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::none(), RetryPolicy::default().max_attempts(1));
    /// ```
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// How often a call is attempted at most, with the first attempt and the one after a rejected token. Default: 3
    /// ([`DEFAULT_MAX_ATTEMPTS`]). Range: 1 and up; 0 counts as 1.
    ///
    /// ```
    /// let policy = spkey::RetryPolicy::default().max_attempts(5);
    /// # drop(policy);
    /// ```
    pub fn max_attempts(self, attempts: u32) -> Self {
        Self { max_attempts: attempts.max(1), ..self }
    }

    /// The longest wait before the second attempt; the ceiling doubles with every further attempt. Default: 200 ms
    /// ([`DEFAULT_BASE_DELAY`]). Range: any; zero retries without waiting.
    ///
    /// ```
    /// let policy = spkey::RetryPolicy::default().base_delay(std::time::Duration::from_millis(50));
    /// # drop(policy);
    /// ```
    pub fn base_delay(self, delay: Duration) -> Self {
        Self { base_delay: delay, ..self }
    }

    /// The longest wait before any attempt, except where a `Retry-After` asks for more. Default: 5 s
    /// ([`DEFAULT_MAX_DELAY`]). Range: any.
    ///
    /// ```
    /// let policy = spkey::RetryPolicy::default().max_delay(std::time::Duration::from_secs(1));
    /// # drop(policy);
    /// ```
    pub fn max_delay(self, delay: Duration) -> Self {
        Self { max_delay: delay, ..self }
    }

    /// The wait after the `attempt`th attempt, counted from 1, for a `random` in `0.0..1.0`: exponential backoff with full
    /// jitter.
    pub(crate) fn backoff(&self, attempt: u32, random: f64) -> Duration {
        let factor = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.base_delay.saturating_mul(factor).min(self.max_delay).mul_f64(random)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ceilings_double_up_to_the_longest_delay() {
        let policy = RetryPolicy::default();
        let ceilings = [1, 2, 3, 4, 5, 6, 32, 33, u32::MAX].map(|attempt| policy.backoff(attempt, 1.0).as_millis());
        assert_eq!(ceilings, [200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000]);
        assert_eq!(policy.backoff(1, 0.0), Duration::ZERO);
        let policy = policy.base_delay(Duration::from_secs(1)).max_delay(Duration::from_secs(3));
        assert_eq!([1, 2, 3].map(|attempt| policy.backoff(attempt, 1.0).as_secs()), [1, 2, 3]);
    }

    #[test]
    fn zero_attempts_count_as_one() {
        assert_eq!(
            [0, 1, 2, 7].map(|attempts| RetryPolicy::default().max_attempts(attempts).max_attempts),
            [1, 1, 2, 7]
        );
    }

    /// Of every magnitude: an evenly drawn duration is nearly always longer than the universe is old.
    fn delay() -> impl Strategy<Value = Duration> {
        (any::<Duration>(), 1..96_u32).prop_map(|(delay, halved)| delay.div_f64(2_f64.powi(halved.cast_signed())))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_wait_stays_within_its_ceiling(
            base in delay(), max in delay(), attempt in prop_oneof![1..100_u32, 1..u32::MAX],
            random in 0.0..1.0_f64,
        ) {
            let policy = RetryPolicy::default().base_delay(base).max_delay(max);
            let wait = policy.backoff(attempt, random);
            prop_assert!(wait <= max, "{wait:?}");
            prop_assert!(wait <= base.saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX)), "{wait:?}");
        }
    }
}
