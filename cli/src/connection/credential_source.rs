use std::fmt;
use std::path::PathBuf;

/// Where the credentials come from.
#[derive(Clone, Debug)]
pub(crate) enum CredentialSource {
    /// Environment variables: the names of those that are set.
    Environment(Vec<&'static str>),
    /// A profile of the configuration file.
    Profile { name: String, file: PathBuf },
}

impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(names) => write!(f, "the environment ({})", names.join(", ")),
            Self::Profile { name, file } => write!(f, "profile `{name}` of {}", file.display()),
        }
    }
}
