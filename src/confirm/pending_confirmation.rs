use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

use tokio::time::sleep;

use crate::client::Client;
use crate::confirm::confirmation::{Confirmation, Unknowable};
use crate::confirm::look::{Look, Looked};
use crate::error::Error;
use crate::error::ticket::Ticket;
use crate::request::operation::Operation;

/// How long after its last attempt a command is taken to be able to act, 60 s: [`PendingConfirmation::settle`].
pub const DEFAULT_SETTLE: Duration = Duration::from_secs(60);

/// The first wait before another look, and the longest.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A look at what became of a command, to be awaited. Made by [`Client::confirm`] and [`Error::confirm`].
#[must_use = "nothing is read before it is awaited"]
pub struct PendingConfirmation<'a> {
    client: &'a Client,
    ticket: Option<Ticket>,
    settle: Duration,
    once: bool,
}

impl<'a> PendingConfirmation<'a> {
    pub(super) fn new(client: &'a Client, ticket: Option<Ticket>) -> Self {
        Self { client, ticket, settle: DEFAULT_SETTLE, once: false }
    }

    /// Looks once, now. A [`NotSeen`](Confirmation::NotSeen) whose evidence is not settled says nothing: the command may act
    /// after the look.
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// How long after its last attempt the command is taken to be able to act. 60 s by default ([`DEFAULT_SETTLE`]).
    ///
    /// A request outlives the client that gave it up: in a network's buffers, in a proxy's queue, in a service that works on.
    /// Nobody states a bound. The default is four times the limit of an attempt; set more where the service is slow or its
    /// reads lag, and less only if you know a bound. With less, a command may act after it was
    /// [`NotSeen`](Confirmation::NotSeen).
    pub fn settle(self, settle: Duration) -> Self {
        Self { settle, ..self }
    }

    async fn run(self) -> Result<Confirmation, Error> {
        let Some(ticket) = &self.ticket else { return Ok(Confirmation::CannotBeKnown(Unknowable::NoTicket)) };
        if ticket.server != self.client.base_url() {
            return Ok(Confirmation::CannotBeKnown(Unknowable::OtherServer));
        }
        let entry = Operation::find(&ticket.operation).and_then(|operation| operation.confirm);
        let Some(entry) = entry else { return Ok(Confirmation::CannotBeKnown(Unknowable::UnknownOperation)) };
        let started = Instant::now();
        let mut wait = FIRST_WAIT;
        loop {
            let left = self.left(ticket, started);
            let look = Look { client: self.client, ticket, entry, settled: left.is_zero() };
            let Looked { confirmation, pending } = look.look().await?;
            if self.once || !pending {
                return Ok(confirmation);
            }
            // The last look begins when the command can act no more.
            sleep(wait.min(self.left(ticket, started))).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// How long the command may still act. A clock that was set back does not make it longer than `settle`.
    fn left(&self, ticket: &Ticket, started: Instant) -> Duration {
        if !ticket.may_still_act {
            return Duration::ZERO;
        }
        let by_clock = (ticket.ended_at() + self.settle).duration_since(SystemTime::now()).unwrap_or_default();
        by_clock.min(self.settle.saturating_sub(started.elapsed()))
    }
}

impl<'a> IntoFuture for PendingConfirmation<'a> {
    type Output = Result<Confirmation, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for PendingConfirmation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("PendingConfirmation");
        debug.field("ticket", &self.ticket).field("settle", &self.settle).field("once", &self.once).finish()
    }
}
