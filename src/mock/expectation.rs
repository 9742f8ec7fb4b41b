use std::fmt;
use std::panic::Location;
use std::time::Duration;

use serde_json::Value;

use super::received::Received;
use super::reply::Reply;
use crate::Operation;

/// One operation as it is mocked: which calls it is for, what they get, and how many there should be.
pub(super) struct Expectation {
    pub(super) operation: &'static Operation,
    pub(super) checks: Vec<Check>,
    /// What is sent back, in turn; the last one stays.
    pub(super) replies: Vec<Planned>,
    /// What is sent back where no reply is given.
    pub(super) default: Reply,
    pub(super) calls: u64,
    pub(super) expected: Option<u64>,
    pub(super) written_at: &'static Location<'static>,
}

/// What one call gets.
#[derive(Clone)]
pub(super) struct Planned {
    /// None where the connection is dropped.
    pub(super) reply: Option<Reply>,
    pub(super) delay: Option<Duration>,
}

/// Whether a body, as it came, is as a test wants it.
pub(super) type Predicate = Box<dyn Fn(&[u8]) -> bool + Send>;

/// What must be so of a call.
pub(super) enum Check {
    Path(&'static str, String),
    Query(&'static str, String),
    Field(&'static str, Value),
    Body(Value),
    Where(Predicate),
}

impl Expectation {
    /// How a call differs from what is mocked.
    pub(super) fn differences(&self, received: &Received) -> Vec<String> {
        self.checks.iter().filter_map(|check| check.difference(received)).collect()
    }

    /// What the next call gets.
    pub(super) fn upcoming(&self) -> Planned {
        let index = usize::try_from(self.calls).unwrap_or(usize::MAX);
        let planned = self.replies.get(index).or(self.replies.last());
        planned.cloned().unwrap_or_else(|| Planned { reply: Some(self.default.clone()), delay: None })
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation.id)?;
        for (index, check) in self.checks.iter().enumerate() {
            f.write_str(if index == 0 { " with " } else { ", " })?;
            check.fmt(f)?;
        }
        Ok(())
    }
}

impl Check {
    fn difference(&self, received: &Received) -> Option<String> {
        match self {
            Self::Path(name, expected) => text_difference(name, received.path.get(name), expected),
            Self::Query(name, expected) => {
                text_difference(&format!("query {name}"), received.query.get(*name), expected)
            }
            Self::Field(name, expected) => {
                let body = received.json().unwrap_or_default();
                let difference = || match body.get(name) {
                    None => format!("body {name} is not there, and should be {expected}"),
                    Some(came) => format!("body {name} is {came}, not {expected}"),
                };
                (body.get(name) != Some(expected)).then(difference)
            }
            Self::Body(expected) => {
                (received.json().as_ref() != Some(expected)).then(|| format!("body is not {expected}"))
            }
            Self::Where(predicate) => (!predicate(&received.body)).then(|| "body_where says no".to_owned()),
        }
    }
}

fn text_difference(name: &str, came: Option<&String>, expected: &str) -> Option<String> {
    match came {
        Some(came) if came == expected => None,
        Some(came) => Some(format!("{name} is {came:?}, not {expected:?}")),
        None => Some(format!("{name} is not there, and should be {expected:?}")),
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(name, expected) => write!(f, "{name} {expected:?}"),
            Self::Query(name, expected) => write!(f, "query {name} {expected:?}"),
            Self::Field(name, expected) => write!(f, "body {name} {expected}"),
            Self::Body(expected) => write!(f, "body {expected}"),
            Self::Where(_) => f.write_str("body_where"),
        }
    }
}
