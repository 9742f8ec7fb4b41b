//! # Testing your integration
//!
//! Two replacements for the service. Both listen on a port of this machine, and both have a [`Client`](crate::Client) to use.
//! Enable the feature for your tests only:
//!
//! ```toml
//! [dependencies]
//! spkey = "0.1"
//!
//! [dev-dependencies]
//! spkey = { version = "0.1", features = ["mock"] }
//! ```
//!
//! | | use it to test |
//! |---|---|
//! | [`MockSpKey`] responds as the test says, call by call | one function: what it sends, and what it does if a call fails |
//! | [`Sandbox`] behaves as the service does, in memory | a whole flow, a program in any language, or an idea |
//!
//! ## Stub a call
//!
//! [`given`](MockSpKey::given) takes a call, written just as the code under test writes it. Whatever is set of the call must
//! match: arguments, query and body, secrets too. What is not set matches any value, and so does [`any()`](any()) in place of an
//! argument: `request_id` of `open_lock` too, which the client fills in where it is not set. Without more, the stub responds with
//! success and the default of the response; a test sets the fields that it needs. The default of a user's id is the nil UUID,
//! which is no user's.
//!
//! ```
//! use spkey::mock::{MockSpKey, any};
//! use spkey::types::{UserByEmail, WalletLink};
//! use spkey::{Client, Error, Secret};
//!
//! // The code under test.
//! async fn wallet_link(spkey: &Client, email: &str) -> Result<Secret, Error> {
//!     let user = spkey.get_user_by_email().email(email).send().await?.into_inner();
//!     Ok(spkey.get_user_wallet_link(user.uuid).send().await?.into_inner().url)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let mock = MockSpKey::start().await;
//! let spkey = mock.client();
//! let ada = UserByEmail { uuid: "550e8400-e29b-41d4-a716-446655440000".parse()?, ..Default::default() };
//! let link = WalletLink { url: "https://wallet.example.com/1".into(), ..Default::default() };
//! mock.given(spkey.get_user_by_email().email("ada@example.com")).respond_with(ada);
//! mock.given(spkey.get_user_wallet_link(any())).respond_with(link);
//!
//! let url = wallet_link(&spkey, "ada@example.com").await?;
//! assert_eq!(url.expose(), "https://wallet.example.com/1");
//! # Ok(())
//! # }
//! ```
//!
//! Mistakes in a stub panic at its line: an invalid argument, a response that the contract does not allow (an unknown enum
//! value, a status that the operation does not return), an error status below 400.
//!
//! ## Expect calls
//!
//! [`expect`](Stub::expect) says how many calls should match. [`body_where`](Stub::body_where) matches bodies by a closure, for
//! what equality cannot say.
//!
//! ```
//! # use spkey::mock::{MockSpKey, any};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spkey::Error> {
//! # let user = "550e8400-e29b-41d4-a716-446655440000";
//! let mock = MockSpKey::start().await;
//! let spkey = mock.client();
//! mock.given(spkey.add_device(user).device_id("lamp")).expect(1);
//! mock.given(spkey.add_resident(any())).body_where(|resident| resident.name.starts_with("Ada")).expect(1);
//! mock.given(spkey.open_lock(any())).expect(0);
//!
//! spkey.add_device(user).device_id("lamp").device_type("matter").org_id("acme").send().await?;
//! spkey.add_resident(123).name("Ada Lovelace").user_id(user).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! When the mock goes out of scope, it panics if the number of calls differs, or if a call came that no stub matches. The
//! report shows the calls that came, and how they differ:
//!
//! ```text
//! add_device with userId "550e8400-e29b-41d4-a716-446655440000", body deviceId "lamp": expected 1 call, got 0 (tests/devices.rs:18:10)
//! Calls that came:
//!   POST /users/550e8400-e29b-41d4-a716-446655440000/AddDevice {"deviceId":"lump", ...}: body deviceId is "lump", not "lamp"
//! ```
//!
//! A call that no stub matches gets 501 with the list of stubs. A call without the credentials that its operation needs gets 401,
//! and does not count.
//!
//! ## Test failures
//!
//! A stub can have several responses: the first call gets the first, and the last one stays. The client of a mock does not
//! wait before it retries.
//!
//! ```
//! use std::time::Duration;
//!
//! use spkey::Outcome;
//! use spkey::mock::{MockSpKey, any};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spkey::Error> {
//! let mock = MockSpKey::start().await;
//! let spkey = mock.client();
//! mock.given(spkey.get_residents(any())).fail(503, "down").fail(503, "down").respond_with(Default::default()).expect(3);
//! mock.given(spkey.open_lock(any())).drop_connection().expect(1);
//! mock.given(spkey.set_owner(any())).fail(429, "too many calls").header("retry-after", "60");
//! mock.given(spkey.get_lock_details(any())).delay(Duration::from_secs(60));
//!
//! spkey.get_residents(123).send().await?;
//!
//! let error = spkey.open_lock(123).send().await.unwrap_err();
//! assert_eq!(error.outcome(), Outcome::Unknown, "it may have opened, so it is not retried");
//!
//! let error = spkey.set_owner(123).user_id("550e8400-e29b-41d4-a716-446655440000").send().await.unwrap_err();
//! assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
//!
//! let error = spkey.get_lock_details(123).timeout(Duration::from_millis(50)).send().await.unwrap_err();
//! assert!(error.is_timeout());
//! # Ok(())
//! # }
//! ```
//!
//! [`cut_body`](Stub::cut_body) loses the body of a success, each response has a [`delay`](Stub::delay) of its own, and
//! [`attempts`](MockSpKey::attempts) has all that arrived, with the times.
//!
//! If the service is down, nothing listens on its port. So it is once the mock is dropped:
//!
//! ```
//! # use spkey::mock::MockSpKey;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let mock = MockSpKey::start().await;
//! let spkey = mock.client();
//! drop(mock);
//!
//! let error = spkey.open_lock(123).send().await.unwrap_err();
//! assert_eq!(error.kind(), spkey::ErrorKind::Connect);
//! # }
//! ```
//!
//! Set retries, time limits and credentials of your own on [`client_builder`](MockSpKey::client_builder). For a response that
//! no stub can give, such as an HTML page of a proxy, mount a plain [`wiremock`] mock on [`server`](MockSpKey::server).
//!
//! ## Test without a server
//!
//! Code that handles errors or takes responses can be given them: [`error()`] makes an error with an outcome, a status and a
//! message, [`response`] makes a response of a value, and [`read_response`] of a recorded body. [`delivery`] makes the request of a
//! webhook.
//!
//! ```
//! use spkey::{Outcome, mock};
//!
//! let error = mock::error("open_lock", Outcome::NotApplied).status(403, "not your lock").build();
//! assert!(error.is_forbidden());
//! assert!(error.to_string().starts_with("open_lock: 403 Forbidden: not your lock"));
//! ```
//!
//! ## Use a sandbox
//!
//! A [`Sandbox`] starts empty. Create a user and a lock, and continue as with the service:
//!
//! ```
//! use spkey::mock::{Failure, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spkey::Error> {
//! let sandbox = Sandbox::start().await;
//! let spkey = sandbox.client();
//! let ada = spkey.get_user_by_email().email("ada@example.com").send().await?.uuid;
//! let add_key = spkey.add_wallet_key(ada).wallet_type("APPLE").key_index(1);
//!
//! sandbox.fail_next("add_wallet_key", Failure::LoseResponse);
//! add_key.clone().send().await.unwrap_err();
//! assert!(spkey.get_user_wallet(ada).send().await?.has_wallet_key, "the key exists; only the response was lost");
//! assert_eq!(add_key.send().await.unwrap_err().status(), Some(400), "a second key is rejected");
//! # Ok(())
//! # }
//! ```
//!
//! It is event sourced as the service is: a command appends an event, and reads follow from the events. It has every operation
//! but the administrators'. What it does not have:
//!
//! - rights: whoever has credentials may do all (and nobody gets 403, but for a temporary key that is for others, a camera without
//!   a role, or a wrong internal secret), and all API keys belong to one organization;
//! - devices that respond: what is handed over to a lock, a hub, a Matter device or a video worker arrives, and the bulk
//!   workflow is done at once. [`Sandbox::unreachable`] and [`Sandbox::hub_offline`] take devices off the network;
//! - deliveries to webhooks.
//!
//! What else can happen is asked for, operation by operation:
//!
//! | | |
//! |---|---|
//! | a service in between is down or not configured | [`fail`](Sandbox::fail) with [`Failure::Status`] |
//! | the connection breaks, before or after the operation has acted | [`Failure::LoseRequest`], [`Failure::LoseResponse`] |
//! | a command that was given up acts later | [`Failure::ActLate`] |
//! | a read shows the state of some time ago | [`lag`](Sandbox::lag) |
//! | a key expires, a late command or a late read comes | [`advance`](Sandbox::advance) |
//! | a camera reads a license plate | [`read_plate`](Sandbox::read_plate) |
//!
//! A program that reads to learn what became of a command must not take an old state for the truth:
//!
//! ```
//! use std::time::Duration;
//!
//! use spkey::mock::{Failure, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spkey::Error> {
//! let sandbox = Sandbox::start().await;
//! let spkey = sandbox.client();
//! spkey.create_lock(123).index(1).uuid("0a1b2c3d-0000-4000-8000-000000000001").send().await?;
//! sandbox.advance(Duration::from_secs(60));
//!
//! sandbox.fail_next("open_lock", Failure::LoseResponse);
//! sandbox.lag("get_lock_events", Duration::from_secs(5));
//! spkey.open_lock(123).send().await.unwrap_err();
//! let is_open = async || -> Result<bool, spkey::Error> {
//!     let events = spkey.get_lock_events(123).send().await?.into_inner().events;
//!     Ok(events.iter().any(|event| event.type_.as_deref() == Some("LockOpenRequested")))
//! };
//! assert!(!is_open().await?, "the list is 5 s old");
//! sandbox.advance(Duration::from_secs(5));
//! assert!(is_open().await?);
//! # Ok(())
//! # }
//! ```
//!
//! This crate tests its own examples that way: every step of `examples/onboard_resident.rs` fails in every way, and the
//! example runs a second time. `spkey sandbox`, on the command line, serves a sandbox on a port, for clients in any language.

mod any;
mod delivery_request;
mod expectation;
mod kit;
mod mock_error;
mod mock_response;
mod read_response;
mod received;
mod recorded_attempt;
mod report;
mod sandbox;
mod serving;
mod state;
mod stub;
mod test_server;
mod validate;

pub use any::{Any, any};
pub use delivery_request::{DeliveryRequest, delivery, shadow_delivery};
pub use kit::MockSpKey;
pub use mock_error::{MockError, error};
pub use read_response::{read_response, response};
pub use recorded_attempt::RecordedAttempt;
pub use sandbox::{Failure, Sandbox};
pub use stub::Stub;
/// The HTTP mock server below, for plain mocks beside the stubs.
pub use wiremock;
