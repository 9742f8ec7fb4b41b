use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// How an operation of the [`Sandbox`](crate::mock::Sandbox) fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It responds with that status, from 400 to 599, and does nothing.
    Status(u16),
    /// The request is lost: the connection breaks, and the operation does nothing.
    LoseRequest,
    /// The response is lost: the operation does what the call says, and the connection breaks.
    LoseResponse,
    /// The connection breaks at once, and the operation does what the call says that much later: a command that a client has
    /// given up still takes effect. [`Sandbox::advance`](crate::mock::Sandbox::advance) lets the time pass.
    ActLate(Duration),
}

/// The failures and the lags that a test has asked for, by operation.
#[derive(Default)]
pub(super) struct Faults {
    always: HashMap<&'static str, Failure>,
    next: HashMap<&'static str, VecDeque<Failure>>,
    lags: HashMap<&'static str, Duration>,
}

impl Faults {
    /// Every call fails from now on.
    pub(super) fn set(&mut self, operation: &'static str, failure: Failure) {
        self.always.insert(operation, failure);
    }

    /// One call fails: the next, or the one after those that fail already.
    pub(super) fn push(&mut self, operation: &'static str, failure: Failure) {
        self.next.entry(operation).or_default().push_back(failure);
    }

    /// No call fails any more.
    pub(super) fn clear_failures(&mut self) {
        self.always.clear();
        self.next.clear();
    }

    /// How the next call fails.
    pub(super) fn upcoming(&self, operation: &str) -> Option<Failure> {
        let next = self.next.get(operation).and_then(VecDeque::front);
        next.or_else(|| self.always.get(operation)).copied()
    }

    /// The same, for the call that is now made.
    pub(super) fn take(&mut self, operation: &str) -> Option<Failure> {
        let next = self.next.get_mut(operation).and_then(VecDeque::pop_front);
        next.or_else(|| self.always.get(operation).copied())
    }

    /// A read shows the state of that long ago.
    pub(super) fn set_lag(&mut self, operation: &'static str, lag: Duration) {
        self.lags.insert(operation, lag);
    }

    pub(super) fn lag(&self, operation: &str) -> Option<Duration> {
        self.lags.get(operation).copied().filter(|lag| !lag.is_zero())
    }
}
