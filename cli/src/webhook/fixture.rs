use std::path::Path;

use serde_json::Value;
use spkey::reqwest::header::HeaderMap;
use spkey::webhook::Delivery;
use spkey::{DomainEvent, mock};

use crate::failure::Failure;
use crate::given::file_or_standard_input;

/// The body of the delivery that a fixture describes: an event, for which the rest is made, or a whole delivery, as it is.
///
/// # Errors
/// If it cannot be read, or is neither. Nothing is sent.
pub(crate) fn body(path: &Path, partner_id: Option<&str>) -> Result<Vec<u8>, Failure> {
    let name = if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() };
    let text = file_or_standard_input(path)
        .map_err(|error| Failure::usage(format!("{name} cannot be read: {error}: give another file")))?;
    let problem = |problem: &str| Failure::usage(format!("{name} {problem}"));
    let json: Value = serde_json::from_str(&text).map_err(|error| {
        // Of the error the place alone: the text may be secret.
        problem(&format!("is not JSON, in line {} column {}: fix it", error.line(), error.column()))
    })?;
    if json.get("detail").is_some() {
        Delivery::parse(&HeaderMap::new(), text.as_bytes())
            .map_err(|rejection| problem(&format!("is no delivery: {rejection}")))?;
        if partner_id.is_some() {
            return Err(problem(
                "is a whole delivery, which names its partner itself: change it there, without --partner-id",
            ));
        }
        return Ok(text.into());
    }
    let event = DomainEvent::read(&json).filter(|event| event.event_type().is_some());
    let event = event.ok_or_else(|| {
        problem("is neither an event with a `type`, such as {\"type\": \"KeyAdded\"}, nor a delivery with a `detail`")
    })?;
    let delivery = mock::delivery(event);
    Ok(match partner_id {
        Some(partner) => delivery.partner_id(partner),
        None => delivery,
    }
    .body())
}
