//! Our conventions for values: which type of ours a published one becomes, by its name and what is said of it.

use serde_json::{Value, json};

use crate::shape::Shape;
use crate::words::split;

/// Words that a number which counts, orders or measures in whole units ends in.
const WHOLE: &str = "count counts total totals page pages size limit offset index number seq sequence seconds minutes hours \
                     days ms millis row rows step steps attempt attempts retry retries use uses batch batches capacity code \
                     created updated deleted failed scanned skipped upserted processed cursor version year month day port";

/// Words that a time ends in.
const TIMES: &str = "at time timestamp until date since";

/// Words that a secret is named or described with.
const SECRET: &str = "pin pins token tokens password passwords secret secrets key keys url urls link links code codes \
                      credential credentials login";

/// Words that personal data is named or described with.
const PERSONAL: &str = "email mail phone plate plates username firstname lastname surname address";

/// Words that stand before the name of a person.
const PERSONS: &str = "first last full family given user resident guest owner person";

/// The named schema that an id becomes.
pub(crate) fn id_schema(name: &str, shape: &Shape) -> Option<&'static str> {
    let is_number = matches!(shape.single_type(), Some("number" | "integer"));
    let is_text = shape.single_type() == Some("string");
    let description = shape.description.to_lowercase();
    let is_described_as_user = ["user id", "user uuid", "user's id"].iter().any(|words| description.contains(words));
    let is_uuid = shape.format == "uuid" || is_described_as_user;
    match name {
        "lockId" if is_text => Some("LockId"),
        "lockId" if is_number => Some("LockNumber"),
        "userId" | "ownerId" if is_text => Some("UserId"),
        _ if is_text && name.ends_with("By") && is_uuid => Some("UserId"),
        "version" if is_number => Some("Version"),
        _ => None,
    }
}

/// The name under which the elements of a list are looked up.
pub(crate) fn element_name(list: &str) -> String {
    let is_users = list == "userIds" || list.ends_with("UserIds");
    if is_users { "userId".into() } else { crate::words::singular(list) }
}

/// The type of a text, a number or a boolean, and what a person must check of it.
pub(crate) fn scalar(name: &str, shape: &Shape) -> (Value, Option<String>) {
    let by_name = |format: &str| Some(format!("{format} by its name"));
    let is_time = is_time(name, shape);
    match shape.single_type() {
        Some("integer") if is_time && is_epoch(name, shape) => {
            (json!({ "type": "number", "format": "epoch-millis" }), None)
        }
        Some("integer") => (json!({ "type": "integer", "format": "int64" }), None),
        Some("number") if name == "version" => (json!({ "type": "number" }), None),
        Some("number") if is_time => {
            let check = (!shape.description.contains("epoch")).then(|| "a time in milliseconds by its name".into());
            (json!({ "type": "number", "format": "epoch-millis" }), check)
        }
        Some("number") if ends_in(name, WHOLE) => {
            (json!({ "type": "integer", "format": "int64" }), by_name("a whole number"))
        }
        Some("number") => {
            let decide = "a whole number? then `type: integer` and `format: int64`";
            (json!({ "type": "number" }), Some(decide.into()))
        }
        Some("string") if is_time => {
            let check = if shape.format == "date-time" { None } else { by_name("a time") };
            (json!({ "type": "string", "format": "date-time" }), check)
        }
        Some(ty) => (json!({ "type": ty }), None),
        None => (json!({}), None),
    }
}

/// What a text may be that no type says: a secret or personal data.
pub(crate) fn sensitive(name: &str, shape: &Shape) -> Option<String> {
    let described = split(shape.description);
    let named = split(name);
    let has = |list: &str| {
        let known: Vec<_> = list.split_whitespace().collect();
        named.iter().chain(&described).any(|word| known.contains(&word.as_str()))
    };
    let is_name = match named.as_slice() {
        [name] => name == "name",
        [.., of, name] => name == "name" && PERSONS.split_whitespace().any(|person| person == of),
        [] => false,
    };
    match (has(SECRET), has(PERSONAL) || is_name) {
        (true, true) => {
            Some("a secret (`format: password`), personal data (`x-spkey-personal: true`), or neither?".into())
        }
        (true, false) => Some("a secret? then `format: password`".into()),
        (false, true) => Some("personal data? then `x-spkey-personal: true`".into()),
        (false, false) => None,
    }
}

fn is_time(name: &str, shape: &Shape) -> bool {
    let description = shape.description.to_lowercase();
    let said = ["iso-8601", "iso 8601", "iso timestamp", "rfc 3339", "unix epoch", "epoch ms"];
    shape.format == "date-time"
        || said.iter().any(|words| description.contains(words))
        || ends_in(name, TIMES)
        || matches!(name, "validFrom" | "lastSeen" | "lastUpdated")
}

/// Whether an integer that may be a time is one: `date` and `time` can be of anything.
fn is_epoch(name: &str, shape: &Shape) -> bool {
    shape.description.contains("epoch") || name.ends_with("At") || name.ends_with("imestamp")
}

fn ends_in(name: &str, list: &str) -> bool {
    let words = split(name);
    words.last().is_some_and(|last| list.split_whitespace().any(|word| word == last))
}
