//! The secret of a delivery, and the secrets that a verifier can be built with.

use spkey::reqwest::StatusCode;
use spkey::reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use spkey::webhook::{MAX_DELIVERY_BYTES, Rejection, Verifier};

use crate::{bearer, bytes, headers, key_added};

const NAME: HeaderName = HeaderName::from_static("x-webhook-secret");

#[test]
fn missing_secret_is_rejected_with_401() {
    for verifier in [Verifier::bearer(["the-secret"]).unwrap(), Verifier::header("X-Secret", ["the-secret"]).unwrap()] {
        let rejection = verifier.verify(&HeaderMap::new(), &bytes(&key_added())).unwrap_err();
        assert_eq!(rejection, Rejection::Unauthenticated);
        assert_eq!(rejection.status(), StatusCode::UNAUTHORIZED);
    }
}

#[test]
fn bearer_scheme_may_have_any_case_and_white_space_as_rfc_9110_allows() {
    let verifier = Verifier::bearer(["the-secret"]).unwrap();
    for value in [
        "Bearer the-secret",
        "bearer the-secret",
        "BEARER the-secret",
        "Bearer  the-secret",
        "Bearer the-secret ",
        "bearer   the-secret\t ",
        " Bearer the-secret",
    ] {
        let result = verifier.verify(&headers(&[(AUTHORIZATION, value)]), &bytes(&key_added()));
        assert!(result.is_ok(), "{value:?}");
    }
}

#[test]
fn bearer_token_that_differs_from_the_secret_is_rejected() {
    let verifier = Verifier::bearer(["the-secret"]).unwrap();
    let body = bytes(&key_added());
    for value in [
        "Bearer the-secre",
        "Bearer the-secret1",
        "Bearer The-secret",
        "Bearer xhe-secret",
        "Bearer the-secres",
        "Bearer the-secret,the-secret",
        "Bearer the-secret the-secret",
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "",
        "the-secret",
        "Basic the-secret",
        "Bearerthe-secret",
        "Bearer\tthe-secret",
        "Bear",
        "B\u{e4}arer the-secret",
    ] {
        let given = headers(&[(AUTHORIZATION, value)]);
        assert_eq!(verifier.verify(&given, &body), Err(Rejection::Unauthenticated), "{value:?}");
    }
    let other_header = headers(&[(USER_AGENT, "Bearer the-secret")]);
    assert_eq!(verifier.verify(&other_header, &body), Err(Rejection::Unauthenticated));
}

#[test]
fn header_secret_may_have_white_space_around_it() {
    let verifier = Verifier::header("X-Webhook-Secret", ["the-secret"]).unwrap();
    for value in ["the-secret", "the-secret ", " the-secret", "\tthe-secret\t "] {
        assert!(verifier.verify(&headers(&[(NAME, value)]), &bytes(&key_added())).is_ok(), "{value:?}");
    }
}

#[test]
fn header_that_differs_from_the_secret_is_rejected() {
    let verifier = Verifier::header("X-Webhook-Secret", ["the-secret"]).unwrap();
    let body = bytes(&key_added());
    for value in ["", " ", "the-secre", "the-secret1", "THE-SECRET", "Bearer the-secret", "the- secret"] {
        let given = headers(&[(NAME, value)]);
        assert_eq!(verifier.verify(&given, &body), Err(Rejection::Unauthenticated), "{value:?}");
    }
    assert_eq!(verifier.verify(&bearer("the-secret"), &body), Err(Rejection::Unauthenticated));
    let mut not_text = HeaderMap::new();
    not_text.insert(NAME, HeaderValue::from_bytes(b"the-secret\xff").unwrap());
    assert_eq!(verifier.verify(&not_text, &body), Err(Rejection::Unauthenticated));
}

#[test]
fn repeated_header_is_accepted_only_if_every_value_is_a_secret() {
    let verifier = Verifier::header("X-Webhook-Secret", ["the-secret"]).unwrap();
    let body = bytes(&key_added());
    let twice = |first, second| headers(&[(NAME, first), (NAME, second)]);
    assert!(verifier.verify(&twice("the-secret", "the-secret"), &body).is_ok());
    for (first, second) in [("the-secret", "wrong"), ("wrong", "the-secret"), ("the-secret", ""), ("wrong", "wrong")] {
        assert_eq!(verifier.verify(&twice(first, second), &body), Err(Rejection::Unauthenticated), "{first}, {second}");
    }
    let verifier = Verifier::bearer(["the-secret"]).unwrap();
    let mixed = headers(&[(AUTHORIZATION, "Bearer the-secret"), (AUTHORIZATION, "Basic the-secret")]);
    assert_eq!(verifier.verify(&mixed, &body), Err(Rejection::Unauthenticated));
}

#[test]
fn each_of_several_secrets_is_accepted() {
    let verifier = Verifier::bearer(["first", "second", "third-and-longer"]).unwrap();
    let body = bytes(&key_added());
    for secret in ["first", "second", "third-and-longer"] {
        assert!(verifier.verify(&bearer(secret), &body).is_ok(), "{secret}");
    }
    assert_eq!(verifier.verify(&bearer("firstsecond"), &body), Err(Rejection::Unauthenticated));
}

#[test]
fn secret_is_checked_before_the_body_is_read() {
    let verifier = Verifier::bearer(["the-secret"]).unwrap();
    for body in [&b"not JSON"[..], &vec![b'['; MAX_DELIVERY_BYTES + 1]] {
        assert_eq!(verifier.verify(&bearer("wrong"), body), Err(Rejection::Unauthenticated));
    }
}

#[test]
fn verifier_without_a_usable_secret_is_not_built() {
    for secrets in [vec![], vec![""], vec!["good", ""], vec!["two words"], vec!["broken\n"], vec!["s\u{e9}cret"]] {
        assert!(Verifier::bearer(secrets.clone()).is_err(), "{secrets:?}");
        assert!(Verifier::header("X-Secret", secrets.clone()).is_err(), "{secrets:?}");
    }
    for name in ["", "X Secret", "X-Secret:", "secret\n"] {
        assert!(Verifier::header(name, ["the-secret"]).is_err(), "{name}");
    }
}

#[test]
fn secret_in_quotation_marks_is_not_built_and_the_error_says_so() {
    for secrets in [
        vec!["\"the-secret\""],
        vec!["'the-secret'"],
        vec!["good", "\"the-secret\""],
        // A quoted list that was split at its comma.
        vec!["\"the-new-secret", "the-old-secret\""],
    ] {
        for result in [Verifier::bearer(secrets.clone()), Verifier::header("X-Secret", secrets.clone())] {
            let error = result.expect_err("it was built").to_string();
            assert!(error.contains("quotation marks"), "{secrets:?}: {error}");
            assert!(!error.contains("the-"), "{error}");
        }
    }
    for secret in ["\"the-secret", "the-secret'", "\"the-secret'", "the\"secret", "\""] {
        assert!(Verifier::bearer([secret]).is_ok(), "{secret}");
    }
}
