use reqwest::header::HeaderValue;

use crate::value::secret::Secret;

/// The scheme of a bearer token, with the space that follows it.
pub(crate) const BEARER: &str = "Bearer ";

/// A credential as a header value, marked sensitive so that nothing prints it. `name` is what messages call it, `scheme`
/// ([`BEARER`] or nothing) precedes it.
///
/// # Errors
/// Why the credential cannot be the one that was issued, and what to do. The text never holds the credential.
pub(crate) fn credential_header(name: &str, scheme: &str, secret: &Secret) -> Result<HeaderValue, String> {
    if let Some(problem) = problem(secret) {
        return Err(format!("{name} {problem}"));
    }
    let header = HeaderValue::try_from(format!("{scheme}{}", secret.expose()));
    let mut header = header.map_err(|_| format!("{name} {UNPRINTABLE}"))?;
    header.set_sensitive(true);
    Ok(header)
}

const UNPRINTABLE: &str = "has a space, a line break or another character that no header may hold: trim it";

/// Mistakes of configuration that the service would only reject with a 401.
fn problem(secret: &Secret) -> Option<&'static str> {
    let text = secret.expose();
    if text.is_empty() {
        Some("is empty: set it or leave it out")
    } else if text.starts_with(is_quotation_mark) && text.ends_with(is_quotation_mark) {
        Some("is in quotation marks, as some env files and tools leave them: remove them")
    } else if text.get(..BEARER.len()).is_some_and(|start| start.eq_ignore_ascii_case(BEARER)) {
        Some("begins with `Bearer `, which the client adds itself: give what follows it")
    } else if !secret.fits_header() {
        Some(UNPRINTABLE)
    } else {
        None
    }
}

fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem_of(text: &str) -> String {
        credential_header("the API key", "", &Secret::from(text)).unwrap_err()
    }

    #[test]
    fn credential_is_sent_as_it_is_and_marked_sensitive() {
        for text in ["k", "a.b-c_d=", "it's", "a\"b", "\"unclosed", "Bearer", "bearer-token"] {
            let header = credential_header("the bearer token", BEARER, &Secret::from(text)).unwrap();
            assert_eq!(header, format!("Bearer {text}").as_str());
            assert!(header.is_sensitive(), "{text}");
        }
    }

    #[test]
    fn credential_in_quotation_marks_is_rejected_with_the_reason() {
        for text in ["\"a-key\"", "'a-key'", "\"a-key'", "\"\"", "'", "\"two words\""] {
            let problem = problem_of(text);
            assert!(problem.starts_with("the API key is in quotation marks"), "{problem}");
            assert!(problem.ends_with("remove them") && !problem.contains("a-key"), "{problem}");
        }
    }

    #[test]
    fn credential_with_its_scheme_is_rejected_with_the_reason() {
        for text in ["Bearer a-token", "bearer a-token", "BEARER "] {
            let problem = problem_of(text);
            assert!(problem.contains("begins with `Bearer `") && !problem.contains("a-token"), "{problem}");
        }
    }

    #[test]
    fn credential_that_no_header_may_hold_is_rejected_with_the_reason() {
        for text in ["a key", "a-key\n", " a-key", "a-key\r\nx-injected: 1", "clé", "\u{201c}a-key\u{201d}", "a\0key"]
        {
            assert!(problem_of(text).ends_with("or another character that no header may hold: trim it"), "{text:?}");
        }
        assert_eq!(problem_of(""), "the API key is empty: set it or leave it out");
    }
}
