//! Parameters of the path and the query.

use crate::error;

const PAINT: &str = "POST /doors/{doorId}/Paint";

#[test]
fn path_parameter_that_the_path_lacks_is_an_error() {
    let expected = "POST /doors/Paint: parameter doorId is not in the path: add {doorId} or remove it";
    assert_eq!(error("/doors/{doorId}/Paint:", "/doors/Paint:"), expected);
}

#[test]
fn placeholder_without_a_parameter_is_an_error() {
    let expected = "POST /doors/{doorId}/{side}: a placeholder of the path has no parameter: describe it";
    assert_eq!(error("/doors/{doorId}/Paint:", "/doors/{doorId}/{side}:"), expected);
}

#[test]
fn name_in_path_and_query_is_an_error() {
    let expected = format!("{PAINT}: parameter doorId is in the path and in the query: rename the one in the path");
    assert_eq!(error("name: coats", "name: doorId"), expected);
}

#[test]
fn name_in_query_and_body_is_an_error() {
    let expected = format!("{PAINT}: painter is in the query and in the body: one setter cannot fill both, rename one");
    assert_eq!(error("name: coats", "name: painter"), expected);
}

#[test]
fn parameter_without_a_description_or_type_is_an_error() {
    let expected = format!("{PAINT}: parameter coats: description is missing: add it");
    assert_eq!(error("          description: How many coats.\n", ""), expected);
    let expected = "it has no type and may hold a secret: use a $ref to a named schema without type";
    assert_eq!(error("{ type: integer }", "{}"), format!("{PAINT}: parameter coats: {expected}"));
}
