use spkey::{Client, Error, UserId};

/// A harmless read that shows whether the service accepts the credentials.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Probe {
    /// The profile of the user whose token it is: one's own record may always be read.
    OwnProfile(UserId),
    /// A lock, for tokens of services and for API keys.
    AnyLock,
}

/// What the read has shown.
#[derive(Debug)]
pub(crate) enum Verdict {
    Accepted(u16),
    Failed(Error),
}

impl Probe {
    /// Makes the read. A resource that is unknown to the service shows acceptance too: it had to look for it.
    pub(crate) async fn send(self, spkey: &Client) -> Verdict {
        let read = match self {
            Self::OwnProfile(user) => spkey.get_user_profile(user).send().await.map(|response| response.status()),
            Self::AnyLock => spkey.get_basic_lock_info(1).send().await.map(|response| response.status()),
        };
        match read {
            Ok(status) => Verdict::Accepted(status.as_u16()),
            // A 404 of something else than the service, where the URL is wrong, shows nothing.
            Err(error) if error.is_not_found() && error.api().is_some() => Verdict::Accepted(404),
            Err(error) => Verdict::Failed(error),
        }
    }
}
