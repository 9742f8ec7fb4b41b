use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serializer};

/// A text that may be read on purpose only: a key, a token, a password, a PIN, a link that opens a door.
///
/// It has no `Display` and no `Serialize`, its `Debug` shows nothing of it, and its memory is wiped when it is dropped.
/// Generated requests put it on the wire all the same.
///
/// ```
/// let pin = spkey::Secret::from("4821");
/// assert_eq!(format!("{pin:?}"), "Secret(redacted)");
/// assert_eq!(pin.expose(), "4821");
/// ```
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself. Keep it out of logs, errors and `Debug` output.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// How generated bodies put a secret on the wire.
pub(crate) fn expose<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// The same, for a secret that may be left out.
#[allow(clippy::ref_option, reason = "serde calls it with a reference to the field")]
pub(crate) fn expose_optional<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => expose(secret, serializer),
        None => serializer.serialize_none(),
    }
}
