use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// Adds the current trace context, if there is one (W3C Trace Context, sections 3.2 and 3.3). A caller's own `traceparent` is
/// left as it is.
///
/// The program's global propagator is not used: it is none unless set, and may add headers with values of the program.
pub(crate) fn add(headers: &mut HeaderMap) {
    Context::map_current(|context| {
        let span = context.span();
        let span = span.span_context();
        if !span.is_valid() || headers.contains_key(TRACEPARENT) {
            return;
        }
        let flags = if span.is_sampled() { "01" } else { "00" };
        let parent = format!("00-{}-{}-{flags}", span.trace_id(), span.span_id());
        headers.extend(HeaderValue::try_from(parent).ok().map(|parent| (TRACEPARENT, parent)));
        let state = Some(span.trace_state().header()).filter(|state| !state.is_empty());
        headers.extend(state.and_then(|state| HeaderValue::try_from(state).ok()).map(|state| (TRACESTATE, state)));
    });
}
