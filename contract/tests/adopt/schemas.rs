//! Which schema of ours a published one becomes.

use serde_json::{Value, json};

use crate::{OURS, added, adopted, details, paint, tasks};

/// The lines that a new property of a response makes, and the tasks.
fn response(name: &str, schema: Value) -> (String, Vec<String>) {
    let adopted = adopted(|document| details(document)["properties"][name] = schema);
    (added(OURS, &adopted), tasks(&adopted))
}

/// The lines that a new property of a request makes.
fn request(name: &str, schema: Value) -> (String, Vec<String>) {
    let adopted = adopted(|document| paint(document)["properties"][name] = schema);
    (added(OURS, &adopted), tasks(&adopted))
}

fn typed(name: &str, ty: &str) -> String {
    format!("        {name}:\n          {ty}\n          description:")
}

#[test]
fn ids_have_their_own_types() {
    let reference = |name: &str, target: &str| format!("        {name}: {{ $ref: \"#/components/schemas/{target}\" }}");
    assert_eq!(request("lockId", json!({ "type": "string" })).0, reference("lockId", "LockId"));
    assert_eq!(request("lockId", json!({ "type": "number" })).0, reference("lockId", "LockNumber"));
    assert_eq!(response("userId", json!({ "type": ["string", "null"] })).0, reference("userId", "UserId"));
    let owner = typed("ownerId", "$ref: \"#/components/schemas/UserId\"");
    assert_eq!(response("ownerId", json!({ "type": "string" })).0, owner);
    let granted = typed("grantedBy", "$ref: \"#/components/schemas/UserId\"");
    assert_eq!(response("grantedBy", json!({ "type": "string", "format": "uuid" })).0, granted);
    // An actor may be no user.
    assert_eq!(response("addedBy", json!({ "type": "string" })).0, typed("addedBy", "type: string"));
    let version = typed("version", "$ref: \"#/components/schemas/Version\"");
    assert_eq!(response("version", json!({ "type": "number" })).0, version);
    let users = "        userIds:\n          type: array\n          description:\n          items: { $ref: \
                 \"#/components/schemas/UserId\" }";
    assert_eq!(response("userIds", json!({ "type": "array", "items": { "type": "string" } })).0, users);
}

#[test]
fn id_that_may_be_sent_as_null_is_text() {
    let expected = "        lockId:\n          type: string\n          nullable: true\n          description:";
    let (lines, tasks) = request("lockId", json!({ "type": ["string", "null"] }));
    assert_eq!(lines, expected);
    assert!(tasks.iter().any(|task| task.contains("no LockId, because null can be sent")), "{tasks:?}");
}

#[test]
fn times_are_times() {
    let text = typed("expiresAt", "type: string\n          format: date-time");
    assert_eq!(response("expiresAt", json!({ "type": "string" })).0, text);
    let by_format = typed("start", "type: string\n          format: date-time");
    assert_eq!(response("start", json!({ "type": "string", "format": "date-time" })).0, by_format);
    for name in ["validFrom", "lastSeen", "lastUpdated", "created_at", "timestamp"] {
        let text = typed(name, "type: string\n          format: date-time");
        assert_eq!(response(name, json!({ "type": "string" })).0, text);
    }
    assert_eq!(response("format", json!({ "type": "string" })).0, typed("format", "type: string"));
    let millis = typed("addedAt", "type: number\n          format: epoch-millis");
    assert_eq!(response("addedAt", json!({ "type": "number" })).0, millis);
}

#[test]
fn numbers_that_count_are_integers_and_others_are_asked_about() {
    let integer = |name: &str| typed(name, "type: integer\n          format: int64");
    for name in ["pageSize", "totalCount", "uptimeSeconds", "keyIndexNumber"] {
        assert_eq!(response(name, json!({ "type": "number" })).0, integer(name));
    }
    assert_eq!(response("level", json!({ "type": "integer", "minimum": 0 })).0, integer("level"));
    let (lines, tasks) = response("confidence", json!({ "type": "number" }));
    assert_eq!(lines, typed("confidence", "type: number"));
    assert!(tasks.iter().any(|task| task.contains("a whole number? then `type: integer`")), "{tasks:?}");
}

#[test]
fn possible_secrets_and_personal_data_are_asked_about() {
    let asks = |name: &str, description: &str| {
        let (_, tasks) = response(name, json!({ "type": "string", "description": description }));
        let asked = |word: &str| tasks.iter().any(|task| task.contains("decide") && task.contains(word));
        (asked("format: password"), asked("x-spkey-personal"))
    };
    for name in ["pin", "accessToken", "password", "apiKey", "streamUrl", "pairingCode"] {
        assert_eq!(asks(name, ""), (true, false), "{name}");
    }
    for name in ["email", "phoneNumber", "licensePlate", "firstName", "name"] {
        assert_eq!(asks(name, ""), (false, true), "{name}");
    }
    assert_eq!(asks("value", "The PIN that was set"), (true, false));
    assert_eq!(asks("contact", "An email"), (false, true));
    assert_eq!(asks("thingName", ""), (false, false));
    assert_eq!(asks("note", "Anything"), (false, false));
}

#[test]
fn keywords_that_no_type_can_say_are_left_out_and_named() {
    let schema = json!({ "type": "string", "minLength": 1, "pattern": "^a&#123;2&#125;$", "format": "uri" });
    let (lines, tasks) = request("code", schema);
    assert_eq!(lines, typed("code", "type: string"));
    let expected = "PaintLockRequest.properties.code: describe: minLength 1, pattern \"^a{2}$\", format uri";
    assert!(tasks.contains(&expected.to_owned()), "{tasks:?}");
}

#[test]
fn nested_objects_and_enumerations_get_names_after_their_owner() {
    let (lines, tasks) = response(
        "doors",
        json!({
            "type": "array",
            "items": { "type": "object", "properties": { "side": { "type": "string", "enum": ["LEFT", "2"] } } },
        }),
    );
    let expected = "        doors:
          type: array
          description:
          items: { $ref: \"#/components/schemas/LockDetailsDoor\" }
    LockDetailsDoor:
      type: object
      description:
      properties:
        side: { $ref: \"#/components/schemas/LockDetailsDoorSide\" }
    LockDetailsDoorSide:
      type: string
      description:
      enum: [LEFT, \"2\"]";
    assert_eq!(lines, expected);
    assert!(tasks.contains(&"LockDetailsDoor: check: the name of the schema was made".to_owned()), "{tasks:?}");
}

#[test]
fn constant_is_an_enumeration_of_one() {
    let (lines, _) = response("kind", json!({ "const": "door" }));
    assert!(
        lines.ends_with("    LockDetailsKind:\n      type: string\n      description:\n      enum: [door]"),
        "{lines}"
    );
}

#[test]
fn object_is_a_known_one_only_if_all_of_it_is_the_same() {
    let lock = |color: &str, keys: Value| {
        let properties = json!({ "lockId": { "type": "string" }, "keys": { "type": "array", "items": keys },
            "color": { "type": "string", "enum": [color, "GREEN"] } });
        let (lines, _) = response("twin", json!({ "type": "object", "properties": properties }));
        lines.contains("twin:\n          $ref: \"#/components/schemas/LockDetails\"\n")
    };
    let label = json!({ "label": { "type": "string" } });
    assert!(lock("RED", json!({ "type": "object", "properties": label })));
    assert!(!lock("BLUE", json!({ "type": "object", "properties": label })));
    let more = json!({ "label": { "type": "string" }, "cut": { "type": "string" } });
    assert!(!lock("RED", json!({ "type": "object", "properties": more })));
    assert!(!lock("RED", json!({ "type": "string" })));
}

#[test]
fn enumeration_with_known_values_is_the_known_one() {
    let (lines, tasks) = response("frame", json!({ "type": "string", "enum": ["GREEN", "RED"] }));
    assert_eq!(lines, typed("frame", "$ref: \"#/components/schemas/Color\""));
    assert!(tasks.iter().any(|task| task.contains("Color has the same values: is it the same?")), "{tasks:?}");
}

#[test]
fn alternatives_with_null_are_the_other_alternative() {
    let (lines, _) = response("online", json!({ "anyOf": [{ "type": "boolean" }, { "type": "null" }] }));
    assert_eq!(lines, typed("online", "type: boolean"));
}

#[test]
fn what_may_be_anything_is_a_named_schema_without_type() {
    let (lines, _) = response("extra", json!({}));
    assert_eq!(
        lines,
        "        extra: { $ref: \"#/components/schemas/LockDetailsExtra\" }\n    LockDetailsExtra:\n      description:"
    );
    let (lines, _) = response("extra", json!({ "type": "object", "additionalProperties": {} }));
    assert!(lines.ends_with("      type: object\n      description:\n      additionalProperties: true"), "{lines}");
    let (lines, _) = response("extra", json!({ "type": ["string", "number"] }));
    assert!(lines.ends_with("    LockDetailsExtra:\n      description:"), "{lines}");
}

#[test]
fn map_with_described_values_stays_a_map() {
    let (lines, _) = response("byType", json!({ "type": "object", "additionalProperties": { "type": "integer" } }));
    let expected = "        byType:\n          type: object\n          description:\n          additionalProperties: { type: \
                    integer, format: int64 }";
    assert_eq!(lines, expected);
}

#[test]
fn event_of_a_response_is_untyped() {
    let (lines, _) = response("event", json!({ "type": "object", "properties": { "type": { "type": "string" } } }));
    assert_eq!(lines, "        event: { $ref: \"#/components/schemas/Event\" }");
}
