//! What an operation says of its pages.

use crate::error;

const PAGE: &str = "{ style: has-more, input: page, items: windows, position: page, more: hasMore }";

/// The error of `x-spkey-page` with the first occurrence of a text in it replaced.
fn page_error(valid: &str, wrong: &str) -> String {
    assert!(PAGE.contains(valid), "the page does not have {valid:?}");
    let error = error(PAGE, &PAGE.replacen(valid, wrong, 1));
    error.strip_prefix("GET /windows: x-spkey-page: ").unwrap_or_else(|| panic!("{error}")).to_owned()
}

#[test]
fn unknown_style_is_an_error() {
    let expected = r#"style is "tokens": use one of page-count, has-more, offset, cursor"#;
    assert_eq!(page_error("has-more", "tokens"), expected);
}

#[test]
fn unknown_key_is_an_error() {
    let expected = "it has a key without a meaning: use style, input, items, position, more";
    assert_eq!(page_error("more: hasMore", "more: hasMore, size: 10"), expected);
}

#[test]
fn input_that_is_no_optional_integer_of_the_query_is_an_error() {
    for wrong in ["input: color", "input: house"] {
        let name = wrong.trim_start_matches("input: ");
        let expected = format!("input is {name:?}: name an optional integer of the query, where a page starts");
        assert_eq!(page_error("input: page", wrong), expected);
    }
    let required = "{ name: page, in: query, required: true, description: Which page., schema: { type: integer } }";
    let optional = required.replace(" required: true,", "");
    let expected =
        r#"GET /windows: x-spkey-page: input is "page": name an optional integer of the query, where a page starts"#;
    assert_eq!(error(&optional, required), expected);
}

#[test]
fn items_that_are_no_list_of_a_named_object_schema_are_an_error() {
    for wrong in ["items: doors", "items: hasMore", "items: names", "items: colors"] {
        let name = wrong.trim_start_matches("items: ");
        let expected = format!("items is {name:?}: name a list of the response, with a named object schema");
        assert_eq!(page_error("items: windows", wrong), expected);
    }
}

#[test]
fn field_of_another_type_than_the_style_needs_is_an_error() {
    let expected = |field: &str| format!("{field}: name a field of the response of type");
    assert_eq!(page_error("more: hasMore", "more: next"), expected(r#"more is "next""#) + " boolean");
    assert_eq!(page_error("more: hasMore", "more: page"), expected(r#"more is "page""#) + " boolean");
    assert_eq!(page_error("style: has-more", "style: cursor"), expected(r#"more is "hasMore""#) + " integer");
    assert_eq!(page_error("position: page", "position: names"), expected(r#"position is "names""#) + " integer");
    assert_eq!(page_error("position: page, ", ""), expected(r#"position is """#) + " integer");
}

#[test]
fn operation_that_is_not_safe_has_no_pages() {
    let valid = format!("x-spkey-retry: safe\n      x-spkey-page: {PAGE}");
    let wrong = valid.replace("safe", "idempotent\n      x-spkey-retry-reason: it is read");
    let expected = "GET /windows: x-spkey-page: only a safe operation has pages: remove it";
    assert_eq!(error(&valid, &wrong), expected);
}
