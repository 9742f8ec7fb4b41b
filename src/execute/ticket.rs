use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use uuid::Uuid;

use crate::error::attempt_error::AttemptError;
use crate::error::ticket::{Format, Ticket, digest, millis};
use crate::execute::context::CallContext;
use crate::request::confirm::EntryValue;
use crate::request::operation::Operation;
use crate::request::parts::RequestParts;
use crate::retry::outcome::Outcome;
use crate::value::from_scalar::scalar;
use crate::value::json_path::at;

/// The statuses by which the service says, among other things, that there is nothing to do: a read tells whether that is so.
const MAYBE_ALREADY_SO: [u16; 4] = [400, 404, 409, 422];

/// The ticket of a call that failed: none if it only reads, or certainly did nothing and was not needless either.
pub(crate) fn ticket(
    context: &CallContext,
    operation: &Operation,
    parts: &RequestParts,
    error: &AttemptError,
    (outcome, elapsed): (Outcome, Duration),
) -> Option<Box<Ticket>> {
    let status = error.received.status.map_or(0, |status| status.as_u16());
    if outcome == Outcome::NotApplied && !MAYBE_ALREADY_SO.contains(&status) {
        return None;
    }
    let entry = operation.confirm?;
    let given = parts.inputs(operation.path);
    let (salt, now) = (Uuid::new_v4().to_string(), SystemTime::now());
    let (mut inputs, mut digests) = (BTreeMap::new(), BTreeMap::new());
    for name in entry.inputs {
        if let Some(value) = at(&given, name) {
            inputs.insert((*name).to_owned(), value);
        }
    }
    for name in entry.secrets {
        if let Some(digest) = at(&given, name).and_then(|secret| digest_all(&salt, &secret)) {
            digests.insert((*name).to_owned(), digest);
        }
    }
    Some(Box::new(Ticket {
        format: Format::CURRENT,
        operation: operation.id.to_owned(),
        server: context.shared.base_url.as_str().trim_end_matches('/').to_owned(),
        inputs,
        salt: if digests.is_empty() { String::new() } else { salt },
        digests,
        sent_at: millis(now.checked_sub(elapsed).unwrap_or(now)),
        ended_at: millis(now),
        marked: parts.is_marked(),
        may_still_act: outcome != Outcome::NotApplied,
        not_shown: !entry.only.iter().all(|(name, wanted)| is_so(at(&given, name).as_ref(), *wanted)),
    }))
}

/// The digest of a secret, or of each in a list; none if one of them cannot be kept.
fn digest_all(salt: &str, secret: &Value) -> Option<Value> {
    match secret {
        Value::Array(secrets) => secrets.iter().map(|secret| digest_all(salt, secret)).collect(),
        secret => digest(salt, secret.as_str()?).map(Value::from),
    }
}

/// Whether an input has a value, or is not set where that is null.
fn is_so(input: Option<&Value>, wanted: EntryValue) -> bool {
    let Some(input) = input.filter(|value| !value.is_null()) else { return wanted == EntryValue::Null };
    match wanted {
        EntryValue::Text(wanted) => scalar::<String>(input).is_some_and(|text| text == wanted),
        EntryValue::Number(wanted) => scalar::<String>(input).is_some_and(|text| text == wanted.to_string()),
        EntryValue::Bool(wanted) => *input == wanted,
        _ => false,
    }
}
