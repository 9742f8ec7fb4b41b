use std::fmt::{self, Display, Write};
use std::mem::take;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Request, Url};
use serde::Serialize;

use crate::client::Client;
use crate::error::{ErrorKind, Fault};
use crate::optional::Flaw;
use crate::{Operation, Secret};

/// All but the unreserved characters of RFC 3986, section 2.3: what is left means itself in every part of a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Room for the headers of an attempt, with those that the HTTP library adds: the map never grows.
const HEADERS: usize = 12;

/// A request as it is put together, part by part, and from which every attempt is made.
pub(crate) struct PreparedRequest<'a> {
    pub(crate) client: &'a Client,
    pub(crate) operation: &'a Operation,
    pub(crate) url: String,
    pub(crate) body: Option<Bytes>,
    /// What of the operation's path is still to be written.
    rest: &'static str,
    flaw: Option<Flaw>,
}

/// What can be a parameter: whatever can be displayed, and secrets.
pub(crate) trait Parameter {
    fn write(&self, text: &mut impl Write) -> fmt::Result;
}

impl<T: Display> Parameter for T {
    fn write(&self, text: &mut impl Write) -> fmt::Result {
        write!(text, "{self}")
    }
}

impl Parameter for Secret {
    fn write(&self, text: &mut impl Write) -> fmt::Result {
        text.write_str(self.expose())
    }
}

impl<'a> PreparedRequest<'a> {
    pub(crate) fn new(client: &'a Client, operation: &'a Operation) -> Self {
        let mut url = String::with_capacity(client.baseurl.len() + operation.path.len() + 64);
        url.push_str(&client.baseurl);
        Self { client, operation, url, body: None, rest: operation.path, flaw: None }
    }

    /// The name of the path's next parameter.
    pub(crate) fn next_parameter(&self) -> Option<&'static str> {
        Some(self.rest.split_once('{')?.1.split_once('}')?.0)
    }

    /// Writes the path up to its next parameter, and that. It cannot make the path another operation's: a server may decode
    /// a segment before it routes, and would then take a slash or dots for what they are not.
    pub(crate) fn path_param(mut self, value: Result<impl Parameter, Flaw>) -> Self {
        let (fixed, parameter) = self.rest.split_once('{').unwrap_or((self.rest, ""));
        self.url.push_str(fixed);
        self.rest = parameter.split_once('}').map_or("", |(_, rest)| rest);
        let start = self.url.len();
        self.write(value);
        let segment = self.url.get(start..).unwrap_or_default();
        let slashes = || ["%2F", "%5C"].iter().any(|slash| segment.contains(slash));
        if matches!(segment, "" | "." | "..") || segment.contains('%') && slashes() {
            let path = self.operation.path;
            let what = format!("a path parameter of {path} is empty, a dot or two, or holds a slash: mend it");
            self.fail(what.into());
        }
        self
    }

    /// Adds a pair to the query.
    pub(crate) fn query_param(mut self, name: &str, value: Result<impl Parameter, Flaw>) -> Self {
        self.url.push_str(take(&mut self.rest));
        self.url.push(if self.url.contains('?') { '&' } else { '?' });
        self.write(Ok(name));
        self.url.push('=');
        self.write(value);
        self
    }

    /// Adds a pair to the query where there is a value.
    pub(crate) fn optional_query_param(self, name: &str, value: Result<Option<impl Parameter>, Flaw>) -> Self {
        match value.transpose() {
            Some(value) => self.query_param(name, value),
            None => self,
        }
    }

    /// Sets the body: a `T`, from its builder.
    pub(crate) fn json<T: Serialize>(mut self, body: Result<impl TryInto<T, Error: Display>, Flaw>) -> Self {
        let body = body.and_then(|body| body.try_into().map_err(|error| error.to_string().into()));
        match body.and_then(|body| json(&body).map_err(Flaw::from)) {
            Ok(body) => self.body = Some(body),
            Err(flaw) => self.fail(flaw),
        }
        self
    }

    /// Notes why the request cannot be sent. The first flaw stays.
    pub(crate) fn fail(&mut self, flaw: Flaw) {
        self.flaw.get_or_insert(flaw);
    }

    /// Ends the path, or says why the request cannot be sent.
    pub(crate) fn finish(&mut self) -> Result<(), Box<Fault>> {
        self.url.push_str(take(&mut self.rest));
        self.flaw.take().map_or(Ok(()), |flaw| Err(Fault::new(ErrorKind::Request, flaw)))
    }

    /// What one attempt sends, but for the credentials.
    pub(crate) fn to_request(&self) -> Result<Request, Box<Fault>> {
        let url = Url::parse(&self.url).map_err(|_| {
            Fault::new(ErrorKind::Request, "its URL is no URL, or too long: check the base URL, and send less")
        })?;
        let mut request = Request::new(self.operation.method.clone(), url);
        *request.headers_mut() = HeaderMap::with_capacity(HEADERS);
        if let Some(body) = &self.body {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.clone().into());
        }
        Ok(request)
    }

    fn write(&mut self, value: Result<impl Parameter, Flaw>) {
        match value {
            Err(flaw) => self.fail(flaw),
            Ok(value) => {
                if value.write(&mut Encoded(&mut self.url)).is_err() {
                    self.fail("a parameter cannot be written as text: mend its type".into());
                }
            }
        }
    }
}

/// A body as it is sent.
pub(crate) fn json(body: &impl Serialize) -> Result<Bytes, &'static str> {
    serde_json::to_vec(body).map(Bytes::from).map_err(|_| "the body cannot be written as JSON: mend its type")
}

/// Writes text percent-encoded.
struct Encoded<'a>(&'a mut String);

impl Write for Encoded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Most values are ids and words, of which nothing is encoded.
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            self.0.push_str(text);
        } else {
            self.0.extend(utf8_percent_encode(text, ENCODED));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::SET_ORGANIZATION;

    #[test]
    fn a_parameter_cannot_leave_its_place() {
        let client = Client::builder().api_key("k").build().unwrap();
        let url = |value: &str| {
            let mut request = PreparedRequest::new(&client, &SET_ORGANIZATION).path_param(Ok(value));
            request.finish().map(|()| request.url).map_err(|fault| fault.what)
        };
        for (value, sent) in [("123", "123"), ("a b", "a%20b"), ("%2F", "%252F"), ("...", "..."), ("@a:1", "%40a%3A1")]
        {
            assert_eq!(url(value).unwrap(), format!("https://api.spkey.co/locks/{sent}/SetOrganization"));
        }
        for value in ["", ".", "..", "1/2", "/", "1\\2", "..\\", "../.."] {
            assert!(url(value).unwrap_err().contains("mend it"), "{value}");
        }
    }
}
