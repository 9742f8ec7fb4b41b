use crate::retry::outcome::Outcome;

/// What a failed attempt proves about the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureClass {
    /// There was no connection: the request was never sent.
    NotConnected,
    /// Rejected with 429, unprocessed.
    RateLimited,
    /// Rejected with 401, unprocessed, for a token that can be refreshed.
    TokenRejected,
    /// It may have been carried out: no response, a broken one, or one that does not say.
    MayHaveActed,
    /// It was carried out: the response is a success, and its body broke off.
    ResponseLost,
    /// It was carried out: the response is a success, and cannot be understood.
    ResponseUnreadable,
    /// Rejected, finally: a 4xx.
    Rejected,
    /// A final status that does not say whether anything was done.
    Inconclusive,
    /// It could not be sent: incomplete, malformed, or without a credential that it takes.
    NotSent,
}

impl FailureClass {
    /// What a status that is no success proves. `token_refreshable` says whether the bearer token that was sent can be
    /// replaced, which makes a 401 worth a retry.
    ///
    /// 521, 523, 525 and 526 say that an origin was not reached. They prove nothing about a command all the same: the service
    /// itself runs at the edge and may pass on the status of a request that it made after it had acted.
    pub(crate) fn of_status(status: u16, token_refreshable: bool) -> Self {
        match status {
            429 => Self::RateLimited,
            401 if token_refreshable => Self::TokenRejected,
            408 | 500 | 502..=504 | 520..=526 => Self::MayHaveActed,
            400..=499 => Self::Rejected,
            _ => Self::Inconclusive,
        }
    }

    /// What became of the command in that attempt.
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::NotConnected | Self::RateLimited | Self::TokenRejected | Self::Rejected | Self::NotSent => {
                Outcome::NotApplied
            }
            Self::MayHaveActed | Self::Inconclusive => Outcome::Unknown,
            Self::ResponseLost | Self::ResponseUnreadable => Outcome::Applied,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_classified_as_in_the_table() {
        for status in 100..=999 {
            let expected = match status {
                429 => FailureClass::RateLimited,
                408 | 500 | 502 | 503 | 504 | 520 | 521 | 522 | 523 | 524 | 525 | 526 => FailureClass::MayHaveActed,
                400..=499 => FailureClass::Rejected,
                _ => FailureClass::Inconclusive,
            };
            assert_eq!(FailureClass::of_status(status, false), expected, "{status}");
            let refreshable = if status == 401 { FailureClass::TokenRejected } else { expected };
            assert_eq!(FailureClass::of_status(status, true), refreshable, "{status} with a refreshable token");
        }
    }

    #[test]
    fn edge_status_without_origin_leaves_the_outcome_unknown() {
        for status in [521, 523, 525, 526] {
            assert_eq!(FailureClass::of_status(status, false).outcome(), Outcome::Unknown, "{status}");
        }
    }

    #[test]
    fn only_what_certainly_did_nothing_is_not_applied() {
        use FailureClass::{
            Inconclusive, MayHaveActed, NotConnected, NotSent, RateLimited, Rejected, ResponseLost, ResponseUnreadable,
            TokenRejected,
        };
        for class in [NotConnected, RateLimited, TokenRejected, Rejected, NotSent] {
            assert_eq!(class.outcome(), Outcome::NotApplied, "{class:?}");
        }
        for class in [MayHaveActed, Inconclusive] {
            assert_eq!(class.outcome(), Outcome::Unknown, "{class:?}");
        }
        for class in [ResponseLost, ResponseUnreadable] {
            assert_eq!(class.outcome(), Outcome::Applied, "{class:?}");
        }
    }
}
