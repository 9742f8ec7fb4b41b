//! A service whose pages do not end, or contradict each other: what came is given, then one clear error.

use serde_json::{Value, json};
use spkey::pages::{DEFAULT_MAX_PAGES, Items, Paged};
use spkey::{ErrorKind, Outcome};

use crate::{Service, all, lock_events, number};

/// How many elements come before the error, and how many requests were made.
async fn ends<E: Paged>(service: &Service, items: Items<E>, message: &str, given: usize, requests: usize) {
    let (items, error) = all(items).await;
    let error = error.expect("an error at the end");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Pages, Outcome::NotApplied));
    assert_eq!(error.operation(), Some(E::OPERATION.id));
    assert!(error.to_string().contains(message), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
    assert_eq!((items.len(), service.requests().await), (given, requests), "{error}");
}

fn plates(page: Value, has_more: Value) -> Value {
    json!({ "page": page, "hasMore": has_more, "events": [{ "id": "a" }, { "id": "b" }] })
}

#[tokio::test]
async fn more_for_ever_ends_after_the_default_maximum() {
    let service = Service::start(|query| plates(json!(number(query, "page")), json!(true))).await;
    let pages = usize::try_from(DEFAULT_MAX_PAGES).unwrap();
    let items = service.spkey.get_camera_lpr_events("c").items();
    ends(&service, items, "there are more than 1000 pages: raise the limit by `max_pages`", pages * 2, pages).await;
}

#[tokio::test]
async fn maximum_that_is_set_is_an_error_only_if_another_page_follows() {
    let service = Service::start(|query| lock_events(25, query)).await;
    let items = || service.spkey.get_lock_events(1).items();
    let (events, error) = all(items().max_pages(3)).await;
    assert_eq!((events.len(), error.map(|error| error.to_string())), (25, None));
    ends(&service, items().max_pages(2), "there are more than 2 pages", 20, 5).await;
    ends(&service, items().newest_first().max_pages(1), "there are more than 1 pages", 5, 6).await;
    ends(&service, items().max_pages(0), "there are more than 0 pages", 0, 6).await;
}

#[tokio::test]
async fn same_page_is_not_given_twice() {
    // It ignores the number of the page.
    let service = Service::start(|_| plates(json!(1), json!(true))).await;
    let items = service.spkey.get_camera_lpr_events("c").items();
    ends(&service, items, "the page at 2 was requested, and the one at 1 came (`hasMore`)", 2, 2).await;

    let service = Service::start(
        |_| json!({ "offset": 0, "total": 9, "aggregates": [{ "aggregateType": "lock", "aggregateId": "a" }, { "aggregateType": "lock", "aggregateId": "b" }] }),
    )
    .await;
    let items = service.spkey.list_aggregates().items();
    ends(&service, items, "the page at 2 was requested, and the one at 0 came (`total`)", 2, 2).await;
}

#[tokio::test]
async fn cursor_that_does_not_grow_is_an_error() {
    for second in [100, 99] {
        let service = Service::start(move |query| {
            let next = if query.contains_key("cursor") { second } else { 100 };
            json!({ "events": [{}], "nextCursor": next })
        })
        .await;
        let items = service.spkey.get_aggregate_events("lock", "1").items();
        ends(&service, items, &format!("the cursor goes from 100 to {second}"), 2, 2).await;
    }
}

#[tokio::test]
async fn cursor_that_cannot_be_read_is_no_end() {
    let service = Service::start(|_| json!({ "events": [{}], "nextCursor": { "after": 7 } })).await;
    let items = service.spkey.get_aggregate_events("lock", "1").items();
    ends(&service, items, "in an unknown way whether another page follows (`nextCursor`)", 1, 1).await;
}

#[tokio::test]
async fn empty_page_that_another_one_shall_follow_is_an_error() {
    let message = "the page is empty, and another one shall follow";
    let service = Service::start(|query| json!({ "page": number(query, "page"), "hasMore": true, "events": [] })).await;
    ends(&service, service.spkey.get_camera_lpr_events("c").items(), message, 0, 1).await;

    let service = Service::start(|query| json!({ "page": number(query, "page"), "totalPages": 9, "events": [] })).await;
    ends(&service, service.spkey.get_lock_events(1).items(), message, 0, 1).await;

    let service = Service::start(|_| json!({ "offset": 0, "total": 9, "aggregates": [] })).await;
    ends(&service, service.spkey.list_aggregates().items(), message, 0, 1).await;
}

#[tokio::test]
async fn empty_pages_are_passed_over_on_the_way_to_the_first() {
    let service = Service::start(|query| {
        let page = number(query, "page").unwrap_or(3);
        let events = if page == 1 { json!([{}]) } else { json!([]) };
        json!({ "page": page, "totalPages": 3, "events": events })
    })
    .await;
    let (events, error) = all(service.spkey.get_lock_events(1).items().newest_first()).await;
    assert_eq!((events.len(), error.map(|error| error.to_string())), (1, None));
}

#[tokio::test]
async fn response_without_a_word_on_more_pages_is_an_error_after_its_elements() {
    let message = "does not say whether another page follows";
    let service = Service::start(
        |_| json!({ "events": [{ "id": "a" }], "aggregates": [{ "aggregateType": "lock", "aggregateId": "a" }] }),
    )
    .await;
    ends(&service, service.spkey.get_camera_lpr_events("c").items(), message, 1, 1).await;
    ends(&service, service.spkey.get_lock_events(1).items(), message, 1, 2).await;
    ends(&service, service.spkey.list_aggregates().items(), message, 1, 3).await;
    let newest = service.spkey.get_lock_events(1).items().newest_first();
    ends(&service, newest, "does not say which page it is (`totalPages`)", 1, 4).await;
}

#[tokio::test]
async fn page_after_the_largest_number_is_an_error() {
    let service = Service::start(|query| plates(json!(number(query, "page")), json!(true))).await;
    let items = service.spkey.get_camera_lpr_events("c").page(i64::MAX).items();
    ends(&service, items, "the number of the next page is too large", 2, 1).await;
}
