//! Each page is a call: retried, limited, and dropped like one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::StreamExt;
use spkey::mock::wiremock::ResponseTemplate;
use spkey::mock::{MockSpKey, any};
use spkey::pages::{Items, Pages};
use spkey::{ErrorKind, operations};

use crate::{Service, all, lock_events, query, texts};

#[test]
fn streams_can_be_spawned_and_moved() {
    fn check<T: Send + Unpin + 'static>() {}
    check::<Items<operations::GetLockEvents>>();
    check::<Pages<operations::GetAggregateEvents>>();
}

#[tokio::test]
async fn nothing_is_requested_before_it_is_polled_and_no_page_ahead() {
    let service = Service::start(|query| lock_events(25, query)).await;
    let mut items = service.spkey.get_lock_events(1).items();
    assert_eq!(service.requests().await, 0);
    for _ in 0..10 {
        items.next().await.unwrap().unwrap();
    }
    assert_eq!(service.requests().await, 1, "ten events are a page");
    items.next().await.unwrap().unwrap();
    assert_eq!(service.requests().await, 2);
    drop(items);
    assert_eq!(service.requests().await, 2);
}

#[tokio::test]
async fn page_is_retried_like_a_call() {
    let requests = AtomicUsize::new(0);
    let service = Service::respond(move |request| match requests.fetch_add(1, Ordering::SeqCst) {
        1 | 2 => ResponseTemplate::new(503),
        _ => ResponseTemplate::new(200).set_body_json(lock_events(25, &query(request))),
    })
    .await;
    let (events, error) = all(service.spkey.get_lock_events(1).header("x-trace", "t").items()).await;
    assert_eq!((events.len(), error.map(|error| error.to_string())), (25, None));
    assert_eq!(service.requested("page").await, texts(&["1", "2", "2", "2", "3"]));
    let requests = service.mock.server().received_requests().await.unwrap();
    assert!(requests.iter().all(|request| request.headers["x-trace"] == "t"), "settings hold for every page");
}

#[tokio::test]
async fn error_comes_once_after_what_was_read_and_nothing_follows() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let page: spkey::types::GetLockEventsResponse =
        serde_json::from_value(lock_events(35, &[("page".into(), "1".into())].into())).unwrap();
    mock.given(spkey.get_lock_events(any()).page(1)).respond_with(page).expect(1);
    mock.given(spkey.get_lock_events(any()).page(2)).fail(403, "no longer your lock").expect(1);
    let (events, error) = all(spkey.get_lock_events(1).items()).await;
    let error = error.unwrap();
    assert_eq!((events.len(), error.kind(), error.attempts()), (10, ErrorKind::Api, 1));
    assert!(error.is_forbidden());
}

#[tokio::test]
async fn invalid_call_is_an_error_and_sends_nothing() {
    let service = Service::start(|query| lock_events(25, query)).await;
    let (events, error) = all(service.spkey.get_lock_events("no id").items()).await;
    assert_eq!((events.len(), error.unwrap().kind(), service.requests().await), (0, ErrorKind::Request, 0));
    let (_, error) = all(service.spkey.get_lock_events(1).page(any()).items()).await;
    assert_eq!((error.unwrap().kind(), service.requests().await), (ErrorKind::Request, 0));
}

#[tokio::test]
async fn time_limit_holds_for_each_page() {
    let limit = Duration::from_secs(1);
    let service = Service::respond(move |request| {
        let page = query(request)["page"].parse::<u32>().unwrap();
        let delay = if page < 3 { limit * 6 / 10 } else { Duration::from_secs(60) };
        ResponseTemplate::new(200).set_body_json(lock_events(35, &query(request))).set_delay(delay)
    })
    .await;
    let (events, error) = all(service.spkey.get_lock_events(1).timeout(limit).items()).await;
    assert_eq!(events.len(), 20, "two pages take longer than the limit of one: {error:?}");
    assert!(error.unwrap().is_timeout());
}

#[tokio::test]
async fn dropped_next_loses_no_page() {
    let service = Service::start(|query| lock_events(12, query)).await;
    let mut items = service.spkey.get_lock_events(1).items();
    {
        let mut next = Box::pin(items.next());
        assert!(matches!(next.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending));
    }
    let (events, error) = all(items).await;
    assert_eq!((events.len(), error.map(|error| error.to_string())), (12, None));
    assert_eq!(service.requested("page").await, texts(&["1", "2"]));
}

#[tokio::test]
async fn stream_that_is_dropped_while_it_waits_sends_nothing_more() {
    let service = Service::respond(|_| ResponseTemplate::new(503).set_delay(Duration::from_millis(20))).await;
    let mut items = service.spkey.get_lock_events(1).items();
    let polled = tokio::time::timeout(Duration::from_millis(1), StreamExt::next(&mut items)).await;
    assert!(polled.is_err());
    drop(items);
    let probe = service.spkey.get_lock_events(2).attempt_timeout(Duration::from_secs(5));
    probe.retry_policy(spkey::RetryPolicy::none()).send().await.unwrap_err();
    let paths = service.mock.server().received_requests().await.unwrap();
    let of_the_stream = paths.iter().filter(|request| request.url.path() == "/locks/1/events").count();
    assert!(of_the_stream <= 1, "it was retried after it was dropped");
}

#[test]
fn debug_shows_no_value() {
    let client = spkey::Client::builder().api_key("a-key").build().unwrap();
    let items = client.get_camera_lpr_events("camera-7").items();
    let shown = format!("{items:?}");
    assert!(shown.contains("get_camera_lpr_events") && !shown.contains("camera-7"), "{shown}");
}
