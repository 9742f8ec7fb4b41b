//! Every operation, called once with everything that it takes, and as the `curl` command that `--dry-run` prints.

use std::io::Write as _;
use std::process::Command;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};
use spkey::mock::wiremock::ResponseTemplate;
use spkey::{Auth, InputLocation, Operation, ScalarKind, Shape};

use crate::home::{Home, SECRET};
use crate::sample;
use crate::service::Service;

const TOKEN: &str = "s3cret.bearer.token";
const KEY: &str = "s3cretApiKey";
const ADMIN_KEY: &str = "s3cretAdminKey";

fn response(operation: &Operation) -> ResponseTemplate {
    match operation.response {
        Some(shape) => ResponseTemplate::new(200).set_body_json(sample::value(shape)),
        None if operation.redirects => ResponseTemplate::new(303).insert_header("location", format!("/p/{SECRET}")),
        None => ResponseTemplate::new(200).set_body_raw(format!("<p>{SECRET}</p>"), "text/html"),
    }
}

fn variables(url: &str) -> [(&'static str, &str); 4] {
    [("SPKEY_BASE_URL", url), ("SPKEY_TOKEN", TOKEN), ("SPKEY_API_KEY", KEY), ("SPKEY_ADMIN_API_KEY", ADMIN_KEY)]
}

/// Runs the program once with arguments that set every input, and returns what it printed.
fn run(service: &Service, operation: &Operation, more: &[&str]) -> String {
    service.respond(response(operation));
    let (home, url) = (Home::new(), service.url());
    let arguments = sample::arguments(operation);
    let arguments: Vec<_> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
    let run = if more.contains(&"--show-secrets") { Home::run_with_secrets } else { Home::run };
    let run = run(&home, &arguments, &variables(&url));
    assert_eq!(run.status, 0, "{}: {}", operation.id, run.stderr);
    run.stdout
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8().unwrap().into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_given_is_sent_and_no_secret_is_printed() {
    let service = Service::start().await;
    for operation in Operation::all() {
        run(&service, operation, &["--yes"]);
        let received = service.received();
        let [request] = &received[..] else { panic!("{}: {received:?}", operation.id) };
        let (path, query, body) = sample::parts(operation);
        assert_eq!(request.method, operation.method.as_str(), "{}", operation.id);
        assert_eq!(decoded(&request.path), path, "{}", operation.id);
        assert_eq!(request.query, query, "{}", operation.id);
        assert_eq!(request.body, body, "{}", operation.id);
        let is_admin = operation.auth == Auth::Admin;
        assert_eq!(request.credentials.contains_key("x-admin-api-key"), is_admin, "{}", operation.id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_response_is_lost_in_json() {
    let service = Service::start().await;
    for operation in Operation::all() {
        let stdout = run(&service, operation, &["--yes", "--json", "--show-secrets"]);
        let printed: Value = serde_json::from_str(&stdout).unwrap_or_default();
        let expected = match operation.response {
            Some(shape) => sample::value(shape),
            None if operation.redirects => json!(format!("/p/{SECRET}")),
            None if stdout.is_empty() => Value::Null,
            None => json!(format!("<p>{SECRET}</p>")),
        };
        assert_eq!(printed, expected, "{}", operation.id);
    }
}

/// What people see has the name of every field, and every text and number but for times, which are in the local zone.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_response_is_lost_for_people() {
    let service = Service::start().await;
    for operation in Operation::all() {
        let Some(shape) = operation.response else { continue };
        let stdout = run(&service, operation, &["--yes", "--show-secrets"]);
        for word in words(shape, &sample::value(shape)) {
            assert!(stdout.contains(&word), "{}: {word}: {stdout}", operation.id);
        }
    }
}

fn words(shape: &Shape, value: &Value) -> Vec<String> {
    match (shape, value) {
        (Shape::Scalar(ScalarKind::Time), _) | (_, Value::Null) => Vec::new(),
        (_, Value::String(text)) => vec![text.clone()],
        (Shape::Object(fields), _) => {
            let words = fields.iter().flat_map(|field| {
                let within = words(field.shape, &value[field.name]);
                [vec![field.name.to_owned()], within].concat()
            });
            words.collect()
        }
        (Shape::List(shape), _) => words(shape, &value[0]),
        (_, Value::Object(map)) => map.values().flat_map(|value| words(&Shape::Any, value)).collect(),
        (_, Value::Array(list)) => list.iter().flat_map(|value| words(&Shape::Any, value)).collect(),
        _ => vec![value.to_string()],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dry_run_sends_nothing_and_its_curl_command_sends_the_same() {
    if Command::new("curl").arg("--version").output().is_err() {
        // Not by eprintln, which the test harness keeps to itself.
        let _ = writeln!(std::io::stderr(), "skipped: install curl to try the commands that --dry-run prints");
        return;
    }
    let service = Service::start().await;
    for operation in Operation::all() {
        let command = run(&service, operation, &["--dry-run"]);
        assert!(service.received().is_empty(), "{}", operation.id);
        let mut shell = Command::new("sh");
        shell.args(["-c", &command]).env("NO_PROXY", "*").envs(variables(&service.url()));
        let output = shell.envs(secrets(&command, operation)).output().unwrap();
        assert!(output.status.success(), "{}: {command}", operation.id);
        let by_curl = service.received();
        run(&service, operation, &["--yes"]);
        assert_eq!(by_curl, service.received(), "{}: {command}", operation.id);
    }
}

/// The variables that the command names, with their values, encoded where they are in the URL.
fn secrets(command: &str, operation: &Operation) -> Vec<(String, String)> {
    let names = command.strip_prefix("# Set ").and_then(|rest| rest.split_once(" to "));
    let value = |name: &str| {
        let input = operation.inputs.iter().find(|input| input.name.trim_end_matches('_').to_uppercase() == name);
        let shape = input.map_or(&Shape::Scalar(ScalarKind::SecretText), |input| input.shape);
        let in_url = input.is_some_and(|input| matches!(input.location, InputLocation::Path | InputLocation::Query));
        match sample::value(shape) {
            Value::String(text) if in_url => utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string(),
            Value::String(text) => text,
            json => json.to_string(),
        }
    };
    let names = names.into_iter().flat_map(|(names, _)| names.split(", "));
    names.map(|name| (name.to_owned(), value(name))).collect()
}
