use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

/// What a JWT says of its owner. It is not verified: only the service can do that.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    /// `sub`: whose it is.
    pub(crate) subject: Option<String>,
    /// `exp`: when it expires, in seconds since 1970.
    pub(crate) expiry: Option<i64>,
}

impl Claims {
    /// Reads the claims of a token; `None` where it is no JWT.
    pub(crate) fn read(token: &str) -> Option<Self> {
        let [_, payload, _] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let claims: Value = serde_json::from_slice(&payload).ok()?;
        let claims = claims.as_object()?;
        let expiry = claims.get("exp").and_then(|expiry| {
            // A NumericDate may have a fraction (RFC 7519, section 2), which does not count.
            expiry.as_i64().or_else(|| expiry.to_string().split('.').next()?.parse().ok())
        });
        Some(Self { subject: claims.get("sub").and_then(Value::as_str).map(ToOwned::to_owned), expiry })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    use super::Claims;

    fn jwt(payload: &str) -> String {
        format!("e30.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn subject_and_expiry_are_read() {
        let claims = Claims::read(&jwt(r#"{"sub":"ada","exp":1700000000}"#)).unwrap();
        assert_eq!(claims, Claims { subject: Some("ada".into()), expiry: Some(1_700_000_000) });
        assert_eq!(Claims::read(&jwt(r#"{"exp":1700000000.9}"#)).unwrap().expiry, Some(1_700_000_000));
    }

    #[test]
    fn claims_of_another_type_are_absent() {
        let claims = Claims::read(&jwt(r#"{"sub":7,"exp":"soon"}"#));
        assert_eq!(claims, Some(Claims { subject: None, expiry: None }));
    }

    #[test]
    fn other_tokens_have_no_claims() {
        for token in ["", "opaque", "a.b", "a.b.c", "e30.W10.c2ln", "e30.e30.c2ln.more"] {
            assert_eq!(Claims::read(token), None, "{token}");
        }
    }
}
