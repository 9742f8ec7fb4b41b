use std::time::Duration;

use spkey::reqwest;
use spkey::types::AccessLevel;
use spkey::{Client, ClientBuilder, Error, RetryClass, RetryPolicy};

/// Every class, from the freest to the strictest.
pub const CLASSES: [RetryClass; 4] = [RetryClass::Safe, RetryClass::Repeatable, RetryClass::Once, RetryClass::Never];

pub const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

/// Trusts no certificate: to read those of the system takes its time.
pub fn untrusting(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(feature = "rustls")]
    let http = http.tls_certs_only([]);
    http
}

/// A client that does not wait between attempts and trusts no certificate.
pub fn builder(url: &str) -> ClientBuilder {
    let policy = RetryPolicy::default().base_delay(Duration::ZERO);
    Client::builder().base_url(url).api_key("made-up-key").retry(policy).http(untrusting)
}

pub fn client(url: &str) -> Client {
    builder(url).build().unwrap()
}

/// Calls an operation of that class. Answers with the id that the answer holds, where the operation has one.
pub async fn call(client: &Client, class: RetryClass) -> Result<Option<String>, Error> {
    match class {
        RetryClass::Safe => client.get_user_profile().user_id(USER).send().await.map(|_| None),
        RetryClass::Repeatable => {
            let call = client.set_organization().lock_id(123).body_map(|body| body.org_id("made-up-organization"));
            call.send().await.map(|answer| answer.into_inner().aggregate_id)
        }
        RetryClass::Once => {
            let call = client.add_accessible_lock().user_id(USER).body_map(|grant| {
                grant.lock_id("123").lock_name("Front door").access_level(AccessLevel::User).granted_by(USER)
            });
            call.send().await.map(|answer| answer.into_inner().aggregate_id)
        }
        _ => client.open_lock_with_pin().lock_id(123).body_map(|body| body.pin("482163")).send().await.map(|_| None),
    }
}
