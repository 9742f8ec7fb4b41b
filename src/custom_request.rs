use bytes::Bytes;
use progenitor_client::ResponseValue;
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::hooks;
use crate::request::{self, PreparedRequest};
use crate::{Auth, Error, Operation, RetryClass};

impl Client {
    /// A request to an operation that the contract does not have yet, through the same credentials, retries, limits and
    /// errors as every other.
    ///
    /// The path is fixed text, with its parameters in braces, so that no value gets into it unencoded or into a trace. It
    /// counts as [`RetryClass::Once`] until [`CustomRequest::retry_class`] says otherwise.
    ///
    /// ```no_run
    /// # async fn example(client: &spkey::Client) -> Result<(), spkey::Error> {
    /// use spkey::reqwest::Method;
    ///
    /// let answer = client
    ///     .request(Method::POST, "/locks/{lockId}/SetLabel")
    ///     .path_param("lockId", 123)
    ///     .json(&serde_json::json!({ "label": "Cellar" }))
    ///     .send::<serde_json::Value>()
    ///     .await?;
    /// # drop(answer);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: &'static str) -> CustomRequest<'_> {
        let retry = RetryClass::Once;
        let operation = Operation { id: "request", method, path, retry, auth: Auth::Caller, redirects: false };
        CustomRequest { client: self, operation, parameters: Vec::new(), query: Vec::new(), body: None }
    }
}

/// A request to an operation that the contract does not have. Made by [`Client::request`].
#[must_use = "nothing is sent before `.send().await`"]
pub struct CustomRequest<'a> {
    client: &'a Client,
    operation: Operation,
    parameters: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    body: Option<Result<Bytes, &'static str>>,
}

impl CustomRequest<'_> {
    /// Sets a parameter of the path; it is encoded.
    pub fn path_param(mut self, name: &'static str, value: impl ToString) -> Self {
        self.parameters.push((name, value.to_string()));
        self
    }

    /// Adds a pair to the query; it is encoded.
    pub fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// Sets the body, as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = Some(request::json(body));
        self
    }

    /// Says what may be done after a failed attempt. [`RetryClass::Once`] unless set.
    pub fn retry_class(mut self, class: RetryClass) -> Self {
        self.operation.retry = class;
        self
    }

    /// Says which credentials the operation takes. [`Auth::Caller`] unless set.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.operation.auth = auth;
        self
    }

    /// Sends the request and reads the answer. Any 2xx with a JSON body of type `T` is a success.
    ///
    /// # Errors
    /// As every operation; [`ErrorKind::Request`](crate::ErrorKind::Request) where a parameter of the path is not set, or is
    /// set and not in it.
    pub async fn send<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        hooks::call(self.prepare()).await
    }

    fn prepare(&self) -> PreparedRequest<'_> {
        let mut request = PreparedRequest::new(self.client, &self.operation);
        // A value keeps its place only where it is a whole segment, and the base URL ends only at a slash: `{path}` with
        // `@example.com` would send the credentials there.
        let sound = |segment: &str| {
            if let Some(parameter) = segment.strip_prefix('{') {
                return parameter.strip_suffix('}').is_some_and(|name| !name.contains(['{', '}']));
            }
            let harmful = |c: char| c.is_control() || "?#\\%{}".contains(c);
            !matches!(segment, "." | "..") && !segment.contains(harmful)
        };
        if !self.operation.path.strip_prefix('/').is_some_and(|path| path.split('/').all(sound)) {
            let what = "the path must begin with a slash, and each part be fixed text or one {name}: mend it";
            request.fail(what.into());
        }
        let mut unused = self.parameters.clone();
        while let Some(name) = request.next_parameter() {
            let value = unused.iter().position(|(given, _)| *given == name).map(|place| unused.remove(place).1);
            let missing = || format!("{name} of {} is missing: set it by path_param", self.operation.path);
            request = request.path_param(value.ok_or_else(|| missing().into()));
        }
        if let Some((name, _)) = unused.first() {
            request.fail(format!("the path has no {{{name}}}: take the parameter out").into());
        }
        for (name, value) in &self.query {
            request = request.query_param(name, Ok(value));
        }
        match &self.body {
            Some(Ok(body)) => request.body = Some(body.clone()),
            Some(Err(flaw)) => request.fail((*flaw).into()),
            None => {}
        }
        request
    }
}
