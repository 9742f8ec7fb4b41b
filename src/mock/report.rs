//! What the kit says where a test goes wrong.

use std::fmt::Write;

use super::expectation::Expectation;
use super::kit::{Fate, Seen, State};
use super::received::Received;

/// Whether every expectation was met and every call mocked; if not, all that is known of it.
pub(super) fn verify(state: &State) -> Result<(), String> {
    let mut report = String::new();
    for (index, expectation) in state.expectations.iter().enumerate() {
        if expectation.expected.is_some_and(|expected| expected != expectation.calls) {
            unmet(state, index, expectation, &mut report);
        }
    }
    let not_mocked: Vec<_> = state.seen.iter().filter(|seen| seen.fate == Fate::NotMocked).collect();
    if !not_mocked.is_empty() {
        report.push_str("\nCalls came that nothing is mocked for:\n");
        for Seen { received, .. } in not_mocked {
            let _ = writeln!(report, "  {}", named(received));
            differences(state, received, &mut report);
        }
        let _ = writeln!(report, "Mocked are:\n{}", mocked(state, "\n", "  "));
    }
    if report.is_empty() { Ok(()) } else { Err(report) }
}

/// What an unmocked call is told.
pub(super) fn not_mocked(state: &State, received: &Received) -> String {
    let what = received.operation.map_or("an operation that the contract does not have", |operation| operation.id);
    format!("nothing is mocked for {what}; mocked are: {}", mocked(state, "; ", ""))
}

fn mocked(state: &State, between: &str, before: &str) -> String {
    if state.expectations.is_empty() {
        return format!("{before}none");
    }
    let list = state.expectations.iter().map(|expectation| format!("{before}{expectation}"));
    list.collect::<Vec<_>>().join(between)
}

fn unmet(state: &State, index: usize, expectation: &Expectation, report: &mut String) {
    let Expectation { expected, calls, written_at, .. } = expectation;
    let expected = expected.unwrap_or_default();
    let plural = if expected == 1 { "" } else { "s" };
    let _ = writeln!(report, "\n{expectation}: expected {expected} call{plural}, got {calls} ({written_at})");
    let of_it = state.seen.iter().filter(|seen| seen.received.operation == Some(expectation.operation));
    let mut instead = String::new();
    for Seen { received, fate } in of_it {
        let _ = write!(instead, "  {}", received.shown());
        let _ = match fate {
            Fate::Answered(by) if *by == index => writeln!(instead, ": counted"),
            Fate::Answered(by) => writeln!(instead, ": answered by {}", state.expectations[*by].written_at),
            Fate::NoCredentials => writeln!(instead, ": came without credentials"),
            Fate::NotMocked => writeln!(instead, ": {}", expectation.differences(received).join("; ")),
        };
    }
    if instead.is_empty() {
        let others: Vec<_> = state.seen.iter().map(|seen| named(&seen.received)).collect();
        let others = if others.is_empty() { "no call at all".to_owned() } else { others.join("\n  ") };
        let _ = writeln!(report, "No call of it came. What came:\n  {others}");
    } else {
        let _ = write!(report, "What came:\n{instead}");
    }
}

/// How a call differs from each mock of its operation.
fn differences(state: &State, received: &Received, report: &mut String) {
    for expectation in state.expectations.iter().filter(|mock| received.operation == Some(mock.operation)) {
        let differences = expectation.differences(received).join("; ");
        let _ = writeln!(report, "    not as mocked at {}: {differences}", expectation.written_at);
    }
}

fn named(received: &Received) -> String {
    match received.operation {
        Some(operation) => format!("{}: {}", operation.id, received.shown()),
        None => format!("not in the contract: {}", received.shown()),
    }
}
