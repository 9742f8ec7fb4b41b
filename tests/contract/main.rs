//! Every operation of the contract, from the contract: what goes on the wire, and what comes back.

mod call;
mod errors;
mod requests;
mod responses;
mod run_time;
mod sample;
mod types;

use std::collections::BTreeSet;

use call::{Exchange, Given, ServerWithOneResponse};
use sample::{Contract, Described};
use serde_json::Value;
use spkey::{Client, Operation, RetryPolicy};

const BEARER: &str = "made-up.bearer.token";
const API_KEY: &str = "MadeUpApiKey";
const ADMIN_KEY: &str = "MadeUpAdminKey";

fn client(server: &ServerWithOneResponse) -> Client {
    let builder = Client::builder().base_url(server.uri()).retry(RetryPolicy::none());
    builder.bearer_token(BEARER).api_key(API_KEY).admin(ADMIN_KEY).build().unwrap()
}

/// Runs `check` for every operation, each with a response of its choice.
async fn for_each_operation(check: impl AsyncFn(&ServerWithOneResponse, &Client, &Described<'_>)) {
    let contract = Contract::read();
    let server = ServerWithOneResponse::start().await;
    let client = client(&server);
    for operation in contract.operations() {
        check(&server, &client, &operation).await;
    }
}

async fn exchange(
    server: &ServerWithOneResponse,
    client: &Client,
    operation: &Described<'_>,
    given: Given,
    response: (u16, &Value),
) -> Exchange {
    server.respond_with(response.0, response.1, operation.returns_html());
    let result = (call::operation(&operation.id).call)(client, &given).await;
    Exchange { result, request: server.last_request(), shown: given.shown() }
}

#[test]
fn every_operation_of_the_contract_is_in_the_table_and_is_tested() {
    let in_contract: BTreeSet<_> = Contract::read().operations().map(|operation| operation.id).collect();
    let in_table: BTreeSet<_> = Operation::all().iter().map(|operation| operation.id.to_owned()).collect();
    let tested: BTreeSet<_> = call::operations().iter().map(|operation| operation.id.to_owned()).collect();
    assert!(!in_contract.is_empty());
    assert_eq!(in_contract, in_table);
    assert_eq!(in_contract, tested);
}
