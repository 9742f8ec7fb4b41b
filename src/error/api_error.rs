use serde::Deserialize;
use serde_json::Value;

use crate::value::from_scalar::scalar;

/// The service's own error, in whichever of its shapes it came. Everything in it is optional, since the shape differs by
/// operation; what is of an unexpected type counts as absent. Its texts may repeat what was sent, PINs and addresses too, so
/// that `Debug` shows none of them: [`Error`](crate::Error) shows the message without those values.
///
/// ```
/// let error: spkey::ApiError = serde_json::from_str(r#"{"error": "Not Found", "message": "no such lock", "code": 404}"#)?;
/// assert_eq!(error.message.as_deref(), Some("no such lock"));
/// assert_eq!(error.code.as_deref(), Some("404"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Value")]
#[non_exhaustive]
pub struct ApiError {
    /// What kind of error it is, in a word or two.
    pub error: Option<String>,
    /// What went wrong, for people. It may name what was sent.
    pub message: Option<String>,
    /// The service's number or name for it.
    pub code: Option<String>,
    /// What was wrong with which part of the request: the service's `details` and `errors`.
    pub details: Vec<ApiErrorDetail>,
}

/// One thing that was wrong with a request.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiErrorDetail {
    /// The field that was refused.
    pub field: Option<String>,
    /// The service's number or name for what was wrong.
    pub code: Option<String>,
    /// Why it was refused, for people.
    pub message: Option<String>,
}

impl ApiError {
    /// Reads a body, or none where it is no JSON object.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().filter(Value::is_object).map(Self::from)
    }

    /// The most telling text of it.
    pub(crate) fn text(&self) -> Option<&str> {
        let detail = || self.details.iter().find_map(|detail| detail.message.as_deref());
        self.message.as_deref().or_else(detail).or(self.error.as_deref())
    }
}

impl From<Value> for ApiError {
    fn from(value: Value) -> Self {
        let detail = |value: &Value| ApiErrorDetail {
            field: text(value, "field"),
            code: text(value, "code"),
            message: if value.is_object() { text(value, "message") } else { scalar(value) },
        };
        let lists = ["details", "errors"].into_iter().filter_map(|key| value[key].as_array());
        Self {
            error: text(&value, "error"),
            message: text(&value, "message"),
            code: text(&value, "code"),
            details: lists.flatten().map(detail).collect(),
        }
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    scalar(&value[key])
}

crate::value::secret::hidden!(ApiError, ApiErrorDetail);
