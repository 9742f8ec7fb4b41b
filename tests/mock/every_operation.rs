use std::collections::BTreeSet;

use spkey::mock::MockSpKey;
use spkey::reqwest;
use spkey::{Auth, Operation};

use crate::call::calls;
use crate::sample::{Contract, Shape};

/// Mocks one operation, and expects one call of it.
type Entry = fn(&MockSpKey);

include!(concat!(env!("OUT_DIR"), "/mocks.rs"));

#[test]
fn every_operation_has_an_entry() {
    let mocked: BTreeSet<_> = MOCKS.iter().map(|(id, _)| *id).collect();
    let operations: BTreeSet<_> = Operation::all().iter().map(|operation| operation.id).collect();
    assert_eq!(mocked, operations);
}

#[tokio::test]
async fn every_default_answer_is_one_of_the_contract_and_is_read_by_the_client() {
    let contract = Contract::read();
    let mock = MockSpKey::start().await;
    let client = mock.client();
    for (id, entry) in MOCKS {
        entry(&mock);
        let operation = contract.operations().find(|operation| operation.id == *id).unwrap();
        let (_, call) = calls().iter().find(|(called, _)| called == id).unwrap();
        let answer = call(&client, &operation.given(Shape::Full)).await;
        let answer = answer.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(answer.status, operation.success(Shape::Full)[0].0, "{id}");
    }
    mock.finish().unwrap();
}

#[tokio::test]
async fn credentials_are_asked_for_as_the_service_does() {
    let mock = MockSpKey::start().await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for operation in Operation::all() {
        let (_, entry) = MOCKS.iter().find(|(id, _)| *id == operation.id).unwrap();
        entry(&mock);
        let path = operation.path.replace(['{', '}'], "");
        let status = async |headers: &[(&str, &str)]| {
            let mut request = http.request(operation.method.clone(), format!("{}{path}", mock.uri()));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            request.send().await.unwrap().status().as_u16()
        };
        let (key, bearer, admin) = (("x-api-key", "k"), ("authorization", "Bearer t"), ("x-admin-api-key", "a"));
        let refused: &[&[(&str, &str)]] = match operation.auth {
            Auth::Caller => &[&[], &[admin], &[("authorization", "Bearer ")], &[("authorization", "Basic t")]],
            Auth::Admin => &[&[], &[key], &[bearer], &[admin], &[admin, key], &[bearer, key]],
            _ => &[],
        };
        for headers in refused {
            assert_eq!(status(headers).await, 401, "{} with {headers:?}", operation.id);
        }
        let enough: &[(&str, &str)] = match operation.auth {
            Auth::Caller => &[key],
            Auth::Admin => &[bearer, admin],
            _ => &[],
        };
        assert_ne!(status(enough).await, 401, "{} with {enough:?}", operation.id);
    }
    mock.finish().unwrap();
}
