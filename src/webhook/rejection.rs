use std::fmt;

use reqwest::StatusCode;

/// Why a delivery was rejected. Respond with [`status`](Self::status) and log this value: it contains nothing of the
/// delivery itself.
///
/// ```
/// use spkey::reqwest::StatusCode;
/// use spkey::webhook::Rejection;
///
/// assert_eq!(Rejection::Unauthenticated.status(), StatusCode::UNAUTHORIZED);
/// assert_eq!(Rejection::Truncated.status(), StatusCode::SERVICE_UNAVAILABLE);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rejection {
    /// The secret is missing or wrong: 401.
    Unauthenticated,
    /// The delivery is for another partner or names none: 403.
    WrongPartner,
    /// The body is larger than the limit: 413.
    TooLarge,
    /// The body is compressed: 415.
    Encoded,
    /// The body ends too early: 503, so that the sender retries it.
    Truncated,
    /// The body is not JSON, or is not the envelope of a delivery: 400.
    Malformed,
}

impl Rejection {
    /// The status to respond with. The sender retries a 5xx; a 4xx is final and the delivery is lost.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::WrongPartner => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Truncated => StatusCode::SERVICE_UNAVAILABLE,
            Self::Malformed => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unauthenticated => {
                "the secret is missing or wrong: if SpKey sent the delivery, give the verifier the secret set at SpKey"
            }
            Self::WrongPartner => "the delivery is for another partner: check the partner id of the verifier",
            Self::TooLarge => "the delivery is too large: if SpKey sent it, raise the limit of the verifier",
            Self::Encoded => "the delivery is compressed: decompress it before it is verified, up to the size limit",
            Self::Truncated => "the body of the delivery ends too early: check the proxies in front of the receiver",
            Self::Malformed => {
                "the delivery is not an EventBridge envelope with an id: check that only SpKey posts here"
            }
        })
    }
}

impl std::error::Error for Rejection {}
