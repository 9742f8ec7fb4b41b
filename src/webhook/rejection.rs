use std::fmt;

use reqwest::StatusCode;

/// Why a delivery was not taken. Answer it with [`status`](Self::status) and log the rest: it holds nothing of what was
/// sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rejection {
    /// The secret is missing, is sent twice, or is none of those that the verifier knows.
    Unauthenticated,
    /// It is for another partner, or does not say for whom.
    WrongPartner,
    /// It is larger than allowed.
    TooLarge,
    /// It is compressed.
    Encoded,
    /// It is shorter than its `Content-Length` says.
    Cut,
    /// It is not JSON, or not the envelope of a delivery.
    Malformed,
}

impl Rejection {
    /// What to answer the sender. After a 4xx it does not send the delivery again, after a 5xx it does.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::WrongPartner => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Cut => StatusCode::SERVICE_UNAVAILABLE,
            Self::Malformed => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unauthenticated => {
                "the delivery does not have the secret: if SpKey sent it, give the verifier the secret that is set there"
            }
            Self::WrongPartner => "the delivery is for another partner: check the partner id that the verifier was given",
            Self::TooLarge => "the delivery is too large: raise the verifier's limit if SpKey sent it",
            Self::Encoded => "the delivery is compressed: decompress it, up to the limit, and take Content-Encoding off",
            Self::Cut => "the delivery is shorter than its Content-Length: check what stands before the receiver",
            Self::Malformed => "the delivery is no EventBridge envelope: check that only SpKey posts here",
        })
    }
}

impl std::error::Error for Rejection {}
