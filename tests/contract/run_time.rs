//! A call of an operation that is chosen at run time is the call of the operation's own method.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spkey::{Client, Error, Operation, OperationCall, Response, SensitiveJson};

use crate::call::{Given, RecordedRequest, ServerWithOneResponse};
use crate::sample::{Described, SECRET, Shape};
use crate::{exchange, for_each_operation};

fn call(client: &Client, operation: &Described<'_>, given: &Given) -> OperationCall {
    let operation = Operation::find(&operation.id).unwrap();
    operation.inputs.iter().fold(client.call(operation), |call, input| {
        let in_body = || given.body.as_ref()?.get(input.wire);
        match given.parameters.get(input.wire).or_else(in_body) {
            Some(value) => call.set(input.name, value.clone()),
            None => call,
        }
    })
}

struct Both {
    result: Result<Response<SensitiveJson>, Error>,
    expected: Result<Value, Error>,
    requests: [RecordedRequest; 2],
}

/// Calls an operation in both ways.
async fn both(
    server: &ServerWithOneResponse,
    client: &Client,
    operation: &Described<'_>,
    shape: Shape,
    (status, response): (u16, &Value),
) -> Both {
    let given = operation.given(shape);
    server.respond_with(status, response, operation.returns_html());
    let result = call(client, operation, &given).send().await;
    let request = server.last_request();
    let expected = exchange(server, client, operation, given, (status, response)).await;
    Both { result, expected: expected.result.map(|returned| returned.value), requests: [request, expected.request] }
}

#[tokio::test]
async fn request_is_that_of_the_operations_own_method() {
    for_each_operation(async |server, client, operation| {
        for shape in [Shape::Full, Shape::Required, Shape::NullSent, Shape::NewValues] {
            let (status, response) = operation.success(Shape::Full).remove(0);
            let both = both(server, client, operation, shape, (status, &response)).await;
            let id = &operation.id;
            both.expected.unwrap_or_else(|error| panic!("{id}: {error}"));
            both.result.unwrap_or_else(|error| panic!("{id}: {error}"));
            let [request, expected] = both.requests;
            assert_eq!(request.method, expected.method, "{id}");
            assert_eq!(request.path_values(&operation.path), expected.path_values(&operation.path), "{id}");
            assert_eq!(request.query(), expected.query(), "{id}");
            assert_eq!(request.header_names(), expected.header_names(), "{id}");
            let unsent = call(client, operation, &operation.given(shape)).to_request().unwrap();
            assert_eq!(unsent.method().as_str(), request.method, "{id}");
            assert_eq!(unsent.url().path(), request.path(), "{id}");
            assert_eq!(unsent.url().query_pairs().into_owned().collect::<BTreeMap<_, _>>(), request.query(), "{id}");
            assert_eq!(unsent.body().is_some(), request.json().is_some(), "{id}");
            assert!(
                !unsent.headers().contains_key("authorization") && !unsent.headers().contains_key("x-api-key"),
                "{id}"
            );

            let set = operation.given(shape).body;
            let mark = operation.mark().filter(|mark| set.as_ref().is_some_and(|body| body.get(mark).is_none()));
            let body = |request: &RecordedRequest| {
                let mut body = request.json();
                let filled_in = mark.map(|mark| body.as_mut()?.as_object_mut()?.remove(mark));
                assert!(filled_in.is_none_or(|mark| mark.is_some_and(|mark| mark.is_string())), "{id}");
                body
            };
            assert_eq!(body(&request), body(&expected), "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn response_is_the_json_as_it_came() {
    for_each_operation(async |server, client, operation| {
        let drifted = if operation.returns_html() { Shape::Full } else { Shape::Drifted };
        let (status, response) = operation.success(drifted).remove(0);
        let returned = both(server, client, operation, Shape::Full, (status, &response)).await.result;
        let returned = returned.unwrap_or_else(|error| panic!("{}: {error}", operation.id));
        assert_eq!(returned.status().as_u16(), status, "{}", operation.id);
        assert_eq!(**returned, if status == 303 { Value::Null } else { response }, "{}", operation.id);
    })
    .await;
}

#[tokio::test]
async fn error_is_that_of_the_operations_own_method_and_shows_no_input() {
    for_each_operation(async |server, client, operation| {
        for (status, body) in [
            (400, json!({ "message": format!("no {SECRET} +&%é, some text +&%é") })),
            (404, Value::Null),
            (500, Value::Null),
        ] {
            let both = both(server, client, operation, Shape::Full, (status, &body)).await;
            let (error, expected) = (both.result.unwrap_err(), both.expected.unwrap_err());
            let id = &operation.id;
            assert_eq!(error.to_string(), expected.to_string(), "{id}");
            assert_eq!((error.kind(), error.outcome()), (expected.kind(), expected.outcome()), "{id}");
            let inputs =
                |error: &Error| error.ticket().map(|ticket| serde_json::to_value(ticket).unwrap()["inputs"].take());
            assert_eq!(inputs(&error), inputs(&expected), "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn wrong_inputs_are_all_named_and_nothing_is_sent() {
    let spkey = Client::builder().base_url("http://127.0.0.1:9").api_key("made-up").build().unwrap();
    let grant = Operation::find("add_accessible_lock").unwrap();
    let error = spkey.call(grant).set("user_id", "ada").set("lock", 7).set("lock_id", 0).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "add_accessible_lock: user_id: give a user's id, a UUID; input: \"lock\" is none of the operation: use user_id, \
         lock_id, lock_name, access_level, valid_from, valid_until, granted_by; lock_id: give a lock's id, a whole number \
         from 1; lock_name: it is missing: give a text; access_level: it is missing: give one of OWNER, ADMIN, USER, GUEST; \
         granted_by: it is missing: give a user's id, a UUID"
    );
    assert_eq!((error.kind(), error.attempts()), (spkey::ErrorKind::Request, 0));
    let again = spkey.call(grant).set("lock_id", 0).set("lock_id", 7).set("user_id", "ada").send().await.unwrap_err();
    assert!(!again.to_string().contains("lock_id"), "{again}");
}
