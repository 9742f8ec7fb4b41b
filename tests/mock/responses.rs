use std::time::{Duration, Instant};

use spkey::mock::wiremock::matchers::path_regex;
use spkey::mock::wiremock::{Mock, ResponseTemplate};
use spkey::mock::{MockSpKey, any};
use spkey::types::CommandResult;
use spkey::{ApiError, ErrorKind, Outcome, RetryPolicy};

use crate::USER;

fn version(version: i32) -> CommandResult {
    CommandResult { version: Some(version.into()), ..Default::default() }
}

#[tokio::test]
async fn responses_follow_each_other_and_the_last_one_stays() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client().with_retry(RetryPolicy::none());
    mock.given(spkey.set_owner(any()))
        .fail(503, "down")
        .drop_connection()
        .respond_with(version(2))
        .respond_with(version(3))
        .expect(5);
    let set = async || spkey.set_owner(1).user_id(USER).send().await;
    let error = set().await.unwrap_err();
    assert_eq!((error.status(), error.outcome()), (Some(503), Outcome::Unknown));
    let error = set().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown));
    assert_eq!(set().await.unwrap().version, Some(2.into()));
    assert_eq!(set().await.unwrap().version, Some(3.into()));
    assert_eq!(set().await.unwrap().version, Some(3.into()));
}

#[tokio::test]
async fn delayed_response_exceeds_a_time_limit() {
    let mock = MockSpKey::start().await;
    let started = Instant::now();
    let spkey = mock.client();
    mock.given(spkey.open_lock(any())).delay(Duration::from_secs(60)).expect(1);
    let error = spkey.open_lock(1).attempt_timeout(Duration::from_millis(50)).send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::Unknown, 1));
    drop(mock);
    assert!(started.elapsed() < Duration::from_secs(30), "neither the call nor the drop waits for the response");
}

#[tokio::test]
async fn delay_applies_to_the_last_response_only() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client().with_retry(RetryPolicy::none());
    mock.given(spkey.set_owner(any())).fail(503, "down").delay(Duration::from_secs(60)).respond_with(version(2));
    let set = || spkey.set_owner(1).user_id(USER).attempt_timeout(Duration::from_secs(1));
    assert_eq!(set().send().await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(set().send().await.unwrap().version, Some(2.into()));
}

#[tokio::test]
async fn whole_error_of_the_service_is_sent() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let mut error = ApiError::from("the request is malformed");
    error.code = Some("BAD".to_owned());
    mock.given(spkey.create_user(any())).fail(422, error);
    let error = spkey.create_user(USER).send().await.unwrap_err();
    let api = error.api().unwrap();
    assert_eq!((error.status(), api.code.as_deref()), (Some(422), Some("BAD")));
    assert_eq!(api.message.as_deref(), Some("the request is malformed"));
    assert_eq!(api.error.as_deref(), Some("Unprocessable Entity"));
}

#[tokio::test]
async fn success_status_can_be_chosen() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.create_lock(any())).respond_with(version(1)).respond_with_status(201, version(1));
    for status in [200, 201] {
        let created = spkey.create_lock(1).index(1).uuid("u").send().await.unwrap();
        assert_eq!(created.status().as_u16(), status);
    }
}

#[tokio::test]
async fn html_page_is_a_string() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.get_temp_key(any())).respond_with("<p>Come in</p>".to_owned()).expect(1);
    let page = spkey.get_temp_key("guest key").send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.into_inner(), "<p>Come in</p>");
}

mod headers {
    use super::*;

    #[tokio::test]
    async fn redirect_has_a_default_location() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.open_temp_key(any()));
        let opened = spkey.open_temp_key("k").send().await.unwrap();
        assert_eq!((opened.status().as_u16(), &opened.headers()["location"]), (303, &"/confirmation".parse().unwrap()));
    }

    #[tokio::test]
    async fn location_of_a_redirect_can_be_set() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        let place = "/temp-keys/k/confirmation?door=Cellar";
        mock.given(spkey.open_temp_key(any())).respond_with(()).header("location", place);
        let opened = spkey.open_temp_key("k").send().await.unwrap();
        let locations: Vec<_> =
            opened.headers().get_all("location").iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!((opened.status().as_u16(), locations), (303, vec![place]));
    }

    #[tokio::test]
    async fn header_is_added_to_the_response_before_it() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client().with_retry(RetryPolicy::none());
        mock.given(spkey.set_owner(any()))
            .fail(429, "too many calls")
            .header("retry-after", "7")
            .header("x-request-id", "r-1")
            .fail(429, "too many calls");
        let set = || spkey.set_owner(1).user_id(USER);
        let error = set().send().await.unwrap_err();
        assert_eq!((error.retry_after(), error.request_id()), (Some(Duration::from_secs(7)), Some("r-1")));
        let error = set().send().await.unwrap_err();
        assert_eq!((error.retry_after(), error.request_id()), (None, None));
    }

    #[tokio::test]
    async fn header_without_a_response_is_added_to_the_default() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.open_lock(any())).header("x-request-id", "r-2").expect(2);
        for _ in 0..2 {
            assert_eq!(spkey.open_lock(1).send().await.unwrap().request_id(), Some("r-2"));
        }
    }
}

mod body_that_is_cut {
    use super::*;

    #[tokio::test]
    async fn of_a_success_is_applied_and_retried_only_if_safe_or_idempotent() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.open_lock(any())).cut_body().expect(1);
        mock.given(spkey.set_owner(any())).respond_with(version(2)).cut_body().respond_with(version(3)).expect(2);
        let error = spkey.open_lock(1).send().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome(), error.status()),
            (ErrorKind::Transport, Outcome::Applied, Some(200))
        );
        assert_eq!(spkey.set_owner(1).user_id(USER).send().await.unwrap().version, Some(3.into()));
    }

    #[tokio::test]
    async fn of_an_error_leaves_its_status() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.open_lock(any())).fail(404, "no such lock").cut_body();
        let error = spkey.open_lock(1).send().await.unwrap_err();
        assert_eq!((error.status(), error.outcome()), (Some(404), Outcome::NotApplied));
        assert!(error.api().is_none(), "its message is lost");
    }

    #[tokio::test]
    async fn of_a_page_is_lost() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client().with_retry(RetryPolicy::none());
        mock.given(spkey.get_temp_key(any())).respond_with("<p>Come in</p>".to_owned()).cut_body();
        assert_eq!(spkey.get_temp_key("k").send().await.unwrap_err().kind(), ErrorKind::Transport);
    }
}

#[tokio::test]
async fn plain_mock_beside_the_stubs_responds_if_no_stub_matches_or_by_priority() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let plain = |status| Mock::given(path_regex("^/locks/")).respond_with(ResponseTemplate::new(status));
    plain(418).mount(mock.server()).await;
    mock.given(spkey.open_lock(any())).expect(1);
    spkey.open_lock(1).send().await.unwrap();
    assert_eq!(spkey.get_residents(1).send().await.unwrap_err().status(), Some(418));
    plain(451).with_priority(1).mount(mock.server()).await;
    assert_eq!(spkey.open_lock(1).send().await.unwrap_err().status(), Some(451));
}
