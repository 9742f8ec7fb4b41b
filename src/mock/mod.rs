//! # Testing your integration

mod call;
mod contract;
mod expectation;
mod kit;
mod received;
mod reply;
mod report;
mod sandbox;

/// The operations as types, which [`MockOperation`] is made with.
#[path = "entries.rs"]
pub mod operations;

pub use call::{MockOperation, Mocked, MockedBody};
pub use kit::MockSpKey;
pub use reply::{Answer, Page, Redirect};
pub use sandbox::{Failure, Sandbox};
/// The server below, for mocks of your own beside the typed ones.
pub use wiremock;
