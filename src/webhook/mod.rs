//! What SpKey's webhooks deliver: authenticated, read and without duplicates, for whichever web framework takes them in.
//!
//! A [`Verifier`] checks a delivery and reads it; [`Deduplicator`] drops what came twice, since deliveries are made at
//! least once. Answer at once with 2xx and work afterwards: the sender gives up on a slow receiver and sends again.
//!
//! | the receiver's answer | what the sender does |
//! |---|---|
//! | 2xx | it is done |
//! | 4xx | it is done, and the delivery is lost: for what will never be taken |
//! | 5xx, or none in time | it sends the delivery again, with growing delays: for what could not be taken yet |
//!
//! There is no signature over a body: whoever knows the secret can say anything. Take deliveries over https only, and
//! let the web framework refuse bodies beyond [`MAX_DELIVERY_BYTES`] while they arrive.
//!
//! ```
//! use spkey::DomainEvent;
//! use spkey::reqwest::header::HeaderMap;
//! use spkey::webhook::{Deduplicator, Verifier};
//!
//! /// The status to answer with.
//! fn receive(verifier: &Verifier, seen: &Deduplicator, headers: &HeaderMap, body: &[u8]) -> u16 {
//!     let delivery = match verifier.verify(headers, body) {
//!         Ok(delivery) => delivery,
//!         Err(rejection) => return rejection.status().as_u16(),
//!     };
//!     if seen.is_new(delivery.id())
//!         && let Some(DomainEvent::KeyAdded(key)) = delivery.event()
//!     {
//!         println!("a key was put on lock {:?}", key.lock_id);
//!     }
//!     200
//! }
//!
//! let verifier = Verifier::bearer(["the-secret-of-the-webhook"])?.partner_id("partner-1")?;
//! let seen = Deduplicator::default();
//! assert_eq!(receive(&verifier, &seen, &HeaderMap::new(), b"{}"), 401);
//! # Ok::<(), spkey::webhook::InvalidVerifier>(())
//! ```

mod deduplicator;
mod delivery;
mod detail;
mod rejection;
mod verifier;

pub use deduplicator::{DEFAULT_CAPACITY, DEFAULT_RETENTION, Deduplicator};
pub use delivery::{Delivery, MAX_DELIVERY_BYTES, MAX_ID_BYTES};
pub use detail::{Detail, EventDetail, InvalidState, ShadowDetail};
pub use rejection::Rejection;
pub use verifier::{InvalidVerifier, Verifier};
