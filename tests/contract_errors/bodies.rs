//! Bodies of requests and responses.

use crate::error;

const PAINT: &str = "POST /doors/{doorId}/Paint";

#[test]
fn inline_request_body_is_an_error() {
    let expected = format!("{PAINT}: the request body must be application/json with a $ref to a named schema");
    assert_eq!(error(r##"{ $ref: "#/components/schemas/PaintRequest" }"##, "{ type: object }"), expected);
}

#[test]
fn request_body_that_is_no_object_is_an_error() {
    let expected = format!("{PAINT}: the request body Color must be an object with properties");
    assert_eq!(error("schemas/PaintRequest", "schemas/Color"), expected);
}

#[test]
fn inline_response_is_an_error() {
    let expected = format!("{PAINT}: response 200 must be a $ref to a named schema");
    assert_eq!(error(r##"{ $ref: "#/components/schemas/Paint" }"##, "{ type: object }"), expected);
}

#[test]
fn response_without_a_description_is_an_error() {
    let expected = "POST /doors/{doorId}/Paint: response 200: description is missing: add it";
    assert_eq!(error("          description: Painted.\n", ""), expected);
    assert_eq!(error("          description: Painted.", "          description:"), expected);
}

#[test]
fn two_success_types_are_an_error() {
    let created = r##"        "201":
          description: Painted for the first time.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Color" }
"##;
    let expected = format!("{PAINT}: its successes have two types: give 200 and 201 the same schema");
    assert_eq!(error("        4XX: &rejected\n", &format!("{created}        4XX: &rejected\n")), expected);
}

#[test]
fn missing_success_or_error_is_an_error() {
    let success = "        \"200\":\n          description: Painted.\n          content:\n            \
                   application/json:\n              schema: { $ref: \"#/components/schemas/Paint\" }\n";
    assert_eq!(error(success, ""), format!("{PAINT}: no success is described: add 200, 201 or 303"));
    assert_eq!(error("4XX:", "404:"), format!("{PAINT}: response 404: write 200, 201, 303, 4XX or 5XX"));
    assert_eq!(error("4XX:", "303:"), format!("{PAINT}: 4XX and 5XX must be described"));
}

#[test]
fn error_of_another_schema_is_an_error() {
    let expected = format!("{PAINT}: 4XX must have the schema ApiError");
    assert_eq!(error("schemas/ApiError", "schemas/Paint"), expected);
}
