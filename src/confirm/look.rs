use std::collections::BTreeMap;
use std::time::SystemTime;

use serde_json::Value;

use crate::client::Client;
use crate::confirm::confirmation::{Confirmation, Evidence, Unknowable};
use crate::confirm::judge::{Shown, by_another, version};
use crate::confirm::reading::{NoReading, Reading, reading, resolve};
use crate::confirm::wanted::Known;
use crate::error::Error;
use crate::error::ticket::Ticket;
use crate::request::confirm::{Absence, Entry, EntryValue, Proves};
use crate::value::from_scalar::scalar;
use crate::value::json_path::at;
use crate::value::secret::Secret;

/// One look at what became of a command.
pub(super) struct Look<'a> {
    pub(super) client: &'a Client,
    pub(super) ticket: &'a Ticket,
    pub(super) entry: &'static Entry,
    /// Whether the time in which the command may still act is over.
    pub(super) settled: bool,
}

/// What a look shows.
pub(super) struct Looked {
    pub(super) confirmation: Confirmation,
    /// Whether the effect was not seen, and may still come.
    pub(super) pending: bool,
}

impl Look<'_> {
    pub(super) async fn look(&self) -> Result<Looked, Error> {
        let last = |confirmation| Looked { confirmation, pending: false };
        match self.confirmation().await {
            Ok(looked) => Ok(looked),
            Err(NoReading::Unknowable(why)) => Ok(last(Confirmation::CannotBeKnown(why))),
            Err(NoReading::Failed(error)) => Err(error),
        }
    }

    async fn confirmation(&self) -> Result<Looked, NoReading> {
        let Self { client, ticket, entry, settled } = *self;
        if let Some(why) = entry.nothing {
            return Err(Unknowable::NotShown(why.to_owned()).into());
        }
        if ticket.not_shown {
            return Err(Unknowable::NotAllShown.into());
        }
        let read_at = SystemTime::now();
        let known = self.known().await?;
        let Reading { shown, version, since } = reading(client, entry, &known).await?;
        let evidence = Evidence { version, read_at, settled, by_another: false, recovered: BTreeMap::new() };
        let confirmation = match (shown, entry.gone) {
            (Shown::Unclear(what), _) => return Err(Unknowable::Incomplete(what).into()),
            (Shown::Seen(item), false) => self.seen(&known, since, &item, evidence),
            (Shown::NotSeen, true) => match self.hidden() {
                Some(why) => Confirmation::CannotBeKnown(why),
                None => Confirmation::InEffect(evidence),
            },
            (Shown::NotSeen, false) | (Shown::Seen(_), true) => {
                let confirmation = match self.hidden().filter(|_| !entry.gone) {
                    Some(why) => Confirmation::CannotBeKnown(why),
                    None => self.not_seen(&known, evidence).await?,
                };
                let is_undone = matches!(confirmation, Confirmation::Undone(_));
                return Ok(Looked { confirmation, pending: !settled && !is_undone });
            }
        };
        Ok(Looked { confirmation, pending: false })
    }

    /// What an item that has everything that is looked for proves.
    fn seen(&self, known: &Known<'_>, since: Option<i64>, item: &Value, evidence: Evidence) -> Confirmation {
        let recovered = self.entry.recovers.iter();
        let recovered = recovered
            .filter_map(|(name, field)| Some(((*name).to_owned(), scalar::<String>(&at(item, field)?)?.into())));
        let evidence = Evidence { recovered: recovered.collect::<BTreeMap<String, Secret>>(), ..evidence };
        if self.entry.proves == Proves::Command && self.ticket.marked {
            return Confirmation::Applied(evidence);
        }
        let by_another = by_another(self.entry, &known.known(self.entry.author), since, item);
        Confirmation::InEffect(Evidence { by_another, ..evidence })
    }

    /// Whether it was done and undone, where the state does not show it.
    async fn not_seen(&self, known: &Known<'_>, evidence: Evidence) -> Result<Confirmation, NoReading> {
        let Some(history) = self.entry.history else { return Ok(Confirmation::NotSeen(evidence)) };
        let event = match reading(self.client, history, known).await {
            Ok(Reading { shown: Shown::Seen(event), .. }) => event,
            // The state alone says enough.
            Ok(_) | Err(NoReading::Unknowable(_)) => return Ok(Confirmation::NotSeen(evidence)),
            Err(failed) => return Err(failed),
        };
        // A state from before the event says nothing about what came after it.
        Ok(match evidence.version.zip(version(&event)) {
            Some((state, event)) if state >= event => Confirmation::Undone(evidence),
            _ => Confirmation::CannotBeKnown(Unknowable::Incomplete("the state is older than its events: look again")),
        })
    }

    /// Why there may be an item that is not in the response.
    fn hidden(&self) -> Option<Unknowable> {
        match self.entry.absence {
            Absence::Known => None,
            Absence::Unknown => Some(Unknowable::AbsenceProvesNothing),
            Absence::UnknownToApiKey => {
                let api_key = self.client.context.shared.credentials.api_key.as_ref();
                api_key.map(|_| Unknowable::NarrowedByCredentials)
            }
        }
    }

    /// What the ticket has, and what must be found for the first fields that can be filled in.
    async fn known(&self) -> Result<Known<'_>, Error> {
        let mut known = Known { ticket: self.ticket, found: BTreeMap::new() };
        for fields in self.entry.r#where {
            let is_needed = |name: &'static str| fields.iter().any(|(_, value)| *value == EntryValue::Found(name));
            for (name, by) in self.entry.resolve.iter().filter(|(name, _)| is_needed(name)) {
                if let Some(value) = resolve(self.client, by, &known).await? {
                    known.found.insert(name, value);
                }
            }
            if known.items(fields).is_some() {
                break;
            }
        }
        Ok(known)
    }
}
