//! `spkey auth check`: whose credentials they are, and whether the service accepts them.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use spkey::mock::wiremock::{Mock, ResponseTemplate, matchers};
use spkey::mock::{Failure, MockSpKey, Sandbox, any};

use crate::home::{Home, Run};

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

/// A made-up JWT, which ends with the mark of a secret and expires so many seconds from now.
fn jwt(subject: &str, expires_in: i64) -> String {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let payload = json!({ "sub": subject, "exp": now + expires_in }).to_string();
    format!("e30.{}.s3cret", BASE64_URL_SAFE_NO_PAD.encode(payload))
}

fn check(url: &str, variable: (&str, &str), arguments: &[&str]) -> Run {
    let arguments = [&["auth", "check"], arguments].concat();
    Home::new().run(&arguments, &[("SPKEY_BASE_URL", url), variable])
}

#[tokio::test]
async fn accepted_credentials_are_success_for_each_kind() {
    let sandbox = Sandbox::start().await;
    for (variable, expected) in [
        (("SPKEY_API_KEY", "s3cret-1".to_owned()), "credentials  API key\n"),
        (("SPKEY_TOKEN", "s3cret-1".to_owned()), "token        no JWT"),
        (("SPKEY_TOKEN", jwt("a-service", 12 * 60 + 30)), "token        JWT of a-service, expires in 12 min\n"),
        (("SPKEY_TOKEN", jwt(USER, 3 * 24 * 3600)), &format!("token        JWT of {USER}, expires in ")),
    ] {
        let run = check(&sandbox.uri(), (variable.0, &variable.1), &[]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.stdout);
        assert!(run.stdout.contains(expected), "{}", run.stdout);
        assert!(run.stdout.contains("service      accepts the credentials (status 404)"), "{}", run.stdout);
    }
}

#[tokio::test]
async fn owner_of_a_token_reads_the_own_profile() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.get_user_profile(USER)).expect(1);
    let run = check(&mock.uri(), ("SPKEY_TOKEN", &jwt(USER, 600)), &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
}

#[tokio::test]
async fn json_has_the_same() {
    let sandbox = Sandbox::start().await;
    let run = check(&sandbox.uri(), ("SPKEY_TOKEN", &jwt("a-service", 600)), &["--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["baseUrl"], sandbox.uri());
    assert_eq!(report["credentials"], json!(["bearer token"]));
    assert_eq!((&report["token"]["subject"], &report["token"]["expired"]), (&json!("a-service"), &json!(false)));
    assert_eq!((&report["accepted"], &report["status"]), (&json!(true), &json!(404)));
}

#[tokio::test]
async fn rejected_credentials_are_not_applied_and_say_what_to_do() {
    let sandbox = Sandbox::start().await;
    sandbox.accept_only(["another"]);
    let run = check(&sandbox.uri(), ("SPKEY_API_KEY", "s3cret-1"), &[]);
    assert_eq!(run.status, 3);
    assert!(run.stdout.contains("rejects the credentials (status 401)"), "{}", run.stdout);
    assert!(run.stderr.contains("(401): replace them"), "{}", run.stderr);
    let run = check(&sandbox.uri(), ("SPKEY_API_KEY", "s3cret-1"), &["--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.status, &report["accepted"]), (3, &json!(false)));
}

#[tokio::test]
async fn expired_token_is_not_applied() {
    let sandbox = Sandbox::start().await;
    let run = check(&sandbox.uri(), ("SPKEY_TOKEN", &jwt("a-service", -3 * 3600)), &[]);
    assert_eq!(run.status, 3);
    assert!(run.stdout.contains("JWT of a-service, expired 3 h ago"), "{}", run.stdout);
    assert!(run.stderr.contains("expired 3 h ago: get a new one"), "{}", run.stderr);
}

#[test]
fn service_that_is_down_is_not_said_to_reject() {
    let run = check("http://127.0.0.1:9", ("SPKEY_API_KEY", "s3cret-1"), &["--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.status, &report["accepted"]), (3, &Value::Null));
    assert!(run.stderr.contains("no connection"), "{}", run.stderr);
}

#[tokio::test]
async fn not_found_of_another_server_is_no_acceptance() {
    let mock = MockSpKey::start().await;
    let html = ResponseTemplate::new(404).set_body_raw("<h1>Not Found</h1>", "text/html");
    Mock::given(matchers::any()).respond_with(html).mount(mock.server()).await;
    let run = check(&mock.uri(), ("SPKEY_API_KEY", "s3cret-1"), &[]);
    assert_eq!(run.status, 3, "{}", run.stdout);
    assert!(run.stdout.contains("does not say whether it accepts"), "{}", run.stdout);
}

#[tokio::test]
async fn subject_cannot_control_the_terminal() {
    let sandbox = Sandbox::start().await;
    let run = check(&sandbox.uri(), ("SPKEY_TOKEN", &jwt("\u{1b}[2J\nservice accepts", 600)), &[]);
    assert!(run.stdout.contains("JWT of \\u{1b}[2J\\nservice accepts,"), "{}", run.stdout);
}

/// A profile whose command notes each run, and prints the token of that number.
#[cfg(unix)]
fn home_with_command(url: &str, key: &str, script: &str) -> Home {
    let home = Home::new();
    let runs = home.path("runs").display().to_string();
    let script = format!("echo run >> '{runs}'; {}", script.replace("RUN", &format!("$(grep -c run '{runs}')")));
    home.configure(&format!(
        "default_profile = 'a'\n[profiles.a]\nbase_url = '{url}'\n{key} = ['sh', '-c', \"{script}\"]"
    ));
    home
}

#[cfg(unix)]
fn runs(home: &Home) -> usize {
    fs::read_to_string(home.path("runs")).unwrap_or_default().lines().count()
}

#[cfg(unix)]
#[tokio::test]
async fn command_runs_once_and_again_after_a_401() {
    let sandbox = Sandbox::start().await;
    for key in ["token_command", "api_key_command"] {
        sandbox.accept_only(["s3cret-1", "s3cret-2"]);
        let home = home_with_command(&sandbox.uri(), key, "echo s3cret-RUN");
        assert_eq!((home.run(&["auth", "check"], &[]).status, runs(&home)), (0, 1), "{key}");

        sandbox.accept_only(["s3cret-2"]);
        let home = home_with_command(&sandbox.uri(), key, "echo s3cret-RUN");
        assert_eq!((home.run(&["auth", "check"], &[]).status, runs(&home)), (0, 2), "{key}");

        sandbox.accept_only(["another"]);
        let home = home_with_command(&sandbox.uri(), key, "echo s3cret-RUN");
        assert_eq!((home.run(&["auth", "check"], &[]).status, runs(&home)), (3, 2), "{key}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn command_that_fails_is_a_wrong_configuration_and_its_output_is_not_shown() {
    let sandbox = Sandbox::start().await;
    for (script, expected) in [
        ("echo s3cret-1; exit 3", "of profile `a`: `sh` failed with exit status: 3: run it yourself to see why"),
        ("true", "of profile `a`: `sh` printed nothing"),
        ("printf '\\\\377'", "of profile `a`: what `sh` prints is not UTF-8"),
        ("echo s3cret-1 and more", "has a space, a line break"),
    ] {
        for key in ["token_command", "api_key_command"] {
            let home = home_with_command(&sandbox.uri(), key, script);
            let run = home.run(&["auth", "check"], &[]);
            assert_eq!(run.status, 2, "{key} {script}: {}", run.stderr);
            assert!(run.stderr.contains(expected), "{}", run.stderr);
            assert_eq!(runs(&home), 1, "{key} {script}");
        }
    }
}

#[tokio::test]
async fn command_that_does_not_exist_is_a_wrong_configuration() {
    let home = Home::new();
    home.configure("default_profile = 'a'\n[profiles.a]\nenvironment = 'local'\ntoken_command = ['no-such-program']");
    let run = home.run(&["auth", "check"], &[]);
    assert_eq!(run.status, 2);
    let expected = "token_command of profile `a`: `no-such-program` cannot be started";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
}

#[cfg(unix)]
#[tokio::test]
async fn admin_key_command_does_not_run_for_what_takes_no_admin_key() {
    let sandbox = Sandbox::start().await;
    let home = Home::new();
    let mark = home.path("mark").display().to_string();
    let command = format!("admin_key_command = ['touch', '{mark}']");
    let profile = format!("[profiles.a]\nbase_url = '{}'\ntoken = 's3cret-1'\n{command}", sandbox.uri());
    home.configure(&profile);
    let run = home.run(&["auth", "check", "--profile", "a"], &[]);
    assert_eq!((run.status, home.path("mark").exists()), (0, false), "{}", run.stderr);
    assert!(run.stdout.contains("credentials  bearer token, admin key\n"), "{}", run.stdout);
    assert!(run.stdout.contains("admin key    not checked"), "{}", run.stdout);
}

#[tokio::test]
async fn deadline_ends_the_call() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.get_basic_lock_info(any())).delay(std::time::Duration::from_secs(60));
    let run = check(&mock.uri(), ("SPKEY_API_KEY", "s3cret-1"), &["--timeout", "1"]);
    assert_eq!(run.status, 4, "{}", run.stderr);
}

#[tokio::test]
async fn failure_that_is_over_is_retried() {
    let sandbox = Sandbox::start().await;
    sandbox.fail_next("get_basic_lock_info", Failure::Status(503));
    assert_eq!(check(&sandbox.uri(), ("SPKEY_API_KEY", "s3cret-1"), &[]).status, 0);
}
