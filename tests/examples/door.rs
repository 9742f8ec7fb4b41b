use spkey::Client;
use spkey::mock::{Failure, MockSpKey};

use crate::furnished;
use crate::open_door::{Verdict, open, run};

#[tokio::test]
async fn every_outcome_has_its_words() {
    let (sandbox, spkey, lock) = furnished(7).await;
    let opened = open(&spkey, &lock, Some("parcel".to_owned())).await;
    assert_eq!((opened.verdict, opened.words.contains("told to open")), (Verdict::Opened, true));
    for (failure, verdict, words) in [
        (Failure::Status(403), Verdict::NotOpened, "may not open lock 7"),
        (Failure::Status(401), Verdict::NotOpened, "credentials are not good"),
        (Failure::Status(502), Verdict::Unknown, "could not be reached, says the service"),
        (Failure::LoseAnswer, Verdict::Unknown, "Nobody knows"),
        (Failure::Drop, Verdict::Unknown, "Nobody knows"),
        (Failure::Status(504), Verdict::Unknown, "Nobody knows"),
    ] {
        sandbox.fail_next("open_lock", failure);
        let opening = open(&spkey, &lock, None).await;
        assert_eq!(opening.verdict, verdict, "{failure:?}");
        assert!(opening.words.contains(words), "{failure:?}: {}", opening.words);
    }
    let nowhere = Client::builder().base_url("http://127.0.0.1:1").api_key("k").build().unwrap();
    let nowhere = nowhere.with_retry(spkey::RetryPolicy::none());
    let opening = open(&nowhere, &lock, None).await;
    assert_eq!((opening.verdict, opening.words.contains("could not be reached")), (Verdict::NotOpened, true));
}

#[tokio::test]
async fn what_may_have_opened_is_not_opened_again() {
    let mock = MockSpKey::start().await;
    mock.open_lock().drop_connection().expect(1);
    let lock = 7.try_into().unwrap();
    assert_eq!(open(&mock.client(), &lock, None).await.verdict, Verdict::Unknown);
}

#[tokio::test]
async fn it_runs_by_itself_against_a_sandbox() {
    let opening = run(["7".to_owned()].into_iter()).await.unwrap();
    assert_eq!(opening.verdict, Verdict::Opened);
    assert!(run(["front".to_owned()].into_iter()).await.is_err());
}
