//! How a client behaves while its service fails all calls, half of them, or one in ten, or responds to none of them: how many
//! requests it sends a call, how soon it has recovered once the service has, and what it leaves behind in memory. Then, how soon
//! it has recovered from a connection that goes silent.
//!
//! `cargo bench -p spkey-benches --bench failing_server` prints the tables.

#![allow(clippy::unwrap_used, missing_docs, reason = "a program that prints tables")]

#[path = "failing_server/relay.rs"]
mod relay;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use relay::Relay;
use spkey::{Client, RetryPolicy};
use spkey_benches::server::{self, Protocol, Running};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const CALLS: u32 = 10_000;
const AT_ONCE: usize = 50;
const ATTEMPTS: u32 = 3;
/// The time limit of an attempt: many times what a response takes, and short, since each call to a deaf server waits for it.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(100);

/// What a server does with a request that it fails.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    Status503,
    /// It reads the request and never responds.
    Deaf,
}

/// A server that fails so many requests of so many, or none where the latter is 0.
struct Failing {
    url: String,
    one_in: Arc<AtomicU32>,
    requests: Arc<AtomicU32>,
    _serving: JoinSet<()>,
}

impl Failing {
    async fn start(fault: Fault, numerator: u32, one_in: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (one_in, requests) = (Arc::new(AtomicU32::new(one_in)), Arc::new(AtomicU32::new(0)));
        let mut serving = JoinSet::new();
        let (rate, count) = (Arc::clone(&one_in), Arc::clone(&requests));
        serving.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, fault, numerator, Arc::clone(&rate), Arc::clone(&count)));
            }
        });
        Self { url, one_in, requests, _serving: serving }
    }
}

async fn serve(mut stream: TcpStream, fault: Fault, numerator: u32, one_in: Arc<AtomicU32>, requests: Arc<AtomicU32>) {
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
        if fails && fault == Fault::Deaf {
            continue;
        }
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
    let builder = Client::builder().base_url(url).api_key("made-up-key").retry(policy);
    builder.attempt_timeout(ATTEMPT_TIMEOUT).build().unwrap()
}

fn main() {
    if server::is_asked_for() {
        return server::run();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(failing());
    runtime.block_on(silent());
}

async fn failing() {
    println!("{CALLS} calls, {AT_ONCE} at once, up to {ATTEMPTS} attempts each\n");
    println!(
        "| fails | requests a call | without a budget | calls that succeed | recovered after | memory before, after |"
    );
    println!("|---|---|---|---|---|---|");
    // What is set up once and kept is not counted.
    let server = Failing::start(Fault::Status503, 1, 2).await;
    calls(&client(&server.url), 2 * CALLS).await;
    for (name, fault, numerator, one_in) in [
        ("all", Fault::Status503, 1, 1),
        ("half", Fault::Status503, 1, 2),
        ("one in ten", Fault::Status503, 1, 10),
        ("all, without a response", Fault::Deaf, 1, 1),
        ("one in ten, without a response", Fault::Deaf, 1, 10),
    ] {
        let before = memory();
        let (a_call, succeeded, recovered) = {
            let server = Failing::start(fault, numerator, one_in).await;
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

/// How soon calls succeed whose connection goes silent under them: nothing arrives any more, and nobody closes it. With the
/// time limits that a client has unless it sets others.
async fn silent() {
    const IN_FLIGHT: usize = 20;
    println!("\nA connection goes silent with {IN_FLIGHT} reads in flight; a new one is as good as ever\n");
    println!("| | reads that succeed | the first after | the last after |");
    println!("|---|---|---|---|");
    for protocol in [Protocol::Http1, Protocol::Http2Tls] {
        let server = Running::start(protocol);
        let relay = Relay::start(&server.url).await;
        let certificate = server.certificate.clone();
        let client =
            Client::builder().base_url(&*relay.url).api_key("made-up-key").http(move |http| match certificate {
                Some(pem) => http.tls_certs_only([spkey::reqwest::Certificate::from_pem(pem.as_bytes()).unwrap()]),
                None => http,
            });
        let client = client.build().unwrap();
        let reads = || {
            let mut reads = JoinSet::new();
            for _ in 0..IN_FLIGHT {
                let client = client.clone();
                reads.spawn(async move { client.get_residents(123).send().await.is_ok().then(Instant::now) });
            }
            reads.join_all()
        };
        assert!(reads().await.iter().all(Option::is_some), "reads succeed through the relay");
        relay.silence();
        let fault = Instant::now();
        let mut succeeded: Vec<_> = reads().await.into_iter().flatten().map(|at| at - fault).collect();
        succeeded.sort();
        let [first, last] = [succeeded.first(), succeeded.last()].map(|after| match after {
            Some(after) => format!("{after:.1?}"),
            None => "none".to_owned(),
        });
        println!("| {protocol:?} | {} of {IN_FLIGHT} | {first} | {last} |", succeeded.len());
    }
}
