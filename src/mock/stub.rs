#![allow(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "each of these methods is often the last of a chain"
)]

use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::expectation::{Check, Expectation, Planned};
use super::kit::MockSpKey;
use super::reply::{Answer, Reply};
use crate::request::parts::Parameter;
use crate::{ApiError, Operation, Secret};

/// An operation as the mock kit knows it. Implemented by [`operations`](super::operations) alone.
pub trait Mocked {
    /// The operation.
    const OPERATION: &'static Operation;
    /// What it answers with success.
    type Answer: Answer;
}

/// An operation that takes a body.
pub trait MockedBody: Mocked {
    /// The body.
    type Body: Serialize + DeserializeOwned;
}

/// One operation, being mocked. Made by the methods of [`MockSpKey`]; it holds from then on, for every call of the operation
/// until its parameters, its query or its body are said.
///
/// Besides the methods below, each operation has one for every parameter of its path and its query, of the name that it has
/// on the call, and one for every field of its body, with `body_` in front.
pub struct MockOperation<'a, O> {
    kit: &'a MockSpKey,
    index: usize,
    operation: PhantomData<O>,
}

impl<'a, O: Mocked> MockOperation<'a, O> {
    pub(super) fn new(kit: &'a MockSpKey, index: usize) -> Self {
        Self { kit, index, operation: PhantomData }
    }

    /// Answers with success: the first time with the first answer given, and so on; the last one stays. Where nothing is
    /// said, it is the default of the answer. The status is the first that the contract has for a success.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), spkey::Error> {
    /// # let mock = spkey::mock::MockSpKey::start().await;
    /// mock.get_residents().fail(503, "away").fail(503, "away").reply(Default::default()).expect(3);
    /// let residents = mock.client().get_residents().lock_id(1).send().await?;
    /// assert!(residents.residents.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// Where the answer is not what the contract says, which is told.
    #[track_caller]
    pub fn reply(self, answer: O::Answer) -> Self {
        self.success(None, answer)
    }

    /// The same, with another of the contract's statuses for a success: 201 where something was made, 200 where it was there.
    ///
    /// # Panics
    /// As [`reply`](Self::reply), and where the contract has no such status.
    #[track_caller]
    pub fn reply_with(self, status: u16, answer: O::Answer) -> Self {
        self.success(Some(status), answer)
    }

    /// Answers with an error: a message, or a whole [`ApiError`].
    ///
    /// # Panics
    /// Where the status is no error's, which begin at 400.
    #[track_caller]
    pub fn fail(self, status: u16, error: impl Into<ApiError>) -> Self {
        assert!((400..600).contains(&status), "{status} is no error's status: give one from 400 to 599");
        self.plan(Some(Reply::error(status, &error.into())))
    }

    /// Drops the connection after the request has arrived, without an answer.
    pub fn drop_connection(self) -> Self {
        self.plan(None)
    }

    /// Holds the answer given last back for so long; the default, where none is given.
    pub fn delay(self, delay: Duration) -> Self {
        self.change(|expectation| {
            if expectation.replies.is_empty() {
                expectation.replies.push(Planned { reply: Some(expectation.default.clone()), delay: None });
            }
            if let Some(last) = expectation.replies.last_mut() {
                last.delay = Some(delay);
            }
        })
    }

    /// How many calls there should be, with credentials and as described. Checked when the [`MockSpKey`] goes out of scope.
    pub fn expect(self, calls: u64) -> Self {
        self.change(|expectation| expectation.expected = Some(calls))
    }

    #[track_caller]
    #[allow(clippy::panic, reason = "a test ends with it")]
    fn success(self, status: Option<u16>, answer: O::Answer) -> Self {
        match Reply::success(O::OPERATION, status, answer.into_content()) {
            Ok(reply) => self.plan(Some(reply)),
            Err(fault) => panic!("{fault}"),
        }
    }

    fn plan(self, reply: Option<Reply>) -> Self {
        self.change(|expectation| expectation.replies.push(Planned { reply, delay: None }))
    }

    fn check(self, check: Check) -> Self {
        self.change(|expectation| expectation.checks.push(check))
    }

    fn change(self, change: impl FnOnce(&mut Expectation)) -> Self {
        change(&mut self.kit.state().expectations[self.index]);
        self
    }

    #[track_caller]
    pub(super) fn path_value<T: Parameter, V: TryInto<T, Error: Display>>(self, name: &'static str, value: V) -> Self {
        let value = self.text::<T, V>(name, value);
        self.check(Check::Path(name, value))
    }

    #[track_caller]
    pub(super) fn query_value<T: Parameter, V: TryInto<T, Error: Display>>(self, name: &'static str, value: V) -> Self {
        let value = self.text::<T, V>(name, value);
        self.check(Check::Query(name, value))
    }

    #[track_caller]
    pub(super) fn plain_field<T: Serialize, V: TryInto<T, Error: Display>>(self, name: &'static str, value: V) -> Self {
        let value = json(&self.convert::<T, V>(name, value));
        self.check(Check::Field(name, value))
    }

    #[track_caller]
    pub(super) fn secret_field<T: Into<Secret>, V: TryInto<T, Error: Display>>(
        self,
        name: &'static str,
        value: V,
    ) -> Self {
        let value: Secret = self.convert::<T, V>(name, value).into();
        self.check(Check::Field(name, Value::from(value.expose())))
    }

    #[track_caller]
    fn text<T: Parameter, V: TryInto<T, Error: Display>>(&self, name: &str, value: V) -> String {
        self.convert::<T, V>(name, value).text()
    }

    #[track_caller]
    #[allow(clippy::panic, clippy::unused_self, reason = "a test ends with it; `self` gives `O`")]
    fn convert<T, V: TryInto<T, Error: Display>>(&self, name: &str, value: V) -> T {
        value.try_into().unwrap_or_else(|error| panic!("{}: {name}: {error}", O::OPERATION.id))
    }
}

impl<O: MockedBody> MockOperation<'_, O> {
    /// Is for calls with that body, whole: the request, or its builder.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use spkey::types::SetOrganizationRequest;
    /// # let mock = spkey::mock::MockSpKey::start().await;
    /// mock.set_organization().body(SetOrganizationRequest::builder().org_id("acme"));
    /// # }
    /// ```
    ///
    /// # Panics
    /// Where the builder lacks something, which is told.
    #[track_caller]
    pub fn body<V: TryInto<O::Body, Error: Display>>(self, body: V) -> Self {
        let body = json(&self.convert::<O::Body, V>("body", body));
        self.check(Check::Body(body))
    }

    /// Is for calls whose body is as the closure says.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let mock = spkey::mock::MockSpKey::start().await;
    /// mock.add_resident().body_where(|resident| resident.name.starts_with("Ada")).expect(0);
    /// # }
    /// ```
    pub fn body_where(self, is_so: impl Fn(&O::Body) -> bool + Send + 'static) -> Self {
        let reads = move |body: &[u8]| serde_json::from_slice(body).is_ok_and(|body| is_so(&body));
        self.check(Check::Where(Box::new(reads)))
    }
}

impl<O: Mocked> fmt::Debug for MockOperation<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MockOperation({})", self.kit.state().expectations[self.index])
    }
}

#[track_caller]
#[allow(clippy::panic, reason = "a test ends with it")]
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| panic!("it cannot be written as JSON: {error}"))
}
