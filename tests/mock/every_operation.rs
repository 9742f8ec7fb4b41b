use spkey::mock::MockSpKey;
use spkey::reqwest;
use spkey::{Auth, Operation};

use crate::call::{self, OperationTest, operations};
use crate::sample::{Contract, Shape};

#[tokio::test]
async fn default_response_of_every_operation_is_in_the_contract_and_the_client_reads_it() {
    let contract = Contract::read();
    let mock = MockSpKey::start().await;
    let client = mock.client();
    for OperationTest { id, call, stub, .. } in operations() {
        stub(&mock, &client);
        let operation = contract.operations().find(|operation| operation.id == *id).unwrap();
        let returned = call(&client, &operation.given(Shape::Full)).await;
        let returned = returned.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(returned.status, operation.success(Shape::Full)[0].0, "{id}");
    }
    mock.finish().unwrap();
}

#[tokio::test]
async fn every_operation_requires_the_credentials_that_the_service_requires() {
    let mock = MockSpKey::start().await;
    let client = mock.client();
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for operation in Operation::all() {
        (call::operation(operation.id).stub)(&mock, &client);
        let path = operation.path.replace(['{', '}'], "");
        let status = async |headers: &[(&str, &str)]| {
            let mut request = http.request(operation.method.clone(), format!("{}{path}", mock.uri()));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            request.send().await.unwrap().status().as_u16()
        };
        let (key, bearer, admin) = (("x-api-key", "k"), ("authorization", "Bearer t"), ("x-admin-api-key", "a"));
        let rejected: &[&[(&str, &str)]] = match operation.auth {
            Auth::Caller => &[&[], &[admin], &[("authorization", "Bearer ")], &[("authorization", "Basic t")]],
            Auth::Admin => &[&[], &[key], &[bearer], &[admin], &[admin, key], &[bearer, key]],
            _ => &[],
        };
        for headers in rejected {
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
