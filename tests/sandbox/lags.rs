//! Reads that lag, and commands that act late. The sandbox's clock is set forward; nothing waits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use spkey::mock::{Failure, Sandbox};
use spkey::types::TempKeyStatus;
use spkey::{Client, Error, ErrorKind, Operation, Outcome, RetryClass, RetryPolicy};

use crate::{LOCK_UUID, USER, status, with_user_and_lock};

const MINUTE: Duration = Duration::from_secs(60);

async fn organization(spkey: &Client) -> Option<String> {
    spkey.get_basic_lock_info(1).send().await.unwrap().into_inner().org_id
}

async fn set_organization(spkey: &Client, org: &str) -> Result<(), Error> {
    spkey.set_organization(1).org_id(org).retry_policy(RetryPolicy::none()).send().await.map(drop)
}

mod lag {
    use super::*;

    #[tokio::test]
    async fn read_shows_the_state_of_some_time_ago_and_catches_up() {
        let (sandbox, spkey) = with_user_and_lock().await;
        sandbox.advance(MINUTE);
        set_organization(&spkey, "first").await.unwrap();
        sandbox.advance(MINUTE);
        set_organization(&spkey, "second").await.unwrap();
        sandbox.lag("get_basic_lock_info", MINUTE / 2);
        assert_eq!(organization(&spkey).await.as_deref(), Some("first"));
        let details = spkey.get_lock_details(1).send().await.unwrap();
        assert_eq!(details.org_id.as_deref(), Some("second"), "another operation does not lag");
        sandbox.lag("get_basic_lock_info", MINUTE * 3 / 2);
        assert_eq!(organization(&spkey).await, None);
        sandbox.lag("get_basic_lock_info", MINUTE * 3);
        assert_eq!(status(spkey.get_basic_lock_info(1).send().await), 404, "it was not there yet");
        sandbox.advance(MINUTE * 3);
        assert_eq!(organization(&spkey).await.as_deref(), Some("second"));
        set_organization(&spkey, "third").await.unwrap();
        assert_eq!(organization(&spkey).await.as_deref(), Some("second"));
        sandbox.lag("get_basic_lock_info", Duration::ZERO);
        assert_eq!(organization(&spkey).await.as_deref(), Some("third"));
    }

    #[tokio::test]
    async fn version_and_events_are_those_of_that_time() {
        let (sandbox, spkey) = with_user_and_lock().await;
        sandbox.advance(MINUTE);
        spkey.open_lock(1).send().await.unwrap();
        for read in ["get_lock_details", "get_lock_events"] {
            sandbox.lag(read, MINUTE / 2);
        }
        let details = spkey.get_lock_details(1).send().await.unwrap();
        assert_eq!(details.version.unwrap().to_string(), "1");
        assert_eq!(spkey.get_lock_events(1).send().await.unwrap().events.len(), 1);
    }

    #[tokio::test]
    async fn commands_decide_by_what_is() {
        let (sandbox, spkey) = with_user_and_lock().await;
        sandbox.lag("get_basic_lock_info", Duration::MAX);
        assert_eq!(status(spkey.get_basic_lock_info(1).send().await), 404);
        let create = || spkey.create_lock(1).index(1).uuid(LOCK_UUID).retry_policy(RetryPolicy::none());
        assert_eq!(create().send().await.unwrap().status().as_u16(), 200);
        assert_eq!(status(spkey.get_basic_lock_info(1).send().await), 404);
        sandbox.fail_next("create_lock", Failure::ActLate(Duration::ZERO));
        create().send().await.unwrap_err();
        let details = spkey.get_lock_details(1).send().await.unwrap();
        assert_eq!(details.version.unwrap().to_string(), "1", "the late one, too");
    }

    #[tokio::test]
    async fn every_read_can_lag_and_nothing_else() {
        let sandbox = Sandbox::start().await;
        for operation in Operation::all() {
            let result = catch_unwind(AssertUnwindSafe(|| sandbox.lag(operation.id, MINUTE)));
            assert_eq!(result.is_ok(), operation.retry == RetryClass::Safe, "{}", operation.id);
        }
        let panic = catch_unwind(AssertUnwindSafe(|| sandbox.lag("read_the_lock", MINUTE))).unwrap_err();
        assert!(panic.downcast_ref::<String>().unwrap().contains("there is no operation read_the_lock"));
    }
}

mod act_late {
    use super::*;

    #[tokio::test]
    async fn command_acts_once_when_its_time_has_come() {
        let (sandbox, spkey) = with_user_and_lock().await;
        sandbox.fail_next("set_organization", Failure::ActLate(MINUTE));
        let error = set_organization(&spkey, "old").await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown));
        assert_eq!(organization(&spkey).await, None);
        set_organization(&spkey, "new").await.unwrap();
        sandbox.advance(MINUTE / 2);
        assert_eq!(organization(&spkey).await.as_deref(), Some("new"));
        sandbox.clear_failures();
        sandbox.advance(MINUTE / 2);
        assert_eq!(organization(&spkey).await.as_deref(), Some("old"), "it is on its way, whatever is cleared");
        let version = spkey.get_lock_details(1).send().await.unwrap().version.unwrap();
        assert_eq!(version.to_string(), "3");
    }

    #[tokio::test]
    async fn late_commands_act_in_the_order_in_which_they_are_due() {
        let (sandbox, spkey) = with_user_and_lock().await;
        for (org, delay) in [("later", MINUTE * 2), ("sooner", MINUTE)] {
            sandbox.fail_next("set_organization", Failure::ActLate(delay));
            set_organization(&spkey, org).await.unwrap_err();
        }
        sandbox.advance(MINUTE * 3);
        assert_eq!(organization(&spkey).await.as_deref(), Some("later"));
        sandbox.lag("get_basic_lock_info", MINUTE * 3 / 2);
        assert_eq!(organization(&spkey).await.as_deref(), Some("sooner"), "an event has the time at which it was due");
    }

    #[tokio::test]
    async fn late_command_is_rejected_if_the_state_forbids_it_by_then() {
        let (sandbox, spkey) = with_user_and_lock().await;
        let add = || spkey.add_resident(1).name("Ada").user_id(USER);
        sandbox.fail_next("add_resident", Failure::ActLate(MINUTE));
        add().send().await.unwrap_err();
        add().send().await.unwrap();
        sandbox.advance(MINUTE);
        assert_eq!(spkey.get_residents(1).send().await.unwrap().residents.len(), 1);
    }

    #[tokio::test]
    async fn without_a_delay_it_acts_before_the_next_call() {
        let (sandbox, spkey) = with_user_and_lock().await;
        sandbox.fail_next("set_organization", Failure::ActLate(Duration::ZERO));
        set_organization(&spkey, "acme").await.unwrap_err();
        assert_eq!(organization(&spkey).await.as_deref(), Some("acme"));
    }
}

#[tokio::test]
async fn temporary_key_expires_when_time_passes() {
    let (sandbox, spkey) = with_user_and_lock().await;
    let create = spkey.create_lock_temp_key(1).temp_key_uuid("k").access_mode("public");
    create.valid_from("2020-01-01T00:00:00Z").valid_until("2999-01-01T00:00:00Z").send().await.unwrap();
    let listed = async || spkey.list_lock_temp_keys(1).send().await.unwrap().into_inner().temp_keys[0].status.clone();
    assert_eq!(listed().await, Some(TempKeyStatus::Valid));
    sandbox.advance(Duration::MAX);
    assert_eq!(listed().await, Some(TempKeyStatus::Expired));
    assert_eq!(status(spkey.open_temp_key("k").send().await), 400);
}
