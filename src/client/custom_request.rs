use progenitor_client::ResponseValue;
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::execute::decode::{self, Success, perform};
use crate::request::parts::RequestParts;
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
        let mut parts = RequestParts::new(self, path);
        if !is_sound(path) {
            let what = "the path must begin with a slash, and each part be fixed text or one {name}: mend it";
            parts = parts.fail(what.into());
        }
        CustomRequest { client: self, operation, parts }
    }
}

/// A request to an operation that the contract does not have. Made by [`Client::request`].
#[must_use = "nothing is sent before `.send().await`"]
pub struct CustomRequest<'a> {
    client: &'a Client,
    operation: Operation,
    parts: RequestParts,
}

impl CustomRequest<'_> {
    /// Sets a parameter of the path; it is encoded.
    pub fn path_param(self, name: &'static str, value: impl ToString) -> Self {
        Self { parts: self.parts.path_param(&format!("{{{name}}}"), Ok(value.to_string())), ..self }
    }

    /// Adds a pair to the query; it is encoded.
    pub fn query(self, name: &'static str, value: impl ToString) -> Self {
        Self { parts: self.parts.query_param(name, Ok(value.to_string())), ..self }
    }

    /// Sets the body, as JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self { parts: self.parts.json(body), ..self }
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
        perform(self.client, &self.operation, self.parts, Success::Json, decode::json).await
    }
}

/// Whether every value keeps its place in a path: it is a whole segment, and the base URL ends at a slash. `{path}` with
/// `@example.com` would send the credentials there.
fn is_sound(path: &str) -> bool {
    let word = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let sound = |segment: &str| match segment.strip_prefix('{') {
        Some(parameter) => parameter.strip_suffix('}').is_some_and(word),
        None => !matches!(segment, "." | "..") && !segment.contains(|c: char| c.is_control() || "?#\\%{}".contains(c)),
    };
    path.strip_prefix('/').is_some_and(|path| path.split('/').all(sound))
}
