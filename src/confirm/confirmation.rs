use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;

use crate::value::secret::Secret;

/// What is known of a command after looking: the result of [`Client::confirm`](crate::Client::confirm).
///
/// | | what to do |
/// |---|---|
/// | `Applied`, `InEffect` | go on; there is nothing to repeat |
/// | `Undone` | ask who undid it before repeating it |
/// | `NotSeen` | a command that adds, removes or sets something: give it again, if it is still wanted; what opens a door or sends a command to a device: let a person decide |
/// | `CannotBeKnown` | let a person decide; a repeat has the risk that the operation's [`RetryClass`](crate::RetryClass) names |
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Confirmation {
    /// This very command took effect: the service shows a mark that nothing else carries.
    Applied(Evidence),
    /// What the command asks for is so, or was done since it was sent: by this command or by another.
    /// [`Evidence::by_another`] says whether another is known to have done it. Of commands that only events show, such as
    /// `write_key`, an event of up to 2 s before counts too: the service's clocks may differ.
    InEffect(Evidence),
    /// It was done since the command was sent (or up to 2 s before), by this command or another, and is no longer so.
    Undone(Evidence),
    /// It is not so, at the version and time of the evidence. That is no proof that the command did nothing: it may have been
    /// undone since. Where [`Evidence::settled`] is false, it may also still take effect.
    NotSeen(Evidence),
    /// No read can tell, and why.
    CannotBeKnown(Unknowable),
}

/// What a [`Confirmation`] rests on.
#[derive(Clone)]
#[non_exhaustive]
pub struct Evidence {
    /// The version of the lock, camera or role that was read; of events, that of the newest. None where the read has none.
    pub version: Option<u64>,
    /// When the read began, by this machine's clock.
    pub read_at: SystemTime,
    /// Whether the time in which the command may still act was over when the read began: see
    /// [`settle`](crate::PendingConfirmation::settle).
    pub settled: bool,
    /// Whether another is known to have done it: another's name is on it, or it is older than the command. False where that is
    /// not known.
    pub by_another: bool,
    pub(crate) recovered: BTreeMap<String, Secret>,
}

impl Evidence {
    /// A value that the lost response would have had, by its name there: `keyId` of `add_wallet_key`, `uuid` of
    /// `create_unified_temp_key`, `userId` of `create_user_webhook`. Never a PIN: no read has it.
    pub fn recovered(&self, name: &str) -> Option<&Secret> {
        self.recovered.get(name)
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Evidence");
        debug.field("version", &self.version).field("read_at", &self.read_at).field("settled", &self.settled);
        debug.field("by_another", &self.by_another).field("recovered", &self.recovered.keys().collect::<Vec<_>>());
        debug.finish()
    }
}

/// Why no read can tell what became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unknowable {
    /// No read shows it to this caller: why, as the contract says it.
    NotShown(String),
    /// The command does more than the read shows, as it was given.
    NotAllShown,
    /// The response lacks what would tell: it is cut, or a field is missing.
    Incomplete(&'static str),
    /// It is not in the response, and these credentials do not see all that there is.
    NarrowedByCredentials,
    /// It is not in the response, which does not have everything: it lags, or lists a part.
    AbsenceProvesNothing,
    /// More happened since than is read.
    TooMuchSince,
    /// The ticket lacks an input by which the effect is recognized: it was not set, or is a secret that is no UUID.
    InputMissing,
    /// The user, lock or other thing that is read does not exist.
    NotFound,
    /// The clock of this machine is behind the time at which the command was sent.
    ClockSetBack,
    /// The ticket is of another server.
    OtherServer,
    /// This version of the crate does not know the ticket's operation.
    UnknownOperation,
    /// The error has no ticket: the command certainly did nothing, or the operation only reads.
    NoTicket,
}

impl fmt::Display for Unknowable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotShown(why) => return write!(f, "no read shows it ({why}): let a person look"),
            Self::NotAllShown => "the command does more than a read shows: let a person look",
            Self::Incomplete(what) => return write!(f, "the response does not tell ({what}): look later"),
            Self::NarrowedByCredentials => "these credentials do not see all that there is: look with others",
            Self::AbsenceProvesNothing => "it is not seen, and the read does not show everything: look later",
            Self::TooMuchSince => "more happened since than is read: let a person look",
            Self::InputMissing => "the ticket lacks an input that identifies the effect: let a person look",
            Self::NotFound => "what should be read does not exist: check the ids",
            Self::ClockSetBack => "this machine's clock is behind the time of the command: set it, and look later",
            Self::OtherServer => "the ticket is of another server: use a client of that server",
            Self::UnknownOperation => "the ticket's operation is not known: update spkey",
            Self::NoTicket => "the command did nothing, or only reads: there is nothing to confirm",
        })
    }
}
