use std::net::TcpListener;

use spkey::Client;
use spkey::types::AccessLevel;

use crate::sandbox::start;

/// The first snippet of the README, against the example that it names.
#[tokio::test]
async fn grant_of_the_readme_works_against_the_sandbox() {
    let sandbox = start(TcpListener::bind("127.0.0.1:0").unwrap()).await.unwrap();
    let spkey = Client::builder().base_url(sandbox.uri()).api_key("any-key").build().unwrap();
    let user = "550e8400-e29b-41d4-a716-446655440000";
    let grant = spkey.add_accessible_lock(user).lock_id(123).lock_name("Front door");
    let granted = grant.access_level(AccessLevel::User).granted_by(user).send().await.unwrap();
    assert_eq!((granted.status().as_u16(), granted.version), (200, Some(2.into())));

    spkey.open_lock(123).send().await.unwrap();
    let profile = spkey.get_user_profile(user).send().await.unwrap();
    assert_eq!(profile.email.as_deref(), Some("ada@example.com"));
}
