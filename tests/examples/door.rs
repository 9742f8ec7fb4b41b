use spkey::mock::{Failure, MockSpKey, any};

use crate::open_door::{Verdict, open, run};
use crate::with_lock;

#[tokio::test]
async fn every_outcome_has_its_message() {
    let (sandbox, spkey, lock) = with_lock(7).await;
    let opened = open(&spkey, lock, Some("parcel".to_owned())).await;
    assert_eq!((opened.verdict, opened.message.contains("got the command to open")), (Verdict::Opened, true));
    for (failure, verdict, message) in [
        (Failure::Status(403), Verdict::NotOpened, "do not allow to open lock 7"),
        (Failure::Status(401), Verdict::NotOpened, "rejected the credentials"),
        (Failure::Status(404), Verdict::NotOpened, "there is no lock 7"),
        (Failure::Status(422), Verdict::NotOpened, "rejected: fix the request"),
        (Failure::Status(502), Verdict::Unknown, "The service did not reach lock 7"),
        (Failure::LoseResponse, Verdict::Unknown, "Nobody knows"),
        (Failure::LoseRequest, Verdict::Unknown, "Nobody knows"),
        (Failure::Status(504), Verdict::Unknown, "Nobody knows"),
    ] {
        sandbox.fail_next("open_lock", failure);
        let opening = open(&spkey, lock, None).await;
        assert_eq!(opening.verdict, verdict, "{failure:?}");
        assert!(opening.message.contains(message), "{failure:?}: {}", opening.message);
    }
    drop(sandbox);
    let opening = open(&spkey, lock, None).await;
    assert_eq!((opening.verdict, opening.message.contains("was not reached")), (Verdict::NotOpened, true));
}

#[tokio::test]
async fn door_that_may_have_opened_is_not_opened_a_second_time() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.open_lock(any())).drop_connection().expect(1);
    let lock = 7.try_into().unwrap();
    assert_eq!(open(&spkey, lock, None).await.verdict, Verdict::Unknown);
}

#[tokio::test]
async fn program_runs_against_a_sandbox_of_its_own() {
    let opening = run(["7".to_owned()].into_iter()).await.unwrap();
    assert_eq!(opening.verdict, Verdict::Opened);
    assert!(run(["front".to_owned()].into_iter()).await.is_err());
}
