use std::time::Duration;

use spkey::Client;
use spkey::types::AccessLevel;

use crate::sandbox::{Options, start};

fn options(text: &str) -> Result<Options, String> {
    Options::parse(text.split_whitespace().map(ToOwned::to_owned))
}

/// The first snippet of the README.
#[tokio::test]
async fn grant_of_the_readme_works_without_options() {
    let sandbox = start(&options("--port 0").unwrap()).await.unwrap();
    let spkey = Client::builder().base_url(sandbox.uri()).api_key("any key").build();
    assert!(spkey.is_err(), "a key with a space is no header");
    let spkey = Client::builder().base_url(sandbox.uri()).api_key("any-key").build().unwrap();
    let user = "550e8400-e29b-41d4-a716-446655440000";
    let grant = spkey.add_accessible_lock(user).lock_id(123).lock_name("Front door");
    let granted = grant.access_level(AccessLevel::User).granted_by(user).send().await.unwrap();
    assert_eq!((granted.status().as_u16(), granted.version), (200, Some(2.into())));

    spkey.open_lock(123).send().await.unwrap();
    let profile = spkey.get_user_profile(user).send().await.unwrap();
    assert_eq!(profile.email.as_deref(), Some("ada@example.com"));
}

#[tokio::test]
async fn options_add_users_and_locks_and_make_calls_fail() {
    let other = "0a1b2c3d-0000-4000-8000-000000000001";
    let line = format!(
        "--port 0 --lock 1 --lock 7 --user {other} --unreachable 7 --fail set_owner=503 --fail add_key=lose-request \
         --fail set_organization=lose-response"
    );
    let sandbox = start(&options(&line).unwrap()).await.unwrap();
    let spkey = sandbox.client();
    spkey.open_lock(1).send().await.unwrap();
    assert_eq!(spkey.open_lock(7).send().await.unwrap_err().status(), Some(502));
    spkey.get_user_profile(other).send().await.unwrap();
    let owner = spkey.set_owner(1).user_id(other).send().await;
    assert_eq!(owner.unwrap_err().status(), Some(503));
    assert_eq!(spkey.add_key(1).key_uuid("k").send().await.unwrap_err().status(), None);
    assert_eq!(spkey.set_organization(1).org_id("acme").send().await.unwrap_err().status(), None);
    let lock = spkey.get_lock_details(1).send().await.unwrap();
    assert_eq!((lock.keys.len(), lock.org_id.as_deref()), (0, Some("acme")));
}

#[tokio::test]
async fn options_make_reads_lag_hubs_offline_and_commands_late() {
    let line = "--port 0 --lag get_basic_lock_info=60 --hub-offline h --fail set_organization=act-late:60";
    let sandbox = start(&options(line).unwrap()).await.unwrap();
    let spkey = sandbox.client();
    assert_eq!(spkey.get_basic_lock_info(123).send().await.unwrap_err().status(), Some(404));
    spkey.set_organization(123).org_id("acme").send().await.unwrap_err();
    sandbox.advance(Duration::from_secs(60));
    spkey.get_basic_lock_info(123).send().await.unwrap();
    assert_eq!(spkey.get_lock_details(123).send().await.unwrap().org_id.as_deref(), Some("acme"));
    spkey.provision_hub("h").serial("s").model("m").send().await.unwrap();
    assert_eq!(spkey.get_hub_status("h").send().await.unwrap().online, Some(false));
}

#[tokio::test]
async fn credential_option_rejects_every_other() {
    let sandbox = start(&options("--port 0 --credential good").unwrap()).await.unwrap();
    assert_eq!(sandbox.client().get_residents(123).send().await.unwrap_err().status(), Some(401));
    let good = Client::builder().base_url(sandbox.uri()).api_key("good").build().unwrap();
    good.get_residents(123).send().await.unwrap();
}

#[test]
fn invalid_command_line_is_rejected_with_the_reason() {
    for (line, message) in [
        ("--port http", "--port:"),
        ("--port", "--port needs a value"),
        ("--lock front", "--lock: not a lock's id"),
        ("--fail open_door=503", "there is no operation open_door"),
        ("--fail open_lock=200", "give a status from 400 to 599"),
        ("--fail open_lock=act-late:soon", "give whole seconds"),
        ("--lag open_lock=5", "open_lock does more than read"),
        ("--lag get_owned_locks", "--lag takes OPERATION=VALUE"),
        ("--doors 3", "--doors is no option"),
    ] {
        let error = options(line).unwrap_err();
        assert!(error.contains(message), "{line}: {error}");
    }
}
