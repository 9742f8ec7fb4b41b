use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::contract::{self, Direction};
use crate::{ApiError, Operation};

/// The page that an operation answers with, as HTML.
#[derive(Clone, Debug, Default)]
pub struct Page(pub String);

/// Where an operation whose success is a 303 sends its caller.
#[derive(Clone, Debug)]
pub struct Redirect(pub String);

impl Default for Redirect {
    fn default() -> Self {
        Self("/confirmation".to_owned())
    }
}

/// What an operation can be mocked to answer. Implemented by the answers of the contract alone.
pub trait Answer: Default {
    #[doc(hidden)]
    fn into_content(self) -> Content;
}

#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum Content {
    Empty,
    Json(Value),
    Page(String),
    Location(String),
}

impl Answer for () {
    fn into_content(self) -> Content {
        Content::Empty
    }
}

impl Answer for Page {
    fn into_content(self) -> Content {
        Content::Page(self.0)
    }
}

impl Answer for Redirect {
    fn into_content(self) -> Content {
        Content::Location(self.0)
    }
}

/// What is sent back.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    content: Content,
    headers: Vec<(&'static str, String)>,
}

impl Reply {
    pub(super) fn new(status: u16, content: Content) -> Self {
        Self { status, content, headers: Vec::new() }
    }

    /// A success, where the contract has it: of that status, or the first that it has.
    pub(super) fn success(operation: &Operation, status: Option<u16>, content: Content) -> Result<Self, String> {
        let first = || contract::successes(operation).next().map_or(200, |(status, _)| status);
        let reply = Self::new(status.unwrap_or_else(first), content);
        reply.check(operation).map(|()| reply)
    }

    /// Whether the contract has such a success.
    pub(super) fn check(&self, operation: &Operation) -> Result<(), String> {
        let successes: Vec<_> = contract::successes(operation).collect();
        let Some((_, documented)) = successes.iter().find(|(status, _)| *status == self.status) else {
            let known: Vec<_> = successes.iter().map(|(status, _)| status.to_string()).collect();
            return Err(format!("{} does not answer {}: give {}", operation.id, self.status, known.join(" or ")));
        };
        let Content::Json(value) = &self.content else { return Ok(()) };
        let schema = &documented["application/json"]["schema"];
        contract::check(schema, value, Direction::Answer)
            .map_err(|fault| format!("{} cannot answer that by the contract: {fault}", operation.id))
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
        Self::new(status, Content::Json(without_nulls(body)))
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn template(&self, delay: Option<Duration>) -> ResponseTemplate {
        let template = ResponseTemplate::new(self.status);
        let mut template = match &self.content {
            Content::Empty => template,
            Content::Json(value) => template.set_body_json(value),
            Content::Page(page) => template.set_body_raw(page.as_bytes(), "text/html; charset=utf-8"),
            Content::Location(location) => template.insert_header("location", location.as_str()),
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
