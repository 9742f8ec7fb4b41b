use std::time::Duration;

use spkey::mock::Failure;

use crate::onboard_resident::{MovingIn, onboard};
use crate::with_lock;

const SETTLE: Duration = Duration::from_millis(20);

const STEPS: [&str; 6] =
    ["get_user_by_email", "add_wallet_key", "add_key", "add_accessible_lock", "get_user_wallet_link", "add_resident"];

#[tokio::test]
async fn second_run_has_nothing_to_do() {
    let (_sandbox, spkey, _) = with_lock(123).await;
    let moving_in = MovingIn::example().unwrap();
    let first = onboard(&spkey, &moving_in, SETTLE).await.unwrap();
    assert_eq!(first.done, ["wallet key", "key on the lock", "lock in the app", "doorbell"]);
    let second = onboard(&spkey, &moving_in, SETTLE).await.unwrap();
    assert_eq!((second.user, second.link.expose()), (first.user, first.link.expose()));
    assert!(second.done.is_empty(), "{:?}", second.done);
}

#[tokio::test]
async fn run_after_a_failure_at_any_step_completes_and_repeats_nothing() {
    for step in STEPS {
        for failure in [Failure::Status(503), Failure::Status(400), Failure::LoseRequest, Failure::LoseResponse] {
            let (sandbox, spkey, lock) = with_lock(123).await;
            let moving_in = MovingIn::example().unwrap();
            sandbox.fail(step, failure);
            let first = onboard(&spkey, &moving_in, SETTLE).await;
            let is_found_out = step.starts_with("add_") && matches!(failure, Failure::LoseResponse);
            assert_eq!(first.is_ok(), is_found_out, "{step} {failure:?}: {:?}", first.err());
            sandbox.clear_failures();
            let welcome =
                onboard(&spkey, &moving_in, SETTLE).await.unwrap_or_else(|error| panic!("{step} {failure:?}: {error}"));

            let lock = spkey.get_lock_details(lock).send().await.unwrap();
            assert_eq!((lock.keys.len(), lock.residents.len()), (1, 1), "{step} {failure:?}");
            assert_eq!(lock.version, Some(3.into()), "{step} {failure:?}: created, a key, a resident");
            let user = spkey.create_user(welcome.user).send().await.unwrap();
            assert_eq!(user.version, Some(3.into()), "{step} {failure:?}: created, a wallet key, a grant");
        }
    }
}
