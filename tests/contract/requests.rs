//! What goes on the wire, and what `Debug` shows of it.

use std::collections::BTreeSet;

use spkey::Client;

use crate::call::ServerWithOneResponse;
use crate::sample::{Described, Shape};
use crate::{ADMIN_KEY, API_KEY, BEARER, exchange, for_each_operation};

/// Checks that a query and a body of that shape are on the wire as they were given.
async fn assert_arrives(server: &ServerWithOneResponse, client: &Client, operation: &Described<'_>, shape: Shape) {
    let given = operation.given(shape);
    let (query, body) = (given.query.clone(), given.body.clone());
    let (status, response) = operation.success(Shape::Full).remove(0);
    let exchange = exchange(server, client, operation, given, (status, &response)).await;
    exchange.result.unwrap_or_else(|error| panic!("{}: {error}", operation.id));
    assert_eq!(exchange.request.query(), query, "{}", operation.id);
    let mut sent = exchange.request.json();
    if let Some(mark) = operation.mark().filter(|mark| body.as_ref().is_some_and(|body| body.get(mark).is_none())) {
        let filled_in = sent.as_mut().and_then(|sent| sent.as_object_mut()?.remove(mark));
        assert!(filled_in.is_some_and(|mark| mark.is_string()), "{}: {mark}", operation.id);
    }
    assert_eq!(sent, body, "{}", operation.id);
}

#[tokio::test]
async fn everything_given_is_on_the_wire_and_nothing_else() {
    for_each_operation(async |server, client, operation| {
        let given = operation.given(Shape::Full);
        let expected = (given.path.clone(), given.query.clone(), given.body.clone());
        let (status, response) = operation.success(Shape::Full).remove(0);
        let exchange = exchange(server, client, operation, given, (status, &response)).await;
        exchange.result.as_ref().unwrap_or_else(|error| panic!("{}: {error}", operation.id));
        let request = &exchange.request;

        assert_eq!(request.method.as_str().to_lowercase(), operation.method, "{}", operation.id);
        assert_eq!(request.path_values(&operation.path), expected.0, "{}", operation.id);
        assert_eq!(request.query(), expected.1, "{}", operation.id);
        assert_eq!(request.json(), expected.2, "{}", operation.id);

        let json = response.is_object() || response.is_array();
        let accepted = if json { "application/json" } else { "*/*" };
        assert_eq!(request.header("accept"), Some(accepted), "{}", operation.id);

        let mut names: BTreeSet<&str> = ["accept", "host", "user-agent"].into();
        if expected.2.is_some() {
            names.extend(["content-type", "content-length"]);
            assert_eq!(request.header("content-type"), Some("application/json"), "{}", operation.id);
        } else if matches!(&*operation.method, "post" | "put" | "patch") {
            names.insert("content-length");
            assert_eq!(request.header("content-length"), Some("0"), "{}", operation.id);
        }
        let bearer = format!("Bearer {BEARER}");
        for (name, value, sent) in [
            ("authorization", bearer.as_str(), operation.auth != "none"),
            ("x-api-key", API_KEY, operation.auth != "none"),
            ("x-admin-api-key", ADMIN_KEY, operation.auth == "admin"),
        ] {
            assert_eq!(request.header(name), sent.then_some(value), "{}: {name}", operation.id);
            names.extend(sent.then_some(name));
        }
        assert_eq!(request.header_names().difference(&names).next(), None, "{}", operation.id);
    })
    .await;
}

#[tokio::test]
async fn optional_input_left_out_is_not_sent_and_null_is_sent_as_null() {
    for_each_operation(async |server, client, operation| {
        for shape in [Shape::Required, Shape::NullSent] {
            assert_arrives(server, client, operation, shape).await;
        }
    })
    .await;
}

#[tokio::test]
async fn new_value_of_an_enum_can_be_sent() {
    for_each_operation(async |server, client, operation| {
        assert_arrives(server, client, operation, Shape::NewValues).await;
    })
    .await;
}

/// Inputs hold PINs, keys and personal data; which of them do may change with the contract.
#[tokio::test]
async fn debug_of_calls_and_bodies_shows_no_input() {
    for_each_operation(async |server, client, operation| {
        let given = operation.given(Shape::Full);
        let (status, response) = operation.success(Shape::Full).remove(0);
        let shown = exchange(server, client, operation, given, (status, &response)).await.shown;
        let builder = format!("{} {{ .. }}", pascal(&operation.id));
        let body = operation.body_name().map_or_else(|| "()".to_owned(), |name| format!("{name} {{ .. }}"));
        for (plain_or_pretty, call) in shown.call.iter().enumerate() {
            assert_eq!(*call, builder, "{}", operation.id);
            assert_eq!(shown.body[plain_or_pretty], body, "{}", operation.id);
        }
    })
    .await;
}

fn pascal(id: &str) -> String {
    id.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
