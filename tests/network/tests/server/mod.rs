use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use h2::Reason;
use h2::server::{self, SendResponse};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::authority::Authority;
use crate::support::behaviour::GOOD;

/// What is done with a request that has been read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Respond,
    /// Resets the stream.
    Reset(Reason),
    /// Ends the connection at once, saying that it has seen the request.
    GoAway(Reason),
    /// Responds, and takes no more requests on this connection.
    RespondAndLeave,
    /// Responds, and then neither reads nor writes, with the connection left open.
    RespondAndGoDeaf,
}

/// A server with TLS that treats the first request by the first act, and so on; the last one stays.
pub(crate) struct Http2 {
    url: String,
    seen: Arc<Seen>,
    _accepting: JoinSet<()>,
}

/// What has reached the server.
struct Seen {
    requests: AtomicU32,
    connections: AtomicU32,
    bytes: AtomicUsize,
    deaf: Semaphore,
}

impl Http2 {
    pub(crate) async fn start(authority: &Authority, script: &'static [Act]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let acceptor = authority.acceptor("localhost", &["h2"]);
        let seen = Arc::new(Seen {
            requests: AtomicU32::default(),
            connections: AtomicU32::default(),
            bytes: AtomicUsize::default(),
            deaf: Semaphore::new(0),
        });
        let mut accepting = JoinSet::new();
        let shared = Arc::clone(&seen);
        accepting.spawn(async move {
            let mut serving = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                serving.spawn(serve(stream, acceptor.clone(), Arc::clone(&shared), script));
            }
        });
        Self { url, seen, _accepting: accepting }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// How many requests were read.
    pub(crate) fn requests(&self) -> u32 {
        self.seen.requests.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> u32 {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// How many bytes came in on all connections.
    pub(crate) fn bytes_received(&self) -> usize {
        self.seen.bytes.load(Ordering::SeqCst)
    }

    /// Waits until a connection has gone deaf.
    pub(crate) async fn is_deaf(&self) {
        self.seen.deaf.acquire().await.unwrap().forget();
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, seen: Arc<Seen>, script: &[Act]) {
    let counted = Counted { stream, seen: Arc::clone(&seen) };
    let mut connection = server::handshake(acceptor.accept(counted).await.unwrap()).await.unwrap();
    while let Some(Ok((mut request, mut respond))) = connection.accept().await {
        while let Some(Ok(data)) = request.body_mut().data().await {
            request.body_mut().flow_control().release_capacity(data.len()).unwrap();
        }
        let number = seen.requests.fetch_add(1, Ordering::SeqCst) as usize;
        match script[number.min(script.len() - 1)] {
            Act::Respond => send(&mut respond),
            Act::Reset(reason) => respond.send_reset(reason),
            Act::GoAway(reason) => connection.abrupt_shutdown(reason),
            Act::RespondAndLeave => {
                send(&mut respond);
                connection.graceful_shutdown();
            }
            Act::RespondAndGoDeaf => {
                send(&mut respond);
                // To wait for another request sends the response, and acknowledges what the client has sent with it.
                assert!(timeout(Duration::from_millis(200), connection.accept()).await.is_err());
                seen.deaf.add_permits(1);
                std::future::pending::<()>().await;
            }
        }
    }
}

fn send(respond: &mut SendResponse<Bytes>) {
    let mut body = respond.send_response(http::Response::default(), false).unwrap();
    body.send_data(GOOD.into(), true).unwrap();
}

/// A connection that counts what comes in.
struct Counted {
    stream: TcpStream,
    seen: Arc<Seen>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.seen.bytes.fetch_add(buffer.filled().len() - before, Ordering::SeqCst);
        result
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
