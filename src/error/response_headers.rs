use reqwest::Response;
use reqwest::header::{Entry, HeaderMap, LOCATION, SET_COOKIE};

/// Takes the headers of a response, with those that grant access marked so that `Debug` does not show them.
pub(crate) fn take_headers(response: &mut Response) -> HeaderMap {
    let mut headers = std::mem::take(response.headers_mut());
    for name in [SET_COOKIE, LOCATION] {
        if let Entry::Occupied(mut values) = headers.entry(name) {
            values.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
    headers
}

/// The id by which the service's operators find a request: its `x-request-id` or `cf-ray`.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let header = |name| headers.get(name)?.to_str().ok();
    header("x-request-id").or_else(|| header("cf-ray"))
}
