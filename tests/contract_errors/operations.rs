//! What every operation says of itself.

use crate::error;

const PAINT: &str = "POST /doors/{doorId}/Paint";

#[test]
fn duplicate_operation_id_is_an_error() {
    let expected = "GET /windows: operationId paint_door is taken: choose another";
    assert_eq!(error("operationId: list_windows", "operationId: paint_door"), expected);
}

#[test]
fn operation_id_that_is_not_in_snake_case_is_an_error() {
    let expected = format!("{PAINT}: operationId paintDoor must be in snake case");
    assert_eq!(error("operationId: paint_door", "operationId: paintDoor"), expected);
}

#[test]
fn missing_operation_id_summary_or_description_is_an_error() {
    for (line, name) in [
        ("      operationId: paint_door\n", "operationId"),
        ("      summary: Paints a door\n", "summary"),
        ("      description: Returns the color.\n", "description"),
    ] {
        assert_eq!(error(line, ""), format!("{PAINT}: {name} is missing: add it"));
        assert_eq!(error(line, &format!("      {name}:\n")), format!("{PAINT}: {name} is missing: add it"));
    }
}

#[test]
fn unknown_retry_class_is_an_error() {
    let expected = format!("{PAINT}: x-spkey-retry is once: use one of safe, idempotent, at-most-once, no-retry");
    assert_eq!(error("x-spkey-retry: idempotent", "x-spkey-retry: once"), expected);
}

#[test]
fn missing_retry_class_is_an_error() {
    let expected = format!("{PAINT}: x-spkey-retry is missing: add it");
    assert_eq!(error("      x-spkey-retry: idempotent\n", ""), expected);
    assert_eq!(error("x-spkey-retry: idempotent", "x-spkey-retry:"), expected);
}

#[test]
fn missing_retry_reason_is_an_error_unless_the_operation_is_safe() {
    let reason = "      x-spkey-retry-reason: the same color twice is the same color\n";
    let expected = format!("{PAINT}: x-spkey-retry-reason is missing: say why it is idempotent");
    assert_eq!(error(reason, ""), expected);
    assert_eq!(error(reason, "      x-spkey-retry-reason:\n"), expected);
}

#[test]
fn auth_that_differs_from_security_is_an_error() {
    let retry = "      x-spkey-retry: safe\n";
    for (wrong, auth) in [
        ("      x-spkey-auth: admin\n", "caller"),
        ("      x-spkey-auth: none\n", "caller"),
        ("      security: []\n", "none"),
        ("      x-spkey-auth: admin\n      security: []\n", "none"),
        ("      security: [{ adminKey: [], apiKey: [] }]\n", "admin"),
    ] {
        let expected = format!("GET /doors/{{doorId}}/state: x-spkey-auth does not match security: set it to {auth}");
        assert_eq!(error(retry, &format!("{retry}{wrong}")), expected);
    }
}

#[test]
fn unknown_method_is_an_error() {
    let expected = "HEAD /doors/{doorId}/state: only get, put, post, delete, patch are allowed under a path";
    assert_eq!(error("    get:\n", "    head:\n"), expected);
}
