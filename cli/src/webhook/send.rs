use std::error::Error as _;
use std::net::IpAddr;
use std::time::Duration;

use serde_json::json;
use spkey::reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use spkey::reqwest::{Client, Error, StatusCode, Url, redirect};
use spkey::{DEFAULT_ATTEMPT_TIMEOUT, Secret};

use crate::failure::Failure;
use crate::global_options::GlobalOptions;
use crate::output;
use crate::webhook::fixture;
use crate::webhook::options::SendOptions;
use crate::webhook::secrets::secrets;

/// Sends a fixture to a receiver once, and prints the status of the response.
pub(crate) async fn run(send: &SendOptions, options: &GlobalOptions) -> Result<(), Failure> {
    let secret = secrets(&send.secret)?.into_iter().next();
    let url = receiver_url(&send.url, secret.is_some())?;
    let authorization = secret.as_ref().map(authorization).transpose()?;
    let body = fixture::body(&send.fixture, send.partner_id.as_deref())?;
    let status = post(url, authorization, body, options.timeout.unwrap_or(DEFAULT_ATTEMPT_TIMEOUT)).await?;
    output::line(&if options.json { json!({ "status": status.as_u16() }).to_string() } else { status.to_string() })?;
    if status.is_success() {
        return Ok(());
    }
    let consequence = match status.as_u16() {
        401 | 403 => "check the secret and the partner; SpKey would not retry it",
        400..500 => "SpKey would not retry it: the delivery would be lost",
        500.. => "SpKey would retry it later",
        _ => "SpKey does not follow redirects: give the URL of the receiver itself",
    };
    Err(Failure::not_applied(format!("the receiver responded with {status}: {consequence}")))
}

/// Checks where the delivery goes. A secret must not cross a network in plain text.
fn receiver_url(text: &str, has_secret: bool) -> Result<Url, Failure> {
    let example = "give one like http://127.0.0.1:8080/webhooks";
    let url = Url::parse(text).map_err(|error| Failure::usage(format!("the URL is malformed ({error}): {example}")))?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if !has_secret || is_loopback(&url) => Ok(url),
        "http" => Err(Failure::usage(
            "the URL is http to another machine, which would show the secret to the network: use https",
        )),
        _ => Err(Failure::usage(format!("the URL is neither http nor https: {example}"))),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn authorization(secret: &Secret) -> Result<HeaderValue, Failure> {
    let is_valid = !secret.expose().is_empty() && secret.expose().bytes().all(|byte| byte.is_ascii_graphic());
    let header = HeaderValue::try_from(format!("Bearer {}", secret.expose())).ok().filter(|_| is_valid);
    let mut header = header.ok_or_else(|| {
        Failure::usage(
            "the secret is empty or has characters that headers cannot hold: give printable ASCII without spaces",
        )
    })?;
    header.set_sensitive(true);
    Ok(header)
}

async fn post(
    url: Url,
    authorization: Option<HeaderValue>,
    body: Vec<u8>,
    timeout: Duration,
) -> Result<StatusCode, Failure> {
    let mut client = Client::builder().redirect(redirect::Policy::none()).timeout(timeout);
    if is_loopback(&url) {
        client = client.no_proxy(); // it would see the secret in plain text
    }
    let client = client.build().map_err(|error| Failure::local(format!("the HTTP client cannot be built: {error}")))?;
    let mut request = client.post(url).header(CONTENT_TYPE, "application/json").body(body);
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    Ok(request.send().await.map_err(no_response)?.status())
}

fn no_response(error: Error) -> Failure {
    let error = error.without_url();
    let mut cause = error.source();
    while let Some(next) = cause.and_then(|cause| cause.source()) {
        cause = Some(next);
    }
    let cause = cause.map_or_else(|| error.to_string(), ToString::to_string);
    Failure::not_applied(format!("the receiver did not respond: {cause}: check that it runs, and the URL"))
}
