use std::fmt;

/// What kind of failure an [`Error`](crate::Error) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built with its configuration.
    Config,
    /// The request is incomplete or invalid. Nothing was sent.
    Request,
    /// A credential is missing, or the token source returned none.
    Credentials,
    /// No connection: name, network, TLS, or the time limit for it.
    Connect,
    /// No response within the time limit.
    Timeout,
    /// The connection broke after the request may have been sent.
    Transport,
    /// The service responded with a status that is no success.
    Api,
    /// The service responded with success, and the body is not what the contract says.
    Decode,
    /// The service responded with success, and the body is larger than
    /// [`MAX_RESPONSE_BYTES`](crate::MAX_RESPONSE_BYTES).
    TooLarge,
    /// The pages of a list contradict each other, or are more than the stream of them may read: see [`pages`](crate::pages).
    Pages,
}

impl ErrorKind {
    /// The kind in lower case, as metrics and logs have it.
    ///
    /// ```
    /// assert_eq!(spkey::ErrorKind::TooLarge.as_str(), "too-large");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Request => "request",
            Self::Credentials => "credentials",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Api => "api",
            Self::Decode => "decode",
            Self::TooLarge => "too-large",
            Self::Pages => "pages",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
