use std::fmt;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

use crate::mock::mock_response::MockResponse;
use crate::mock::received::ReceivedRequest;
use crate::request::operation::{InputLocation, Operation};
use crate::request::set_inputs::SetInputs;

/// One stub: which calls it matches, what they get, and how many there should be.
pub(super) struct Expectation {
    pub(super) operation: &'static Operation,
    pub(super) matchers: Vec<Matcher>,
    /// What is sent back, in turn; the last one stays.
    pub(super) responses: Vec<Planned>,
    /// What is sent back if no response is given.
    pub(super) default: MockResponse,
    pub(super) calls: u64,
    pub(super) expected: Option<u64>,
    pub(super) written_at: &'static Location<'static>,
}

/// What one call gets.
#[derive(Clone)]
pub(super) struct Planned {
    /// None if the connection is dropped.
    pub(super) response: Option<MockResponse>,
    pub(super) delay: Option<Duration>,
}

/// Whether a body, as it came, is what a test wants.
pub(super) type Predicate = Box<dyn Fn(&[u8]) -> bool + Send>;

/// What must be so of a call.
pub(super) enum Matcher {
    Path(&'static str, String),
    Query(&'static str, String),
    Field(&'static str, Value),
    Where {
        predicate: Predicate,
        /// How the predicate panicked, the first time that it did.
        panic: OnceLock<String>,
    },
}

impl Matcher {
    pub(super) fn body_where(predicate: Predicate) -> Self {
        Self::Where { predicate, panic: OnceLock::new() }
    }

    /// The matchers of what is set of a call.
    pub(super) fn of(set: SetInputs) -> Vec<Self> {
        let mut matchers = Vec::new();
        for (input, value) in set {
            let text = || value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            match input.location {
                InputLocation::Query => matchers.push(Self::Query(input.wire, text())),
                InputLocation::Body => matchers.push(Self::Field(input.wire, value)),
                InputLocation::Path | InputLocation::PathAndBody => matchers.push(Self::Path(input.wire, text())),
            }
        }
        matchers
    }
}

impl Expectation {
    /// How a call differs from what the stub matches.
    pub(super) fn differences(&self, received: &ReceivedRequest) -> Vec<String> {
        self.matchers.iter().filter_map(|matcher| matcher.difference(received)).collect()
    }

    /// How a closure of the stub panicked.
    pub(super) fn panic(&self) -> Option<String> {
        self.matchers.iter().find_map(|matcher| match matcher {
            Matcher::Where { panic, .. } => panic.get().cloned(),
            _ => None,
        })
    }

    /// What the next call gets.
    pub(super) fn upcoming(&self) -> Planned {
        let index = usize::try_from(self.calls).unwrap_or(usize::MAX);
        let planned = self.responses.get(index).or(self.responses.last());
        planned.cloned().unwrap_or_else(|| Planned { response: Some(self.default.clone()), delay: None })
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation.id)?;
        for (index, matcher) in self.matchers.iter().enumerate() {
            f.write_str(if index == 0 { " with " } else { ", " })?;
            matcher.fmt(f)?;
        }
        Ok(())
    }
}

impl Matcher {
    fn difference(&self, received: &ReceivedRequest) -> Option<String> {
        match self {
            Self::Path(name, expected) => text_difference(name, received.path.get(name), expected),
            Self::Query(name, expected) => {
                text_difference(&format!("query {name}"), received.query.get(*name), expected)
            }
            Self::Field(name, expected) => {
                let body = received.json().unwrap_or_default();
                let difference = || match body.get(name) {
                    None => format!("body {name} is missing, expected {expected}"),
                    Some(actual) => format!("body {name} is {actual}, not {expected}"),
                };
                (body.get(name) != Some(expected)).then(difference)
            }
            Self::Where { predicate, panic } => match catch_unwind(AssertUnwindSafe(|| predicate(&received.body))) {
                Ok(true) => None,
                Ok(false) => Some("body_where returned false".to_owned()),
                Err(caught) => {
                    let message = format!("body_where panicked: {}", panic_message(&*caught));
                    Some(panic.get_or_init(|| message).clone())
                }
            },
        }
    }
}

/// The message of a panic.
fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

fn text_difference(name: &str, actual: Option<&String>, expected: &str) -> Option<String> {
    match actual {
        Some(actual) if actual == expected => None,
        Some(actual) => Some(format!("{name} is {actual:?}, not {expected:?}")),
        None => Some(format!("{name} is missing, expected {expected:?}")),
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(name, expected) => write!(f, "{name} {expected:?}"),
            Self::Query(name, expected) => write!(f, "query {name} {expected:?}"),
            Self::Field(name, expected) => write!(f, "body {name} {expected}"),
            Self::Where { .. } => f.write_str("body_where"),
        }
    }
}
