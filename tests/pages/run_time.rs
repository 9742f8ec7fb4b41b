//! The pages of an operation that is chosen at run time follow each other as those of its own method.

use serde_json::{Value, json};
use spkey::Operation;
use spkey::pages::{Items, Paged};

use crate::{Service, all, lock_events, number};

/// Reads all pages in both ways: the requests, the elements and the error are the same.
async fn same<E: Paged>(
    service: &Service,
    items: Items<E>,
    inputs: &[(&str, Value)],
    max_pages: u64,
) -> (usize, String) {
    let parameter = E::OPERATION.inputs.last().unwrap().wire;
    let before = service.requests().await;
    let (typed, error) = all(items.max_pages(max_pages)).await;
    let error = error.map(|error| error.to_string()).unwrap_or_default();
    let requests = service.requested(parameter).await.split_off(before);

    let call = service.spkey.call(Operation::find(E::OPERATION.id).unwrap());
    let call = inputs.iter().fold(call, |call, (name, value)| call.set(name, value.clone()));
    let mut pages = call.pages().unwrap().max_pages(max_pages);
    let (mut elements, mut failed) = (0, String::new());
    while let Some(page) = pages.next().await {
        assert_eq!(failed, "", "it goes on after its error");
        match page {
            Ok(page) => elements += page[pages.list_name()].as_array().map_or(0, Vec::len),
            Err(error) => failed = error.to_string(),
        }
    }
    assert!(pages.next().await.is_none(), "it goes on after its end");
    assert_eq!((elements, &failed), (typed.len(), &error));
    assert_eq!(service.requested(parameter).await.split_off(before + requests.len()), requests);
    (elements, error)
}

#[tokio::test]
async fn every_style_is_followed_to_its_end() {
    let service = Service::start(|query| lock_events(25, query)).await;
    let lock = [("lock_id", json!(1))];
    assert_eq!(same(&service, service.spkey.get_lock_events(1).items(), &lock, 9).await, (25, String::new()));
    let from_2 = [("lock_id", json!(1)), ("page", json!(2))];
    assert_eq!(same(&service, service.spkey.get_lock_events(1).page(2).items(), &from_2, 9).await.0, 15);

    let service = Service::start(|query| {
        let page = number(query, "page");
        json!({ "page": page, "hasMore": page < Some(3), "events": [{ "id": "a" }] })
    });
    let service = service.await;
    let camera = [("camera_id", json!("c"))];
    assert_eq!(same(&service, service.spkey.get_camera_lpr_events("c").items(), &camera, 9).await.0, 3);

    let service = Service::start(|query| {
        let lock = json!({ "aggregateType": "lock", "aggregateId": "a" });
        json!({ "offset": number(query, "offset"), "total": "5", "aggregates": [lock, lock] })
    });
    let service = service.await;
    assert_eq!(same(&service, service.spkey.list_aggregates().items(), &[], 9).await.0, 6);

    let service = Service::start(|query| {
        let next = number(query, "cursor").map_or(Some(7), |_| None);
        json!({ "events": [{}], "nextCursor": next })
    });
    let service = service.await;
    let of_lock = [("aggregate_type", json!("lock")), ("aggregate_id", json!("1"))];
    assert_eq!(same(&service, service.spkey.get_aggregate_events("lock", "1").items(), &of_lock, 9).await.0, 2);
}

#[tokio::test]
async fn contradiction_is_the_same_error() {
    let service = Service::start(|_| json!({ "page": 1, "hasMore": true, "events": [{ "id": "a" }] })).await;
    let camera = [("camera_id", json!("c"))];
    let (_, error) = same(&service, service.spkey.get_camera_lpr_events("c").items(), &camera, 9).await;
    assert!(error.contains("the page at 2 was requested, and the one at 1 came"), "{error}");

    let service = Service::start(|_| json!({ "page": 1, "hasMore": [], "events": [{ "id": "a" }] })).await;
    let (given, error) = same(&service, service.spkey.get_camera_lpr_events("c").items(), &camera, 9).await;
    assert_eq!(given, 1);
    assert!(error.contains("in an unknown way whether another page follows"), "{error}");

    let service = Service::start(|query| lock_events(25, query)).await;
    let lock = [("lock_id", json!(1))];
    let (given, error) = same(&service, service.spkey.get_lock_events(1).items(), &lock, 2).await;
    assert_eq!(given, 20);
    assert!(error.contains("there are more than 2 pages"), "{error}");
}

#[tokio::test]
async fn operation_whose_list_comes_whole_has_no_pages() {
    let service = Service::start(|_| json!({})).await;
    let residents = Operation::find("get_residents").unwrap();
    assert!(service.spkey.call(residents).set("lock_id", 1).pages().is_none());
}
