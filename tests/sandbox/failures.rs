use std::net::TcpListener;
use std::panic::catch_unwind;

use spkey::mock::{Failure, Sandbox};
use spkey::reqwest::{self, Method};
use spkey::{Auth, Client, ErrorKind, Operation, Outcome};

use crate::{furnish, start, status};

#[tokio::test]
async fn any_operation_can_be_made_to_fail_before_or_after_it_has_acted() {
    let (sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let version = async || spkey.get_lock_details().lock_id(1).send().await.unwrap().version;
    sandbox.fail_next("open_lock", Failure::Status(503));
    sandbox.fail_next("open_lock", Failure::Drop);
    sandbox.fail_next("open_lock", Failure::LoseAnswer);
    let open = || spkey.open_lock().lock_id(1);
    assert_eq!(status(open().send().await), 503);
    let error = open().send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), version().await), (ErrorKind::Transport, Outcome::Unknown, Some(1.0)));
    let error = open().send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), version().await), (ErrorKind::Transport, Outcome::Unknown, Some(2.0)));
    open().send().await.unwrap();

    sandbox.fail("open_lock", Failure::Status(429));
    for _ in 0..2 {
        assert_eq!(status(open().send().await), 429);
    }
    sandbox.mend();
    open().send().await.unwrap();
    assert_eq!(version().await, Some(4.0));
}

#[tokio::test]
async fn every_operation_can_fail_and_takes_its_credentials() {
    let sandbox = Sandbox::start().await;
    let http = reqwest::Client::new();
    for operation in Operation::all() {
        let path = operation.path.replace(['{', '}'], "");
        let url = format!("{}{path}", sandbox.uri());
        let bare = http.request(operation.method.clone(), &url).send().await.unwrap().status().as_u16();
        assert_eq!(bare == 401, operation.auth != Auth::None, "{}: {bare}", operation.id);
        sandbox.fail_next(operation.id, Failure::Status(599));
        let request = http.request(operation.method.clone(), &url).header("x-admin-api-key", "a");
        let failed = request.bearer_auth("t").send().await.unwrap().status().as_u16();
        assert_eq!(failed, 599, "{}", operation.id);
    }
}

#[tokio::test]
async fn what_the_sandbox_does_not_have_it_says() {
    let (sandbox, spkey) = start().await;
    let error = spkey.get_my_cameras().send().await.unwrap_err();
    assert_eq!(error.status(), Some(501));
    assert!(error.to_string().contains("the sandbox does not have get_my_cameras"), "{error}");
    assert!(Sandbox::operations().all(|operation| operation.id != "get_my_cameras"));
    assert!(Sandbox::operations().count() >= 40);
    let http = reqwest::Client::new();
    let wrong = http.delete(format!("{}/locks/1/OpenLock", sandbox.uri())).send().await.unwrap();
    assert_eq!((wrong.status().as_u16(), wrong.headers()["allow"].to_str().unwrap()), (405, "POST"));
    let nowhere = http.get(format!("{}/nowhere", sandbox.uri())).send().await.unwrap();
    assert_eq!(nowhere.status().as_u16(), 404);
}

#[tokio::test]
async fn a_request_against_the_contract_is_refused_with_what_is_wrong() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let call = spkey.request(Method::POST, "/locks/{lockId}/AddKey").path_param("lockId", "front");
    let error = call.json(&serde_json::json!({ "keyIndexNumber": "four" })).send::<()>().await.unwrap_err();
    let api = error.api().unwrap();
    let details: Vec<_> = api.details.iter().map(|detail| detail.field.as_deref().unwrap()).collect();
    assert_eq!((error.status(), &details[..]), (Some(400), &["lockId", "keyUuid"][..]));
    let call = spkey.request(Method::GET, "/users/by-email");
    assert_eq!(status(call.query("email", "a@example.com").query("searchOnly", "maybe").send::<()>().await), 400);
    assert_eq!(status(spkey.request(Method::GET, "/users/by-email").send::<()>().await), 400);
}

#[tokio::test]
async fn a_body_that_is_required_and_a_number_of_64_bits_are_asked_for() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let bare = spkey.request(Method::POST, "/locks/{lockId}/OpenLock").path_param("lockId", 1);
    assert_eq!(status(bare.send::<()>().await), 400);
    let events =
        |page: &str| spkey.request(Method::GET, "/locks/{lockId}/events").path_param("lockId", 1).query("page", page);
    assert_eq!(status(events("9223372036854775808").send::<()>().await), 400);
    events("9223372036854775807").send::<serde_json::Value>().await.unwrap();
    assert_eq!(status(events("1").query("page", 2).send::<()>().await), 400, "which of the two?");
    for page in ["0", "-1", "1.5"] {
        assert_eq!(status(events(page).send::<()>().await), 400, "{page}");
    }
    assert_eq!(status(spkey.backfill_threedeye().limit(-1).send().await), 400);
}

#[tokio::test]
async fn once_credentials_are_said_others_are_refused() {
    let (sandbox, spkey) = start().await;
    furnish(&spkey).await;
    sandbox.accept_only(["good", "token"]);
    let client = |key: &str, token: &str| {
        Client::builder().base_url(sandbox.uri()).api_key(key).bearer_token(token).build().unwrap()
    };
    client("good", "token").get_residents().lock_id(1).send().await.unwrap();
    for (key, token) in [("good", "bad"), ("bad", "token"), ("bad", "bad")] {
        assert_eq!(status(client(key, token).get_residents().lock_id(1).send().await), 401);
    }
}

#[tokio::test]
async fn it_listens_where_it_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let sandbox = Sandbox::on(listener).await.unwrap();
    assert_eq!(sandbox.uri(), format!("http://{address}"));
    furnish(&sandbox.client()).await;
}

#[tokio::test]
async fn a_failure_that_cannot_be_is_refused() {
    let sandbox = std::sync::Arc::new(Sandbox::start().await);
    for (operation, failure, said) in [
        ("open_the_lock", Failure::Drop, "there is no operation open_the_lock"),
        ("open_lock", Failure::Status(200), "200 is no error's status"),
    ] {
        let sandbox = std::sync::Arc::clone(&sandbox);
        let panic = catch_unwind(std::panic::AssertUnwindSafe(move || sandbox.fail(operation, failure))).unwrap_err();
        assert!(panic.downcast_ref::<String>().unwrap().contains(said));
    }
}
