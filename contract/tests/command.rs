//! The command: its exit code, and that `--check` writes nothing.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/spkey.yaml");

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contract")).args(arguments).output().unwrap()
}

fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn check_fails_where_the_document_differs_and_writes_nothing() {
    let before = fs::read_to_string(CONTRACT).unwrap();
    let new = r#"{ "paths": { "/bells": { "get": { "responses": { "200": { "description": "ok" } } } } } }"#;
    let output = run(&["adopt", &file("new.json", new), "--check"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("GET /bells: new operation"), "{text}");
    assert!(text.contains("POST /locks/{lockId}/OpenLock: removed"), "{text}");
    assert_eq!(fs::read_to_string(CONTRACT).unwrap(), before);
}

#[test]
fn wrong_arguments_and_wrong_files_are_errors_that_say_what_to_do() {
    let no_document = file("no_document.json", "{}");
    let no_json = file("no_json.json", "openapi: 3.1.0");
    for (arguments, expected) in [
        (vec![], "usage: cargo run -p contract -- adopt FILE"),
        (vec!["adopt"], "usage: "),
        (vec!["adopt", "--help"], "usage: "),
        (vec!["adopt", "/nowhere.json"], "/nowhere.json: "),
        (vec!["adopt", &no_json], "is not JSON: "),
        (vec!["adopt", &no_document], "has no `paths`: give the OpenAPI document that the service has published"),
    ] {
        let output = run(&arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(expected), "{text}");
        assert_eq!(output.status.code(), Some(2), "{text}");
    }
}
