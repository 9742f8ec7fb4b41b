use std::collections::{HashMap, VecDeque};

/// How an operation of the [`Sandbox`](crate::mock::Sandbox) fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It responds with that status, from 400 to 599, and does nothing.
    Status(u16),
    /// The request is lost: the connection breaks, and the operation does nothing.
    LoseRequest,
    /// The response is lost: the operation does what the call says, and the connection breaks.
    LoseResponse,
}

/// The failures that a test has asked for, by operation.
#[derive(Default)]
pub(super) struct Faults {
    always: HashMap<&'static str, Failure>,
    next: HashMap<&'static str, VecDeque<Failure>>,
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
}
