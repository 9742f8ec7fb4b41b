//! What comes back as an error.

use std::io::Write;

use serde_json::{Value, json};
use spkey::{ErrorKind, Outcome};

use crate::sample::{Shape, documented_errors};
use crate::{exchange, for_each_operation};

const USUAL: [u16; 10] = [400, 401, 403, 404, 409, 422, 429, 500, 502, 503];

#[tokio::test]
async fn every_documented_error_is_returned_with_its_status_whatever_its_body() {
    let documented = documented_errors();
    if documented.is_none() {
        // Not by eprintln, which the test harness keeps to itself.
        let skipped = "skipped: set SPKEY_PUBLISHED to the file of the published contract to try the statuses that it \
                       documents; the usual statuses were tried instead";
        let _ = writeln!(std::io::stderr(), "{skipped}");
    }
    for_each_operation(async |server, client, operation| {
        let statuses = documented.as_ref().and_then(|documented| documented.get(&operation.place()));
        for status in statuses.map_or(&USUAL[..], Vec::as_slice) {
            for (body, message) in [
                (json!({ "error": "Rejected", "message": "made up", "code": status }), Some("made up")),
                (json!({ "success": false, "error": "made up" }), None),
                (json!({ "success": false, "errors": [{ "code": 7, "message": "made up" }] }), None),
                (Value::Null, None),
                (json!("<html><body>made up</body></html>"), None),
            ] {
                let given = operation.given(Shape::Required);
                let exchange = exchange(server, client, operation, given, (*status, &body)).await;
                let error = exchange.result.err().unwrap_or_else(|| panic!("{}: {status} succeeds", operation.id));
                assert_eq!(error.status(), Some(*status), "{}", operation.id);
                assert_eq!(error.kind(), ErrorKind::Api, "{}", operation.id);
                assert_eq!(error.api().is_some(), body.is_object(), "{}", operation.id);
                assert_eq!(error.api().and_then(|api| api.message.as_deref()), message, "{}", operation.id);
                let rejected = (400..500).contains(status) && *status != 408;
                assert_eq!(error.outcome() == Outcome::NotApplied, rejected, "{} {status}", operation.id);
            }
        }
    })
    .await;
    // A published contract in which nothing is found would test nothing.
    assert!(documented.is_none_or(|documented| documented.values().any(|statuses| !statuses.is_empty())));
}
