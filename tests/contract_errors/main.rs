//! A wrong contract fails the build with one line that names the operation or the schema, and the fix.

mod bodies;
mod confirm;
#[allow(unreachable_pub, reason = "it belongs to the build script")]
#[path = "../../build/matter.rs"]
mod matter;
#[path = "matter.rs"]
mod matter_errors;
mod operations;
mod pages;
mod parameters;
mod schemas;
#[allow(dead_code, unreachable_pub, reason = "the build script calls the rest")]
#[path = "../../build/spec.rs"]
mod spec;
mod yaml;

use spec::Spec;

/// A contract with one of everything.
const VALID: &str = r##"
openapi: 3.0.3
info: { title: Doors, version: 1.0.0 }
servers:
  - url: https://api.example.com
    description: Production
security:
  - apiKey: []
paths:
  /doors/{doorId}/Paint:
    post:
      operationId: paint_door
      summary: Paints a door
      description: Returns the color.
      x-spkey-retry: idempotent
      x-spkey-retry-reason: the same color twice is the same color
      x-spkey-confirm:
        read: get_paint
        where: { color: $color }
      parameters:
        - name: doorId
          in: path
          required: true
          description: The door.
          schema: { type: string }
        - name: coats
          in: query
          description: How many coats.
          schema: { type: integer }
      requestBody:
        content:
          application/json:
            schema: { $ref: "#/components/schemas/PaintRequest" }
      responses:
        "200":
          description: Painted.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Paint" }
        4XX: &rejected
          description: Rejected.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ApiError" }
        5XX: &failed
          description: Failed.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ApiError" }
  /doors/{doorId}/state:
    get:
      operationId: get_paint
      summary: Shows the paint of a door
      description: Returns it, with what happened to it.
      x-spkey-retry: safe
      parameters:
        - name: doorId
          in: path
          required: true
          description: The door.
          schema: { type: string }
      responses:
        "200":
          description: The paint.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Paint" }
        4XX: *rejected
        5XX: *failed
  /windows:
    get:
      operationId: list_windows
      summary: Lists the windows
      description: Returns all of them.
      x-spkey-retry: safe
      x-spkey-page: { style: has-more, input: page, items: windows, position: page, more: hasMore }
      parameters:
        - { name: page, in: query, description: Which page., schema: { type: integer } }
        - { name: color, in: query, description: Which color., schema: { type: string } }
      responses:
        "200":
          description: A page of windows.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Windows" }
        4XX: *rejected
        5XX: *failed
  /windows/{windowId}:
    get:
      operationId: get_window
      summary: Shows a window
      description: Returns it, with what happened to it.
      x-spkey-retry: safe
      parameters:
        - name: windowId
          in: path
          required: true
          description: The window.
          schema: { type: string }
      responses:
        "200":
          description: A window.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Paint" }
        4XX: *rejected
        5XX: *failed
components:
  securitySchemes:
    apiKey: { type: apiKey, in: header, name: X-API-Key, description: A key. }
    adminKey: { type: apiKey, in: header, name: X-Admin-Key, description: Another key. }
  schemas:
    PaintRequest:
      type: object
      description: How to paint.
      properties:
        color: { $ref: "#/components/schemas/Color" }
        painter: { type: string, description: Who paints. }
    Paint:
      type: object
      description: What was painted.
      properties:
        color: { $ref: "#/components/schemas/Color" }
        events:
          type: array
          description: What happened.
          items: { type: string }
    Windows:
      type: object
      description: A page of windows.
      properties:
        windows:
          type: array
          description: The windows.
          items: { $ref: "#/components/schemas/Paint" }
        names:
          type: array
          description: Their names.
          items: { type: string }
        colors:
          type: array
          description: Their colors.
          items: { $ref: "#/components/schemas/Color" }
        page: { type: integer, description: The number of this page. }
        hasMore: { type: boolean, description: Whether another one follows. }
    Color:
      type: string
      description: A color.
      enum: [RED, GREEN]
    ApiError:
      type: object
      description: An error.
      properties:
        message: { type: string, description: What went wrong. }
x-spkey-events:
  DoorPainted: Paint
"##;

/// The error of the contract with the first occurrence of a text replaced.
fn error(valid: &str, wrong: &str) -> String {
    assert!(VALID.contains(valid), "the contract does not have {valid:?}");
    let error = Spec::parse(&VALID.replacen(valid, wrong, 1)).err().unwrap_or_else(|| panic!("accepted: {wrong:?}"));
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[test]
fn valid_contract_is_accepted() {
    let spec = Spec::parse(VALID).unwrap();
    let operations: Vec<_> = spec.operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(operations, ["paint_door", "get_paint", "list_windows", "get_window"]);
    assert_eq!(spec.response_schemas().into_iter().collect::<Vec<_>>(), ["ApiError", "Color", "Paint", "Windows"]);
    assert_eq!(spec.request_schemas().into_iter().collect::<Vec<_>>(), ["Color", "PaintRequest"]);
}

mod document {
    use super::*;

    #[test]
    fn malformed_yaml_is_an_error_with_its_line() {
        let error = error("paths:\n", "paths: [\n");
        assert!(error.starts_with("invalid YAML: ") && error.contains("line"), "{error}");
    }

    #[test]
    fn version_3_1_is_an_error() {
        let expected = r#"openapi is "3.1.0": write 3.0.3, progenitor supports no other version"#;
        assert_eq!(error("openapi: 3.0.3", "openapi: 3.1.0"), expected);
    }

    #[test]
    fn unknown_reference_is_an_error() {
        let expected = "$ref #/components/schemas/Colour: there is no such component: add it or fix the name";
        assert_eq!(error("schemas/Color\"", "schemas/Colour\""), expected);
    }

    #[test]
    fn server_without_a_name_is_an_error() {
        let expected = r#"servers: "" must be a word with a capital, like Production: it names the variant"#;
        assert_eq!(error("    description: Production\n", ""), expected);
    }

    #[test]
    fn contract_without_a_server_is_an_error() {
        let servers = "servers:\n  - url: https://api.example.com\n    description: Production\n";
        assert_eq!(error(servers, ""), "servers: list at least one");
    }

    #[test]
    fn event_without_a_payload_is_an_error() {
        let expected = r#"x-spkey-events: DoorPainted: there is no object schema "Painted": describe its payload"#;
        assert_eq!(error("DoorPainted: Paint", "DoorPainted: Painted"), expected);
    }

    #[test]
    fn event_that_is_no_type_name_is_an_error() {
        let expected = "x-spkey-events: door-painted must be a word with a capital, like KeyAdded";
        assert_eq!(error("DoorPainted: Paint", "door-painted: Paint"), expected);
    }
}
