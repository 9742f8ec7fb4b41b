//! Size, `Content-Encoding` and `Content-Length` (RFC 9110, sections 8.4 and 8.6), and the status of each rejection.

use spkey::reqwest::StatusCode;
use spkey::reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use spkey::webhook::{Delivery, MAX_DELIVERY_BYTES, Rejection, Verifier};

use crate::{bytes, headers, key_added};

/// What gzip begins with.
const COMPRESSED: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00";

fn with_encodings(values: &[&str], body: &[u8]) -> Result<Delivery, Rejection> {
    let pairs: Vec<_> = values.iter().map(|value| (CONTENT_ENCODING, *value)).collect();
    Delivery::parse(&headers(&pairs), body)
}

fn with_lengths(values: &[&str], body: &[u8]) -> Result<Delivery, Rejection> {
    let pairs: Vec<_> = values.iter().map(|value| (CONTENT_LENGTH, *value)).collect();
    Delivery::parse(&headers(&pairs), body)
}

#[test]
fn body_beyond_the_limit_is_rejected_with_413() {
    let mut body = bytes(&key_added());
    body.resize(MAX_DELIVERY_BYTES, b' ');
    assert!(Delivery::parse(&HeaderMap::new(), &body).is_ok());
    body.push(b' ');
    assert_eq!(Delivery::parse(&HeaderMap::new(), &body), Err(Rejection::TooLarge));
    assert!(Verifier::none().max_bytes(body.len()).verify(&HeaderMap::new(), &body).is_ok());
    assert_eq!(Verifier::none().max_bytes(10).verify(&HeaderMap::new(), &body), Err(Rejection::TooLarge));
}

#[test]
fn identity_encoding_is_no_compression_in_any_case_and_list() {
    for values in [
        &["identity"][..],
        &["Identity"],
        &["IDENTITY"],
        &[""],
        &[" identity\t"],
        &["identity, Identity"],
        &["identity ,,\tidentity,"],
        &["identity", "Identity"],
    ] {
        assert!(with_encodings(values, &bytes(&key_added())).is_ok(), "{values:?}");
        assert_eq!(with_encodings(values, b"not JSON"), Err(Rejection::Malformed), "{values:?}");
    }
}

#[test]
fn compressed_body_is_rejected_with_415() {
    for values in [&["gzip"][..], &["identity, gzip"], &["identity", "br"], &["x-unknown"]] {
        assert_eq!(with_encodings(values, COMPRESSED), Err(Rejection::Encoded), "{values:?}");
    }
    assert_eq!(with_encodings(&[], COMPRESSED), Err(Rejection::Malformed));
}

/// As a framework leaves it that decompresses bodies and keeps the headers.
#[test]
fn readable_body_is_accepted_whatever_the_headers_announce() {
    let body = bytes(&key_added());
    let longer = (body.len() + 1).to_string();
    for values in [&["gzip"][..], &["identity, br"]] {
        assert!(with_encodings(values, &body).is_ok(), "{values:?}");
    }
    for values in
        [&[longer.as_str()][..], &["1"], &["12", "13"], &["twelve"], &["-1"], &["99999999999999999999999"], &[""]]
    {
        assert!(with_lengths(values, &body).is_ok(), "{values:?}");
    }
}

#[test]
fn body_shorter_than_its_content_length_is_rejected_with_503() {
    let body = bytes(&key_added());
    let length = body.len().to_string();
    let (spaced, listed) = (format!(" {length}\t"), format!("{length} , {length}"));
    for values in [&[length.as_str()][..], &[&spaced], &[&listed], &[&length, &length]] {
        assert!(with_lengths(values, &body).is_ok(), "{values:?}");
        for end in 0..body.len() {
            assert_eq!(with_lengths(values, &body[..end]), Err(Rejection::Truncated), "{values:?}, {end}");
        }
    }
}

#[test]
fn body_that_ends_early_without_a_usable_content_length_is_rejected_with_503() {
    let body = bytes(&key_added());
    for values in [&[][..], &["12", "13"], &["twelve"]] {
        for end in 0..body.len() {
            assert_eq!(with_lengths(values, &body[..end]), Err(Rejection::Truncated), "{values:?}, {end}");
        }
    }
}

#[test]
fn incomplete_json_that_is_as_long_as_announced_is_rejected_with_400() {
    assert_eq!(with_lengths(&["1"], b"{"), Err(Rejection::Malformed));
    assert_eq!(with_lengths(&["0"], b""), Err(Rejection::Malformed));
}

#[test]
fn rejections_are_4xx_where_a_retry_cannot_help_and_503_where_it_can() {
    for (rejection, status) in [
        (Rejection::Unauthenticated, StatusCode::UNAUTHORIZED),
        (Rejection::WrongPartner, StatusCode::FORBIDDEN),
        (Rejection::TooLarge, StatusCode::PAYLOAD_TOO_LARGE),
        (Rejection::Encoded, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Rejection::Malformed, StatusCode::BAD_REQUEST),
        (Rejection::Truncated, StatusCode::SERVICE_UNAVAILABLE),
    ] {
        assert_eq!(rejection.status(), status);
    }
}
