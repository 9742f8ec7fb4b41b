//! How a client behaves while its service fails all calls, half of them, or one in ten: how many requests it sends a call,
//! how soon it has recovered once the service has, and what it leaves behind in memory.
//!
//! `cargo bench -p spkey-benches --bench failing_server` prints the table.

#![allow(clippy::unwrap_used, missing_docs, reason = "a program that prints a table")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use spkey::{Client, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const CALLS: u32 = 10_000;
const AT_ONCE: usize = 50;
const ATTEMPTS: u32 = 3;

/// A server that fails one request in so many, or none where that is 0.
struct Failing {
    url: String,
    one_in: Arc<AtomicU32>,
    requests: Arc<AtomicU32>,
    _serving: JoinSet<()>,
}

impl Failing {
    async fn start(numerator: u32, one_in: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (one_in, requests) = (Arc::new(AtomicU32::new(one_in)), Arc::new(AtomicU32::new(0)));
        let mut serving = JoinSet::new();
        let (rate, count) = (Arc::clone(&one_in), Arc::clone(&requests));
        serving.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, numerator, Arc::clone(&rate), Arc::clone(&count)));
            }
        });
        Self { url, one_in, requests, _serving: serving }
    }
}

async fn serve(mut stream: TcpStream, numerator: u32, one_in: Arc<AtomicU32>, requests: Arc<AtomicU32>) {
    let mut buffer = Vec::new();
    while matches!(stream.read_buf(&mut buffer).await, Ok(1..)) {
        if !buffer.ends_with(b"\r\n\r\n") {
            continue;
        }
        buffer.clear();
        requests.fetch_add(1, Ordering::Relaxed);
        let one_in = one_in.load(Ordering::Relaxed);
        // Random, not counted: a retry must not succeed by a pattern.
        let fails = one_in > 0 && fastrand::u32(0..one_in) < numerator;
        let status = if fails { "503 Service Unavailable" } else { "200 OK" };
        let response = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\n{{}}");
        if stream.write_all(response.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(client: &Client) -> bool {
    client.get_user_profile("550e8400-e29b-41d4-a716-446655440000").send().await.is_ok()
}

/// Makes so many calls, and counts those that succeed.
async fn calls(client: &Client, number: u32) -> u32 {
    let left = Arc::new(AtomicU32::new(number));
    let succeeded = Arc::new(AtomicU32::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (client, left, succeeded) = (client.clone(), Arc::clone(&left), Arc::clone(&succeeded));
        callers.spawn(async move {
            let take = |left: u32| left.checked_sub(1);
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
                succeeded.fetch_add(u32::from(read(&client).await), Ordering::Relaxed);
            }
        });
    }
    while callers.join_next().await.is_some() {}
    succeeded.load(Ordering::Relaxed)
}

/// The memory that this program holds, in KiB, if the system reports it.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok())
}

/// How many requests a call takes without a budget, where a request fails with that probability.
fn without_budget(fails: f64) -> f64 {
    (0..ATTEMPTS).map(|before| fails.powi(before.cast_signed())).sum()
}

fn client(url: &str) -> Client {
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1)).max_attempts(ATTEMPTS);
    Client::builder().base_url(url).api_key("made-up-key").retry(policy).build().unwrap()
}

#[tokio::main]
async fn main() {
    println!("{CALLS} calls, {AT_ONCE} at once, up to {ATTEMPTS} attempts each\n");
    println!(
        "| fails | requests a call | without a budget | calls that succeed | recovered after | memory before, after |"
    );
    println!("|---|---|---|---|---|---|");
    // What is set up once and kept is not counted.
    let server = Failing::start(1, 2).await;
    calls(&client(&server.url), 2 * CALLS).await;
    for (name, numerator, one_in) in [("all", 1, 1), ("half", 1, 2), ("one in ten", 1, 10)] {
        let before = memory();
        let (a_call, succeeded, recovered) = {
            let server = Failing::start(numerator, one_in).await;
            let client = client(&server.url);
            let succeeded = calls(&client, CALLS).await;
            let sent = server.requests.load(Ordering::Relaxed);
            server.one_in.store(0, Ordering::Relaxed);
            let restored = Instant::now();
            while !read(&client).await {}
            (f64::from(sent) / f64::from(CALLS), succeeded, restored.elapsed())
        };
        println!(
            "| {name} | {a_call:.3} | {:.3} | {:.2} % | {recovered:.1?} | {} |",
            without_budget(f64::from(numerator) / f64::from(one_in)),
            f64::from(succeeded) * 100.0 / f64::from(CALLS),
            match (before, memory()) {
                (Some(before), Some(after)) => format!("{before} KiB, {after} KiB"),
                _ => "not known here".to_owned(),
            },
        );
    }
}
