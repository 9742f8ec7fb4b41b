use std::collections::{HashMap, VecDeque};

/// How an operation of the [`Sandbox`](crate::mock::Sandbox) fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It responds with that status, from 400 to 599, and does nothing.
    Status(u16),
    /// It drops the connection, and does nothing.
    Drop,
    /// It does what the call says, and drops the connection before the response.
    LoseResponse,
}

/// The failures that a test has asked for, by operation.
#[derive(Default)]
pub(super) struct Failures {
    always: HashMap<&'static str, Failure>,
    next: HashMap<&'static str, VecDeque<Failure>>,
}

impl Failures {
    /// Every call fails from now on.
    pub(super) fn set(&mut self, operation: &'static str, failure: Failure) {
        self.always.insert(operation, failure);
    }

    /// One call fails: the next, or the one after those that fail already.
    pub(super) fn push(&mut self, operation: &'static str, failure: Failure) {
        self.next.entry(operation).or_default().push_back(failure);
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
}
