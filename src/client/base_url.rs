use std::net::IpAddr;

use reqwest::Url;

/// Parses a base URL and rejects what would send credentials to where they do not belong.
pub(crate) fn parse(text: &str, plain_http: bool) -> Result<Url, String> {
    // The text is not repeated: it may hold a password.
    let url = Url::parse(text).map_err(|error| {
        let problem = if text.is_empty() { "empty".to_owned() } else { format!("malformed ({error})") };
        format!("the base URL is {problem}: give one like https://api.spkey.co")
    })?;
    let problem = if !matches!(url.scheme(), "https" | "http") {
        "is neither https nor http: give one like https://api.spkey.co"
    } else if url.scheme() == "http" && !plain_http && !is_loopback(&url) {
        "is http to another machine, which would show credentials to the network: use https, or call \
         dangerously_allow_plain_http"
    } else if !url.username().is_empty() || url.password().is_some() {
        "holds a user or password: give credentials to the client builder instead"
    } else if url.query().is_some()
        || url.fragment().is_some()
        || url.path().as_bytes().windows(2).any(|pair| pair == b"//")
    {
        "has a query or fragment, or a doubled slash in its path: give one like https://api.spkey.co"
    } else {
        return Ok(url);
    };
    Err(format!("the base URL {problem}"))
}

/// Whether a URL leads to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
