//! `x-spkey-page`: how an operation's list is read page by page. Every error says what to write instead.

use serde_json::Value;

use super::rules::require;
use super::{elements, entries, resolve, schema_name, text};

/// The styles, each with the type of the field that says whether another page follows.
const STYLES: [(&str, &str); 4] =
    [("page-count", "integer"), ("has-more", "boolean"), ("offset", "integer"), ("cursor", "integer")];
const KEYS: [&str; 5] = ["style", "input", "items", "position", "more"];

/// How the pages of an operation follow each other.
pub(crate) struct SpecPage {
    pub(crate) style: String,
    /// The parameter of the query that says where a page starts.
    pub(crate) input: String,
    /// The list in the response, and the schema of its elements.
    pub(crate) items: String,
    pub(crate) item: String,
    /// The field of the response that repeats where the page starts; a cursor may have none.
    pub(crate) position: Option<String>,
    /// The field of the response that says whether another page follows.
    pub(crate) more: String,
}

/// Checks what the node of an operation says of its pages, and returns it.
pub(super) fn check(document: &Value, node: &Value) -> Result<Option<SpecPage>, String> {
    let Some(page) = node.get("x-spkey-page") else { return Ok(None) };
    let page = checked(document, node, page).map_err(|problem| format!("x-spkey-page: {problem}"))?;
    Ok(Some(page))
}

fn checked(document: &Value, node: &Value, page: &Value) -> Result<SpecPage, String> {
    require(node["x-spkey-retry"] == "safe", || "only a safe operation has pages: remove it".into())?;
    let unknown = entries(page).find(|(key, _)| !KEYS.contains(&key.as_str()));
    require(unknown.is_none(), || format!("it has a key without a meaning: use {}", KEYS.join(", ")))?;
    let [style, input, items, position, more] = KEYS.map(|key| text(&page[key]).to_owned());
    let known = STYLES.map(|(known, _)| known).join(", ");
    let kind = STYLES.iter().find(|(known, _)| *known == style).map(|(_, kind)| *kind);
    let kind = kind.ok_or_else(|| format!("style is {style:?}: use one of {known}"))?;
    let starts = elements(&node["parameters"]).map(|parameter| resolve(document, parameter)).any(|parameter| {
        let is_optional = parameter["in"] == "query" && parameter["required"] != true;
        is_optional && parameter["name"] == *input && parameter["schema"]["type"] == "integer"
    });
    require(starts, || format!("input is {input:?}: name an optional integer of the query, where a page starts"))?;
    let response = resolve(document, &node["responses"]["200"]["content"]["application/json"]["schema"]);
    let list = &response["properties"][&items]["items"];
    require(resolve(document, list)["type"] == "object", || {
        format!("items is {items:?}: name a list of the response, with a named object schema")
    })?;
    let field = |key: &str, name: &str, kind: &str| {
        let is_of_kind = response["properties"][name]["type"] == kind;
        require(is_of_kind, || format!("{key} is {name:?}: name a field of the response of type {kind}"))
    };
    field("more", &more, kind)?;
    let position = (style != "cursor" || !position.is_empty()).then_some(position);
    position.iter().try_for_each(|name| field("position", name, "integer"))?;
    let item = schema_name(list).unwrap_or_default().to_owned();
    Ok(SpecPage { style, input, items, item, position, more })
}
