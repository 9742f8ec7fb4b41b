//! `spkey sandbox`: what it says, what it has, and how it fails.

use std::collections::BTreeSet;
use std::net::TcpListener;

use serde_json::Value;
use spkey::mock::Sandbox;
use spkey::{Client, Operation, Outcome};

use crate::home::Home;
use crate::running::Running;

/// Starts a sandbox on a free port, and returns a client with that key.
fn start(arguments: &[&str], key: &str) -> (Running, Client) {
    let mut running = Running::start(&[&["sandbox", "--port", "0", "--json"], arguments].concat(), &[]);
    let started: Value = serde_json::from_str(&running.stdout_line()).unwrap();
    let client = Client::builder().base_url(started["url"].as_str().unwrap()).api_key(key).build().unwrap();
    (running, client)
}

#[tokio::test]
async fn user_and_lock_are_there_with_those_that_are_added() {
    let (_running, spkey) = start(&["--lock", "7", "--user", "0a1b2c3d-0000-4000-8000-000000000001"], "any");
    for lock in [123, 7] {
        spkey.open_lock(lock).send().await.unwrap();
    }
    for user in ["550e8400-e29b-41d4-a716-446655440000", "0a1b2c3d-0000-4000-8000-000000000001"] {
        spkey.get_user_profile(user).send().await.unwrap();
    }
}

#[tokio::test]
async fn other_credentials_are_rejected_where_one_is_given() {
    let (_running, spkey) = start(&["--credential", "good"], "bad");
    assert!(spkey.open_lock(123).send().await.unwrap_err().is_unauthorized());
}

#[tokio::test]
async fn failures_are_as_they_were_asked_for() {
    let (_running, spkey) = start(&["--unreachable", "123", "--fail", "set_owner=409"], "any");
    assert_eq!(spkey.open_lock(123).send().await.unwrap_err().outcome(), Outcome::Unknown);
    let owner = spkey.set_owner(123).user_id("550e8400-e29b-41d4-a716-446655440000");
    assert!(owner.send().await.unwrap_err().is_conflict());
}

#[tokio::test]
async fn reads_lag_hubs_are_offline_and_commands_are_lost_or_late() {
    let (_running, spkey) = start(
        &[
            &["--lag", "get_basic_lock_info=60", "--hub-offline", "h", "--fail", "set_organization=act-late:60"][..],
            &["--fail", "add_key=lose-request", "--fail", "set_owner=lose-response"],
        ]
        .concat(),
        "any",
    );
    assert!(spkey.get_basic_lock_info(123).send().await.unwrap_err().is_not_found());
    spkey.provision_hub("h").serial("s").model("m").send().await.unwrap();
    assert_eq!(spkey.get_hub_status("h").send().await.unwrap().online, Some(false));
    let owner = "550e8400-e29b-41d4-a716-446655440000";
    let lost = [
        spkey.set_organization(123).org_id("acme").send().await.map(drop),
        spkey.add_key(123).key_uuid("k").send().await.map(drop),
        spkey.set_owner(123).user_id(owner).send().await.map(drop),
    ];
    for error in lost.map(Result::unwrap_err) {
        assert_eq!((error.outcome(), error.status()), (Outcome::Unknown, None), "{error}");
    }
    let lock = spkey.get_lock_details(123).send().await.unwrap();
    assert_eq!(
        (lock.keys.len(), lock.org_id.as_deref(), lock.owner_id.map(|id| id.to_string())),
        (0, None, Some(owner.to_owned()))
    );
}

/// As its help says, and as CONTRIBUTING.md picks operations by; one of an administrator's is there all the same.
#[test]
fn it_has_all_operations_but_the_administrators() {
    let is_there = |operation: &&&Operation| operation.area != "admin" || operation.id == "backfill_threedeye";
    let expected = Operation::all().iter().filter(is_there).map(|operation| operation.id);
    assert_eq!(Sandbox::operations().map(|operation| operation.id).collect::<BTreeSet<_>>(), expected.collect());
}

#[test]
fn port_in_use_is_a_local_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let run = Home::new().run(&["sandbox", "--port", &port], &[]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains(&format!("port {port} of this machine cannot be used")), "{}", run.stderr);
    assert!(run.stderr.contains("give another by --port"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_success() {
    let (mut running, _) = start(&[], "any");
    assert_eq!(running.interrupt(), Some(0));
}
