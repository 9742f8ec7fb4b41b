use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// A text that is read only on purpose: a key, a token, a password, a PIN, a link that opens a door.
///
/// It has no `Display` and no `Serialize`, its `Debug` shows nothing of it, and its memory is wiped when it is dropped. The
/// requests that take it serialize it all the same. It reads from text, for configuration.
///
/// ```
/// let pin = spkey::Secret::from("4821");
/// assert_eq!(format!("{pin:?}"), "Secret { .. }");
/// assert_eq!(pin.expose(), "4821");
/// ```
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself. Keep it out of logs, errors and `Debug` output.
    ///
    /// ```
    /// assert_eq!(spkey::Secret::from("4821").expose(), "4821");
    /// ```
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether a header may hold it: printable ASCII without spaces.
    pub(crate) fn fits_header(&self) -> bool {
        self.expose().bytes().all(|byte| byte.is_ascii_graphic())
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

/// Gives types a `Debug` that shows nothing of what they hold.
macro_rules! hidden {
    ($($name:ident $(<$lifetime:lifetime>)?),+) => {$(
        impl ::std::fmt::Debug for $name $(<$lifetime>)? {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
pub(crate) use hidden;

hidden!(Secret);

/// How generated bodies put a secret on the wire.
pub(crate) fn expose<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    secret.expose().serialize(serializer)
}

/// The same, for a secret that may be left out.
#[allow(clippy::ref_option, reason = "serde calls it with a reference to the field")]
pub(crate) fn expose_optional<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}

/// Gives a struct a `Debug` that hides the personal data among its fields.
macro_rules! partly_hidden {
    ($name:ident { $($kind:ident $field:ident),* }) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let mut debug = f.debug_struct(stringify!($name));
                $(debug.field(stringify!($field), $crate::value::secret::debug_field!($kind self.$field));)*
                debug.finish()
            }
        }
    };
}
pub(crate) use partly_hidden;

macro_rules! debug_field {
    (show $value:expr) => {
        &$value
    };
    (hide $value:expr) => {
        &::std::format_args!("[personal data]")
    };
}
pub(crate) use debug_field;
