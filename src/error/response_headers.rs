use reqwest::Response;
use reqwest::header::{Entry, HeaderMap, HeaderName, LOCATION, SET_COOKIE};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CF_RAY: HeaderName = HeaderName::from_static("cf-ray");

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
    let header = |name: HeaderName| headers.get(name)?.to_str().ok();
    header(REQUEST_ID).or_else(|| header(CF_RAY))
}
