//! A proxy between a client and the sandbox that loses requests and responses, delivers requests late and twice, and serves
//! reads that lag. It records what reached the sandbox.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fastrand::Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// The header by which a command says what it does: its number, what it sets, and to what.
pub const COMMAND: &str = "x-storm";

/// How badly a proxy behaves.
#[derive(Clone, Copy)]
pub struct Faults {
    /// Whether commands are lost and late.
    pub of_commands: bool,
    /// The latest that a command is delivered after it came.
    pub late: Duration,
    /// The oldest that a response to a read may be.
    pub lag: Duration,
}

/// A command that reached the sandbox.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub number: u64,
    pub target: String,
    pub value: String,
    pub began: Instant,
    pub ended: Instant,
    /// Whether the sandbox did it.
    pub acted: bool,
}

/// What all proxies record.
#[derive(Default)]
pub struct Log {
    pub deliveries: Vec<Delivery>,
    /// How often each fault was injected.
    pub faults: HashMap<&'static str, u32>,
}

pub type SharedLog = Arc<Mutex<Log>>;

/// A response, with when it was read.
type Kept = (Instant, Vec<u8>);

#[derive(Clone)]
struct Proxy {
    sandbox: String,
    log: SharedLog,
    faults: Faults,
    /// Responses to reads, by path.
    reads: Arc<Mutex<HashMap<String, Kept>>>,
}

/// Starts a proxy to the sandbox at a URL, and returns its own.
pub async fn start(sandbox: &str, log: SharedLog, faults: Faults, seed: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let proxy = Proxy { sandbox: sandbox.trim_start_matches("http://").to_owned(), log, faults, reads: Arc::default() };
    tokio::spawn(async move {
        let mut random = Rng::with_seed(seed);
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(proxy.clone().serve(client, random.fork()));
        }
    });
    url
}

impl Proxy {
    /// Serves a connection until either side closes it.
    async fn serve(self, mut client: TcpStream, mut random: Rng) -> io::Result<()> {
        let mut buffer = Vec::new();
        while let Some(request) = message(&mut client, &mut buffer).await? {
            let head = String::from_utf8_lossy(&request).into_owned();
            let response = match header(&head, COMMAND) {
                Some(command) => self.command(command, &request, &mut client, &mut random).await?,
                None => Some(self.read(&head, &request).await?),
            };
            let Some(response) = response else { return Ok(()) };
            client.write_all(&response).await?;
        }
        Ok(())
    }

    /// What the client gets for a command; none if its connection is to be closed.
    async fn command(
        &self,
        command: &str,
        request: &[u8],
        client: &mut TcpStream,
        random: &mut Rng,
    ) -> io::Result<Option<Vec<u8>>> {
        let fate = if self.faults.of_commands { random.u32(..100) } else { 0 };
        let fault = match fate {
            0..40 => "none",
            40..52 => "request lost",
            52..68 => "response lost",
            68..90 => "late",
            _ => "twice",
        };
        *self.log.lock().unwrap().faults.entry(fault).or_default() += 1;
        let late = Duration::from_millis(random.u64(..=u64::try_from(self.faults.late.as_millis()).unwrap()));
        match fault {
            "none" => self.deliver(command, request).await.map(Some),
            "request lost" => Ok(None),
            "response lost" => self.deliver(command, request).await.map(|_| None),
            _ => {
                if fault == "twice" {
                    self.deliver(command, request).await?;
                }
                let (proxy, command, request) = (self.clone(), command.to_owned(), request.to_vec());
                tokio::spawn(async move {
                    sleep(late).await;
                    proxy.deliver(&command, &request).await
                });
                if random.bool() {
                    // Until the client gives up.
                    client.read_u8().await.ok();
                }
                Ok(None)
            }
        }
    }

    async fn deliver(&self, command: &str, request: &[u8]) -> io::Result<Vec<u8>> {
        let began = Instant::now();
        let response = exchange(&self.sandbox, request).await?;
        let mut parts = command.splitn(3, ';').map(ToOwned::to_owned);
        let mut part = || parts.next().unwrap_or_default();
        self.log.lock().unwrap().deliveries.push(Delivery {
            number: part().parse().unwrap(),
            target: part(),
            value: part(),
            began,
            ended: Instant::now(),
            acted: response.get(9) == Some(&b'2'),
        });
        Ok(response)
    }

    async fn read(&self, head: &str, request: &[u8]) -> io::Result<Vec<u8>> {
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let is_recent = |(at, _): &&Kept| at.elapsed() < self.faults.lag;
        let kept = self.reads.lock().unwrap().get(&path).filter(is_recent).map(|(_, response)| response.clone());
        if let Some(response) = kept {
            return Ok(response);
        }
        let at = Instant::now();
        let response = exchange(&self.sandbox, request).await?;
        self.reads.lock().unwrap().insert(path, (at, response.clone()));
        Ok(response)
    }
}

/// Sends a request on a connection of its own.
async fn exchange(sandbox: &str, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut connection = TcpStream::connect(sandbox).await?;
    connection.write_all(request).await?;
    message(&mut connection, &mut Vec::new()).await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// The next message of a connection; none if it is closed before.
async fn message(connection: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<Vec<u8>>> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end + 2]).into_owned();
            let body = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
            if buffer.len() >= end + 4 + body {
                let rest = buffer.split_off(end + 4 + body);
                return Ok(Some(std::mem::replace(buffer, rest)));
            }
        }
        if connection.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.split("\r\n").take_while(|line| !line.is_empty());
    let mut pairs = lines.filter_map(|line| line.split_once(':'));
    pairs.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
