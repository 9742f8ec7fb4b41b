//! A server that misbehaves as its script says, request by request, and counts what reached it.

#![allow(dead_code, unreachable_pub, reason = "every test takes a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc, reason = "a test fails by a panic")]
#![allow(clippy::must_use_candidate, clippy::new_without_default, clippy::missing_errors_doc, reason = "not published")]

pub mod behaviour;
pub mod calls;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use behaviour::Behaviour;

/// A server on a port of its own, which stops when it is dropped.
pub struct Server {
    url: String,
    log: Arc<Log>,
    accepting: JoinHandle<()>,
}

/// A request that arrived whole, and what the server did with it.
#[derive(Clone, Debug)]
pub struct ReceivedRequest {
    pub method: String,
    /// The path with the query, as it was on the wire.
    pub target: String,
    /// The head as it was on the wire.
    pub head: String,
    pub body: Vec<u8>,
    pub behaviour: Behaviour,
}

/// What a server has to do, and what has reached it.
pub struct Log {
    script: Mutex<VecDeque<Behaviour>>,
    requests: Mutex<Vec<ReceivedRequest>>,
    connections: AtomicUsize,
}

/// A connection with or without TLS.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    fn tcp(&self) -> &TcpStream;

    /// Waits for the first byte of a request. It stays unread where the wire is not encrypted.
    fn arrival(&mut self, buffer: &mut Vec<u8>) -> impl Future<Output = bool> + Send;
}

impl Wire for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }

    async fn arrival(&mut self, _: &mut Vec<u8>) -> bool {
        matches!(self.peek(&mut [0]).await, Ok(1..))
    }
}

impl Server {
    /// A server that treats the first request by the first behaviour, and so on; the last one stays.
    pub async fn start(script: impl IntoIterator<Item = Behaviour>) -> Self {
        Self::start_with("http://127.0.0.1", script, |stream, log| async move { log.serve(stream).await }).await
    }

    /// The same, with a function that serves each connection. The port is appended to the origin.
    pub async fn start_with<F: Future<Output = ()> + Send + 'static>(
        origin: &str,
        script: impl IntoIterator<Item = Behaviour>,
        serve: impl Fn(TcpStream, Arc<Log>) -> F + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{origin}:{}", listener.local_addr().unwrap().port());
        let log = Arc::new(Log::new(script));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&log), serve));
        Self { url, log, accepting }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The requests that arrived whole.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.log.requests.lock().unwrap().clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.log.connections.load(Ordering::SeqCst)
    }

    /// Replaces what is left of the script.
    pub fn set_script(&self, script: impl IntoIterator<Item = Behaviour>) {
        *self.log.script.lock().unwrap() = script.into_iter().collect();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The URL of a port of this machine on which no server listens.
pub async fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Accepts connections until it is aborted, and all that it has accepted with it.
async fn accept<F>(listener: TcpListener, log: Arc<Log>, serve: impl Fn(TcpStream, Arc<Log>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut serving = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        log.connections.fetch_add(1, Ordering::SeqCst);
        serving.spawn(serve(stream, Arc::clone(&log)));
        while serving.try_join_next().is_some() {}
    }
}

impl Log {
    fn new(script: impl IntoIterator<Item = Behaviour>) -> Self {
        let script = Mutex::new(script.into_iter().collect());
        Self { script, requests: Mutex::default(), connections: AtomicUsize::default() }
    }

    /// Serves one connection, request by request.
    pub async fn serve<W: Wire>(&self, mut wire: W) {
        let mut buffer = Vec::new();
        while !buffer.is_empty() || wire.arrival(&mut buffer).await {
            let behaviour = self.next();
            let mut request = None;
            if behaviour.reads() {
                request = read(&mut wire, &mut buffer, &behaviour).await;
                let Some(request) = &request else { return };
                self.requests.lock().unwrap().push(request.clone());
            }
            if !behaviour.act(&mut wire, request.as_ref()).await {
                return;
            }
        }
    }

    fn next(&self) -> Behaviour {
        let mut script = self.script.lock().unwrap();
        if script.len() > 1 { script.pop_front().unwrap() } else { script.front().expect("a behaviour").clone() }
    }
}

/// Reads one request to its last byte; none if it is truncated.
async fn read(
    wire: &mut (impl AsyncRead + Unpin),
    buffer: &mut Vec<u8>,
    behaviour: &Behaviour,
) -> Option<ReceivedRequest> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break end + 4;
        }
        if wire.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ').map(ToOwned::to_owned);
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    let whole = end + length.unwrap_or(0);
    while buffer.len() < whole {
        if wire.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = buffer.drain(..whole).skip(end).collect();
    Some(ReceivedRequest { method: first.next()?, target: first.next()?, head, body, behaviour: behaviour.clone() })
}
