use reqwest::{Method, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;

use progenitor_client::ResponseValue;

use crate::client::Client;
use crate::hooks::{self, PathValue, RequestError};
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
        CustomRequest { client: self, operation, parameters: Vec::new(), query: Vec::new(), body: None, fault: None }
    }
}

/// A request to an operation that the contract does not have. Made by [`Client::request`].
#[must_use = "nothing is sent before `.send().await`"]
pub struct CustomRequest<'a> {
    client: &'a Client,
    operation: Operation,
    parameters: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    fault: Option<String>,
}

impl CustomRequest<'_> {
    /// Sets a parameter of the path; it is encoded.
    pub fn path_param(mut self, name: &'static str, value: impl ToString) -> Self {
        self.parameters.push((name, value.to_string().encoded()));
        self
    }

    /// Adds a pair to the query; it is encoded.
    pub fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// Sets the body, as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.body = Some(body),
            Err(_) => self.fault = Some("the body cannot be written as JSON: mend its type".to_owned()),
        }
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
        let request = self.build();
        hooks::call(self.client, &self.operation, request).await
    }

    fn build(&self) -> Result<Request, RequestError> {
        if let Some(fault) = &self.fault {
            return Err(RequestError::InvalidRequest(fault.clone().into()));
        }
        let mut path = self.operation.path.to_owned();
        for (name, value) in &self.parameters {
            let place = format!("{{{name}}}");
            if !path.contains(&place) {
                return Err(RequestError::InvalidRequest(
                    format!("the path has no {place}: take the parameter out").into(),
                ));
            }
            path = path.replace(&place, value);
        }
        if path.contains('{') {
            let what = format!("a parameter of {} is missing: set it by path_param", self.operation.path);
            return Err(RequestError::InvalidRequest(what.into()));
        }
        let mut request =
            self.client.client.request(self.operation.method.clone(), format!("{}{path}", self.client.baseurl));
        if !self.query.is_empty() {
            request = request.query(&self.query);
        }
        if let Some(body) = &self.body {
            request = request.header(reqwest::header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        Ok(request.build()?)
    }
}
