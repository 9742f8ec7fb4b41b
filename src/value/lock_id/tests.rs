use proptest::prelude::*;
use serde::Deserialize;

use super::*;

fn lock(number: u64) -> LockId {
    LockId::try_from(number).unwrap()
}

#[test]
fn only_plain_digits_of_a_positive_u64_are_an_id() {
    for (text, number) in
        [("1", 1), ("123", 123), ("9007199254740993", (1 << 53) + 1), ("18446744073709551615", u64::MAX)]
    {
        assert_eq!(text.parse::<LockId>().unwrap().get(), number);
        assert_eq!(LockId::try_from(text).unwrap(), LockId::try_from(text.to_owned()).unwrap());
        assert_eq!(LockId::try_from(&text.to_owned()).unwrap(), number);
    }
    let user = "550e8400-e29b-41d4-a716-446655440000";
    for text in ["", "0", "00", "007", "+1", "-1", " 1", "1 ", "1.0", "1e2", "0x10", "١", "18446744073709551616", user]
    {
        let error = text.parse::<LockId>().unwrap_err();
        assert_eq!(error.to_string(), "not a lock's id: give a positive integer, like 123", "{text:?}");
    }
}

#[test]
fn every_integer_type_is_taken_and_compared_by_its_number() {
    let seven = lock(7);
    assert!(seven == 7_u8 && seven == 7_u16 && seven == 7_u32 && seven == 7_u64 && seven == 7_usize);
    assert!(seven == 7_i8 && seven == 7_i16 && seven == 7_i32 && seven == 7_i64 && seven == 7_isize);
    assert_eq!(7, seven);
    assert_ne!(8, seven);
    assert_ne!(seven, 8);
    assert_ne!(seven, -7);
    assert_eq!(LockId::try_from(7_u8).unwrap(), LockId::try_from(7_isize).unwrap());
    assert_eq!(LockId::try_from(7).unwrap(), seven);
    assert!(LockId::try_from(0_u8).is_err() && LockId::try_from(-1_i8).is_err());
    assert!(LockId::try_from(i64::MIN).is_err());
    assert_eq!(u64::from(lock(u64::MAX)), u64::MAX);
}

#[test]
fn ids_order_by_number_and_hash_alike() {
    let mut ids = [100, 9, 10, 1].map(lock);
    ids.sort();
    assert_eq!(ids, [1, 9, 10, 100].map(lock));
    let reference = &ids[3];
    assert_eq!(LockId::from(reference), *reference);
    assert!(std::collections::HashSet::from(ids).contains(&lock(9)));
}

#[test]
fn id_is_written_as_text() {
    assert_eq!(serde_json::to_string(&lock(u64::MAX)).unwrap(), r#""18446744073709551615""#);
    assert_eq!(format!("{} {:>5} {:?}", lock(123), lock(7), lock(7)), "123     7 LockId(7)");
    assert_eq!(String::from(lock(123)), "123");
}

#[test]
fn json_number_or_text_of_digits_is_read() {
    let read = |json: &str| serde_json::from_str::<LockId>(json);
    for (json, number) in [
        ("123", 123),
        (r#""123""#, 123),
        (r#""\u0031""#, 1),
        ("18446744073709551615", u64::MAX),
        (r#""18446744073709551615""#, u64::MAX),
        ("123.0", 123),
        ("1e2", 100),
        ("562949953421311.0", (1 << 49) - 1),
    ] {
        assert_eq!(read(json).unwrap(), number, "{json}");
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(LockId::deserialize(&value).unwrap(), number, "{json}");
        assert_eq!(serde_json::from_reader::<_, LockId>(json.as_bytes()).unwrap(), number, "{json}");
    }
    let wrong = [
        "0",
        "-0",
        "-1",
        "0.0",
        "1.5",
        "-3.0",
        "562949953421312.0",
        "9007199254740991.0",
        "1e300",
        "18446744073709551616",
        "true",
        "null",
        "[]",
        "[1]",
        "{}",
        r#"{ "id": 1 }"#,
        r#""""#,
        r#""0""#,
        r#""+1""#,
        r#""-1""#,
        r#""01""#,
        r#""1.0""#,
        r#"" 1""#,
    ];
    for json in wrong {
        let error = read(json).unwrap_err().to_string();
        assert!(error.contains("give a positive integer, like 123"), "{json}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(number in 1..=u64::MAX) {
        let id = lock(number);
        prop_assert_eq!(id.to_string().parse::<LockId>().unwrap(), id);
        prop_assert_eq!(serde_json::from_str::<LockId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
        prop_assert_eq!(serde_json::from_str::<LockId>(&number.to_string()).unwrap(), id);
    }

    #[test]
    fn float_is_read_as_that_id_or_rejected(number in 1..u64::MAX, bits in prop_oneof![0..64_u32, 11..16_u32], zeros in 1..20_usize) {
        let number = (number >> bits).max(1);
        let read = serde_json::from_str::<LockId>(&format!("{number}.{}", "0".repeat(zeros)));
        prop_assert!(read.is_ok() || number >= 1 << 49 || zeros > 1);
        prop_assert!(read.is_err() || read.is_ok_and(|id| id == number));
    }

    #[test]
    fn id_that_parses_has_that_text(text in prop_oneof!["[0-9+. -]{0,3}", "[0-9]{0,22}"]) {
        if let Ok(id) = text.parse::<LockId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}
