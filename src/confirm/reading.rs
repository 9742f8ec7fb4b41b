use std::time::SystemTime;

use reqwest::header::DATE;
use serde_json::Value;

use crate::client::Client;
use crate::confirm::confirmation::Unknowable;
use crate::confirm::judge::{Shown, judge, newest, oldest, version};
use crate::confirm::wanted::{Fields, Known, Wanted};
use crate::error::Error;
use crate::error::ticket::millis;
use crate::execute::call::execute;
use crate::request::confirm::{Entry, Pairs, Proves, Resolve};
use crate::request::operation::{Operation, path_parameters};
use crate::request::parts::RequestParts;
use crate::request::problems::Problems;
use crate::value::any_value::any_value;
use crate::value::conform::Ignored;
use crate::value::from_scalar::scalar;
use crate::value::json_path::at;
use crate::value::reader::ReadResult;

/// What the clocks of the service may differ by, in milliseconds. A `Date` in whole seconds is up to another second early.
const MARGIN: i64 = 1_000;
/// How much older than the command an event must be to end the search, in milliseconds: a clock that was set back since then
/// must not end it early.
const SEARCHED_BEFORE: i64 = 5 * 60 * 1_000;
/// How many pages of events are read, from the last one back.
const MAX_PAGES: u32 = 10;
/// The parameter, and the field of the response, with the number of a page of events.
const PAGE: &str = "page";

/// What a read shows.
pub(super) struct Reading {
    pub(super) shown: Shown,
    pub(super) version: Option<u64>,
    /// The earliest time at which the command may have been sent, in milliseconds of the service's clock; none where this
    /// machine's clock was set back.
    pub(super) since: Option<i64>,
}

/// Why there is no reading.
pub(super) enum NoReading {
    Unknowable(Unknowable),
    Failed(Error),
}

impl From<Unknowable> for NoReading {
    fn from(why: Unknowable) -> Self {
        Self::Unknowable(why)
    }
}

impl From<Error> for NoReading {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A response to a read.
struct Page {
    body: Value,
    since: Option<i64>,
}

/// Looks into the response, or into pages of events from the last one back to when the command was sent.
pub(super) async fn reading(client: &Client, look: &Entry, known: &Known<'_>) -> Result<Reading, NoReading> {
    let wanted = wanted(look, known).ok_or(Unknowable::InputMissing)?;
    let Some(mut page) = read(client, look.read, look.with, known, None).await? else {
        return match look.on_404 {
            Some(_) => Ok(Reading { shown: Shown::NotSeen, version: None, since: None }),
            None => Err(Unknowable::NotFound.into()),
        };
    };
    // Nothing but this call has its mark, whenever it was sent.
    let by_mark = look.proves == Proves::Command && known.ticket.marked;
    let is_event = look.event.is_some();
    if is_event && !by_mark && page.since.is_none() {
        return Err(Unknowable::ClockSetBack.into());
    }
    let since = page.since;
    let events_since = since.filter(|_| !by_mark);
    let newest = if is_event { newest(&page.body) } else { version(&page.body) };
    let mut shown = judge(look, &wanted, events_since, &page.body);
    let paged =
        is_event && Operation::find(look.read).is_some_and(|read| read.inputs.iter().any(|input| input.wire == PAGE));
    for left in (0..MAX_PAGES).rev().take_while(|_| paged) {
        let is_older = oldest(&page.body).zip(since).is_some_and(|(oldest, since)| oldest < since - SEARCHED_BEFORE);
        let number = page.body.get(PAGE).and_then(scalar::<String>).and_then(|number| number.parse::<u64>().ok());
        match number {
            _ if shown != Shown::NotSeen || is_older => break,
            None => return Err(Unknowable::Incomplete("the page has no number").into()),
            Some(number) if number <= 1 => break,
            Some(_) if left == 0 => return Err(Unknowable::TooMuchSince.into()),
            Some(number) => {
                page =
                    read(client, look.read, look.with, known, Some(number - 1)).await?.ok_or(Unknowable::NotFound)?;
                shown = judge(look, &wanted, events_since, &page.body);
            }
        }
    }
    Ok(Reading { shown, version: newest, since })
}

/// Finds the id of something that the command names in another way; none if it does not exist or an input is not known.
pub(super) async fn resolve(client: &Client, resolve: &Resolve, known: &Known<'_>) -> Result<Option<Value>, Error> {
    match read(client, resolve.read, resolve.with, known, None).await {
        Ok(page) => Ok(page.and_then(|page| at(&page.body, resolve.take))),
        Err(NoReading::Unknowable(_)) => Ok(None),
        Err(NoReading::Failed(error)) => Err(error),
    }
}

/// The items to look for; none if an input is not known.
fn wanted(look: &Entry, known: &Known<'_>) -> Option<Vec<Fields>> {
    let mut items = look.r#where.iter().find_map(|fields| known.items(fields))?;
    let if_set = known.known(look.where_set);
    for fields in &mut items {
        fields.extend_from_slice(&if_set);
    }
    Some(items)
}

/// Reads as any other call does; none after a 404.
async fn read(
    client: &Client,
    id: &str,
    with: Pairs,
    known: &Known<'_>,
    page: Option<u64>,
) -> Result<Option<Page>, NoReading> {
    let operation = Operation::find(id).ok_or(Unknowable::UnknownOperation)?;
    let base_url = &client.context.shared.base_url;
    let mut parts = RequestParts::new(base_url, operation.path, Vec::new(), Problems::default());
    for name in path_parameters(operation.path) {
        let value = match with.iter().find(|(other, _)| *other == name) {
            Some((_, value)) => text(known.value(*value)),
            None => known.ticket.inputs.get(name).and_then(scalar::<String>),
        };
        parts.path_param(name, &value.ok_or(Unknowable::InputMissing)?);
    }
    let in_query = with.iter().filter(|(name, _)| !path_parameters(operation.path).any(|other| other == *name));
    for (name, value) in in_query {
        let text = text(known.value(*value)).ok_or(Unknowable::InputMissing)?;
        parts.query_param(name, &text);
        // It may be an e-mail address.
        if value.is_name() {
            parts.redact(&text);
        }
    }
    if let Some(page) = page {
        parts.query_param(PAGE, &page.to_string());
    }
    match execute(client.context.clone(), operation, parts, any_json).await {
        Ok(response) => {
            let (now, sent) = (millis(SystemTime::now()), known.ticket.sent_at);
            let date =
                response.headers().get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
            let service_now = i64::try_from(date.map_or(now, millis)).unwrap_or(i64::MAX);
            let since = now.checked_sub(sent).and_then(|ago| Some(service_now - i64::try_from(ago).ok()? - MARGIN));
            Ok(Some(Page { body: response.into_inner(), since }))
        }
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Reads a response as it came: what is compared is the service's own JSON.
fn any_json(body: &[u8]) -> ReadResult<Value> {
    Ok((any_value(body)?, Ignored::default()))
}

/// A value as a path or a query has it.
fn text(wanted: Option<Wanted>) -> Option<String> {
    match wanted? {
        Wanted::Value(Value::Bool(value)) => Some(value.to_string()),
        Wanted::Value(value) => scalar::<String>(&value),
        Wanted::Digest { .. } => None,
    }
}
