use spkey::mock::Failure;

use crate::furnished;
use crate::onboard_resident::{MovingIn, onboard};

const STEPS: [&str; 6] =
    ["get_user_by_email", "add_wallet_key", "add_key", "add_accessible_lock", "get_user_wallet_link", "add_resident"];

#[tokio::test]
async fn run_again_it_has_nothing_to_do() {
    let (_sandbox, spkey, _) = furnished(123).await;
    let moving_in = MovingIn::example().unwrap();
    let welcome = onboard(&spkey, &moving_in).await.unwrap();
    assert_eq!(welcome.done, ["wallet key", "key on the lock", "lock in the app", "doorbell"]);
    let again = onboard(&spkey, &moving_in).await.unwrap();
    assert_eq!((again.user, again.link.expose()), (welcome.user, welcome.link.expose()));
    assert!(again.done.is_empty(), "{:?}", again.done);
}

#[tokio::test]
async fn after_a_failure_at_any_step_it_completes_and_does_nothing_twice() {
    for step in STEPS {
        for failure in [Failure::Status(503), Failure::Status(400), Failure::Drop, Failure::LoseAnswer] {
            let (sandbox, spkey, lock) = furnished(123).await;
            let moving_in = MovingIn::example().unwrap();
            sandbox.fail(step, failure);
            onboard(&spkey, &moving_in).await.err().unwrap_or_else(|| panic!("{step} fails by {failure:?}"));
            sandbox.mend();
            let welcome =
                onboard(&spkey, &moving_in).await.unwrap_or_else(|error| panic!("{step} {failure:?}: {error}"));

            let lock = spkey.get_lock_details().lock_id(&lock).send().await.unwrap();
            assert_eq!((lock.keys.len(), lock.residents.len()), (1, 1), "{step} {failure:?}");
            assert_eq!(lock.version, Some(3.0), "{step} {failure:?}: created, a key, a resident");
            let user = spkey.create_user().user_id(&welcome.user).body_map(|user| user.user_id(&welcome.user));
            let version = user.send().await.unwrap().version;
            assert_eq!(version, Some(3.0), "{step} {failure:?}: created, a wallet key, a grant");
        }
    }
}
