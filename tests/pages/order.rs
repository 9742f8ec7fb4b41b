//! Each style: which pages are requested, and the order of what comes.

use futures_util::{StreamExt, TryStreamExt};
use serde_json::json;
use spkey::mock::Sandbox;
use spkey::types::LockEventRecord;

use crate::{Service, all, lock_events, number, texts};

fn versions(events: &[LockEventRecord]) -> Vec<i64> {
    events.iter().map(|event| event.version.unwrap().to_string().parse().unwrap()).collect()
}

#[tokio::test]
async fn events_of_a_lock_come_oldest_first() {
    let service = Service::start(|query| lock_events(21, query)).await;
    let (events, error) = all(service.spkey.get_lock_events(1).items()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(versions(&events), (1..=21).collect::<Vec<_>>());
    assert_eq!(service.requested("page").await, texts(&["1", "2", "3"]));
}

#[tokio::test]
async fn events_of_a_lock_come_newest_first_from_the_default_page() {
    let service = Service::start(|query| lock_events(21, query)).await;
    let (events, error) = all(service.spkey.get_lock_events(1).items().newest_first()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(versions(&events), (1..=21).rev().collect::<Vec<_>>());
    assert_eq!(service.requested("page").await, texts(&["", "2", "1"]));
}

#[tokio::test]
async fn the_latest_20_events_take_two_requests_or_three() {
    for (all, requests) in [(40, 2), (41, 3), (21, 3), (20, 2), (5, 1)] {
        let service = Service::start(move |query| lock_events(all, query)).await;
        let latest = service.spkey.get_lock_events(1).items().newest_first().take(20);
        let latest: Vec<_> = latest.try_collect().await.unwrap();
        assert_eq!(versions(&latest), (1..=all).rev().take(20).collect::<Vec<_>>(), "of {all}");
        assert_eq!(service.requests().await, requests, "of {all}");
    }
}

#[tokio::test]
async fn both_directions_start_at_the_page_that_is_set() {
    let service = Service::start(|query| lock_events(35, query)).await;
    let call = service.spkey.get_lock_events(1).page(3);
    assert_eq!(versions(&all(call.clone().items()).await.0), (21..=35).collect::<Vec<_>>());
    assert_eq!(versions(&all(call.items().newest_first()).await.0), (1..=30).rev().collect::<Vec<_>>());
    assert_eq!(service.requested("page").await, texts(&["3", "4", "3", "2", "1"]));
}

#[tokio::test]
async fn lock_without_events_gives_none() {
    let service = Service::start(|query| lock_events(0, query)).await;
    let (events, error) = all(service.spkey.get_lock_events(1).items().newest_first()).await;
    assert_eq!((events.len(), error.map(|error| error.to_string())), (0, None));
    let (events, error) = all(service.spkey.get_lock_events(1).items()).await;
    assert_eq!((events.len(), error.map(|error| error.to_string())), (0, None));
}

#[tokio::test]
async fn events_that_are_added_meanwhile_come_once() {
    let added = std::sync::atomic::AtomicI64::new(19);
    let service =
        Service::start(move |query| lock_events(added.fetch_add(1, std::sync::atomic::Ordering::SeqCst), query)).await;
    let (events, error) = all(service.spkey.get_lock_events(1).items()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(versions(&events), (1..=20).collect::<Vec<_>>());
}

#[tokio::test]
async fn plates_of_a_camera_come_page_by_page_until_there_are_no_more() {
    let service = Service::start(|query| {
        let page = number(query, "page").unwrap();
        let events: Vec<_> = (0..2).map(|index| json!({ "id": format!("{page}-{index}") })).collect();
        json!({ "page": page, "pageSize": number(query, "pageSize"), "hasMore": page < 3, "events": events })
    })
    .await;
    let (plates, error) = all(service.spkey.get_camera_lpr_events("c").page_size(2).items()).await;
    assert!(error.is_none(), "{error:?}");
    let ids: Vec<_> = plates.into_iter().map(|plate| plate.id).collect();
    assert_eq!(ids, ["1-0", "1-1", "2-0", "2-1", "3-0", "3-1"]);
    assert_eq!(service.requested("page").await, texts(&["1", "2", "3"]));
    assert_eq!(service.requested("pageSize").await, texts(&["2", "2", "2"]));
}

#[tokio::test]
async fn aggregates_come_until_their_total() {
    let service = Service::start(|query| {
        let offset = number(query, "offset").unwrap();
        // A server may return fewer than the limit.
        let ids = (offset..7).take(if offset == 3 { 2 } else { 3 });
        let aggregates: Vec<_> =
            ids.map(|id| json!({ "aggregateType": "lock", "aggregateId": id.to_string() })).collect();
        json!({ "offset": offset, "limit": 3, "total": 7, "aggregates": aggregates })
    })
    .await;
    let (aggregates, error) = all(service.spkey.list_aggregates().type_("lock").items()).await;
    assert!(error.is_none(), "{error:?}");
    let ids: Vec<_> = aggregates.into_iter().map(|aggregate| aggregate.aggregate_id).collect();
    assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6"]);
    assert_eq!(service.requested("offset").await, texts(&["0", "3", "5"]));
    assert_eq!(service.requested("type").await, texts(&["lock", "lock", "lock"]));
}

#[tokio::test]
async fn events_of_an_aggregate_follow_the_cursor_over_empty_pages() {
    let service = Service::start(|query| {
        let next = match number(query, "cursor") {
            None => json!(100),
            Some(100) => json!(200),
            _ => json!(null),
        };
        let events = if next == 200 { json!([]) } else { json!([{ "version": next }]) };
        json!({ "events": events, "nextCursor": next })
    })
    .await;
    let call = service.spkey.get_aggregate_events("lock", "1").type_("KeyAdded");
    let (events, error) = all(call.items()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(events.len(), 2);
    assert_eq!(service.requested("cursor").await, texts(&["", "100", "200"]));
}

#[tokio::test]
async fn pages_are_whole_responses() {
    let service = Service::start(|query| lock_events(21, query)).await;
    let mut pages = service.spkey.get_lock_events(1).pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!((first.status().as_u16(), first.total_events, first.events.len()), (200, Some(21), 10));
    let newest = pages.newest_first();
    let pages: Vec<_> = newest.map_ok(|page| versions(&page.events)).try_collect().await.unwrap();
    assert_eq!(pages, [vec![21], (11..=20).collect(), (1..=10).collect()], "it starts again, each page as it is");
}

#[tokio::test]
async fn events_of_a_lock_of_the_sandbox_come_in_both_directions() {
    let sandbox = Sandbox::start().await;
    let spkey = sandbox.client();
    spkey.create_lock(1).index(1).uuid("lock-uuid").send().await.unwrap();
    for organization in 0..20 {
        spkey.set_organization(1).org_id(organization.to_string()).send().await.unwrap();
    }
    let (oldest, _) = all(spkey.get_lock_events(1).items()).await;
    assert_eq!(versions(&oldest), (1..=21).collect::<Vec<_>>());
    let (newest, _) = all(spkey.get_lock_events(1).items().newest_first()).await;
    assert_eq!(versions(&newest), (1..=21).rev().collect::<Vec<_>>());
}
