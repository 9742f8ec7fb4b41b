use std::time::Duration;

use opentelemetry::Value;
use tokio::time::timeout;

use crate::recorded::{Series, builder, metrics};
use crate::support::Server;
use crate::support::behaviour::Behaviour;

/// The series of that name in which an attribute has that value.
fn one<'a>(all: &'a [Series], name: &str, attribute: &str, value: Option<Value>) -> &'a Series {
    let is_it = |series: &&Series| series.name == name && series.attribute(attribute) == value;
    let found: Vec<_> = all.iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{name}, {attribute}: {value:?} in {all:?}");
    found[0]
}

#[tokio::test]
async fn requests_attempts_retries_and_budget_are_measured() {
    let script = [Behaviour::status(503, ""), Behaviour::CloseAfterRequest, Behaviour::good()];
    let server = Server::start(script).await;
    let client = builder(server.url()).build().unwrap();
    client.set_organization(123).org_id("made-up").send().await.unwrap();
    client.set_organization(123).org_id("made-up").send().await.unwrap();

    let all = metrics(server.url());
    let requests = "http.client.request.duration";
    let unavailable = one(&all, requests, "error.type", Some("503".into()));
    let broken = one(&all, requests, "error.type", Some("transport".into()));
    let good = one(&all, requests, "error.type", None);
    assert_eq!((unavailable.count, broken.count, good.count), (1, 1, 2));
    assert_eq!(unavailable.attribute("http.response.status_code"), Some(503.into()));
    assert_eq!(broken.attribute("http.response.status_code"), None);
    for series in [unavailable, broken, good] {
        assert_eq!(series.unit, "s");
        assert!(series.value > 0.0 && series.value < 60.0, "{series:?}");
        assert_eq!(series.attribute("http.request.method"), Some("POST".into()));
        assert_eq!(series.attribute("server.address"), Some("127.0.0.1".into()));
        assert_eq!(series.attribute("url.template"), Some("/locks/{lockId}/SetOrganization".into()));
    }

    let attempts = one(&all, "spkey.client.call.attempts", "spkey.outcome", Some("applied".into()));
    assert_eq!((attempts.count, attempts.value), (2, 4.0), "three attempts and one");
    assert_eq!(attempts.attribute("spkey.operation"), Some("set_organization".into()));
    for reason in ["503", "transport"] {
        let retries = one(&all, "spkey.client.retries", "error.type", Some(reason.into()));
        assert_eq!((retries.value, retries.attribute("spkey.operation")), (1.0, Some("set_organization".into())));
    }
    let budget = one(&all, "spkey.client.retry_budget", "error.type", None);
    assert!(
        (budget.value - 496.0).abs() < 0.5,
        "500, less two retries of 5, plus 5 for the last one's success and 1 for the next"
    );
}

#[tokio::test]
async fn call_that_is_dropped_is_measured_as_cancelled_and_unknown() {
    let server = Server::start([Behaviour::Stall]).await;
    let client = builder(server.url()).build().unwrap();
    let mut call = Box::pin(client.open_lock(123).send());
    while server.requests().is_empty() {
        assert!(timeout(Duration::from_millis(5), call.as_mut()).await.is_err());
    }
    drop(call);
    let all = metrics(server.url());
    assert_eq!(one(&all, "http.client.request.duration", "error.type", Some("cancelled".into())).count, 1);
    assert_eq!(one(&all, "spkey.client.call.attempts", "spkey.outcome", Some("unknown".into())).count, 1);
}
