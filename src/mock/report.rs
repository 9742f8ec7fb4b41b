//! What the kit reports if a test goes wrong.

use std::fmt::Write;

use crate::mock::expectation::Expectation;
use crate::mock::received::ReceivedRequest;
use crate::mock::state::{CallResult, MockState, ReceivedCall};

/// Checks that every expectation was met, every call was mocked and no closure panicked; else returns all that is known.
pub(super) fn verify(state: &MockState) -> Result<(), String> {
    let mut report = String::new();
    for (index, expectation) in state.expectations.iter().enumerate() {
        if let Some(panic) = expectation.panic() {
            let _ = writeln!(report, "\n{expectation}: {panic} ({})", expectation.written_at);
        }
        if expectation.expected.is_some_and(|expected| expected != expectation.calls) {
            unmet(state, index, expectation, &mut report);
        }
    }
    let not_mocked: Vec<_> = state.calls.iter().filter(|call| call.result == CallResult::NotMocked).collect();
    if !not_mocked.is_empty() {
        report.push_str("\nCalls came that no stub matches:\n");
        for ReceivedCall { request, .. } in not_mocked {
            let _ = writeln!(report, "  {}", named(request));
            differences(state, request, &mut report);
        }
        let _ = writeln!(report, "Stubs:\n{}", stubs(state, "\n", "  "));
    }
    if report.is_empty() { Ok(()) } else { Err(report) }
}

/// The message of the response to a call that no stub matches.
pub(super) fn not_mocked(state: &MockState, request: &ReceivedRequest) -> String {
    let what = request.operation.map_or("an operation that the contract does not have", |operation| operation.id);
    let panic = state.expectations.iter().find_map(Expectation::panic).map_or(String::new(), |panic| panic + "; ");
    format!("{panic}no stub matches {what}; stubs are: {}", stubs(state, "; ", ""))
}

fn stubs(state: &MockState, between: &str, before: &str) -> String {
    if state.expectations.is_empty() {
        return format!("{before}none");
    }
    let list = state.expectations.iter().map(|expectation| format!("{before}{expectation}"));
    list.collect::<Vec<_>>().join(between)
}

fn unmet(state: &MockState, index: usize, expectation: &Expectation, report: &mut String) {
    let Expectation { expected, calls, written_at, .. } = expectation;
    let expected = expected.unwrap_or_default();
    let plural = if expected == 1 { "" } else { "s" };
    let _ = writeln!(report, "\n{expectation}: expected {expected} call{plural}, got {calls} ({written_at})");
    let of_it = state.calls.iter().filter(|call| call.request.operation == Some(expectation.operation));
    let mut instead = String::new();
    for ReceivedCall { request, result, .. } in of_it {
        let _ = write!(instead, "  {}", request.shown());
        let _ = match result {
            CallResult::Matched(by) if *by == index => writeln!(instead, ": counted"),
            CallResult::Matched(by) => writeln!(instead, ": matched by {}", state.expectations[*by].written_at),
            CallResult::NoCredentials => writeln!(instead, ": without credentials"),
            CallResult::NotMocked => writeln!(instead, ": {}", expectation.differences(request).join("; ")),
        };
    }
    if instead.is_empty() {
        let others: Vec<_> = state.calls.iter().map(|call| named(&call.request)).collect();
        let others = if others.is_empty() { "no call at all".to_owned() } else { others.join("\n  ") };
        let _ = writeln!(report, "No call of it came. Calls that came:\n  {others}");
    } else {
        let _ = write!(report, "Calls that came:\n{instead}");
    }
}

/// How a call differs from each stub of its operation.
fn differences(state: &MockState, request: &ReceivedRequest, report: &mut String) {
    for expectation in state.expectations.iter().filter(|stub| request.operation == Some(stub.operation)) {
        let differences = expectation.differences(request).join("; ");
        let _ = writeln!(report, "    differs from the stub at {}: {differences}", expectation.written_at);
    }
}

fn named(request: &ReceivedRequest) -> String {
    match request.operation {
        Some(operation) => format!("{}: {}", operation.id, request.shown()),
        None => format!("not in the contract: {}", request.shown()),
    }
}
