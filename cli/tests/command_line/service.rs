use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// A service that gives every request the response that was set last, and records the requests.
pub(crate) struct Service {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    response: Option<ResponseTemplate>,
    received: Vec<Received>,
}

/// A request as it was received.
#[derive(Debug, PartialEq)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Option<Value>,
    /// The headers of credentials.
    pub(crate) credentials: BTreeMap<String, String>,
}

impl Service {
    pub(crate) async fn start() -> Self {
        let (server, state) = (MockServer::start().await, Arc::<Mutex<State>>::default());
        let shared = Arc::clone(&state);
        let respond = move |request: &Request| {
            let mut state = shared.lock().unwrap();
            state.received.push(received(request));
            state.response.clone().unwrap_or_else(|| ResponseTemplate::new(404))
        };
        Mock::given(any()).respond_with(respond).mount(&server).await;
        Self { server, state }
    }

    pub(crate) fn url(&self) -> String {
        self.server.uri()
    }

    pub(crate) fn respond(&self, response: ResponseTemplate) {
        self.state.lock().unwrap().response = Some(response);
    }

    /// The requests that came since this was asked last.
    pub(crate) fn received(&self) -> Vec<Received> {
        std::mem::take(&mut self.state.lock().unwrap().received)
    }
}

fn received(request: &Request) -> Received {
    let names = ["authorization", "x-api-key", "x-admin-api-key"];
    let credentials = names.iter().filter_map(|name| {
        let value = request.headers.get(*name)?.to_str().unwrap();
        Some(((*name).to_owned(), value.to_owned()))
    });
    Received {
        method: request.method.to_string(),
        path: request.url.path().to_owned(),
        query: request.url.query_pairs().into_owned().collect(),
        body: (!request.body.is_empty()).then(|| serde_json::from_slice(&request.body).unwrap()),
        credentials: credentials.collect(),
    }
}
