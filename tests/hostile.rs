//! Random values from a service, a configuration or a caller: nothing panics, and nothing is taken for what it is not.
//! `PROPTEST_CASES` sets how many cases are tried.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use spkey::mock::read_response;
use spkey::operations::{AddAccessibleLock, AddWalletKey, CreateLockTempKey};
use spkey::{Client, ErrorKind, LockId, SensitiveJson, UserId, types};

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// Any value, with odd numbers and texts above all.
fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        // A number of many digits may change in the last one when it is read: those are left out.
        any::<i32>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        prop::sample::select(vec![0, 1, u64::MAX, 1 << 53]).prop_map(Value::from),
        prop::sample::select(vec![1e300, -1e-300, 0.1, -0.0]).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "0",
            "-1",
            "123",
            "null",
            "true",
            "550e8400-e29b-41d4-a716-446655440000",
            "user"
        ])
        .prop_map(Value::from),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// An object in which every field that the contract knows has any value, or is not there.
fn object_of(fields: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let value = prop_oneof![3 => leaf(), 1 => any_json()];
    prop::collection::vec(prop::option::weighted(0.7, value), fields.len()).prop_map(|values| {
        let pairs = fields.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        Value::Object(pairs.collect::<Map<_, _>>())
    })
}

/// Reads a text as `T`. What can be read can be written, and reads as the same again.
fn check<T: DeserializeOwned + Serialize>(text: &str) -> Result<(), TestCaseError> {
    let Ok(value) = serde_json::from_str::<T>(text) else { return Ok(()) };
    let written = serde_json::to_string(&value).unwrap();
    let again: T =
        serde_json::from_str(&written).map_err(|error| TestCaseError::fail(format!("{written}: {error}")))?;
    prop_assert_eq!(serde_json::to_string(&again).unwrap(), written);
    Ok(())
}

fn check_all(text: &str) -> Result<(), TestCaseError> {
    check::<types::AddAccessibleLockResponse>(text)?;
    check::<types::CommandResult>(text)?;
    check::<types::UserProfile>(text)?;
    check::<types::UserByEmail>(text)?;
    check::<types::WalletLink>(text)?;
    check::<types::UserThreedeyeCredentials>(text)?;
    check::<types::OpenLockWithPinResponse>(text)?;
    check::<types::OpsOverviewResponse>(text)?;
    check::<types::AccessLevel>(text)?;
    check::<types::DeviceType>(text)?;
    check::<SensitiveJson>(text)?;
    check::<LockId>(text)?;
    check::<UserId>(text)?;
    let _ = serde_json::from_str::<spkey::ApiError>(text);
    Ok(())
}

const FIELDS: &[&str] = &[
    "success",
    "aggregateId",
    "version",
    "event",
    "lockId",
    "userId",
    "uuid",
    "email",
    "firstName",
    "lastName",
    "status",
    "url",
    "password",
    "accessLevel",
    "offline",
    "environment",
    "created",
    "error",
    "message",
    "code",
    "details",
    "errors",
];

/// Trusts no certificate: those of the system need not be there, and are slow to load.
fn untrusting(http: spkey::reqwest::ClientBuilder) -> spkey::reqwest::ClientBuilder {
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let http = http.tls_certs_only([]);
    http
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_value_of_any_field_is_read_or_rejected(value in object_of(FIELDS)) {
        check_all(&value.to_string())?;
    }

    #[test]
    fn any_object_is_a_response_of_a_command(value in object_of(FIELDS)) {
        let text = value.to_string();
        let read = read_response::<AddAccessibleLock>(text.as_bytes()).unwrap();
        prop_assert!(read.ignored().iter().all(|path| value.get(path).is_some()), "{:?}", read.ignored());
        read_response::<AddWalletKey>(text.as_bytes()).unwrap();
        read_response::<CreateLockTempKey>(text.as_bytes()).unwrap();
    }

    #[test]
    fn any_json_is_read_or_rejected(value in any_json()) {
        check_all(&value.to_string())?;
    }

    #[test]
    fn any_text_is_read_or_rejected(text in prop_oneof![any::<String>(), "[\\[\\]{}:,\"0-9eE.+\\-a-z\\\\]{0,80}"]) {
        check_all(&text)?;
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack(depth in 1..2_000_usize, open in prop::sample::select(vec!["[", "{\"event\":", "{\"details\":[{\"x\":"])) {
        check_all(&open.repeat(depth))?;
    }

    #[test]
    fn optional_id_of_any_value_does_not_make_a_response_unreadable(value in any_json()) {
        let json = serde_json::json!({ "lockId": value, "success": true }).to_string();
        let read = read_response::<AddAccessibleLock>(json.as_bytes()).unwrap();
        prop_assert_eq!(read.success, Some(true));
        prop_assert_eq!(read.ignored().len(), usize::from(read.lock_id.is_none() && !value.is_null()));
        prop_assert_eq!(read.lock_id, serde_json::from_value::<LockId>(value).ok());
    }

    #[test]
    fn any_base_url_is_used_as_it_is_or_rejected(url in base_url()) {
        let builder = Client::builder().api_key("x").base_url(url.as_str()).http(untrusting);
        match builder.build() {
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Config),
            Ok(client) => {
                let used = spkey::reqwest::Url::parse(client.base_url()).unwrap();
                let given = spkey::reqwest::Url::parse(&url).unwrap();
                prop_assert_eq!(used.origin(), given.origin());
                let here = matches!(used.host_str(), Some("localhost" | "[::1]")) || used.host_str().unwrap().starts_with("127.");
                prop_assert!(used.scheme() == "https" || used.scheme() == "http" && here, "{used}");
                prop_assert!(used.username().is_empty() && used.password().is_none() && used.query().is_none(), "{used}");
                prop_assert!(!client.base_url().ends_with('/'));
            }
        }
    }

    #[test]
    fn any_credential_is_accepted_or_rejected_without_being_shown(key in any::<String>(), app in any::<String>()) {
        let builder = Client::builder().http(untrusting);
        let built = builder.bearer_token(key.as_str()).api_key(key.as_str()).admin(key.as_str()).app(app.as_str()).build();
        let fit = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        prop_assert!(fit || built.is_err());
        if let Err(error) = built {
            prop_assert_eq!(error.kind(), ErrorKind::Config);
            prop_assert!(key.len() < 4 || !error.to_string().contains(&key), "{error}");
        }
    }

    #[test]
    fn id_of_one_kind_is_never_taken_for_the_other(text in prop_oneof![any::<String>(), "[0-9]{1,40}", "[0-9a-fA-F-]{30,40}"]) {
        let (lock, user) = (LockId::try_from(text.as_str()), UserId::try_from(text.as_str()));
        prop_assert!(lock.is_err() || user.is_err());
        if let Ok(lock) = lock {
            prop_assert_eq!(lock.to_string(), text.as_str());
        }
        if let Ok(user) = user {
            prop_assert_eq!(user.as_str(), text.to_lowercase());
        }
    }
}

fn base_url() -> impl Strategy<Value = String> {
    let scheme = prop::sample::select(vec![
        "https://",
        "http://",
        "HTTPS://",
        "ftp://",
        "https:",
        "//",
        "",
        " https://",
        "data:",
    ]);
    let user = prop::sample::select(vec!["", "", "", "user@", "user:password@", "@", ":@"]);
    let host = prop_oneof![
        prop::sample::select(vec![
            "api.spkey.co",
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0x7f.1",
            "localhost.",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "10.0.0.1",
            "",
            "[",
            "xn--",
            "a b",
            "é.example.com",
            "%6c",
        ])
        .prop_map(ToOwned::to_owned),
        any::<String>(),
    ];
    let tail = prop_oneof![
        prop::sample::select(vec![
            "", "/", "//", ":8787", ":99999", "/v1", "/v1/", "/..", "/%2e%2e/", "?a=b", "#x", "/a//b", "\\x"
        ])
        .prop_map(ToOwned::to_owned),
        any::<String>(),
    ];
    (scheme, user, host, tail).prop_map(|(scheme, user, host, tail)| format!("{scheme}{user}{host}{tail}"))
}
