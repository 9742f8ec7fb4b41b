use std::time::Duration;

use opentelemetry::Value;

use crate::calls::{calls, with_credentials};
use crate::printed::Printed;
use crate::recorded::{Spans, attribute, builder, metrics};
use crate::secrets::Secrets;
use crate::support::Server;
use crate::support::behaviour::Behaviour;

#[tokio::test]
async fn no_span_event_or_metric_shows_a_secret() {
    let (secrets, mut exported) = (Secrets::new(), Printed::default());
    let _ = builder("http://127.0.0.1:1");
    for behaviour in secrets.behaviours() {
        let silent = behaviour == Behaviour::ReadNothing;
        let (spans, server) = (Spans::install(), Server::start([behaviour]).await);
        let limit = Duration::from_millis(if silent { 20 } else { 20_000 });
        let client = with_credentials(server.url(), &secrets).bearer_token(secrets.bearer.as_str());
        let client = client.attempt_timeout(limit).build().unwrap();
        calls(&client, &secrets, &mut Printed::default()).await;
        let (spans, metrics) = (spans.ended(), metrics(server.url()));
        assert!(spans.len() > 20 && metrics.len() > 10, "nothing was recorded");
        exported.text("spans and events", format!("{spans:?}"));
        exported.text("metrics", format!("{metrics:?}"));
    }
    exported.check(&secrets);
}

#[tokio::test]
async fn request_id_that_repeats_a_secret_is_redacted() {
    for status in [200, 404] {
        let spans = Spans::install();
        let headers = vec!["x-request-id: id-of made-up-key".into()];
        let server = Server::start([Behaviour::Respond(status, headers, "{}".into())]).await;
        let client = builder(server.url()).build().unwrap();
        let _ = client.set_organization(123).org_id("made-up").send().await;
        let ids: Vec<Value> =
            spans.ended().iter().filter_map(|span| attribute(&span.attributes, "spkey.request_id")).collect();
        assert_eq!(ids, ["id-of [redacted]".into()]);
    }
}
