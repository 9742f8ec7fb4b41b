//! The server that all clients call, in a process of its own, so that nothing it does is counted.

use std::convert::Infallible;
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;
use tokio::sync::Barrier;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, pem::PemObject};

/// More requests at once over one HTTP/2 connection than any bench makes: none waits in the client.
const MAX_STREAMS: u32 = 20_000;

const ROLE: &str = "SPKEY_BENCH_SERVER";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Http1,
    Http2Tls,
}

/// A server process. It ends when this is dropped, and when the process that started it ends: its standard input closes.
pub struct Running {
    process: Child,
    pub url: String,
    /// The certificate that it shows, as PEM; none over plain HTTP.
    pub certificate: Option<String>,
    pub protocol: Protocol,
}

impl Running {
    pub fn start(protocol: Protocol) -> Self {
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let key = certified.signing_key.serialize_pem();
        let mut process = Command::new(env::current_exe().expect("this program"))
            .env(ROLE, format!("{protocol:?}"))
            .env("SPKEY_BENCH_CERTIFICATE", certified.cert.pem())
            .env("SPKEY_BENCH_KEY", key)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a second process");
        let mut port = String::new();
        let output = process.stdout.as_mut().expect("its output");
        BufReader::new(output).read_line(&mut port).expect("its port");
        let scheme = if protocol == Protocol::Http1 { "http" } else { "https" };
        let certificate = (protocol == Protocol::Http2Tls).then(|| certified.cert.pem());
        Self { process, url: format!("{scheme}://localhost:{}", port.trim()), certificate, protocol }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn is_asked_for() -> bool {
    env::var_os(ROLE).is_some()
}

pub fn run() {
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(serve());
}

async fn serve() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    println!("{}", listener.local_addr().expect("its address").port());
    let tls = (env::var(ROLE).as_deref() == Ok("Http2Tls")).then(tls);
    let responses = Arc::new(Responses::new());
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let (tls, responses) = (tls.clone(), Arc::clone(&responses));
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| {
                let responses = Arc::clone(&responses);
                async move { responses.respond(request).await }
            });
            let mut builder = auto::Builder::new(TokioExecutor::new());
            builder.http2().max_concurrent_streams(MAX_STREAMS);
            match tls {
                None => drop(builder.serve_connection(TokioIo::new(stream), service).await),
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        drop(builder.serve_connection(TokioIo::new(stream), service).await);
                    }
                }
            }
        });
    }
}

fn tls() -> TlsAcceptor {
    let certificate = env::var("SPKEY_BENCH_CERTIFICATE").expect("a certificate");
    let key = env::var("SPKEY_BENCH_KEY").expect("a key");
    let chain = tokio_rustls::rustls::pki_types::CertificateDer::pem_slice_iter(certificate.as_bytes());
    let chain = chain.collect::<Result<Vec<_>, _>>().expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
    let mut config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).expect("a configuration");
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// The responses, made once.
struct Responses {
    /// Where requests wait for each other, once a client has asked for it.
    held: Mutex<Option<Arc<Barrier>>>,
    grant: Bytes,
    residents: Bytes,
    locks: Bytes,
}

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

impl Responses {
    fn new() -> Self {
        let grant = format!(
            r#"{{"success":true,"aggregateId":"{USER}","version":7,"event":{{"type":"AccessibleLockAdded","data":{{"userId":"{USER}","lockId":"123","lockName":"Front door","accessLevel":"USER","grantedBy":"{USER}"}}}},"lockId":"123","accessLevel":"USER"}}"#
        );
        let residents: Vec<_> = (0..900)
            .map(|n| format!(r#"{{"userId":"{USER}","name":"Resident {n:04}","email":"resident{n:04}@example.com","hasPhone":true}}"#))
            .collect();
        let locks: Vec<_> = (0..1000)
            .map(|n| {
                format!(r#"{{"lockId":"{}","lockName":"Door {n}","accessLevel":"USER","grantedBy":"{USER}"}}"#, n + 1)
            })
            .collect();
        Self {
            held: Mutex::default(),
            grant: grant.into(),
            residents: format!(r#"{{"residents":[{}]}}"#, residents.join(",")).into(),
            locks: format!(r#"{{"locks":[{}]}}"#, locks.join(",")).into(),
        }
    }

    fn held(&self) -> MutexGuard<'_, Option<Arc<Barrier>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn respond(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, sent) = request.into_parts();
        let _ = sent.collect().await;
        if let Some(requests) = head.uri.path().strip_prefix("/hold/").and_then(|requests| requests.parse().ok()) {
            *self.held() = Some(Arc::new(Barrier::new(requests)));
            return Ok(Response::default());
        }
        let barrier = self.held().clone();
        if let Some(barrier) = barrier {
            barrier.wait().await;
        }
        let body = match head.uri.path() {
            path if path.ends_with("/AddAccessibleLock") => &self.grant,
            path if path.ends_with("/residents") => &self.residents,
            _ => &self.locks,
        };
        let response = Response::builder().header("content-type", "application/json").body(Full::new(body.clone()));
        Ok(response.unwrap_or_default())
    }
}
