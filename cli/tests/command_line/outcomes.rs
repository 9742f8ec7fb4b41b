//! The exit status and the message of every outcome, against a sandbox, and what can be done next.

use std::fs;

use assert_cmd::cargo::cargo_bin;
use serde_json::{Value, json};
use spkey::mock::wiremock::ResponseTemplate;
use spkey::mock::{Failure, Sandbox};

use crate::home::{Home, Run, SECRET};
use crate::service::Service;

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const OPEN: [&str; 4] = ["locks", "open", "123", "--yes"];

/// A sandbox with a lock and a user.
async fn sandbox() -> Sandbox {
    let sandbox = Sandbox::start().await;
    let spkey = sandbox.client();
    spkey.create_lock(123).index(1).uuid("0a1b2c3d-0000-4000-8000-000000000001").send().await.unwrap();
    spkey.create_user(USER).email("ada@example.com").send().await.unwrap();
    sandbox
}

fn run(url: &str, arguments: &[&str]) -> Run {
    run_in(&Home::new(), url, arguments)
}

fn run_in(home: &Home, url: &str, arguments: &[&str]) -> Run {
    home.run(arguments, &[("SPKEY_BASE_URL", url), ("SPKEY_API_KEY", "s3cretApiKey")])
}

async fn events(sandbox: &Sandbox) -> usize {
    sandbox.client().get_lock_events(123).send().await.unwrap().events.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn applied_is_0() {
    let sandbox = sandbox().await;
    let opened = run(&sandbox.uri(), &OPEN);
    assert_eq!((opened.status, opened.stderr.as_str()), (0, ""));
    assert!(opened.stdout.contains("type: LockOpenRequested"), "{}", opened.stdout);
    assert_eq!(events(&sandbox).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_argument_is_2_and_nothing_is_sent() {
    let service = Service::start().await;
    for (arguments, message) in [
        (&["locks", "open", "front", "--yes"][..], "open_lock: lock_id: give a lock's id, a whole number from 1"),
        (
            &["locks", "open", "123"],
            "open_lock moves something physical, by /locks/123/OpenLock. Go on? There is no terminal",
        ),
        (&["locks", "open"], "<LOCK_ID>"),
        (&["locks", "opne", "123"], "unrecognized subcommand 'opne'"),
        (&["locks", "set-owner", "123", "--user-id", "ada"], "user_id: give a user's id, a UUID"),
        (&["locks", "bulk-add-keys", "123", "--keys", "{s3cret"], "--keys: no valid JSON, at line 1 column 2: fix it"),
        (&["locks", "bulk-add-keys", "123", "--keys", r#"{"pin": "s3cret"}"#], "keys: [0]: keyUuid is missing"),
        (&["locks", "add-key", "123", "--key-uuid", "@/nonexistent"], "--key-uuid: /nonexistent cannot be read"),
        (&["users", "add-device", USER, "--device-type", "TOASTER"], "[possible values: "),
        (&["api", "POST", "/locks/1/../2/OpenLock", "--yes"], "path: it must begin with a slash"),
        (&["api", "POST", "/locks/{lockId}/SetLabel", "--yes"], "lockId of the path is missing"),
        (&["api", "POST", "/locks/1/SetLabel"], "POST /locks/1/SetLabel may move something physical. Go on?"),
    ] {
        let run = run(&service.url(), arguments);
        assert_eq!((run.status, service.received()), (2, Vec::new()), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn not_applied_is_3() {
    let sandbox = sandbox().await;
    let unknown = run(&sandbox.uri(), &["locks", "open", "7", "--yes"]);
    assert_eq!(unknown.status, 3, "{}", unknown.stderr);
    assert!(unknown.stderr.starts_with("spkey: open_lock: 404 Not Found"), "{}", unknown.stderr);
    let unreachable = run("http://127.0.0.1:9", &OPEN);
    assert_eq!(unreachable.status, 3, "{}", unreachable.stderr);
    assert!(unreachable.stderr.contains("Connection refused"), "{}", unreachable.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_is_4_with_a_ticket_by_which_it_is_found_out() {
    let (sandbox, home) = (sandbox().await, Home::new());
    for (failure, status, found) in [
        (Failure::LoseResponse, 0, "applied: this very command took effect at version 2: nothing to repeat\n"),
        (Failure::LoseRequest, 3, "not seen at version 2: let a person decide\n"),
    ] {
        sandbox.fail_next("open_lock", failure);
        let file = home.path("ticket.json");
        let opened = run_in(&home, &sandbox.uri(), &[&OPEN[..], &["--ticket-file", file.to_str().unwrap()]].concat());
        assert_eq!(opened.status, 4, "{}", opened.stderr);
        let next = format!("find out what became of it: spkey confirm {}", file.display());
        assert!(opened.stderr.contains(&next), "{}", opened.stderr);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let confirmed = run_in(&home, &sandbox.uri(), &["confirm", file.to_str().unwrap(), "--settle", "1"]);
        assert_eq!((confirmed.status, confirmed.stdout.as_str()), (status, found), "{}", confirmed.stderr);
    }
    assert_eq!(events(&sandbox).await, 2, "it was opened once, and never by `confirm`");
}

#[tokio::test(flavor = "multi_thread")]
async fn ticket_is_in_the_message_where_no_file_is_named_or_it_cannot_be_written() {
    let (sandbox, home) = (sandbox().await, Home::new());
    for more in [&[][..], &["--ticket-file", "/nonexistent/ticket"]] {
        sandbox.fail_next("open_lock", Failure::LoseResponse);
        let opened = run_in(&home, &sandbox.uri(), &[&OPEN[..], more].concat());
        assert_eq!(opened.status, 4, "{}", opened.stderr);
        let (_, ticket) = opened.stderr.split_once("spkey confirm '").unwrap();
        let ticket = ticket.trim_end().trim_end_matches('\'');
        let confirmed = run_in(&home, &sandbox.uri(), &["confirm", ticket, "--json"]);
        let found: Value = serde_json::from_str(&confirmed.stdout).unwrap();
        assert_eq!((confirmed.status, found["confirmation"].as_str()), (0, Some("applied")), "{}", confirmed.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_ticket_is_2() {
    let sandbox = sandbox().await;
    for (ticket, message) in [
        ("/nonexistent", "the ticket /nonexistent cannot be read"),
        ("{}", "this is no ticket: missing field"),
        (r#"{"format": 2}"#, "a ticket of format 2 needs a newer version of spkey"),
    ] {
        let run = run(&sandbox.uri(), &["confirm", ticket]);
        assert_eq!(run.status, 2, "{ticket}");
        assert!(run.stderr.contains(message), "{}", run.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn look_at_once_that_sees_nothing_is_4() {
    let (sandbox, home) = (sandbox().await, Home::new());
    sandbox.fail_next("open_lock", Failure::LoseRequest);
    let file = home.path("ticket.json");
    run_in(&home, &sandbox.uri(), &[&OPEN[..], &["--ticket-file", file.to_str().unwrap()]].concat());
    let confirmed = run_in(&home, &sandbox.uri(), &["confirm", file.to_str().unwrap(), "--once"]);
    assert_eq!(
        (confirmed.status, confirmed.stdout.as_str()),
        (4, "not seen at version 1, and it may still act: look again later\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn applied_but_unreadable_is_5() {
    let service = Service::start().await;
    service.respond(ResponseTemplate::new(200).set_body_raw("{ \"success\": tru", "application/json"));
    let opened = run(&service.url(), &OPEN);
    assert_eq!((opened.status, service.received().len()), (5, 1), "{}", opened.stderr);
    assert!(opened.stderr.contains("it took effect: do not repeat it"), "{}", opened.stderr);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn output_that_cannot_be_written_does_not_hide_that_a_command_was_applied() {
    let sandbox = sandbox().await;
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(cargo_bin!("spkey"));
    command.args(OPEN).env("SPKEY_BASE_URL", sandbox.uri()).env("SPKEY_API_KEY", "any").stdout(full);
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{stderr}");
    assert!(stderr.contains("open_lock was applied, but the output cannot be written"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_to_the_last_and_each_element_is_a_line_of_json() {
    let sandbox = sandbox().await;
    for _ in 0..24 {
        sandbox.client().open_lock(123).send().await.unwrap();
    }
    let all = run(&sandbox.uri(), &["locks", "get-lock-events", "123", "--json"]);
    let versions: Vec<_> = all
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["version"].as_i64().unwrap())
        .collect();
    assert_eq!(versions, (1..=25).collect::<Vec<_>>());
    let page = run(&sandbox.uri(), &["locks", "get-lock-events", "123", "--page", "2", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&page.stdout).unwrap()["page"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn page_that_is_no_object_is_a_failure() {
    let service = Service::start().await;
    for page in [json!([1]), json!("events"), json!({ "events": 7 })] {
        service.respond(ResponseTemplate::new(200).set_body_json(&page));
        let read = run(&service.url(), &["locks", "get-lock-events", "123"]);
        assert_eq!((read.status, read.stdout.as_str()), (3, ""), "{page}: {}", read.stderr);
        assert!(read.stderr.contains("does not say whether another page follows"), "{page}: {}", read.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_and_waits_are_shown_if_asked_for() {
    let sandbox = sandbox().await;
    sandbox.fail_next("get_basic_lock_info", Failure::Status(503));
    let read = run(&sandbox.uri(), &["locks", "get-basic-lock-info", "123", "-v"]);
    let lines: Vec<_> = read.stderr.lines().map(|line| line.split(" in ").next().unwrap()).collect();
    let attempt = "spkey: GET /locks/{lockId}/basic-info:";
    assert_eq!(lines[..3], [&format!("{attempt} 503"), "spkey: retry", &format!("{attempt} 200")], "{}", read.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn secret_is_read_from_a_file_or_standard_input_and_sent() {
    let (service, home) = (Service::start().await, Home::new());
    service.respond(ResponseTemplate::new(200).set_body_json(json!({})));
    let file = home.path("key");
    fs::write(&file, format!("{SECRET}-key\n")).unwrap();
    for (given, sent) in
        [(format!("@{}", file.display()), format!("{SECRET}-key")), (format!("@@{SECRET}"), format!("@{SECRET}"))]
    {
        let run = run_in(&home, &service.url(), &["locks", "add-key", "123", "--key-uuid", &given]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert_eq!(service.received()[0].body.as_ref().unwrap()["keyUuid"], sent);
    }
    let mut command = home.spkey(&[("SPKEY_BASE_URL", &service.url()), ("SPKEY_API_KEY", "any")]);
    command
        .args(["locks", "add-key", "123", "--key-uuid", "@-"])
        .write_stdin(format!("{SECRET}-piped\n"))
        .assert()
        .success();
    assert_eq!(service.received()[0].body.as_ref().unwrap()["keyUuid"], format!("{SECRET}-piped"));
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoint_that_the_contract_lacks_is_called_and_its_response_hidden() {
    let service = Service::start().await;
    service.respond(ResponseTemplate::new(200).set_body_json(json!({ "ok": true, "doorCode": SECRET })));
    let arguments = [
        "api",
        "POST",
        "/locks/{lockId}/SetLabel",
        "-p",
        "lockId=a b",
        "-q",
        "x=1",
        "-d",
        r#"{"label":"Cellar"}"#,
        "--yes",
    ];
    let called = run(&service.url(), &arguments);
    assert_eq!(
        (called.status, called.stdout.as_str()),
        (0, "doorCode: (hidden)\nok:       true\n"),
        "{}",
        called.stderr
    );
    let received = &service.received()[0];
    assert_eq!((received.path.as_str(), received.query["x"].as_str()), ("/locks/a%20b/SetLabel", "1"));
    assert_eq!(received.body.as_ref().unwrap()["label"], "Cellar");
}

#[test]
fn body_of_a_file_is_not_printed_by_a_dry_run() {
    let home = Home::new();
    let file = home.path("body.json");
    fs::write(&file, format!(r#"{{"pin": "{SECRET}"}}"#)).unwrap();
    let run = home.run(&["api", "POST", "/x", "-d", &format!("@{}", file.display()), "--dry-run"], &[]);
    assert!(run.stdout.starts_with("# Set DATA to"), "{}", run.stdout);
    assert!(run.stdout.contains(r#"--data ''"$DATA"''"#), "{}", run.stdout);
}

#[test]
fn operations_are_listed_with_path_and_class() {
    let listed = Home::new().run(&["operations"], &[]);
    assert_eq!(listed.stdout.lines().count(), spkey::Operation::all().len());
    assert!(listed.stdout.contains("locks open"), "{}", listed.stdout);
    let json = Home::new().run(&["operations", "--area", "locks", "--json"], &[]);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    let open = json.as_array().unwrap().iter().find(|operation| operation["operation"] == "open_lock").unwrap();
    assert_eq!((open["retryClass"].as_str(), open["physical"].as_bool()), (Some("at-most-once"), Some(true)));
}

#[test]
fn dry_run_needs_no_credentials() {
    let run = Home::new().run(&["locks", "open", "123", "--request-id", "r-1", "--dry-run"], &[]);
    let expected = "curl --request POST 'https://api.spkey.co/locks/123/OpenLock' --header \"X-API-Key: $SPKEY_API_KEY\" \
                    --header 'Content-Type: application/json' --data '{\"requestId\":\"r-1\"}'\n";
    assert_eq!((run.status, run.stdout.as_str()), (0, expected), "{}", run.stderr);
}
