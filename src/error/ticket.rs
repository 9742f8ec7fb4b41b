use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// What is kept of a command to find out later what became of it: [`Error::ticket`](crate::Error::ticket) has it, and
/// [`Client::confirm`](crate::Client::confirm) resolves it, in another process too.
///
/// It is data: which operation of which server, the inputs by which its effect is recognized, and when it was sent. It holds no
/// credential, PIN or link. Of an input that is a secret, such as the id of a key, it holds a salted digest, and only where the
/// secret is a UUID, which nobody can guess. **Its JSON holds personal data** where the effect is found by it: the e-mail
/// address of `add_resident`, for instance, or a license plate. `Debug` shows none.
///
/// The JSON names its format. One that this version does not know is an error when it is read, and never a guess.
///
/// ```
/// let stored = r#"{"format": 1, "operation": "open_lock", "server": "https://api.spkey.co",
///     "inputs": {"lockId": "123", "requestId": "c0ffee"}, "sentAt": 1793000000000, "endedAt": 1793000015000,
///     "marked": true, "mayStillAct": true}"#;
/// let ticket: spkey::Ticket = serde_json::from_str(stored)?;
/// assert_eq!(ticket.operation(), "open_lock");
///
/// let newer = stored.replace("\"format\": 1", "\"format\": 2");
/// let error = serde_json::from_str::<spkey::Ticket>(&newer).unwrap_err();
/// assert!(error.to_string().contains("a ticket of format 2 needs a newer version of spkey"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    pub(crate) format: Format,
    pub(crate) operation: String,
    /// The base URL, without a slash at the end.
    pub(crate) server: String,
    /// By name on the wire, with the path within it.
    pub(crate) inputs: BTreeMap<String, Value>,
    /// Of inputs that are secrets: a text, or a list of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) digests: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) salt: String,
    /// When the call began, in milliseconds since 1970 by the clock of its machine: it acted no sooner.
    pub(crate) sent_at: u64,
    /// When the last attempt ended: nothing was sent after that.
    pub(crate) ended_at: u64,
    /// Whether its mark was made up by this crate, so that nothing else carries it.
    #[serde(default)]
    pub(crate) marked: bool,
    /// Whether it may act after it ended.
    pub(crate) may_still_act: bool,
    /// Whether the call does something that no read shows.
    #[serde(default)]
    pub(crate) not_shown: bool,
}

/// The format of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Format(u32);

impl Format {
    pub(crate) const CURRENT: Self = Self(1);
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let format = u32::deserialize(deserializer)?;
        if format == Self::CURRENT.0 {
            return Ok(Self::CURRENT);
        }
        let current = Self::CURRENT.0;
        Err(D::Error::custom(format_args!(
            "a ticket of format {format} needs a newer version of spkey, this one reads format {current}: update it"
        )))
    }
}

impl Ticket {
    /// The id of the operation.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// When the call began, by the clock of the machine that made it.
    pub fn sent_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.sent_at)
    }

    /// When its last attempt ended: nothing was sent after that.
    pub fn ended_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.ended_at)
    }
}

/// A salted digest of a secret that is a UUID: shorter ones could be found by trying.
pub(crate) fn digest(salt: &str, secret: &str) -> Option<String> {
    let uuid = uuid::Uuid::try_parse(secret.trim()).ok()?;
    let digest = hmac_sha256::HMAC::mac(uuid.as_bytes(), salt.as_bytes());
    let mut text = String::with_capacity(2 * digest.len());
    for byte in digest {
        let _infallible = write!(text, "{byte:02x}");
    }
    Some(text)
}

/// A time as tickets and evidence keep it: in milliseconds since 1970.
pub(crate) fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Ticket");
        debug.field("operation", &self.operation).field("server", &self.server).field("sent_at", &self.sent_at);
        debug.field("ended_at", &self.ended_at).finish_non_exhaustive()
    }
}
