use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::error::api_error::ApiError;
use crate::mock::validate::{self, Direction};
use crate::request::operation::Operation;
use crate::request::response_body::MockContent;

/// What is sent back.
#[derive(Clone, Debug)]
pub(super) struct MockResponse {
    pub(super) status: u16,
    content: MockContent,
    headers: Vec<(&'static str, String)>,
    /// Whether the connection ends in the middle of the body.
    cut: bool,
}

impl MockResponse {
    pub(super) fn new(status: u16, content: MockContent) -> Self {
        // A 303 is useless without it.
        let headers = if status == 303 { vec![("location", "/confirmation".to_owned())] } else { Vec::new() };
        Self { status, content, headers, cut: false }
    }

    /// A success, if the contract has it: of that status, or the first that it has.
    pub(super) fn success(operation: &Operation, status: Option<u16>, content: MockContent) -> Result<Self, String> {
        let first = || validate::successes(operation).next().map_or(200, |(status, _)| status);
        let response = Self::new(status.unwrap_or_else(first), content);
        response.check(operation).map(|()| response)
    }

    /// Checks that the contract has such a success.
    pub(super) fn check(&self, operation: &Operation) -> Result<(), String> {
        let successes: Vec<_> = validate::successes(operation).collect();
        let Some((_, documented)) = successes.iter().find(|(status, _)| *status == self.status) else {
            let known: Vec<_> = successes.iter().map(|(status, _)| status.to_string()).collect();
            return Err(format!("{} does not return {}: give {}", operation.id, self.status, known.join(" or ")));
        };
        let MockContent::Json(value) = &self.content else { return Ok(()) };
        let schema = &documented["application/json"]["schema"];
        validate::check(schema, value, Direction::Response)
            .map_err(|problem| format!("{} cannot return that by the contract: {problem}", operation.id))
    }

    pub(super) fn error(status: u16, error: &ApiError) -> Self {
        let word = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        let mut body = json!({ "error": error.error.as_deref().or(word), "message": error.message });
        body["code"] = error.code.as_ref().map_or(json!(status), |code| json!(code));
        if !error.details.is_empty() {
            let details = error.details.iter();
            let details =
                details.map(|detail| json!({ "field": detail.field, "code": detail.code, "message": detail.message }));
            body["details"] = details.collect();
        }
        Self::new(status, MockContent::Json(without_nulls(body)))
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name, value.into()));
        self
    }

    /// Ends the connection in the middle of the body.
    pub(super) fn cut(self) -> Self {
        Self { cut: true, ..self }
    }

    pub(super) fn body(&self) -> Vec<u8> {
        match &self.content {
            MockContent::Empty => Vec::new(),
            MockContent::Json(value) => value.to_string().into(),
            MockContent::Html(page) => page.clone().into(),
        }
    }

    pub(super) fn template(&self, delay: Option<Duration>) -> ResponseTemplate {
        // No client keeps a connection that a server which has stopped once accepted.
        let mut template = ResponseTemplate::new(self.status).insert_header("connection", "close");
        let mut body = self.body();
        if self.cut {
            // The whole length, as a list of equal values (RFC 9110, section 8.6): the server below does not take a single one that
            // differs from the body's.
            template = template.insert_header("content-length", format!("{0}, {0}", body.len()));
            body.truncate(body.len().div_ceil(2));
        }
        template = match &self.content {
            MockContent::Empty => template,
            MockContent::Json(_) => template.set_body_raw(body, "application/json"),
            MockContent::Html(_) => template.set_body_raw(body, "text/html; charset=utf-8"),
        };
        for (name, value) in &self.headers {
            template = template.insert_header(*name, value.as_str());
        }
        match delay {
            Some(delay) => template.set_delay(delay),
            None => template,
        }
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

impl From<&str> for ApiError {
    /// The error of that message.
    fn from(message: &str) -> Self {
        Self { message: Some(message.to_owned()), ..Self::default() }
    }
}

impl From<String> for ApiError {
    fn from(message: String) -> Self {
        Self { message: Some(message), ..Self::default() }
    }
}
