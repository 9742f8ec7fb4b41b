//! How YAML is read.

use std::fs;

use serde_json::{Value, json};

use crate::spec::yaml::read;

#[test]
fn contract_is_read_as_by_another_reader() {
    for path in ["openapi/spkey.yaml", "openapi/matter.yaml"] {
        let text = fs::read_to_string(path).unwrap();
        let expected: Value = yaml_serde::from_str(&text).unwrap();
        assert_eq!(read(&text).unwrap().to_string(), expected.to_string(), "{path}");
    }
}

#[test]
fn plain_text_is_null_a_boolean_or_a_number_where_json_has_such() {
    for text in ["", "~", "null", "Null", "true", "True", "FALSE", "7", "-7", "1.5", "3.0.3", "007", "4XX", "on-404"] {
        let expected: Value = yaml_serde::from_str(text).unwrap();
        assert_eq!(read(&format!("- {text}\n- '{text}'\n- \"{text}\"\n")), Ok(json!([expected, text, text])));
    }
    // As text, a number is as it was written where another crate turns `arbitrary_precision` on.
    assert_eq!(read("1e3").unwrap().as_f64(), Some(1000.0));
    assert_eq!(read("text: |\n  7\n  8\n"), Ok(json!({ "text": "7\n8\n" })));
    assert_eq!(read("text: >-\n  7\n  8\n"), Ok(json!({ "text": "7 8" })));
}

#[test]
fn alias_is_the_value_of_its_anchor() {
    assert_eq!(read("a: &a { b: [1] }\nc: *a\n"), Ok(json!({ "a": { "b": [1] }, "c": { "b": [1] } })));
    assert!(read("a: *b").unwrap_err().contains("unknown anchor"));
    assert!(read("&a [*a]").unwrap_err().contains("an anchor within itself"));
}

#[test]
fn what_json_has_no_value_for_is_an_error_with_its_line() {
    for (text, problem) in [
        ("", "the document is missing"),
        ("a: 1\n---\nb: 2", "a second document"),
        ("a: 1\na: 2", "the key a is there twice"),
        ("[a]: 1", "a key must be text"),
        ("a: !!str 1", "a tag has no meaning here"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.starts_with("invalid YAML: ") && error.contains(problem), "{text:?}: {error}");
        assert!(error.contains("line") && error.lines().count() == 1, "{error}");
    }
}
