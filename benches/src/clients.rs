//! The same calls, made in five ways.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use reqwest::Certificate;
use reqwest_middleware::ClientWithMiddleware;
use reqwest_retry::{RetryTransientMiddleware, policies::ExponentialBackoff};
use serde::{Deserialize, Serialize};
use spkey::types::AccessLevel;

use crate::server::{Protocol, Running};

/// Raw reqwest with the `User-Agent` that this crate sends: what this crate is held against.
pub const RAW: &str = "raw, User-Agent";
pub const SPKEY: &str = "spkey";
pub const NAMES: [&str; 6] = ["hyper", "raw reqwest", RAW, "reqwest-middleware", "bare progenitor", SPKEY];

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const TOKEN: &str = "made-up.bearer.token";
const API_KEY: &str = "MadeUpApiKey";
const TIMEOUT: Duration = Duration::from_secs(15);

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Grant,
    Read100KiB,
    List1000,
}

pub struct Client {
    pub name: &'static str,
    url: String,
    way: Way,
}

enum Way {
    /// The limit: hyper, without TLS only, the response not decoded.
    Hyper(Box<HyperClient<HttpConnector, Full<Bytes>>>),
    /// As a careful person writes it.
    Raw(reqwest::Client),
    Middleware(ClientWithMiddleware),
    Bare(bare::Client),
    Spkey(spkey::Client),
}

/// The client that the generator makes of the contract, as it comes.
#[allow(missing_docs, dead_code, clippy::all, clippy::pedantic)]
mod bare {
    progenitor::generate_api!(spec = "../openapi/spkey.yaml", interface = Builder);
}

impl Client {
    /// None where this way is not measured over that protocol.
    pub fn new(name: &'static str, server: &Running) -> Option<Self> {
        let certificate =
            server.certificate.as_ref().map(|pem| Certificate::from_pem(pem.as_bytes()).expect("a certificate"));
        let configure = move |builder: reqwest::ClientBuilder| match certificate.clone() {
            Some(certificate) => builder.tls_certs_only([certificate]),
            None => builder,
        };
        let http = || {
            let mut headers = reqwest::header::HeaderMap::new();
            for (name, value) in [("authorization", format!("Bearer {TOKEN}")), ("x-api-key", API_KEY.to_owned())] {
                let mut value: reqwest::header::HeaderValue = value.parse().expect("a header");
                value.set_sensitive(true);
                headers.insert(name, value);
            }
            let builder =
                configure(reqwest::Client::builder()).timeout(TIMEOUT).connect_timeout(Duration::from_secs(3));
            let builder = builder.default_headers(headers);
            // What this crate sends too, and what it costs to send.
            let builder = if name == RAW { builder.user_agent("spkey-rust/0.1.0") } else { builder };
            builder.build().expect("a client")
        };
        let way = match name {
            "hyper" if server.protocol != Protocol::Http1 => return None,
            "hyper" => Way::Hyper(Box::new(
                HyperClient::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(HttpConnector::new()),
            )),
            "reqwest-middleware" => {
                let policy = ExponentialBackoff::builder().build_with_max_retries(2);
                let retries = RetryTransientMiddleware::new_with_policy(policy);
                Way::Middleware(reqwest_middleware::ClientBuilder::new(http()).with(retries).build())
            }
            "bare progenitor" => Way::Bare(bare::Client::new_with_client(&server.url, http())),
            SPKEY => {
                let builder = spkey::Client::builder().base_url(&*server.url).bearer_token(TOKEN).api_key(API_KEY);
                // Where the HTTP client is configured, each call takes a timer more.
                let builder = if server.certificate.is_some() { builder.http(configure.clone()) } else { builder };
                Way::Spkey(builder.build().expect("a client"))
            }
            _ => Way::Raw(http()),
        };
        Some(Self { name, url: server.url.clone(), way })
    }

    pub async fn call(&self, work: Work) {
        match &self.way {
            Way::Hyper(client) => self.hyper(client, work).await,
            Way::Raw(client) => self.raw(client, work).await,
            Way::Middleware(client) => self.middleware(client, work).await,
            Way::Bare(client) => bare_call(client, work).await,
            Way::Spkey(client) => spkey_call(client, work).await,
        }
    }

    /// A grant as a future that has no room for the other ways to make it, as that of `call` has.
    pub fn grant(self: Arc<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        match &self.way {
            Way::Raw(client) => {
                let client = client.clone();
                Box::pin(async move { self.raw(&client, Work::Grant).await })
            }
            Way::Spkey(client) => {
                let client = client.clone();
                Box::pin(async move { spkey_call(&client, Work::Grant).await })
            }
            _ => Box::pin(async move { self.call(Work::Grant).await }),
        }
    }

    /// Lets the server hold each response until so many requests have arrived.
    pub async fn hold(&self, requests: usize) {
        let Way::Raw(client) = &self.way else { panic!("asked for by raw reqwest") };
        let response = client.get(format!("{}/hold/{requests}", self.url)).send().await.expect("a response");
        response.error_for_status().expect("a success");
    }

    fn address(&self, work: Work) -> String {
        match work {
            Work::Grant => format!("{}/users/{USER}/AddAccessibleLock", self.url),
            Work::Read100KiB => format!("{}/locks/123/residents", self.url),
            Work::List1000 => format!("{}/users/{USER}/accessible-locks", self.url),
        }
    }

    async fn hyper(&self, client: &HyperClient<HttpConnector, Full<Bytes>>, work: Work) {
        let request = Request::builder().uri(self.address(work)).header("x-api-key", API_KEY);
        let request = request.header("authorization", format!("Bearer {TOKEN}"));
        let request = if work == Work::Grant {
            let body = serde_json::to_vec(&GrantRequest::new()).expect("a body");
            request.method("POST").header("content-type", "application/json").body(Full::from(body))
        } else {
            request.body(Full::default())
        };
        let response = client.request(request.expect("a request")).await.expect("a response");
        std::hint::black_box(response.into_body().collect().await.expect("a body").to_bytes());
    }

    async fn raw(&self, client: &reqwest::Client, work: Work) {
        if work == Work::Grant {
            let response = client.post(self.address(work)).json(&GrantRequest::new()).send().await.expect("a response");
            let response = response.error_for_status().expect("a success");
            std::hint::black_box(response.json::<GrantResponse>().await.expect("a body"));
            return;
        }
        let response = client.get(self.address(work)).send().await.expect("a response");
        let response = response.error_for_status().expect("a success");
        if work == Work::Read100KiB {
            std::hint::black_box(response.json::<Residents>().await.expect("a body"));
        } else {
            std::hint::black_box(response.json::<Locks>().await.expect("a body"));
        }
    }

    async fn middleware(&self, client: &ClientWithMiddleware, work: Work) {
        let request = if work == Work::Grant {
            let body = serde_json::to_vec(&GrantRequest::new()).expect("a body");
            client.post(self.address(work)).header("content-type", "application/json").body(body)
        } else {
            client.get(self.address(work))
        };
        let response = request.send().await.expect("a response").error_for_status().expect("a success");
        match work {
            Work::Grant => drop(std::hint::black_box(response.json::<GrantResponse>().await.expect("a body"))),
            Work::Read100KiB => drop(std::hint::black_box(response.json::<Residents>().await.expect("a body"))),
            Work::List1000 => drop(std::hint::black_box(response.json::<Locks>().await.expect("a body"))),
        }
    }
}

async fn bare_call(client: &bare::Client, work: Work) {
    match work {
        Work::Grant => {
            let call = client.add_accessible_lock().user_id(USER.to_owned()).body_map(|grant| {
                let grant = grant.lock_id("123".to_owned()).lock_name("Front door");
                grant.access_level(bare::types::AccessLevel::User).granted_by(USER.to_owned())
            });
            std::hint::black_box(call.send().await.expect("a success").into_inner());
        }
        Work::Read100KiB => {
            let lock = std::num::NonZeroU64::new(123).expect("not zero");
            std::hint::black_box(client.get_residents().lock_id(lock).send().await.expect("a success").into_inner());
        }
        Work::List1000 => {
            let call = client.get_accessible_locks().user_id(USER.to_owned());
            std::hint::black_box(call.send().await.expect("a success").into_inner());
        }
    }
}

async fn spkey_call(client: &spkey::Client, work: Work) {
    match work {
        Work::Grant => {
            let call = client.add_accessible_lock(USER).lock_id("123").lock_name("Front door");
            let call = call.access_level(AccessLevel::User).granted_by(USER);
            std::hint::black_box(call.send().await.expect("a success").into_inner());
        }
        Work::Read100KiB => {
            std::hint::black_box(client.get_residents(123).send().await.expect("a success").into_inner());
        }
        Work::List1000 => {
            let call = client.get_accessible_locks(USER);
            std::hint::black_box(call.send().await.expect("a success").into_inner());
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GrantRequest {
    lock_id: String,
    lock_name: String,
    access_level: &'static str,
    granted_by: String,
}

impl GrantRequest {
    fn new() -> Self {
        Self { lock_id: "123".into(), lock_name: "Front door".into(), access_level: "USER", granted_by: USER.into() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded, as a program would")]
struct GrantResponse {
    success: Option<bool>,
    aggregate_id: Option<String>,
    version: Option<f64>,
    event: Option<serde_json::Value>,
    lock_id: Option<String>,
    access_level: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "decoded, as a program would")]
struct Residents {
    residents: Vec<Resident>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded, as a program would")]
struct Resident {
    user_id: String,
    name: Option<String>,
    email: Option<String>,
    has_phone: Option<bool>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "decoded, as a program would")]
struct Locks {
    locks: Vec<Lock>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, clippy::struct_field_names, reason = "decoded, as a program would, by the names of the wire")]
struct Lock {
    lock_id: String,
    lock_name: Option<String>,
    access_level: Option<String>,
    granted_by: Option<String>,
}
