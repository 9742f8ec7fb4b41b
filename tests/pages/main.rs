//! The streams of lists that come in pages: what they request, in which order, and how they end.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends with it")]

mod endings;
mod failures;
mod order;
mod run_time;

use std::collections::HashMap;

use serde_json::{Value, json};
use spkey::mock::MockSpKey;
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, Request, ResponseTemplate};
use spkey::pages::{Items, Paged};
use spkey::{Client, Error};

/// A service that computes each page from the query.
struct Service {
    mock: MockSpKey,
    spkey: Client,
}

impl Service {
    async fn start(page: impl Fn(&HashMap<String, String>) -> Value + Send + Sync + 'static) -> Self {
        Self::respond(move |request| ResponseTemplate::new(200).set_body_json(page(&query(request)))).await
    }

    async fn respond(respond: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) -> Self {
        let mock = MockSpKey::start().await;
        Mock::given(any()).respond_with(respond).mount(mock.server()).await;
        Self { spkey: mock.client(), mock }
    }

    /// The values of a parameter in the requests that came, in order.
    async fn requested(&self, name: &str) -> Vec<Option<String>> {
        let requests = self.mock.server().received_requests().await.unwrap();
        requests.iter().map(|request| query(request).remove(name)).collect()
    }

    async fn requests(&self) -> usize {
        self.requested("").await.len()
    }
}

fn query(request: &Request) -> HashMap<String, String> {
    request.url.query_pairs().into_owned().collect()
}

fn number(query: &HashMap<String, String>, name: &str) -> Option<i64> {
    query.get(name).map(|value| value.parse().unwrap())
}

/// A page of the events of a lock that has that many, 10 on a page.
fn lock_events(all: i64, query: &HashMap<String, String>) -> Value {
    let pages = (all + 9) / 10;
    let page = number(query, "page").unwrap_or(pages);
    let versions = (page.max(1) - 1) * 10 + 1..=(page * 10).min(all);
    let events: Vec<_> = versions.map(|version| json!({ "version": version })).collect();
    json!({ "page": page, "totalPages": pages, "totalEvents": all, "events": events })
}

/// All that a stream gives, up to and with its error. It ends then, and stays at its end.
async fn all<E: Paged>(mut items: Items<E>) -> (Vec<E::Item>, Option<Error>) {
    let (mut given, mut failed) = (Vec::new(), None);
    while let Some(item) = items.next().await {
        assert!(failed.is_none(), "it goes on after its error");
        match item {
            Ok(item) => given.push(item),
            Err(error) => failed = Some(error),
        }
    }
    assert!(items.next().await.is_none(), "it goes on after its end");
    (given, failed)
}

fn texts(values: &[&str]) -> Vec<Option<String>> {
    values.iter().map(|value| (!value.is_empty()).then(|| (*value).to_owned())).collect()
}
