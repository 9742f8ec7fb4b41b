use std::borrow::Cow;
use std::fmt::{Display, Write};

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Serialize;

use crate::Secret;
use crate::client::Client;
use crate::error::{ErrorKind, Fault};
use crate::request::input::Flaw;
use crate::retry::Seen;

/// All but the unreserved characters of RFC 3986, section 2.3: what is left means itself in every part of a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Room for the headers of an attempt, with those that the HTTP library adds: the map never grows.
const HEADERS: usize = 12;

/// The longest URL that the HTTP library takes.
const MAX_URL_BYTES: usize = 65_534;

/// What a request is put together from, part by part, and every attempt is made from.
pub(crate) struct RequestParts {
    /// The path's parameters are in braces until they are set; nothing else in it can hold one.
    pub(crate) url: String,
    pub(crate) body: Option<Bytes>,
    /// Why it cannot be sent.
    flaw: Option<Flaw>,
}

/// What can be a parameter: whatever can be displayed, and secrets.
pub(crate) trait Parameter {
    fn text(&self) -> String;
}

impl<T: Display> Parameter for T {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Parameter for Secret {
    fn text(&self) -> String {
        self.expose().to_owned()
    }
}

impl RequestParts {
    pub(crate) fn new(client: &Client, path: &str) -> Self {
        let base = client.base_url();
        let mut url = String::with_capacity(base.len() + path.len() + 64);
        url.push_str(base);
        url.push_str(path);
        Self { url, body: None, flaw: None }
    }

    /// Sets a parameter of the path, which is given in braces. It cannot make the path another operation's: a server may
    /// decode a segment before it routes, and would then take a slash or dots for what they are not.
    pub(crate) fn path_param(mut self, name: &str, value: Result<impl Parameter, Flaw>) -> Self {
        let value = match value {
            Ok(value) => value.text(),
            Err(flaw) => return self.fail(flaw),
        };
        let is_it = |start: &usize| self.url[*start..].split_inclusive('}').next() == Some(name);
        let Some(start) = self.url.match_indices('{').map(|(start, _)| start).find(is_it) else {
            return self.fail(format!("the path has no {name}: take the parameter out").into());
        };
        if matches!(&*value, "" | "." | "..") || value.contains(['/', '\\']) {
            let what = format!("{name} of the path is empty, a dot or two, or holds a slash: mend it");
            return self.fail(what.into());
        }
        self.url.replace_range(start..start + name.len(), &Cow::from(encoded(&value)));
        self
    }

    /// Adds a pair to the query.
    pub(crate) fn query_param(mut self, name: &str, value: Result<impl Parameter, Flaw>) -> Self {
        let value = match value {
            Ok(value) => value.text(),
            Err(flaw) => return self.fail(flaw),
        };
        let separator = if self.url.contains('?') { '&' } else { '?' };
        let _infallible = write!(self.url, "{separator}{}={}", encoded(name), encoded(&value));
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
    pub(crate) fn body<T: Serialize>(self, body: Result<impl TryInto<T, Error: Display>, Flaw>) -> Self {
        match body.and_then(|body| body.try_into().map_err(|error| error.to_string().into())) {
            Ok(body) => self.json(&body),
            Err(flaw) => self.fail(flaw),
        }
    }

    /// Sets the body, as JSON.
    pub(crate) fn json(self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => Self { body: Some(json.into()), ..self },
            Err(_) => self.fail("the body cannot be written as JSON: mend its type".into()),
        }
    }

    /// Notes why the request cannot be sent. The first flaw stays.
    pub(crate) fn fail(self, flaw: Flaw) -> Self {
        Self { flaw: self.flaw.or(Some(flaw)), ..self }
    }

    /// Says whether it is complete, or why it cannot be sent.
    pub(crate) fn check(&self) -> Result<(), Box<Fault>> {
        match &self.flaw {
            Some(flaw) => Err(fault(flaw.clone())),
            None if self.url.len() > MAX_URL_BYTES => Err(fault("its URL is too long: send less")),
            None => match self.url.split_once('{').and_then(|(_, rest)| rest.split_once('}')) {
                Some((name, _)) => Err(fault(format!("{name} of the path is missing: set it by path_param"))),
                None => Ok(()),
            },
        }
    }

    /// What one attempt sends, but for the credentials.
    pub(crate) fn to_request(&self, method: Method) -> Result<Request, Box<Fault>> {
        let url = Url::parse(&self.url);
        let url = url.map_err(|_| fault("its URL is no URL: check the base URL"))?;
        let mut request = Request::new(method, url);
        *request.headers_mut() = HeaderMap::with_capacity(HEADERS);
        if let Some(body) = &self.body {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.clone().into());
        }
        Ok(request)
    }
}

fn fault(what: impl Into<Flaw>) -> Box<Fault> {
    Fault::new(Seen::NotSent, ErrorKind::Request, what)
}

fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, ENCODED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::operation::SET_ORGANIZATION;

    #[test]
    fn a_parameter_cannot_leave_its_place() {
        let client = Client::builder().api_key("k").build().unwrap();
        let url = |value: &str| {
            let parts = RequestParts::new(&client, SET_ORGANIZATION.path).path_param("{lockId}", Ok(value));
            parts.check().map(|()| parts.url).map_err(|fault| fault.what)
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
