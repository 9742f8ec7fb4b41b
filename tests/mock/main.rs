//! The mock kit: which calls a stub matches, what it responds, which mistakes it rejects, and what it reports.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends with it")]

mod attempts;
#[allow(unreachable_pub, reason = "shared with the tests of the contract")]
#[path = "../contract/call.rs"]
mod call;
mod defaults;
mod deliveries;
mod errors;
mod every_operation;
mod matching;
mod mistakes;
mod reports;
mod responses;
#[allow(unreachable_pub, reason = "shared with the tests of the contract")]
#[path = "../contract/sample.rs"]
mod sample;
mod stopping;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const OTHER: &str = "0a1b2c3d-0000-4000-8000-000000000001";

thread_local! {
    static LINE: Cell<u32> = const { Cell::new(0) };
}

/// The message of the panic, and the line that it is reported at.
#[track_caller]
fn panic_of(act: impl FnOnce()) -> (String, u32) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            LINE.set(panic.location().map_or(0, std::panic::Location::line));
            before(panic);
        }));
    });
    let panic = catch_unwind(AssertUnwindSafe(act)).expect_err("it panics");
    (panic.downcast_ref::<String>().expect("a panic with a formatted message").clone(), LINE.get())
}

#[track_caller]
fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}
