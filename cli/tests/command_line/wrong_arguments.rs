//! Values in the wrong place, and options where they mean nothing: nothing is sent, and no value is repeated.

use spkey::mock::wiremock::ResponseTemplate;

use crate::home::{Home, SECRET};
use crate::service::Service;

#[test]
fn value_in_the_wrong_place_is_not_repeated() {
    let home = Home::new();
    let variables = [("SPKEY_API_KEY", "s3cretApiKey")];
    for (arguments, message) in [
        (&["locks", "add-key", "123", SECRET][..], "unexpected argument"),
        (&["auth", "check", SECRET], "unexpected argument"),
        (&["completions", SECRET], "'(hidden)' for '<SHELL>'"),
        (&["users", "add-device", "1", "--device-type", SECRET], "[possible values: matter"),
        (
            &["api", "POST", "/locks/{lockId}/SetLabel", "-p", SECRET],
            "for '--path-param <NAME=VALUE>': give NAME=VALUE",
        ),
        (&["confirm", "-", "--settle", SECRET], "'(hidden)' for '--settle <SECONDS>'"),
        (&["temp-keys", "open", SECRET], "by /temp-keys/{tempKeyUuid}/open. Go on?"),
    ] {
        let run = home.run(arguments, &variables);
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn option_that_is_wrong_is_named() {
    let run = Home::new().run(&["locks", "open", "123", "--raeson=parcel"], &[]);
    assert!(run.stderr.contains("unexpected argument '--raeson'"), "{}", run.stderr);
    assert!(run.stderr.contains("'--reason'"), "{}", run.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn option_is_not_taken_for_the_value_of_another() {
    let service = Service::start().await;
    let variables = [("SPKEY_BASE_URL", &*service.url()), ("SPKEY_API_KEY", "s3cretApiKey")];
    let run = Home::new().run(&["locks", "open", "123", "--yes", "--reason", "--dry-run"], &variables);
    assert_eq!((run.status, service.received()), (2, Vec::new()), "{}", run.stderr);
    service.respond(ResponseTemplate::new(200).set_body_json(serde_json::json!({})));
    for (given, reason) in [("--reason=--dry-run", "--dry-run"), ("--reason=-5", "-5")] {
        let run = Home::new().run(&["locks", "open", "123", "--yes", given], &variables);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert_eq!(service.received()[0].body.as_ref().unwrap()["reason"], reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn number_less_than_zero_is_a_value() {
    let service = Service::start().await;
    let variables = [("SPKEY_BASE_URL", &*service.url()), ("SPKEY_API_KEY", "s3cretApiKey")];
    let run = Home::new().run(&["locks", "open", "-5", "--yes"], &variables);
    assert!(run.stderr.contains("lock_id: give a lock's id, a whole number from 1"), "{}", run.stderr);
    Home::new().run(&["locks", "get-lock-events", "123", "--page", "-1"], &variables);
    assert_eq!(service.received()[0].query["page"], "-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn dry_run_is_rejected_where_it_would_send() {
    let (service, home) = (Service::start().await, Home::new());
    let variables = [("SPKEY_BASE_URL", &*service.url()), ("SPKEY_API_KEY", "s3cretApiKey")];
    let event = home.path("event.json");
    std::fs::write(&event, r#"{"type": "KeyAdded"}"#).unwrap();
    for arguments in [&["auth", "check"][..], &["webhook", "send", event.to_str().unwrap(), &service.url()]] {
        let run = home.run(&[arguments, &["--dry-run"]].concat(), &variables);
        assert_eq!((run.status, service.received()), (2, Vec::new()), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains("--dry-run is for the commands of operations"), "{}", run.stderr);
    }
}

#[test]
fn help_says_that_all_pages_are_read() {
    let help = |operation| Home::new().run(&["locks", operation, "--help"], &[]).stdout;
    assert!(help("get-lock-events").contains("All pages are read, unless --page is given"));
    assert!(!help("get-residents").contains("All pages"));
}

#[test]
fn help_names_no_method_of_rust() {
    let pages = tempfile::tempdir().unwrap();
    let run = Home::new().run(&["man", "--dir", pages.path().to_str().unwrap()], &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for page in std::fs::read_dir(pages.path()).unwrap() {
        let text = std::fs::read_to_string(page.unwrap().path()).unwrap();
        assert!(!text.contains("::"), "{text}");
    }
}
