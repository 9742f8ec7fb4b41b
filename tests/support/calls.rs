use std::time::Duration;

use spkey::types::AccessLevel;
use spkey::{Client, ClientBuilder, Error, RetryClass, RetryPolicy};

/// Every class, from the freest to the strictest.
pub const CLASSES: [RetryClass; 4] =
    [RetryClass::Safe, RetryClass::Idempotent, RetryClass::AtMostOnce, RetryClass::NoRetry];

pub const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

/// Whether an operation of that class is retried after an attempt that may have acted.
pub fn is_repeatable(class: RetryClass) -> bool {
    matches!(class, RetryClass::Safe | RetryClass::Idempotent)
}

/// A client that does not wait between attempts.
pub fn builder(url: &str) -> ClientBuilder {
    let policy = RetryPolicy::default().base_delay(Duration::ZERO);
    Client::builder().base_url(url).api_key("made-up-key").retry(policy)
}

pub fn client(url: &str) -> Client {
    builder(url).build().unwrap()
}

/// Calls an operation of that class. Returns the id in the response, where the operation has one.
pub async fn call(client: &Client, class: RetryClass) -> Result<Option<String>, Error> {
    match class {
        RetryClass::Safe => client.get_user_profile(USER).send().await.map(|_| None),
        RetryClass::Idempotent => {
            let call = client.set_organization(123).org_id("made-up-organization");
            call.send().await.map(|response| response.into_inner().aggregate_id)
        }
        RetryClass::AtMostOnce => {
            let grant = client.add_accessible_lock(USER).lock_id(123).lock_name("Front door");
            let grant = grant.access_level(AccessLevel::User).granted_by(USER);
            grant.send().await.map(|response| response.into_inner().aggregate_id)
        }
        _ => client.open_lock_with_pin(123).pin("482163").send().await.map(|_| None),
    }
}
