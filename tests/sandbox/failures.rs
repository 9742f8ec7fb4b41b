use std::panic::{AssertUnwindSafe, catch_unwind};

use spkey::mock::{Failure, Sandbox};
use spkey::reqwest;
use spkey::{Auth, Client, ErrorKind, Number, Operation, Outcome};

use crate::{start, status, with_user_and_lock};

async fn version(spkey: &Client) -> Option<Number> {
    spkey.get_lock_details(1).send().await.unwrap().version
}

mod fail_next {
    use super::*;

    #[tokio::test]
    async fn failures_before_and_after_the_operation_acts_come_in_turn() {
        let (sandbox, spkey) = with_user_and_lock().await;
        sandbox.fail_next("open_lock", Failure::Status(503));
        sandbox.fail_next("open_lock", Failure::LoseRequest);
        sandbox.fail_next("open_lock", Failure::LoseResponse);
        assert_eq!(status(spkey.open_lock(1).send().await), 503);
        let error = spkey.open_lock(1).send().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown));
        assert_eq!(version(&spkey).await, Some(1.into()), "it did not act");
        let error = spkey.open_lock(1).send().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown));
        assert_eq!(version(&spkey).await, Some(2.into()), "it acted");
        spkey.open_lock(1).send().await.unwrap();
    }

    #[tokio::test]
    async fn every_operation_can_fail_and_requires_its_credentials() {
        let sandbox = Sandbox::start().await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
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
}

mod fail {
    use super::*;

    #[tokio::test]
    async fn operation_fails_until_failures_are_cleared() {
        let (sandbox, spkey) = with_user_and_lock().await;
        sandbox.fail("open_lock", Failure::Status(429));
        for _ in 0..2 {
            assert_eq!(status(spkey.open_lock(1).send().await), 429);
        }
        sandbox.fail_next("get_residents", Failure::Status(403));
        sandbox.clear_failures();
        spkey.open_lock(1).send().await.unwrap();
        spkey.get_residents(1).send().await.unwrap();
        assert_eq!(version(&spkey).await, Some(2.into()));
    }

    #[tokio::test]
    async fn unknown_operation_or_status_panics() {
        let sandbox = Sandbox::start().await;
        for (operation, failure, message) in [
            ("open_the_lock", Failure::LoseRequest, "there is no operation open_the_lock"),
            ("open_lock", Failure::Status(200), "200 is no error status: give one from 400 to 599"),
        ] {
            let panic = catch_unwind(AssertUnwindSafe(|| sandbox.fail(operation, failure))).unwrap_err();
            assert!(panic.downcast_ref::<String>().unwrap().contains(message));
            let panic = catch_unwind(AssertUnwindSafe(|| sandbox.fail_next(operation, failure))).unwrap_err();
            assert!(panic.downcast_ref::<String>().unwrap().contains(message));
        }
    }
}

mod accept_only {
    use super::*;

    #[tokio::test]
    async fn every_other_credential_is_rejected() {
        let (sandbox, _) = with_user_and_lock().await;
        sandbox.accept_only(["good", "token"]);
        let client = |key: &str, token: &str| {
            Client::builder().base_url(sandbox.uri()).api_key(key).bearer_token(token).build().unwrap()
        };
        client("good", "token").get_residents(1).send().await.unwrap();
        for (key, token) in [("good", "bad"), ("bad", "token"), ("bad", "bad")] {
            assert_eq!(status(client(key, token).get_residents(1).send().await), 401);
        }
    }
}

mod unsupported {
    use super::*;

    #[tokio::test]
    async fn operation_that_the_sandbox_does_not_have_gets_501() {
        let (_sandbox, spkey) = start().await;
        let error = spkey.list_aggregates().send().await.unwrap_err();
        assert_eq!(error.status(), Some(501));
        assert!(error.to_string().contains("the sandbox does not have list_aggregates"), "{error}");
        assert!(Sandbox::operations().all(|operation| operation.id != "list_aggregates"));
    }

    #[tokio::test]
    async fn method_that_the_contract_does_not_have_gets_405_and_path_404() {
        let sandbox = Sandbox::start().await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let wrong = http.delete(format!("{}/locks/1/OpenLock", sandbox.uri())).send().await.unwrap();
        assert_eq!((wrong.status().as_u16(), wrong.headers()["allow"].to_str().unwrap()), (405, "POST"));
        let nowhere = http.get(format!("{}/nowhere", sandbox.uri())).send().await.unwrap();
        assert_eq!(nowhere.status().as_u16(), 404);
    }
}
