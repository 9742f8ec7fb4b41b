use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use spkey::{Auth, Error};

use crate::auth::claims::Claims;
use crate::auth::probe::{Probe, Verdict};
use crate::auth::remaining_time::{has_passed, remaining_time};
use crate::connection::Connection;
use crate::connection::credential::Credential;
use crate::connection::resolve::resolve;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;
use crate::output;
use crate::printable::printable;

/// Says where the credentials come from, whose they are, and whether the service accepts them.
///
/// # Errors
/// If it does not, cannot be asked, or the token has expired.
pub(crate) async fn run(options: &GlobalOptions) -> Result<(), Failure> {
    let connection = resolve(options)?;
    let spkey = connection.client_builder(Auth::Caller).await?.build()?;
    let verdict = probe(&connection).await?.send(&spkey).await;
    let report = Report { token: TokenReport::of(&connection), now: now(), verdict, connection };
    output::line(&if options.json { report.json().to_string() } else { report.text() })?;
    report.result()
}

async fn probe(connection: &Connection) -> Result<Probe, Failure> {
    let Some(token) = &connection.credentials.token else { return Ok(Probe::AnyLock) };
    let claims = Claims::read(token.fetch().await?.expose());
    let user = claims.and_then(|claims| claims.subject?.parse().ok());
    Ok(user.map_or(Probe::AnyLock, Probe::OwnProfile))
}

struct Report {
    connection: Connection,
    token: TokenReport,
    verdict: Verdict,
    now: i64,
}

/// What is known of the bearer token without the service.
enum TokenReport {
    None,
    Opaque,
    Jwt(Claims),
}

impl TokenReport {
    fn of(connection: &Connection) -> Self {
        match connection.credentials.token.as_ref().and_then(Credential::known) {
            None => Self::None,
            Some(token) => Claims::read(token.expose()).map_or(Self::Opaque, Self::Jwt),
        }
    }

    fn expiry(&self) -> Option<i64> {
        match self {
            Self::Jwt(claims) => claims.expiry,
            _ => None,
        }
    }

    fn text(&self, now: i64) -> Option<String> {
        match self {
            Self::None => None,
            Self::Opaque => Some("no JWT: whose it is and when it expires is not known".to_owned()),
            Self::Jwt(Claims { subject, expiry }) => {
                let whose = subject.as_deref().map_or("nobody".to_owned(), printable);
                let until = expiry.map_or("does not expire".to_owned(), |expiry| remaining_time(expiry, now));
                Some(format!("JWT of {whose}, {until}"))
            }
        }
    }

    fn json(&self, now: i64) -> Value {
        match self {
            Self::None => Value::Null,
            Self::Opaque => json!({ "kind": "opaque" }),
            Self::Jwt(Claims { subject, expiry }) => json!({
                "kind": "jwt",
                "subject": subject,
                "expiresAt": expiry,
                "expired": expiry.map(|expiry| has_passed(expiry, now)),
            }),
        }
    }
}

impl Report {
    fn text(&self) -> String {
        let connection = &self.connection;
        let mut lines = vec![
            format!("source       {}", connection.source),
            format!("URL          {}", printable(&connection.base_url)),
            format!("credentials  {}", connection.credentials.kinds().join(", ")),
        ];
        lines.extend(self.token.text(self.now).map(|token| format!("token        {token}")));
        lines.push(match &self.verdict {
            Verdict::Accepted(status) => format!("service      accepts the credentials (status {status})"),
            Verdict::Failed(error) => match (accepted(error), error.status()) {
                (Some(_), Some(status)) => format!("service      rejects the credentials (status {status})"),
                _ => "service      does not say whether it accepts the credentials".to_owned(),
            },
        });
        if connection.credentials.admin_key.is_some() {
            lines.push("admin key    not checked: only operations of administrators take it".to_owned());
        }
        lines.join("\n")
    }

    fn json(&self) -> Value {
        let (accepted, status) = match &self.verdict {
            Verdict::Accepted(status) => (Some(true), Some(*status)),
            Verdict::Failed(error) => (accepted(error), error.status()),
        };
        json!({
            "source": self.connection.source.to_string(),
            "baseUrl": self.connection.base_url,
            "credentials": self.connection.credentials.kinds(),
            "token": self.token.json(self.now),
            "accepted": accepted,
            "status": status,
        })
    }

    fn result(self) -> Result<(), Failure> {
        let source = &self.connection.source;
        let expired = self.token.expiry().filter(|expiry| has_passed(*expiry, self.now));
        match (expired, self.verdict) {
            (Some(expiry), _) => {
                let since = remaining_time(expiry, self.now);
                Err(Failure::not_applied(format!("the token of {source} {since}: get a new one, and set it there")))
            }
            (None, Verdict::Accepted(_)) => Ok(()),
            (None, Verdict::Failed(error)) if error.is_unauthorized() => Err(Failure::not_applied(format!(
                "the service rejects the credentials of {source} (401): replace them, and check that they are for this URL"
            ))),
            (None, Verdict::Failed(error)) => Err(error.into()),
        }
    }
}

/// `false` where the service has rejected the credentials; `None` where it was not reached or has another problem.
fn accepted(error: &Error) -> Option<bool> {
    (error.is_unauthorized() || error.is_forbidden()).then_some(false)
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
