//! What comes back as a success, and what `Debug` shows of it.

use serde_json::Value;

use crate::call::ServerWithOneResponse;
use crate::sample::{Contract, SECRET, Shape, without_additions};
use crate::{client, exchange, for_each_operation};

#[tokio::test]
async fn every_documented_success_is_read_completely_with_its_status() {
    for_each_operation(async |server, client, operation| {
        for (status, response) in operation.success(Shape::Full) {
            let given = operation.given(Shape::Full);
            let exchange = exchange(server, client, operation, given, (status, &response)).await;
            let returned = exchange.result.unwrap_or_else(|error| panic!("{}: {error}", operation.id));
            assert_eq!(returned.status, status, "{}", operation.id);
            assert_eq!(returned.value, response, "{}", operation.id);
            assert_eq!(returned.location.is_some(), status == 303, "{}", operation.id);
        }
    })
    .await;
}

#[tokio::test]
async fn response_with_missing_null_or_new_fields_and_new_values_is_read() {
    for_each_operation(async |server, client, operation| {
        for shape in [Shape::Required, Shape::Null, Shape::Drifted] {
            for (status, response) in operation.success(shape) {
                let given = operation.given(Shape::Full);
                let exchange = exchange(server, client, operation, given, (status, &response)).await;
                let returned = exchange.result.unwrap_or_else(|error| panic!("{} {shape:?}: {error}", operation.id));
                assert_eq!(returned.status, status, "{}", operation.id);
                if shape == Shape::Drifted {
                    let known = without_additions(&response);
                    assert_eq!(returned.value, known, "{}: new values survive", operation.id);
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn secrets_are_in_no_debug_output() {
    let mut secrets = 0;
    let contract = Contract::read();
    let server = ServerWithOneResponse::start().await;
    let client = client(&server);
    for operation in contract.operations() {
        let (status, response) = operation.success(Shape::Full).remove(0);
        let given = operation.given(Shape::Full);
        let on_the_wire = given.path.iter().chain(given.query.values()).cloned().collect::<String>()
            + &given.body.as_ref().map(Value::to_string).unwrap_or_default();
        let exchange = exchange(&server, &client, &operation, given, (status, &response)).await;
        let returned = exchange.result.unwrap_or_else(|error| panic!("{}: {error}", operation.id));
        secrets += (on_the_wire + &response.to_string()).matches(SECRET).count();
        for shown in exchange.shown.call.iter().chain(&exchange.shown.body).chain(&returned.shown) {
            assert!(!shown.contains(SECRET), "{}: {shown}", operation.id);
        }
    }
    assert!(secrets > 20, "the contract has secrets: {secrets}");
}
