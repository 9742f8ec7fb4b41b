//! The file of Matter's attributes.

use crate::matter::rows;

/// In alphabetical order, which rows have unless another crate turns `serde_json`'s `preserve_order` on.
const VALID: &str = r#"
enums:
  LockState:
    description: Whether it is locked.
    values: [not fully locked, locked, mg/m3]
clusters:
  boolean_state:
    id: 69
    description: Yes or no.
    attributes:
      state_value: { id: 0, type: boolean, description: Which. }
  door_lock:
    id: 257
    description: Door "locks".
    attributes:
      auto_relock_time: { id: 35, type: integer, unit: s, description: When. }
      lock_state: { id: 0, type: LockState, description: Its state. }
"#;

/// The error of the file with the first occurrence of a text replaced.
fn error(valid: &str, wrong: &str) -> String {
    assert!(VALID.contains(valid), "the file does not have {valid:?}");
    let error = rows(&VALID.replacen(valid, wrong, 1)).err().unwrap_or_else(|| panic!("accepted: {wrong:?}"));
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[test]
fn valid_file_becomes_rows() {
    let expected = r#"
numbered_enum! { "Whether it is locked." LockState { NotFullyLocked = 0 "not fully locked", Locked = 1 "locked", MgM3 = 2 "mg/m3", } }
cluster! { "Yes or no." boolean_state = 69 {
    "Which." STATE_VALUE: bool = 0,
} }
cluster! { "Door \"locks\"." door_lock = 257 {
    "When. Unit: s." AUTO_RELOCK_TIME: i64 = 35,
    "Its state." LOCK_STATE: LockState = 0,
} }
"#;
    assert_eq!(rows(VALID).unwrap().trim(), expected.trim());
}

#[test]
fn malformed_yaml_is_an_error_with_its_line() {
    let error = error("clusters:\n", "clusters: [\n");
    assert!(error.starts_with("invalid YAML: ") && error.contains("line"), "{error}");
}

#[test]
fn unknown_type_is_an_error() {
    let expected = "cluster door_lock: lock_state: type \"DoorState\" is unknown: use boolean, integer, number, text, integers, \
                    json or an enum of the file";
    assert_eq!(error("type: LockState", "type: DoorState"), expected);
    assert!(error("type: LockState, ", "").starts_with("cluster door_lock: lock_state: type \"\" is unknown: "));
}

#[test]
fn number_that_is_there_twice_is_an_error() {
    let expected = "cluster door_lock: lock_state: id 0 is there twice: fix one of them";
    assert_eq!(error("id: 35", "id: 0"), expected);
    assert_eq!(error("id: 69", "id: 257"), "cluster door_lock: id 257 is there twice: fix one of them");
}

#[test]
fn number_that_is_none_of_matter_is_an_error() {
    for wrong in ["id: -1", "id: 4294967296", "id: 1.5", "id: x", "code: 35"] {
        let expected = "id must be a whole number of up to 32 bits: add Matter's number";
        assert_eq!(error("id: 35", wrong), format!("cluster door_lock: auto_relock_time: {expected}"));
        assert_eq!(error("id: 69", wrong), format!("cluster boolean_state: {expected}"));
    }
}

#[test]
fn missing_description_is_an_error() {
    assert_eq!(error("description: Whether it is locked.", ""), "enum LockState: description is missing: add it");
    assert_eq!(error("description: Yes or no.", ""), "cluster boolean_state: description is missing: add it");
    let expected = "cluster boolean_state: state_value: description is missing: add it";
    assert_eq!(error(", description: Which.", ""), expected);
}

#[test]
fn value_of_an_enum_that_is_no_text_is_an_error() {
    let expected = "enum LockState: values must be a list of texts: quote what YAML reads as something else";
    for wrong in ["[1, locked]", "[]", "[true]", "locked"] {
        assert_eq!(error("[not fully locked, locked, mg/m3]", wrong), expected);
    }
}

#[test]
fn name_that_is_not_in_snake_case_is_an_error() {
    let expected = "cluster door_lock: lock-state: the name must be in snake case: rename it";
    assert_eq!(error("lock_state:", "lock-state:"), expected);
    let expected = "cluster BooleanState: the name must be in snake case: rename it";
    assert_eq!(error("boolean_state:", "BooleanState:"), expected);
}
