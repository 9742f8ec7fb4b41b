//! Finds out what became of a command whose response was lost, by the reads that the contract names for it.

pub(crate) mod confirmation;
mod judge;
mod look;
pub(crate) mod pending_confirmation;
mod reading;
mod service_time;
mod wanted;

use crate::client::Client;
use crate::confirm::pending_confirmation::PendingConfirmation;
use crate::error::Error;
use crate::error::ticket::Ticket;

impl Client {
    /// Finds out what became of a command: reads its effect, and repeats that until the effect is seen or the time in which the
    /// command may still act is over ([`settle`](PendingConfirmation::settle), 60 s unless set). The command is never repeated.
    ///
    /// It says nothing false: a read that lags, a list that is cut, a field that is missing, or credentials that see less are
    /// [`CannotBeKnown`](crate::Confirmation::CannotBeKnown). Times are compared by the service's clock; it takes
    /// this machine's clock to run on between the command and the look, and not to be set by more than seconds.
    ///
    /// ```no_run
    /// # async fn example(spkey: &spkey::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use spkey::{Confirmation, Ticket};
    ///
    /// let Err(error) = spkey.open_lock(123).reason("parcel").send().await else { return Ok(()) };
    /// let Some(ticket) = error.ticket() else { return Err(error.into()) };
    /// std::fs::write("ticket.json", serde_json::to_string(&ticket)?)?;
    ///
    /// // The same process, or another one.
    /// let ticket: Ticket = serde_json::from_str(&std::fs::read_to_string("ticket.json")?)?;
    /// match spkey.confirm(&ticket).await? {
    ///     Confirmation::Applied(_) => println!("the lock got the command"),
    ///     Confirmation::NotSeen(evidence) => println!("not done, as of {:?}", evidence.read_at),
    ///     other => println!("let a person look: {other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If a read fails. The ticket stays valid: look later.
    pub fn confirm<'a>(&'a self, ticket: &Ticket) -> PendingConfirmation<'a> {
        PendingConfirmation::new(self, Some(ticket.clone()))
    }
}

impl Error {
    /// Finds out what became of the command: [`Client::confirm`] with this error's [`ticket`](Self::ticket).
    ///
    /// After a 400 it tells "already so" from "invalid", which the service does not.
    ///
    /// ```no_run
    /// # async fn example(spkey: &spkey::Client, user: spkey::UserId) -> Result<(), spkey::Error> {
    /// use spkey::Confirmation;
    ///
    /// if let Err(error) = spkey.add_license_plate(user).plate("B-SK 1").send().await {
    ///     match error.confirm(spkey).await? {
    ///         Confirmation::InEffect(_) => {} // there is nothing to do
    ///         _ => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If a read fails.
    pub fn confirm<'a>(&self, client: &'a Client) -> PendingConfirmation<'a> {
        PendingConfirmation::new(client, self.ticket())
    }
}
