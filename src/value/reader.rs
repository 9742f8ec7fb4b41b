//! How JSON of the service is read into types of the contract.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::value::conform::{self, Ignored};
use crate::value::json;
use crate::value::read_error::ReadError;
use crate::value::shape::Shaped;

/// A value, with the paths of what was ignored when it was read.
pub type ReadResult<T> = Result<(T, Ignored), ReadError>;

/// Reads JSON, and returns the paths of what was ignored.
///
/// What is as the contract says is read at once. Only if that fails, the JSON is made to conform to the contract: numbers
/// and texts are converted, and what cannot be understood is left out.
///
/// # Errors
/// Where it is no JSON, or lacks a field without which it is useless.
pub(crate) fn from_slice<T: DeserializeOwned + Shaped>(bytes: &[u8]) -> ReadResult<T> {
    let bytes = json::without_byte_order_mark(bytes);
    match serde_json::from_slice(bytes) {
        Ok(value) => Ok((value, Ignored::default())),
        Err(_) => read_leniently(&json::valid_unicode(bytes)),
    }
}

/// Reads parsed JSON in the same way.
///
/// # Errors
/// As [`from_slice`].
pub(crate) fn from_value<T: DeserializeOwned + Shaped>(value: &Value) -> ReadResult<T> {
    match T::deserialize(value) {
        Ok(value) => Ok((value, Ignored::default())),
        Err(_) => read_leniently(&value.to_string()),
    }
}

#[cold]
fn read_leniently<T: DeserializeOwned + Shaped>(json: &str) -> ReadResult<T> {
    let (json, ignored) = conform::conform(json, T::SHAPE)?;
    Ok((json::from_text(&json)?, ignored))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::{
        AddAccessibleLockResponse, AdminDlqOverview, CommandResult, GetAccessibleLocksResponse, GetResidentsResponse,
    };

    fn read<T: DeserializeOwned + Shaped>(json: &str) -> Result<(T, Vec<String>), String> {
        let (value, ignored) = from_slice(json.as_bytes()).map_err(|error| error.to_string())?;
        Ok((value, ignored.paths().to_vec()))
    }

    #[test]
    fn numbers_and_texts_convert_into_each_other() {
        let (result, ignored) = read::<CommandResult>(r#"{ "version": "7", "aggregateId": 12.0 }"#).unwrap();
        assert_eq!((result.version, result.aggregate_id.as_deref()), (Some(7.into()), Some("12")));
        assert!(ignored.is_empty());
        let (locks, _) = read::<GetAccessibleLocksResponse>(r#"{ "locks": [], "totalCount": 1.0 }"#).unwrap();
        assert_eq!(locks.total_count, Some(1));
    }

    #[test]
    fn field_that_cannot_be_understood_is_missing_and_named() {
        let json = r#"{ "success": "yes", "version": 1e400, "aggregateId": [[7]], "event": 1e400, "new": {} }"#;
        let (result, ignored) = read::<CommandResult>(json).unwrap();
        assert_eq!((result.success, result.version, result.aggregate_id), (None, None, None));
        assert_eq!(result.event.unwrap().text(), "1e400");
        assert_eq!(ignored, ["success", "aggregateId", "version"]);
        let (granted, ignored) = read::<AddAccessibleLockResponse>(r#"{ "lockId": "front door" }"#).unwrap();
        assert_eq!((granted.lock_id, ignored), (None, vec!["lockId".to_owned()]));
    }

    #[test]
    fn null_in_a_list_is_passed_over_and_named() {
        let json = r#"{ "residents": [null, { "name": "Ada", "hasPhone": 1 }, null] }"#;
        let (list, ignored) = read::<GetResidentsResponse>(json).unwrap();
        assert_eq!(list.residents.len(), 1);
        assert_eq!(ignored, ["residents[0]", "residents[1].hasPhone", "residents[2]"]);
    }

    #[test]
    fn element_that_is_not_identified_fails_the_list_and_is_named() {
        let read = |element: &str| {
            let json = format!(r#"{{ "locks": [{{ "lockId": "1" }}, {element}] }}"#);
            read::<GetAccessibleLocksResponse>(&json).unwrap_err()
        };
        for element in ["{}", r#"{ "lockId": null }"#, r#"{ "lockId": "front door" }"#] {
            assert_eq!(read(element), "locks[1].lockId is missing or not of its type", "{element}");
        }
        for element in ["7", r#""1""#, "[]"] {
            assert_eq!(read(element), "locks[1] is missing or not of its type", "{element}");
        }
        assert_eq!(
            super::from_slice::<GetAccessibleLocksResponse>(b"{}").unwrap_err().to_string(),
            "locks is missing or not of its type"
        );
    }

    #[test]
    fn names_of_a_map_are_in_no_path() {
        let json = r#"{ "byProjector": { "a": 1, "made-up": "x", "c": null, "d": "4" } }"#;
        let (overview, ignored) = read::<AdminDlqOverview>(json).unwrap();
        let counts = overview.by_projector;
        assert_eq!((counts.get("a"), counts.get("d"), counts.len()), (Some(&1), Some(&4), 2));
        assert_eq!(ignored, ["byProjector.*", "byProjector.*"]);
    }

    #[test]
    fn of_a_field_that_comes_twice_the_last_counts() {
        let (result, ignored) = read::<CommandResult>(r#"{ "version": "x", "version": "8" }"#).unwrap();
        assert_eq!((result.version, ignored.len()), (Some(8.into()), 0));
    }

    #[test]
    fn what_is_no_object_is_an_error_that_shows_no_value() {
        for json in ["null", "[]", r#""secret-text""#, "7", "true"] {
            assert_eq!(read::<CommandResult>(json).unwrap_err(), "it is no JSON object", "{json}");
        }
        for json in ["", "{", r#"{ "version": 7, "success": tru"#, r#"{ "version": [1, "#] {
            let error = read::<CommandResult>(json).unwrap_err();
            assert!(error.starts_with("it is empty or truncated, at line 1 column "), "{json}: {error}");
        }
        assert_eq!(read::<CommandResult>("<html>").unwrap_err(), "it is not JSON, at line 1 column 1");
    }

    #[test]
    fn odd_unicode_and_depth_lose_no_field() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let json = format!(
            "\u{feff}{{ \"success\": true, \"version\": \"7\", \"aggregateId\": \"\\ud83c\", \"event\": {deep}, \"x\": {deep} }}"
        );
        let (result, ignored) = read::<CommandResult>(&json).unwrap();
        assert_eq!((result.success, result.version), (Some(true), Some(7.into())));
        assert_eq!(result.aggregate_id.as_deref(), Some("\u{fffd}"));
        assert_eq!((result.event.unwrap().text(), ignored.len()), (deep.clone(), 0));
        let (result, ignored) =
            read::<CommandResult>(&format!(r#"{{ "version": 7, "aggregateId": {deep} }}"#)).unwrap();
        assert_eq!((result.version, ignored), (Some(7.into()), vec!["aggregateId".to_owned()]));
    }

    #[test]
    fn parsed_json_is_read_in_the_same_way() {
        let (result, ignored) = from_value::<CommandResult>(&json!({ "version": "7", "success": 1 })).unwrap();
        assert_eq!((result.version, result.success), (Some(7.into()), None));
        assert_eq!(ignored.paths(), ["success"]);
    }

    #[test]
    fn at_most_a_hundred_paths_are_kept() {
        let json = format!(r#"{{ "residents": [{}null] }}"#, "null,".repeat(100_000));
        assert_eq!(read::<GetResidentsResponse>(&json).unwrap().1.len(), 100);
    }
}
