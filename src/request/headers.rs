use reqwest::header::{HeaderName, HeaderValue};

/// The headers that the client sets, or that change what a request means on the wire.
const OWNED: [&str; 21] = [
    "accept",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-admin-api-key",
    "x-api-key",
    // Internal headers of the service, which it rejects.
    "x-org-id",
    "x-user-id",
];

/// A header that a caller adds to a call, or why it cannot be sent.
pub(crate) fn custom_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let parsed =
        name.parse::<HeaderName>().map_err(|_| "the name is not valid in HTTP: use letters, digits and `-`")?;
    if OWNED.contains(&parsed.as_str()) {
        return Err(format!("`{parsed}` is set by the client: configure it on the client's builder, or leave it out"));
    }
    let mut value = HeaderValue::try_from(value)
        .map_err(|_| format!("the value of `{parsed}` is not valid in HTTP: use printable ASCII"))?;
    // It may be anything, a credential too.
    value.set_sensitive(true);
    Ok((parsed, value))
}
