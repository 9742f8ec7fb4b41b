use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

#[test]
fn only_a_uuid_with_hyphens_is_an_id() {
    let user: UserId = USER.parse().unwrap();
    assert_eq!(UserId::try_from(USER.to_owned()).unwrap(), user);
    assert_eq!(UserId::try_from(&USER.to_owned()).unwrap(), UserId::from(&user));
    let braced = format!("{{{USER}}}");
    let urn = format!("urn:uuid:{USER}");
    let spaced = format!("{USER} ");
    let wrong = ["550e8400-e29b-41d4-a716-44665544000g", "550e8400-e29b-41d4-a716-44665544000-"];
    let moved = ["550e840-0e29b-41d4-a716-446655440000", "550e8400-e29b-41d4a-716-446655440000"];
    let other = ["", "123", "550e8400e29b41d4a716446655440000", &braced, &urn, &spaced];
    for text in wrong.into_iter().chain(moved).chain(other) {
        let error = text.parse::<UserId>().unwrap_err();
        assert_eq!(error.to_string(), format!("not a user's id: give a UUID, like {USER}"), "{text:?}");
    }
    // As long as an id in bytes, and not ASCII.
    assert!("550e8400-e29b-41d4-a716-4466554400é".parse::<UserId>().is_err());
}

#[test]
fn upper_case_gives_the_same_id() {
    let (upper, lower): (UserId, UserId) = (USER.to_uppercase().parse().unwrap(), USER.parse().unwrap());
    assert_eq!(upper, lower);
    assert_eq!(HashSet::from([upper, lower]).len(), 1);
    assert_eq!(upper.as_str(), USER);
    assert_eq!(serde_json::from_str::<UserId>(&format!("{:?}", USER.to_uppercase())).unwrap(), lower);
}

#[test]
fn id_compares_with_text_and_shows_it() {
    let user: UserId = USER.parse().unwrap();
    assert_eq!(user, USER);
    assert_eq!(user, *USER);
    assert_eq!(USER, user);
    assert_eq!(*USER, user);
    assert!(user != "550e8400-e29b-41d4-a716-446655440001");
    assert_eq!(format!("{user} {user:?}"), format!("{USER} UserId({USER:?})"));
    assert_eq!((user.as_ref(), String::from(user).as_str()), (USER, USER));
}

#[test]
fn json_text_alone_is_read() {
    assert_eq!(serde_json::to_string(&UserId::try_from(USER).unwrap()).unwrap(), format!("{USER:?}"));
    for json in
        ["null", "true", "123", "1.5", "[]", "{}", r#""""#, r#""123""#, r#"["550e8400-e29b-41d4-a716-446655440000"]"#]
    {
        let error = serde_json::from_str::<UserId>(json).unwrap_err().to_string();
        assert!(error.contains("give a UUID, like 550e8400"), "{json}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_uuid_is_an_id_and_comes_back(number in any::<u128>(), other in any::<u128>()) {
        let (uuid, other) = (Uuid::from_u128(number), Uuid::from_u128(other));
        let id = UserId::from(uuid);
        prop_assert_eq!(Uuid::from(id), uuid);
        prop_assert_eq!(id.to_string(), uuid.to_string());
        prop_assert_eq!(id.as_str().parse::<UserId>().unwrap(), id);
        prop_assert_eq!(serde_json::from_str::<UserId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
        prop_assert_eq!(id.cmp(&UserId::from(other)), uuid.cmp(&other));
    }
}
