//! Runtimes that the client cannot work on are an error that says so, not a panic.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use spkey::{Client, ErrorKind, Outcome};

fn client() -> Client {
    Client::builder().base_url("http://127.0.0.1:9").api_key("made-up-key").build().unwrap()
}

fn assert_explained(error: &spkey::Error) {
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Request, Outcome::NotApplied, 0));
    assert!(error.to_string().contains("build the runtime with `enable_all`"), "{error}");
}

#[test]
fn runtime_without_timers_is_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    assert_explained(&runtime.block_on(client().open_lock(1).send()).unwrap_err());
}

#[test]
fn no_runtime_is_an_error() {
    let mut call = pin!(client().open_lock(1).send());
    match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => assert_explained(&error),
        other => unreachable!("{other:?}"),
    }
}
