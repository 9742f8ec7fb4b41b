use reqwest::{Method, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::Error;
use crate::error::advice::CUSTOM_REQUEST;
use crate::execute::call::execute;
use crate::execute::response::Response;
use crate::request::operation::{Auth, Operation};
use crate::request::parts::RequestParts;
use crate::request::problems::Problems;
use crate::request::response_body::BodyFormat;
use crate::retry::class::RetryClass;
use crate::value::conform::Ignored;
use crate::value::json;
use crate::value::reader::ReadResult;
use crate::value::sensitive_json::SensitiveJson;
use crate::value::shape::Shape;

impl Client {
    /// A request to an operation that the contract does not have yet, with the same credentials, retries, limits and errors
    /// as every other.
    ///
    /// The path is fixed text, with its parameters in braces, so that no value gets into it unencoded or into a trace. It
    /// is [`RetryClass::AtMostOnce`] until [`CustomRequest::retry_class`] says otherwise.
    ///
    /// ```no_run
    /// # async fn example(spkey: &spkey::Client) -> Result<(), spkey::Error> {
    /// use spkey::reqwest::Method;
    ///
    /// let response = spkey
    ///     .request(Method::POST, "/locks/{lockId}/SetLabel")
    ///     .path_param("lockId", 123)
    ///     .json(&serde_json::json!({ "label": "Cellar" }))
    ///     .send::<serde_json::Value>()
    ///     .await?;
    /// # drop(response);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: &'static str) -> CustomRequest<'_> {
        let operation = Operation {
            id: CUSTOM_REQUEST,
            method,
            path,
            retry: RetryClass::AtMostOnce,
            retry_reason: "the contract does not say what a repeat does",
            auth: Auth::Caller,
            redirects: false,
            physical: false,
            confirm: None,
            area: "",
            summary: "",
            inputs: &[],
            response: Some(&Shape::Any),
            format: BodyFormat::Json,
            has_body: false,
            pages: None,
        };
        let mut parts = RequestParts::new(&self.context.shared.base_url, path, Vec::new(), Problems::default());
        if !is_valid_path(path) {
            parts.invalid("path", "it must begin with a slash, and each segment be fixed text or one {name}: fix it");
        }
        CustomRequest { client: self, operation, parts }
    }
}

/// A request to an operation that the contract does not have. Made by [`Client::request`].
///
/// Which of its values are secrets is not known: errors redact all of them.
#[must_use = "nothing is sent before `.send().await`"]
pub struct CustomRequest<'a> {
    client: &'a Client,
    operation: Operation,
    parts: RequestParts,
}

impl CustomRequest<'_> {
    /// Sets the parameter of the path that stands there in braces; the value is encoded.
    pub fn path_param(mut self, name: &'static str, value: impl ToString) -> Self {
        let value = value.to_string();
        self.parts.path_param(name, &value);
        self.parts.redact(&value);
        self
    }

    /// Adds a pair to the query; it is encoded.
    pub fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        let value = value.to_string();
        self.parts.query_param(name, &value);
        self.parts.redact(&value);
        self
    }

    /// Sets the body, as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.parts.json(body);
        self.parts.redact(&SensitiveJson::from(serde_json::to_value(body).unwrap_or_default()));
        self
    }

    /// Sets what may be done after a failed attempt. [`RetryClass::AtMostOnce`] by default.
    pub fn retry_class(mut self, class: RetryClass) -> Self {
        self.operation.retry = class;
        self
    }

    /// Sets which credentials the operation takes. [`Auth::Caller`] by default.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.operation.auth = auth;
        self
    }

    /// Sends the request and reads the response. Any 2xx with a JSON body of type `T` is a success; an empty body reads as
    /// null, so that `()` and `Option` take a 204.
    ///
    /// # Errors
    /// As every operation; [`ErrorKind::Request`](crate::ErrorKind::Request) if a parameter of the path is not set, or is
    /// set and not in it.
    pub async fn send<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let Self { client, operation, parts } = self;
        execute(client.context.clone(), &operation, parts, read).await
    }

    /// The request that [`send`](Self::send) would send, without credentials. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Request`](crate::ErrorKind::Request) if the path or a parameter of it is invalid.
    pub fn to_request(&self) -> Result<Request, Error> {
        self.parts.to_valid_request(&self.operation).map_err(|error| Error::of_request(error, self.operation.id))
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> ReadResult<T> {
    let value = json::from_slice(if body.is_empty() { b"null" } else { body })?;
    Ok((value, Ignored::default()))
}

/// Whether every value keeps its place in a path: it is a whole segment, and the base URL ends at a slash. `{path}` with
/// `@example.com` would send the credentials there.
fn is_valid_path(path: &str) -> bool {
    let word = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let valid = |segment: &str| match segment.strip_prefix('{') {
        Some(parameter) => parameter.strip_suffix('}').is_some_and(word),
        None => !matches!(segment, "." | "..") && !segment.contains(|c: char| c.is_control() || "?#\\%{}".contains(c)),
    };
    path.strip_prefix('/').is_some_and(|path| path.split('/').all(valid))
}
