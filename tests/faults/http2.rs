//! The two ways in which HTTP/2 takes back a request: GOAWAY for a connection, a reset for a stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use h2::Reason;
use h2::server::{self, SendResponse};
use spkey::{Client, ErrorKind, Outcome, RetryClass};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::support::behaviour::GOOD;
use crate::support::calls::{CLASSES, builder, call};
use crate::support::tls::Authority;

/// What is done with a request that has been read.
#[derive(Clone, Copy, Debug)]
enum Act {
    Answer,
    /// Resets the stream.
    Reset(Reason),
    /// Ends the connection at once, saying that it has seen the request.
    GoAway(Reason),
    /// Answers, and takes no more requests on this connection.
    AnswerAndLeave,
}

/// A server with TLS that does to the first request the first act, and so on; the last one stays.
struct Http2 {
    url: String,
    requests: Arc<AtomicU32>,
    _accepting: JoinSet<()>,
}

impl Http2 {
    async fn start(authority: &Authority, script: &'static [Act]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let acceptor = authority.acceptor("localhost", &["h2"]);
        let requests = Arc::new(AtomicU32::new(0));
        let mut accepting = JoinSet::new();
        let count = Arc::clone(&requests);
        accepting.spawn(async move {
            let mut serving = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                serving.spawn(serve(stream, acceptor.clone(), Arc::clone(&count), script));
            }
        });
        Self { url, requests, _accepting: accepting }
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, requests: Arc<AtomicU32>, script: &[Act]) {
    let mut connection = server::handshake(acceptor.accept(stream).await.unwrap()).await.unwrap();
    while let Some(Ok((mut request, mut respond))) = connection.accept().await {
        while let Some(Ok(data)) = request.body_mut().data().await {
            request.body_mut().flow_control().release_capacity(data.len()).unwrap();
        }
        let number = requests.fetch_add(1, Ordering::SeqCst) as usize;
        match script[number.min(script.len() - 1)] {
            Act::Answer => answer(&mut respond),
            Act::Reset(reason) => respond.send_reset(reason),
            Act::GoAway(reason) => connection.abrupt_shutdown(reason),
            Act::AnswerAndLeave => {
                answer(&mut respond);
                connection.graceful_shutdown();
            }
        }
    }
}

fn answer(respond: &mut SendResponse<bytes::Bytes>) {
    let mut body = respond.send_response(http::Response::default(), false).unwrap();
    body.send_data(GOOD.into(), true).unwrap();
}

fn client(server: &Http2, authority: &Authority) -> Client {
    let certificate = authority.certificate();
    builder(&server.url).http(|http| http.tls_certs_only([certificate])).build().unwrap()
}

/// Every class against a server that takes back what it has read, for as long as it is asked.
async fn check_taken_back(script: &'static [Act]) {
    let authority = Authority::new();
    for class in CLASSES {
        let server = Http2::start(&authority, script).await;
        let error = call(&client(&server, &authority), class).await.unwrap_err();
        let attempts = if matches!(class, RetryClass::Safe | RetryClass::Repeatable) { 3 } else { 1 };
        let seen = (error.kind(), error.outcome(), error.attempts());
        assert_eq!(seen, (ErrorKind::Transport, Outcome::Unknown, attempts), "{class:?} {error:?}");
        assert_eq!(server.requests.load(Ordering::SeqCst), attempts, "{class:?}: something below sent it again");
    }
}

#[tokio::test]
async fn a_refused_stream() {
    check_taken_back(&[Act::Reset(Reason::REFUSED_STREAM)]).await;
}

#[tokio::test]
async fn a_stream_that_is_reset() {
    check_taken_back(&[Act::Reset(Reason::INTERNAL_ERROR)]).await;
}

#[tokio::test]
async fn a_connection_that_goes_away_with_the_request() {
    check_taken_back(&[Act::GoAway(Reason::NO_ERROR)]).await;
    check_taken_back(&[Act::GoAway(Reason::ENHANCE_YOUR_CALM)]).await;
}

#[tokio::test]
async fn a_connection_that_goes_away_between_calls_costs_nothing() {
    let authority = Authority::new();
    for class in CLASSES {
        let server = Http2::start(&authority, &[Act::AnswerAndLeave, Act::Answer]).await;
        let client = client(&server, &authority);
        for calls in 1..=3 {
            call(&client, class).await.unwrap();
            assert_eq!(server.requests.load(Ordering::SeqCst), calls, "{class:?}");
        }
    }
}
