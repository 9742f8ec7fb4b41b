//! # Testing your integration
//!
//! Two stand-ins for the service, both on a port of this machine and both with a [`Client`](crate::Client) at hand. Take
//! the feature into your tests alone:
//!
//! ```toml
//! [dependencies]
//! spkey = "0.1"
//!
//! [dev-dependencies]
//! spkey = { version = "0.1", features = ["mock"] }
//! ```
//!
//! - [`MockSpKey`] says what it is told, operation by operation: for the test of one piece of code, and of what it does
//!   when things go wrong.
//! - [`Sandbox`] behaves as the service does: for a whole flow, for trying things out, and for programs in any language.
//!
//! ## Saying what comes back
//!
//! Each operation has a method on [`MockSpKey`], of the name that it has on the client. Nothing more is needed for a
//! success; a test names the fields that it cares about, and takes the rest from the default:
//!
//! ```
//! use spkey::mock::MockSpKey;
//! use spkey::types::{UserByEmail, WalletLink};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spkey::Error> {
//! let mock = MockSpKey::start().await;
//! mock.get_user_by_email().email("ada@example.com");
//! mock.get_user_wallet_link().reply(WalletLink { url: "https://wallet.example.com/1".into(), ..Default::default() });
//!
//! // The code under test, with the client that it is given.
//! let spkey = mock.client();
//! let ada: UserByEmail = spkey.get_user_by_email().email("ada@example.com").send().await?.into_inner();
//! let link = spkey.get_user_wallet_link().user_id(ada.uuid).send().await?;
//! assert_eq!(link.url.expose(), "https://wallet.example.com/1");
//! # Ok(())
//! # }
//! ```
//!
//! An answer that the contract does not have panics where it is written: an id that is none, an enum's value that is not
//! listed, a status that the operation does not give.
//!
//! ## Saying what should have been sent
//!
//! Parameters of the path and the query are matched by their names, fields of the body by theirs with `body_` in front,
//! whole bodies by [`body`](MockOperation::body), anything else by [`body_where`](MockOperation::body_where).
//! [`expect`](MockOperation::expect) says how many calls there should be. When the [`MockSpKey`] goes out of scope it
//! panics where it was not so:
//!
//! ```text
//! add_device with userId "550e8400-e29b-41d4-a716-446655440000", body deviceId "lamp": expected 1 call, got 0 (tests/devices.rs:18:10)
//! What came:
//!   POST /users/550e8400-e29b-41d4-a716-446655440000/AddDevice {"deviceId":"lump", ...}: body deviceId is "lump", not "lamp"
//! ```
//!
//! A call that nothing is mocked for is answered 501 with the list of what is, and makes the test fail in the same way.
//! Calls need credentials as they do at the service: without, they are answered 401 and do not count.
//!
//! ## When things go wrong
//!
//! Replies follow each other, and the last one stays. The client waits for nothing between its attempts:
//!
//! ```
//! use spkey::Outcome;
//! use spkey::mock::MockSpKey;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spkey::Error> {
//! let mock = MockSpKey::start().await;
//! mock.get_residents().fail(503, "away").fail(503, "away").reply(Default::default()).expect(3);
//! mock.open_lock().drop_connection().expect(1);
//! mock.add_key().fail(404, "no such lock");
//!
//! let spkey = mock.client();
//! spkey.get_residents().lock_id(1).send().await?;
//! let error = spkey.open_lock().lock_id(1).send().await.unwrap_err();
//! assert_eq!(error.outcome(), Outcome::Unknown, "it may have opened, and is not opened again");
//! # Ok(())
//! # }
//! ```
//!
//! [`delay`](MockOperation::delay) holds an answer back, to run into a time limit. Retries, time limits and credentials of
//! your own are set on [`client_builder`](MockSpKey::client_builder). For what no typed answer can say, such as a page of
//! HTML from the edge, mount a plain [`wiremock`] mock on [`server`](MockSpKey::server).
//!
//! ## A service that remembers
//!
//! [`Sandbox`] starts empty. Create a user and a lock, and go on as at the service:
//!
//! ```
//! use spkey::mock::{Failure, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spkey::Error> {
//! let sandbox = Sandbox::start().await;
//! let spkey = sandbox.client();
//! let ada = spkey.get_user_by_email().email("ada@example.com").send().await?.into_inner().uuid;
//! let add = || spkey.add_wallet_key().user_id(&ada).body_map(|key| key.wallet_type("APPLE").key_index(1));
//!
//! sandbox.fail_next("add_wallet_key", Failure::LoseAnswer);
//! add().send().await.unwrap_err();
//! assert!(spkey.get_user_wallet().user_id(&ada).send().await?.has_wallet_key, "the key is there all the same");
//! assert_eq!(add().send().await.unwrap_err().status(), Some(400), "and a second one is refused");
//! # Ok(())
//! # }
//! ```
//!
//! That is how the flow that onboards a resident is tested in this crate: each step is made to fail in each way, and the
//! flow run again (`examples/onboard_resident.rs`). `cargo run --example sandbox --features mock` serves it on port 8787,
//! for clients in any language.

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
