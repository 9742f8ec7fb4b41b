//! Matter devices: what is read from their states, and how they are set.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod boolean_states;
mod desired;
mod hostile;
mod published;
mod readings;
mod states;

use serde_json::Value;
use spkey::matter::State;

fn state(json: Value) -> State {
    State::try_from(json).unwrap()
}
