//! Responses that are missing, truncated, endless or malformed.

use std::time::Duration;

use spkey::{ErrorKind, Outcome, RetryClass};

use crate::support::Server;
use crate::support::behaviour::{Behaviour, Framing, GOOD};
use crate::support::calls::{USER, builder, call, client};
use crate::{Retried, check, check_success, check_timeout};

mod no_response {
    use super::*;

    #[tokio::test]
    async fn reset_before_the_request_is_read_is_unknown() {
        check(Behaviour::ResetUnread, ErrorKind::Transport, Outcome::Unknown, Retried::Repeatable).await;
    }

    #[tokio::test]
    async fn reset_after_the_request_is_unknown() {
        check(Behaviour::ResetAfterRequest, ErrorKind::Transport, Outcome::Unknown, Retried::Repeatable).await;
    }

    #[tokio::test]
    async fn close_after_the_request_is_unknown() {
        check(Behaviour::CloseAfterRequest, ErrorKind::Transport, Outcome::Unknown, Retried::Repeatable).await;
    }

    #[tokio::test]
    async fn request_that_is_not_read_times_out_unknown() {
        check_timeout(Behaviour::ReadNothing, Outcome::Unknown).await;
    }

    #[tokio::test]
    async fn request_without_response_times_out_unknown() {
        check_timeout(Behaviour::Stall, Outcome::Unknown).await;
    }

    #[tokio::test]
    async fn response_that_is_not_http_is_unknown() {
        check(Behaviour::Gibberish, ErrorKind::Transport, Outcome::Unknown, Retried::Repeatable).await;
    }
}

mod head {
    use super::*;

    #[tokio::test]
    async fn stalled_head_times_out_unknown() {
        check_timeout(Behaviour::StallInHead, Outcome::Unknown).await;
    }

    #[tokio::test]
    async fn truncated_head_is_unknown() {
        check(Behaviour::TruncatedHead, ErrorKind::Transport, Outcome::Unknown, Retried::Repeatable).await;
    }

    #[tokio::test]
    async fn endless_headers_are_unknown() {
        check(Behaviour::FloodHead, ErrorKind::Transport, Outcome::Unknown, Retried::Repeatable).await;
    }

    #[tokio::test]
    async fn interim_responses_are_skipped() {
        check_success(Behaviour::InterimFirst(100)).await;
        check_success(Behaviour::InterimFirst(103)).await;
    }

    #[tokio::test]
    async fn endless_interim_responses_time_out_unknown() {
        check_timeout(Behaviour::InterimFlood, Outcome::Unknown).await;
    }
}

mod body {
    use super::*;

    const MOST: usize = spkey::MAX_RESPONSE_BYTES;

    #[tokio::test]
    async fn stalled_body_times_out_applied() {
        check_timeout(Behaviour::StallInBody, Outcome::Applied).await;
    }

    #[tokio::test]
    async fn read_timeout_of_the_http_client_ends_json_and_pages() {
        let server = Server::start([Behaviour::StallInBody]).await;
        let http = builder(server.url()).http(|http| http.read_timeout(Duration::from_millis(100)));
        let client = http.build().unwrap();
        let error = call(&client, RetryClass::AtMostOnce).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::Applied, 1));

        let error = client.get_temp_key("key-1").send().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::Applied, 3));
        assert!(error.is_timeout(), "{error:?}");
    }

    #[tokio::test]
    async fn truncated_body_is_applied() {
        check(Behaviour::TruncatedBody, ErrorKind::Transport, Outcome::Applied, Retried::Repeatable).await;
        check(Behaviour::TruncatedChunks, ErrorKind::Transport, Outcome::Applied, Retried::Repeatable).await;
    }

    #[tokio::test]
    async fn truncated_page_is_an_error() {
        for behaviour in [Behaviour::TruncatedBody, Behaviour::TruncatedChunks] {
            let server = Server::start([behaviour]).await;
            let error = client(server.url()).get_temp_key("key-1").send().await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3), "{error:?}");
        }
    }

    #[tokio::test]
    async fn body_longer_than_its_length_is_not_understood() {
        check(Behaviour::ShortLength, ErrorKind::Decode, Outcome::Applied, Retried::None).await;
    }

    #[tokio::test]
    async fn body_that_is_not_the_contracts_json_is_applied() {
        for body in ["<html><h1>Signed in</h1></html>", "", " ", "null", "[]", "{\"success\":", "\u{0}"] {
            check(Behaviour::status(200, body), ErrorKind::Decode, Outcome::Applied, Retried::None).await;
        }
        check(Behaviour::status(204, ""), ErrorKind::Decode, Outcome::Applied, Retried::None).await;
    }

    #[tokio::test]
    async fn second_response_is_never_used_for_the_next_call() {
        check_success(Behaviour::TwoResponses).await;
    }

    #[tokio::test]
    async fn endless_body_is_too_large() {
        for framing in [Framing::Length, Framing::Chunked, Framing::Close] {
            check(Behaviour::FloodBody(200, framing), ErrorKind::TooLarge, Outcome::Applied, Retried::None).await;
        }
    }

    #[tokio::test]
    async fn response_of_eight_mebibytes_is_read_and_of_one_byte_more_is_not() {
        assert_eq!(MOST, 8 * 1024 * 1024);
        for framing in [Framing::Length, Framing::Chunked, Framing::Close] {
            check_success(Behaviour::Padded(MOST, framing)).await;
            check(Behaviour::Padded(MOST + 1, framing), ErrorKind::TooLarge, Outcome::Applied, Retried::None).await;
        }
    }

    #[tokio::test]
    async fn page_of_eight_mebibytes_is_read_and_of_one_byte_more_is_not() {
        for framing in [Framing::Length, Framing::Chunked, Framing::Close] {
            let server = Server::start([Behaviour::Padded(MOST, framing), Behaviour::Padded(MOST + 1, framing)]).await;
            let client = client(server.url());
            assert_eq!(client.get_temp_key("key-1").send().await.unwrap().len(), MOST, "{framing:?}");
            let error = client.get_temp_key("key-1").send().await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1), "{framing:?}");
        }
    }

    #[tokio::test]
    async fn announced_length_that_is_too_large_ends_the_call_at_once() {
        check(Behaviour::Announce(MOST + 1), ErrorKind::TooLarge, Outcome::Applied, Retried::None).await;
    }
}

mod error_body {
    use super::*;

    #[tokio::test]
    async fn rejection_with_a_truncated_body_stays_a_rejection() {
        check(Behaviour::TruncatedStatus(404), ErrorKind::Api, Outcome::NotApplied, Retried::None).await;
        check(Behaviour::TruncatedStatus(429), ErrorKind::Api, Outcome::NotApplied, Retried::AllButNoRetry).await;
    }

    #[tokio::test]
    async fn rejection_with_an_endless_body_stays_a_rejection() {
        for framing in [Framing::Length, Framing::Chunked, Framing::Close] {
            check(Behaviour::FloodBody(400, framing), ErrorKind::Api, Outcome::NotApplied, Retried::None).await;
        }
    }

    #[tokio::test]
    async fn body_of_a_rejection_is_kept_up_to_four_kibibytes() {
        let long = "x".repeat(100_000);
        for framing in ["content-length: 100002", "connection: close"] {
            let response = Behaviour::Respond(404, vec![framing.to_owned()], format!("\"{long}\""));
            let server = Server::start([response]).await;
            let error = call(&client(server.url()), RetryClass::AtMostOnce).await.unwrap_err();
            assert_eq!(error.body(), &format!("\"{long}").as_bytes()[..4 * 1024], "{framing}");
        }
        assert!(GOOD.len() < spkey::KEPT_BODY_BYTES);
    }
}

mod custom_request {
    use spkey::reqwest::Method;

    use super::*;

    #[tokio::test]
    async fn empty_success_is_read_as_nothing() {
        for behaviour in [Behaviour::status(204, ""), Behaviour::status(200, "")] {
            let server = Server::start([behaviour.clone()]).await;
            let client = client(server.url());
            let post = || client.request(Method::POST, "/users/{userId}/Anything").path_param("userId", USER);
            let status = post().send::<()>().await.unwrap().status();
            assert_eq!(Behaviour::status(status.as_u16(), ""), behaviour);
            assert_eq!(post().send::<Option<u64>>().await.unwrap().into_inner(), None);
            let error = post().send::<u64>().await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Applied));
            assert_eq!(server.requests().len(), 3);
        }
    }
}
