use subtle::{Choice, ConstantTimeEq};

use crate::value::secret::Secret;

/// The secrets of a verifier: at least one, and each can be sent in a header.
#[derive(Clone)]
pub(super) struct Secrets(Vec<Secret>);

impl Secrets {
    /// # Errors
    /// What is wrong with the secrets and how to fix it, without any of their text.
    pub(super) fn new<S: Into<Secret>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, &'static str> {
        let secrets: Vec<Secret> = secrets.into_iter().map(Into::into).collect();
        if secrets.is_empty() {
            return Err("there is no secret: give the one that is set at SpKey");
        }
        if secrets.iter().any(|secret| secret.expose().is_empty()) {
            return Err("a secret is empty: give the one that is set at SpKey");
        }
        // Each one, and from the first to the last: a quoted list that was split has a mark at either end.
        let mut pairs = secrets.iter().zip(&secrets).chain(secrets.first().zip(secrets.last()));
        if pairs.any(|(first, last)| are_quoted(first.expose(), last.expose())) {
            return Err("a secret is in quotation marks, which some env files leave in place: remove them, or set a \
                        secret without them at SpKey if they are part of it");
        }
        if !secrets.iter().all(Secret::fits_header) {
            return Err(
                "a secret has white space, a line break or another character that headers cannot hold: remove \
                        what is not part of it, or set one of printable ASCII without spaces at SpKey",
            );
        }
        Ok(Self(secrets))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether this is one of the secrets. Compares with all of them in a time that depends only on their lengths.
    pub(super) fn contains(&self, given: &[u8]) -> bool {
        let equal = |secret: &Secret| given.ct_eq(secret.expose().as_bytes());
        self.0.iter().fold(Choice::from(0), |found, secret| found | equal(secret)).into()
    }
}

/// Whether a text, or a list that was split, is in quotation marks of one kind, as some env files leave it: `first`
/// begins with the mark that `last` ends with.
pub(super) fn are_quoted(first: &str, last: &str) -> bool {
    let is_single_mark = first.len() == 1 && first == last;
    !is_single_mark && ['"', '\''].iter().any(|mark| first.starts_with(*mark) && last.ends_with(*mark))
}
