//! How a command is confirmed.

use crate::error;

const PAINT: &str = "POST /doors/{doorId}/Paint";
const ENTRY: &str = "        read: get_paint\n        where: { color: $color }\n";

/// The problem with an entry, without the place.
fn problem(entry: &str) -> String {
    let error = error(ENTRY, &format!("        {entry}\n"));
    error.strip_prefix(&format!("{PAINT}: x-spkey-confirm: ")).unwrap_or_else(|| panic!("{error}")).to_owned()
}

#[test]
fn command_without_an_entry_is_an_error() {
    let entry = format!("      x-spkey-confirm:\n{ENTRY}");
    let expected =
        format!("{PAINT}: x-spkey-confirm is missing: name the read that shows the effect, or why `nothing` does");
    assert_eq!(error(&entry, ""), expected);
}

#[test]
fn read_with_an_entry_is_an_error() {
    let expected = "GET /doors/{doorId}/state: it only reads: remove x-spkey-confirm";
    let wrong = "x-spkey-retry: safe\n      x-spkey-confirm: { nothing: it reads }";
    assert_eq!(error("x-spkey-retry: safe", wrong), expected);
}

#[test]
fn nothing_beside_a_read_is_an_error() {
    let expected = "`nothing` says why, and stands alone: fix it";
    assert_eq!(problem("{ nothing: no read shows it, read: get_paint }"), expected);
    assert_eq!(problem("{ nothing: '' }"), expected);
}

#[test]
fn unknown_key_or_value_is_an_error() {
    assert!(problem("{ raed: get_paint }").starts_with("unknown field `raed`, expected one of `nothing`, `proves`"));
    assert!(problem("{ read: get_paint, proves: luck }").starts_with("unknown variant `luck`, expected one of"));
}

#[test]
fn unknown_read_is_an_error() {
    assert_eq!(problem("{ read: list_doors }"), r#"there is no operation "list_doors": name a read of the contract"#);
    assert_eq!(problem("{ where: { color: RED } }"), r#"there is no operation "": name a read of the contract"#);
}

#[test]
fn read_that_is_not_safe_is_an_error() {
    assert_eq!(problem("{ read: paint_door }"), "paint_door is idempotent: name a read that is safe");
}

#[test]
fn read_that_takes_the_admin_key_is_an_error_for_a_callers_command() {
    let entry = "      x-spkey-retry: safe\n";
    let admin = format!("{entry}      x-spkey-auth: admin\n      security: [{{ adminKey: [], apiKey: [] }}]\n");
    let expected = format!(
        "{PAINT}: x-spkey-confirm: get_paint takes the admin key, which callers do not have: name another read"
    );
    assert_eq!(error(entry, &admin), expected);
}

#[test]
fn parameter_that_the_read_does_not_have_is_an_error() {
    let expected = "get_paint takes no page: name one of its parameters";
    assert_eq!(problem("{ read: get_paint, with: { page: 1 } }"), expected);
}

#[test]
fn parameter_that_the_read_needs_and_is_not_given_is_an_error() {
    assert_eq!(problem("{ read: get_window }"), "get_window needs windowId: set it in `with`");
}

#[test]
fn unknown_event_is_an_error() {
    let expected = "there is no event DoorOpened: name one of x-spkey-events";
    assert_eq!(problem("{ read: get_paint, event: DoorOpened }"), expected);
}

#[test]
fn unknown_field_is_an_error() {
    let expected = "what is read has no field size: name one that it has";
    for entry in [
        "{ read: get_paint, where: { size: 1 } }",
        "{ read: get_paint, where-set: { size: 1 } }",
        "{ read: get_paint, total: size }",
        "{ read: get_paint, time: size }",
        "{ read: get_paint, author: { size: $painter } }",
        "{ read: get_paint, recovers: { id: size } }",
        "{ read: get_paint, history: { read: get_paint, where: { size: 1 } } }",
        "{ read: get_paint, resolve: { window: { read: get_paint, with: {}, take: size } } }",
    ] {
        assert_eq!(problem(entry), expected, "{entry}");
    }
    let expected = "what is read has no field size.*: name one that it has";
    assert_eq!(problem("{ read: get_paint, list: size }"), expected);
}

#[test]
fn unknown_input_is_an_error() {
    let expected = "the command has no input size: name one of its inputs";
    for entry in [
        "{ read: get_paint, where: { color: $size } }",
        "{ read: get_paint, only: { size: null } }",
        "{ read: get_paint, proves: command, mark: size }",
    ] {
        assert_eq!(problem(entry), expected, "{entry}");
    }
    let expected = "nothing finds $found.size: add it to `resolve`";
    assert_eq!(problem("{ read: get_paint, where: { color: $found.size } }"), expected);
}

#[test]
fn value_that_an_enum_does_not_have_is_an_error() {
    let expected = r#"color is never "BLUE": use one of ["RED","GREEN"]"#;
    assert_eq!(problem("{ read: get_paint, where: { color: BLUE } }"), expected);
}

#[test]
fn mark_without_the_proof_that_it_is_or_that_is_no_text_is_an_error() {
    let expected = "a command is proved by its mark: set both `proves: command` and `mark`, or neither";
    assert_eq!(problem("{ read: get_paint, mark: painter }"), expected);
    assert_eq!(problem("{ read: get_paint, proves: command }"), expected);
    let expected = "the mark coats is no text: choose another input";
    assert_eq!(problem("{ read: get_paint, proves: command, mark: coats }"), expected);
}

#[test]
fn input_among_the_values_that_inputs_must_have_is_an_error() {
    let expected = "`only` says what color must be: give a value, no input";
    assert_eq!(problem("{ read: get_paint, where: { color: $color }, only: { color: $coats } }"), expected);
}

#[test]
fn value_that_cannot_be_compared_is_an_error() {
    let expected = "1.5 cannot be compared: use a text, a whole number, a boolean or null";
    assert_eq!(problem("{ read: get_paint, where: { color: $color }, only: { coats: 1.5 } }"), expected);
    let expected = "[1] cannot be compared: use a text, a whole number, a boolean or null";
    assert_eq!(problem("{ read: get_paint, where: { color: $color }, only: { coats: [1] } }"), expected);
}
