//! A builder for each operation of the contract, and the method of [`Client`] that makes it.
//!
//! Parameters of the path are arguments of the method, everything else has a setter. [`endpoints`](crate::endpoints) lists
//! the operations by the service's paths.

#![allow(unused_mut, unused_variables, clippy::all, clippy::pedantic, reason = "generated")]

use std::time::Duration;

use reqwest::Method;

use crate::client::Client;
use crate::client::pending_call::{PendingCall, call_settings};
use crate::error::Error;
use crate::execute::response::Response;
use crate::pages::paged_builder::paged;
use crate::request::confirm::{Absence, Absent, Entry, EntryValue, Proves, Resolve};
use crate::request::endpoint::{Endpoint, Sealed};
use crate::request::operation::{Auth, Input, InputLocation, Operation};
use crate::request::page_fields::{PageFields, StyleName};
use crate::request::problems::Problems;
use crate::request::response_body::ResponseBody;
use crate::request::set_inputs::SetInputs;
use crate::retry::class::RetryClass;
use crate::retry::policy::RetryPolicy;
use crate::value::into_input::IntoInput;
use crate::value::shape::Shaped;

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

impl Operation {
    /// Every operation of the contract, in its order.
    pub fn all() -> &'static [&'static Self] {
        ALL
    }

    /// The operation of that id.
    pub fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|operation| operation.id == id).copied()
    }

    /// The areas of the API, each with what it is about, in the order of the contract.
    ///
    /// ```
    /// let areas = spkey::Operation::areas();
    /// assert_eq!(areas[0].0, "users");
    /// assert!(spkey::Operation::all().iter().all(|operation| areas.iter().any(|(area, _)| *area == operation.area)));
    /// ```
    pub fn areas() -> &'static [(&'static str, &'static str)] {
        AREAS
    }

    /// The name of the input that says where a page of its list starts; none if its list does not come in [`pages`](crate::pages).
    pub fn page_input(&self) -> Option<&'static str> {
        self.pages.map(|fields| fields.input)
    }
}
