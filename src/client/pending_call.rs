use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};

use crate::client::Client;
use crate::error::Error;
use crate::execute::call::execute;
use crate::execute::context::CallContext;
use crate::execute::response::Response;
use crate::request::headers::custom_header;
use crate::request::operation::Operation;
use crate::request::parts::RequestParts;
use crate::request::problems::Problems;
use crate::request::response_body::ResponseBody;
use crate::retry::policy::RetryPolicy;
use crate::value::into_input::{IntoInput, InvalidInput};
use crate::value::reader::ReadResult;

/// What every builder of a call has, whatever its operation is.
#[derive(Clone)]
pub struct PendingCall {
    context: CallContext,
    problems: Problems,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl PendingCall {
    pub(crate) fn new(client: &Client) -> Self {
        Self { context: client.context.clone(), problems: Problems::default(), headers: Vec::new() }
    }

    pub(crate) fn problems(&self) -> &Problems {
        &self.problems
    }

    /// Sets an input, or notes why it is invalid.
    pub(crate) fn set<T>(&mut self, name: &'static str, slot: &mut Option<T>, value: impl IntoInput<T>) {
        *slot = self.taken(name, value.into_input());
    }

    /// Sets an optional input, or notes why it is invalid.
    pub(crate) fn set_optional<T>(
        &mut self,
        name: &'static str,
        slot: &mut Option<T>,
        value: impl IntoInput<Option<T>>,
    ) {
        *slot = self.taken(name, value.into_input()).flatten();
    }

    fn taken<T>(&mut self, name: &'static str, value: Result<T, InvalidInput>) -> Option<T> {
        if !self.problems.is_empty() {
            self.problems.clear(name);
        }
        value.map_err(|problem| self.problems.set(name, problem)).ok()
    }

    /// Notes why an input is invalid, in place of what was noted before.
    pub(crate) fn invalid(&mut self, name: &'static str, what: String) {
        self.problems.set(name, InvalidInput::Invalid(what.into()));
    }

    /// Notes that an input is valid.
    pub(crate) fn valid(&mut self, name: &'static str) {
        self.problems.clear(name);
    }

    pub(crate) fn timeout(&mut self, timeout: Duration) {
        self.context.timeout = timeout;
    }

    pub(crate) fn attempt_timeout(&mut self, timeout: Duration) {
        self.context.attempt_timeout = timeout;
    }

    pub(crate) fn retry_policy(&mut self, policy: RetryPolicy) {
        self.context.policy = policy;
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match custom_header(name, value) {
            Ok(header) => self.headers.push(header),
            Err(what) => self.problems.set("header", InvalidInput::Invalid(what.into())),
        }
    }

    /// The request without its inputs.
    pub(crate) fn request(&mut self, operation: &Operation) -> RequestParts {
        let (headers, problems) = (std::mem::take(&mut self.headers), std::mem::take(&mut self.problems));
        RequestParts::new(&self.context.shared.base_url, operation.path, headers, problems)
    }

    pub(crate) fn send<T: ResponseBody>(
        self,
        operation: &'static Operation,
        request: RequestParts,
    ) -> impl Future<Output = Result<Response<T>, Error>> + Send + 'static {
        self.send_as(operation, request, T::read)
    }

    pub(crate) fn send_as<T: 'static>(
        self,
        operation: &'static Operation,
        request: RequestParts,
        read: fn(&[u8]) -> ReadResult<T>,
    ) -> impl Future<Output = Result<Response<T>, Error>> + Send + 'static {
        execute(self.context, operation, request, read)
    }
}

/// What every builder of a call can set, whatever its operation is.
macro_rules! call_settings {
    () => {
        /// Limits this call, all attempts and waits included. See [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
        #[inline]
        pub fn timeout(mut self, timeout: Duration) -> Self {
            self.call.timeout(timeout);
            self
        }

        /// Limits each attempt of this call. See
        /// [`ClientBuilder::attempt_timeout`](crate::ClientBuilder::attempt_timeout).
        #[inline]
        pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
            self.call.attempt_timeout(timeout);
            self
        }

        /// Sets the retry policy of this call.
        #[inline]
        pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
            self.call.retry_policy(policy);
            self
        }

        /// Adds a header to this call. A header that the client sets itself, a credential above all, is an error of `send`.
        #[inline]
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.call.header(name, value);
            self
        }
    };
}
pub(crate) use call_settings;
