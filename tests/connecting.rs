//! An attempt that ends before its connection stands has sent nothing; one that ends later may have acted.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::Duration;

use spkey::{Client, ClientBuilder, ErrorKind, Outcome, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

const SHORT: Duration = Duration::from_millis(300);
const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

fn builder(url: &str) -> ClientBuilder {
    let policy = RetryPolicy::default().base_delay(Duration::ZERO);
    Client::builder().base_url(url).api_key("made-up-key").retry(policy).attempt_timeout(SHORT)
}

fn client(url: &str) -> Client {
    builder(url).build().unwrap()
}

/// Reads what has come of a request, up to its end.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0, "the client closed the connection");
    }
    String::from_utf8(request).unwrap()
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn tls_that_hangs_is_not_applied_and_retried() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let accepting = tokio::spawn(async move {
        let mut open = Vec::new();
        while open.len() < 3 {
            open.push(listener.accept().await.unwrap());
        }
        open
    });
    let builder = builder(&url).http(|http| http.tls_certs_only([]));
    let error = builder.build().unwrap().open_lock(123).send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Connect, Outcome::NotApplied, 3));
    accepting.await.unwrap();
}

#[tokio::test]
async fn no_response_on_a_new_or_kept_connection_is_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.unwrap();
        read_request(&mut first).await;
        first.write_all(RESPONSE).await.unwrap();
        read_request(&mut first).await;
        let (mut second, _) = listener.accept().await.unwrap();
        read_request(&mut second).await;
        (first, second)
    });
    let client = client(&url);
    client.open_lock(123).send().await.unwrap();
    for connection in ["kept", "new"] {
        let error = client.open_lock(123).send().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::Unknown), "{connection}");
        assert_eq!(error.attempts(), 1, "{connection}");
    }
    serving.await.unwrap();
}

/// A call that waits for a connection of its own is sent on another that becomes free: it may have acted, although its
/// connection never stood.
#[tokio::test]
async fn request_sent_on_another_connection_while_connecting_is_unknown() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let listener = socket.listen(1).unwrap();
    let client = client(&format!("http://{address}"));

    let slow = tokio::spawn(
        client.open_lock(1).timeout(Duration::from_secs(60)).attempt_timeout(Duration::from_secs(60)).send(),
    );
    let (mut kept, _) = listener.accept().await.unwrap();
    read_request(&mut kept).await;
    // Nobody accepts from now on: when the backlog is full, a new connection waits.
    let mut backlog = Vec::new();
    while let Ok(stream) = timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        backlog.push(stream.unwrap());
    }

    let waiting = tokio::spawn(client.open_lock(2).attempt_timeout(Duration::from_secs(2)).send());
    // The other call is polled, and waits for its connection, before the first one ends.
    tokio::task::yield_now().await;
    kept.write_all(RESPONSE).await.unwrap();
    slow.await.unwrap().unwrap();
    assert!(read_request(&mut kept).await.starts_with("POST /locks/2/OpenLock"));
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::Unknown, 1));
}
