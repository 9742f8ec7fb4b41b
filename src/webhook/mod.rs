//! Receiving SpKey's webhooks: check who sent a delivery, read it, drop duplicates. Works with any web framework.
//!
//! # What a partner does
//!
//! 1. Choose a long random secret, and set it at SpKey together with the https address of your receiver. SpKey then
//!    sends it with every delivery, as a bearer token or in a header that you name.
//! 2. Build one [`Verifier`] at start-up, with the same secret and your partner id. It rejects what cannot work, like a
//!    secret in quotation marks, with a message that says what to fix.
//! 3. For each POST, call [`Verifier::verify`] with the headers and the body as they arrived. If it returns a
//!    [`Rejection`], respond with [`Rejection::status`] and log it.
//! 4. Drop duplicates by [`Delivery::id`]: a delivery is made at least once, so the same one may arrive twice. A
//!    [`Deduplicator`] does this for one process; respond to a duplicate with 2xx as well.
//! 5. Store or queue the delivery, respond with 2xx at once, and do the work afterwards. The sender waits only for a
//!    limited time. If there is no room for the delivery, respond with 503.
//! 6. Do the work: [`Delivery::event`] is what happened, [`Delivery::detail`] has its context and the states of
//!    devices, which [`matter`](crate::matter) reads. Ignore what you do not know; it may be newer than this version.
//!
//! # What your response means to the sender
//!
//! | status | what the sender does | use it for |
//! |---|---|---|
//! | 2xx | Done. | deliveries that are stored, duplicates, and events that you do not need |
//! | 4xx | Never retries. The delivery is lost. | deliveries that you can never accept |
//! | 5xx, or no response in time | Retries, with growing delays. | deliveries that you cannot accept at the moment |
//!
//! Since a 4xx loses the delivery, every delivery that is authentic and can be read is accepted: ids may be numbers,
//! fields may be missing, and a body that ends too early is rejected with 503. Make sure that nothing in front of the
//! handler responds with 4xx on its own, such as a size limit below [`MAX_DELIVERY_BYTES`] or an extractor that reads
//! the body.
//!
//! # What the secret protects
//!
//! Nothing signs the body: whoever knows the secret can send any delivery. Receive over https only, and limit the size
//! of bodies in the web framework too, so that a large one is rejected while it arrives. Secrets are compared in
//! constant time.
//!
//! # Example
//!
//! With the feature `mock`, `mock::delivery` makes requests as SpKey sends them, for tests of a receiver.
//! `examples/webhook_receiver.rs` is a complete receiver on axum, with a queue and a clean shutdown, and sends itself
//! samples. This is the core of it:
//!
//! ```
//! use spkey::DomainEvent;
//! use spkey::reqwest::header::HeaderMap;
//! use spkey::webhook::{Deduplicator, Verifier};
//!
//! /// Returns the status to respond with.
//! fn receive(verifier: &Verifier, deduplicator: &Deduplicator, headers: &HeaderMap, body: &[u8]) -> u16 {
//!     let delivery = match verifier.verify(headers, body) {
//!         Ok(delivery) => delivery,
//!         Err(rejection) => {
//!             eprintln!("rejected: {rejection}");
//!             return rejection.status().as_u16();
//!         }
//!     };
//!     if deduplicator.is_new(delivery.id())
//!         && let Some(DomainEvent::KeyAdded(key)) = delivery.event()
//!     {
//!         println!("a key was added to lock {:?}", key.lock_id);
//!     }
//!     200
//! }
//!
//! let verifier = Verifier::bearer(["the-secret-of-the-webhook"])?.partner_id("partner-1")?;
//! let deduplicator = Deduplicator::default();
//! assert_eq!(receive(&verifier, &deduplicator, &HeaderMap::new(), b"{}"), 401);
//! # Ok::<(), spkey::webhook::InvalidVerifier>(())
//! ```

mod body;
mod deduplicator;
mod delivery;
mod detail;
mod rejection;
mod secrets;
mod shadow;
mod verifier;

pub use deduplicator::{DEFAULT_CAPACITY, DEFAULT_RETENTION, Deduplicator};
pub use delivery::{Delivery, MAX_DELIVERY_BYTES, MAX_ID_BYTES};
pub use detail::{Detail, EventDetail};
pub use rejection::Rejection;
pub use shadow::{InvalidState, ShadowDetail};
pub use verifier::{InvalidVerifier, Verifier};
