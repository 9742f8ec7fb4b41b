use std::borrow::Cow;
use std::fmt::Write;

use bytes::Bytes;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::request::encoding::{decoded, encoded};
use crate::request::operation::Operation;
use crate::request::problems::Problems;
use crate::retry::classify::FailureClass;
use crate::value::into_input::InvalidInput;
use crate::value::parameter::Parameter;
use crate::value::redactable::Redactable;
use crate::value::secret::Secret;

/// Room for the headers of an attempt, with those that the HTTP library adds. A map holds 6 or 12 of them, 104 bytes each, for as
/// long as the attempt is in flight. HTTP/1.1 has `host` besides, the seventh; HTTP/2, which most servers speak over TLS, has none.
/// Where one does not, the map grows once.
const HTTP1_HEADERS: usize = 12;
const HTTP2_HEADERS: usize = 6;

/// The longest URL that the HTTP library takes.
const MAX_URL_BYTES: usize = 65_534;

/// What every attempt of a call is made from, put together input by input.
pub(crate) struct RequestParts {
    /// The path's parameters are in braces until they are set; nothing else in it can hold one.
    url: String,
    /// Where the path begins in the URL.
    path_start: usize,
    body: Option<Bytes>,
    headers: Vec<(HeaderName, HeaderValue)>,
    redacted: Vec<Secret>,
    problems: Problems,
    marked: bool,
}

impl RequestParts {
    pub(crate) fn new(base: &Url, path: &str, headers: Vec<(HeaderName, HeaderValue)>, problems: Problems) -> Self {
        let base_text = base.as_str().trim_end_matches('/');
        let mut url = String::with_capacity(base_text.len() + path.len() + 64);
        url.push_str(base_text);
        url.push_str(path);
        let path_start = base_text.len() - base.path().trim_end_matches('/').len();
        // A header may hold anything, a credential too.
        let redacted = headers.iter().filter_map(|(_, value)| value.to_str().ok()).map(Secret::from).collect();
        Self { url, path_start, body: None, headers, redacted, problems, marked: false }
    }

    /// Notes which required inputs are missing, and returns whether the request can be put together.
    pub(crate) fn require(&mut self, inputs: &[(&'static str, bool)]) -> bool {
        self.problems.require(inputs);
        self.problems.is_empty()
    }

    /// Sets a parameter of the path, which stands there in braces. It cannot make the path another operation's: a server may
    /// decode a segment before it routes, and would then take a slash or dots for what they are not.
    pub(crate) fn path_param(&mut self, name: &'static str, value: &impl Parameter) {
        let value = value.text();
        let is_it = |start: &usize| self.url[start + 1..].split_once('}').is_some_and(|(other, _)| other == name);
        let Some(start) = self.url.match_indices('{').map(|(start, _)| start).find(is_it) else {
            return self.invalid(name, "the path has no such parameter: remove it");
        };
        if matches!(&*value, "" | "." | "..") || value.contains(['/', '\\']) {
            return self.invalid(name, "it is empty, a dot or two, or holds a slash: pass the id alone");
        }
        self.url.replace_range(start..start + name.len() + "{}".len(), &Cow::from(encoded(&value)));
    }

    /// Adds a pair to the query.
    pub(crate) fn query_param(&mut self, name: &str, value: &impl Parameter) {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        let _infallible = write!(self.url, "{separator}{}={}", encoded(name), encoded(&value.text()));
    }

    /// Adds a pair to the query if there is a value.
    pub(crate) fn optional_query_param(&mut self, name: &str, value: Option<&impl Parameter>) {
        if let Some(value) = value {
            self.query_param(name, value);
        }
    }

    /// Sets the body, as JSON.
    pub(crate) fn json(&mut self, body: &impl Serialize) {
        match serde_json::to_vec(body) {
            Ok(json) => self.body = Some(json.into()),
            Err(_) => self.invalid("body", "it cannot be written as JSON: use text as keys and finite numbers"),
        }
    }

    /// The mark of a call: the caller's, or a random one that no other call carries. It comes from the operating system, so that
    /// two processes that were forked from one do not make the same.
    pub(crate) fn mark(&mut self, set: Option<String>) -> Option<String> {
        self.marked = set.is_none();
        set.or_else(|| Some(Uuid::new_v4().to_string()))
    }

    /// Whether it carries a mark that was not the caller's.
    pub(crate) fn is_marked(&self) -> bool {
        self.marked
    }

    pub(crate) fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// What is set of the path, the query and the body, by name on the wire.
    pub(crate) fn inputs(&self, template: &str) -> Value {
        let body = self.body.as_ref().and_then(|body| serde_json::from_slice(body).ok());
        let mut inputs: Map<String, Value> = body.unwrap_or_default();
        let path_and_query = &self.url[self.path_start..];
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let in_query = query.split('&').filter_map(|pair| pair.split_once('='));
        let segments = template.rsplit('/').zip(path.rsplit('/'));
        let in_path = segments.filter_map(|(name, value)| Some((name.strip_prefix('{')?.strip_suffix('}')?, value)));
        for (name, value) in in_query.chain(in_path) {
            if let (Some(name), Some(value)) = (decoded(name), decoded(value)) {
                inputs.insert(name, value.into());
            }
        }
        inputs.into()
    }

    /// Keeps a value that errors must not show.
    pub(crate) fn redact(&mut self, value: &impl Redactable) {
        value.collect(&mut self.redacted);
    }

    /// The values that errors must not show.
    pub(crate) fn redacted(&self) -> &[Secret] {
        &self.redacted
    }

    pub(crate) fn invalid(&mut self, name: &'static str, what: &'static str) {
        self.problems.set(name, InvalidInput::Invalid(what.into()));
    }

    /// Returns why the request cannot be sent, if it cannot.
    pub(crate) fn check(&self) -> Result<(), Box<AttemptError>> {
        if !self.problems.is_empty() {
            return Err(invalid_request(self.problems.to_string()));
        }
        if self.url.len() > MAX_URL_BYTES {
            return Err(invalid_request("its URL is too long: send shorter values"));
        }
        match self.url.split_once('{').and_then(|(_, rest)| rest.split_once('}')) {
            Some((name, _)) => Err(invalid_request(format!("{name} of the path is missing: set it by path_param"))),
            None => Ok(()),
        }
    }

    /// Whether a body is sent with that method, if only an empty one.
    pub(crate) fn has_content(&self, method: &Method) -> bool {
        self.body.is_some() || matches!(*method, Method::POST | Method::PUT | Method::PATCH)
    }

    /// What one attempt of the operation would send, without the credentials.
    pub(crate) fn to_valid_request(&self, operation: &Operation) -> Result<Request, Box<AttemptError>> {
        self.check()?;
        self.to_request(operation.method.clone())
    }

    /// What one attempt sends, without the credentials.
    pub(crate) fn to_request(&self, method: Method) -> Result<Request, Box<AttemptError>> {
        let url = Url::parse(&self.url).map_err(|_| invalid_request("its URL is not valid: check the base URL"))?;
        // A parser of URLs resolves dots and backslashes: the request would go to another operation.
        let path = self.url[self.path_start..].split('?').next().unwrap_or_default();
        if url.path() != path {
            return Err(invalid_request("its path changes when it is parsed: remove spaces and dots from the path"));
        }
        let has_content = self.has_content(&method);
        let room = if url.scheme() == "https" { HTTP2_HEADERS } else { HTTP1_HEADERS };
        let mut request = Request::new(method, url);
        let mut headers = HeaderMap::with_capacity(room + self.headers.len());
        if let Some(body) = &self.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.clone().into());
        } else if has_content {
            // RFC 9110, section 8.6: without it some servers respond 411.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        headers.extend(self.headers.iter().cloned());
        *request.headers_mut() = headers;
        Ok(request)
    }
}

fn invalid_request(what: impl Into<Cow<'static, str>>) -> Box<AttemptError> {
    AttemptError::new(FailureClass::NotSent, ErrorKind::Request, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(path: &str) -> RequestParts {
        let base = Url::parse("https://api.spkey.co").unwrap();
        RequestParts::new(&base, path, Vec::new(), Problems::default())
    }

    #[test]
    fn a_parameter_cannot_leave_its_segment() {
        let url = |value: &str| {
            let mut parts = parts("/locks/{lockId}/SetOrganization");
            parts.path_param("lockId", &value.to_owned());
            parts.check().map(|()| parts.url).map_err(|error| error.what)
        };
        for (value, sent) in [("123", "123"), ("a b", "a%20b"), ("%2F", "%252F"), ("...", "..."), ("@a:1", "%40a%3A1")]
        {
            assert_eq!(url(value).unwrap(), format!("https://api.spkey.co/locks/{sent}/SetOrganization"));
        }
        for value in ["", ".", "..", "1/2", "/", "1\\2", "..\\", "../.."] {
            assert!(url(value).unwrap_err().contains("pass the id alone"), "{value}");
        }
    }

    #[test]
    fn a_path_that_changes_when_parsed_is_rejected() {
        for path in ["/locks/1/.. ", "/locks/ ./x", "/locks/1/../2", "/locks/%2e%2e/x", "/a\tb"] {
            let error = parts(path).to_request(Method::GET).map(|_| ()).unwrap_err();
            assert!(error.what.contains("path changes"), "{path}: {}", error.what);
        }
        let request = parts("/locks/1/a%20b?x=..").to_request(Method::GET).map_err(|error| error.what).unwrap();
        assert_eq!(request.url().as_str(), "https://api.spkey.co/locks/1/a%20b?x=..");
    }
}
