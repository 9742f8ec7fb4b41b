//! Matter devices behind SpKey: reading what locks, batteries and sensors report, and setting what they should do.
//!
//! A hub mirrors each Matter device into AWS IoT, and a webhook hears of changes as
//! [`Detail::Shadow`](crate::webhook::Detail::Shadow). A [`State`] has a value for each [`Path`], such as `1/257/0`: endpoint 1,
//! cluster 257 (door lock), attribute 0 (whether it is locked). Methods of `State` read what is common, in units for people.
//!
//! ```
//! use spkey::matter::LockState;
//! use spkey::reqwest::header::HeaderMap;
//! use spkey::webhook::{Delivery, Detail};
//!
//! let body = br#"{ "id": "1", "source": "spk.iot.shadow", "detail": {
//!     "thingName": "7d44", "version": 8, "reportedState": "{\"1/257/0\": 2, \"1/47/12\": 150, \"available\": true}"
//! } }"#;
//! let delivery = Delivery::parse(&HeaderMap::new(), body)?;
//! if let Detail::Shadow(shadow) = delivery.detail()
//!     && let Some(state) = shadow.reported()?
//! {
//!     assert_eq!(state.lock_state(), Some(LockState::Unlocked));
//!     assert_eq!(state.battery_percent(), Some(75.0));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Attributes without a method are constants in the module of their cluster, and others are made from their numbers:
//! [`State::find`] takes either. [`Desired`] sets them.
//!
//! # Units
//!
//! | method | attribute | on the wire | read as |
//! |---|---|---|---|
//! | [`battery_percent`](State::battery_percent) | `47/12` | half percents | percent |
//! | [`temperature_celsius`](State::temperature_celsius) | `1026/0` | hundredths | degrees Celsius |
//! | [`relative_humidity_percent`](State::relative_humidity_percent) | `1029/0` | hundredths | percent |
//! | [`illuminance_lux`](State::illuminance_lux) | `1024/0` | 10,000 times the decimal logarithm, plus 1 | lux |
//! | [`occupied`](State::occupied) | `1030/0` | bits | whether bit 0 is set |
//! | [`contact`](State::contact), [`leak`](State::leak), [`freeze`](State::freeze), [`rain`](State::rain) | `69/0` | boolean | by the kind of device |
//!
//! Numbers, names and units are those of the Matter specification.

// What is not generic here is `#[inline]`: it is compiled where a program uses it, and costs nobody else anything.

mod attribute;
mod clusters;
mod desired;
mod device_kind;
pub(crate) mod metadata;
mod numbered_enum;
mod path;
mod readings;
pub(crate) mod state;

pub use attribute::{Attribute, AttributeValue};
pub use clusters::*;
pub use desired::Desired;
pub use device_kind::DeviceKind;
pub use metadata::Metadata;
pub use path::Path;
pub use readings::Contact;
pub use state::State;
