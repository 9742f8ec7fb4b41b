//! What users have: license plates and physical keys.

use crate::{STAFF, USER, kind, status, with_user_and_lock};

#[tokio::test]
async fn plate_is_stored_in_one_form_and_added_once() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let add = |plate: &'static str| spkey.add_license_plate(USER).plate(plate).label("car");
    let added = add("b-xy 123").send().await.unwrap();
    assert_eq!(
        (kind(added.event.as_ref()).as_deref(), added.plate.as_deref()),
        (Some("LicensePlateAdded"), Some("BXY123"))
    );
    assert_eq!(status(add("BXY 123").send().await), 400);
    assert_eq!(status(add(" - ").send().await), 400);
    let plates = spkey.get_license_plates(USER).send().await.unwrap();
    assert_eq!((plates.license_plates.len(), plates.license_plates[0].label.as_deref()), (1, Some("car")));
    let remove = || spkey.remove_license_plate(USER).plate("b-x-y-1-2-3");
    assert_eq!(kind(remove().send().await.unwrap().event.as_ref()).as_deref(), Some("LicensePlateRemoved"));
    assert_eq!(status(remove().send().await), 400);
    assert!(spkey.get_license_plates(USER).send().await.unwrap().license_plates.is_empty());
    assert_eq!(status(spkey.get_license_plates(STAFF).send().await), 404);
}

#[tokio::test]
async fn number_of_a_physical_key_is_never_reused() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let add = |note: String| spkey.add_physical_key(USER).org_id("acme").org_name("Acme").note(note);
    let number = async |note: &str| {
        let response = add(note.to_owned()).send().await.unwrap();
        assert_eq!(kind(response.event.as_ref()).as_deref(), Some("PhysicalKeyAdded"));
        response.number.unwrap()
    };
    assert_eq!((number("Front door").await, number("Cellar").await), (1, 2));
    let remove = |number: i64| spkey.remove_physical_key(USER).number(number);
    assert_eq!(kind(remove(2).send().await.unwrap().event.as_ref()).as_deref(), Some("PhysicalKeyRemoved"));
    assert_eq!(status(remove(2).send().await), 404);
    assert_eq!(number("Cellar").await, 3);
    assert_eq!(status(add("x".repeat(501)).send().await), 400);
    assert_eq!(spkey.get_physical_key(USER, 3).send().await.unwrap().note.as_deref(), Some("Cellar"));
    assert_eq!(status(spkey.get_physical_key(USER, 2).send().await), 404);
    assert_eq!(spkey.get_user_keys(USER).send().await.unwrap().physical_keys.len(), 2);
}

#[tokio::test]
async fn search_finds_by_every_filter_and_lists_100_at_most() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    spkey.add_physical_key(USER).org_id("other").note("Front door").send().await.unwrap();
    for _ in 0..101 {
        spkey.add_physical_key(USER).org_id("acme").note("Cellar").send().await.unwrap();
    }
    let search = || spkey.search_physical_keys(USER);
    let all = search().send().await.unwrap();
    assert_eq!((all.keys.len(), all.total), (100, Some(102)));
    let found = search().org_id("other").q("FRONT").send().await.unwrap();
    assert_eq!((found.keys.len(), found.total), (1, Some(1)));
    assert_eq!(search().org_id("acme").q("front").send().await.unwrap().total, Some(0));
    assert_eq!(search().org_name("Acme").send().await.unwrap().total, Some(0));
}
