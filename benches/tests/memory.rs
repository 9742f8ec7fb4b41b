//! What a response takes in memory, counted.

use spkey::types::CommandResult;

/// The largest response that is read.
const BODY_BYTES: usize = spkey::MAX_RESPONSE_BYTES;

/// Parsed JSON of this shape takes a hundred times its size. It is kept as text, beside the body itself.
#[test]
fn untyped_json_takes_at_most_its_size_besides_the_body() {
    let mut body = String::from(r#"{"event":["#);
    while body.len() < BODY_BYTES - 16 {
        body.push_str(r#"{"":0},"#);
    }
    body.push_str("0]}");

    let mut result = None;
    let counted = allocation_counter::measure(|| {
        result = serde_json::from_slice::<CommandResult>(body.as_bytes()).ok();
    });
    assert!(result.is_some_and(|result| result.event.is_some()));
    let most = u64::try_from(body.len() + 4_096).unwrap_or(u64::MAX);
    assert!(counted.bytes_max <= most, "{} bytes for a body of {}", counted.bytes_max, body.len());
}
