use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::Value;
use wiremock::Request;

use crate::request::operation::{Auth, Operation};

/// A request as it arrived, read by the contract.
#[derive(Clone)]
pub(super) struct ReceivedRequest {
    pub(super) method: String,
    pub(super) target: String,
    /// The operation that it is for, where there is one.
    pub(super) operation: Option<&'static Operation>,
    /// The values of the path's parameters, decoded.
    pub(super) path: BTreeMap<&'static str, String>,
    pub(super) query: BTreeMap<String, String>,
    /// The names that the query has more than once.
    pub(super) repeated: Vec<String>,
    pub(super) body: Vec<u8>,
    pub(super) headers: HeaderMap,
}

impl ReceivedRequest {
    pub(super) fn read(request: &Request) -> Self {
        let path = request.url.path();
        let operation = operation_at(request.method.as_str(), path);
        let text = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let (mut query, mut repeated) = (BTreeMap::new(), Vec::new());
        for (name, value) in request.url.query_pairs().into_owned() {
            if query.insert(name.clone(), value).is_some() {
                repeated.push(name);
            }
        }
        Self {
            method: request.method.to_string(),
            target: format!("{path}{text}"),
            operation,
            path: operation.map(|operation| path_values(operation, path)).unwrap_or_default(),
            query,
            repeated,
            body: request.body.clone(),
            headers: request.headers.clone(),
        }
    }

    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The credentials that the service requires and that were not sent.
    pub(super) fn missing_credentials(&self, operation: &Operation) -> Option<&'static str> {
        let given = |name: &str| self.headers.get(name).is_some_and(|value| !value.is_empty());
        let bearer = self.bearer().is_some();
        match operation.auth {
            Auth::Caller if !bearer && !given("x-api-key") => Some("a bearer token or an X-API-Key is required"),
            Auth::Admin if !bearer => Some("an admin's bearer token is required"),
            Auth::Admin if !given("x-admin-api-key") => Some("an X-Admin-API-Key is required"),
            _ => None,
        }
    }

    /// The keys and the token that it came with.
    pub(super) fn credentials(&self) -> impl Iterator<Item = &str> {
        let keys =
            ["x-api-key", "x-admin-api-key"].into_iter().filter_map(|name| self.headers.get(name)?.to_str().ok());
        keys.chain(self.bearer())
    }

    /// The bearer token that it came with.
    pub(super) fn bearer(&self) -> Option<&str> {
        let value = self.headers.get(AUTHORIZATION)?.to_str().ok()?;
        value.strip_prefix("Bearer ").map(str::trim).filter(|token| !token.is_empty())
    }

    pub(super) fn has_api_key(&self) -> bool {
        self.headers.contains_key("x-api-key")
    }

    /// The request on one line.
    pub(super) fn shown(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        format!("{} {} {body}", self.method, self.target).trim_end().to_owned()
    }
}

/// The operation at a path. Fixed text goes before parameters: `/cameras/my` is no camera.
fn operation_at(method: &str, path: &str) -> Option<&'static Operation> {
    let candidate = |operation: &&&'static Operation| operation.method == method && fits(operation, path);
    let all = Operation::all().iter().filter(candidate);
    all.min_by_key(|operation| operation.path.matches('{').count()).copied()
}

fn path_values(operation: &'static Operation, path: &str) -> BTreeMap<&'static str, String> {
    let pairs = operation.path.split('/').zip(path.split('/'));
    let values = pairs.filter_map(|(template, segment)| {
        let name = template.strip_prefix('{')?.strip_suffix('}')?;
        Some((name, percent_decode_str(segment).decode_utf8_lossy().into_owned()))
    });
    values.collect()
}

/// Whether a path is one of the operation: as many segments, and the fixed ones as they are.
pub(super) fn fits(operation: &Operation, path: &str) -> bool {
    let mut segments = path.split('/');
    let mut expected = operation.path.split('/');
    let all =
        expected.all(|expected| {
            segments.next().is_some_and(|segment| {
                if expected.starts_with('{') { !segment.is_empty() } else { segment == expected }
            })
        });
    all && segments.next().is_none()
}
