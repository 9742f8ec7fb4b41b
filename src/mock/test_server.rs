use std::net::TcpStream;
use std::ops::Deref;
use std::panic::resume_unwind;
use std::sync::{Arc, Weak};
use std::thread::{self, panicking, sleep};
use std::time::{Duration, Instant};

use wiremock::{Mock, MockServer, MockServerBuilder, Request, ResponseTemplate};

use crate::client::Client;
use crate::client::builder::ClientBuilder;
use crate::retry::policy::RetryPolicy;

/// The longest wait for a server to stop. It takes less than a millisecond, unless the machine is busy.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// A server that has stopped when it is dropped: nothing listens on its port then, and its connections are closed.
///
/// The server of `wiremock` alone does not do that: `MockServer::start` takes one from a pool, which keeps listening, and a
/// built one stops in a thread of its own, some time after it was dropped. A test of a service that is down would then pass
/// or fail by chance.
pub(super) struct TestServer {
    /// None once it is dropped.
    server: Option<MockServer>,
    /// Alive as long as the server or one of its connections is.
    running: Weak<()>,
}

impl TestServer {
    pub(super) async fn start(builder: MockServerBuilder) -> Self {
        let server = builder.start().await;
        let owned_by_the_server = Arc::new(());
        let running = Arc::downgrade(&owned_by_the_server);
        let matches_nothing = move |_: &Request| Arc::strong_count(&owned_by_the_server) == 0;
        server.register(Mock::given(matches_nothing).respond_with(ResponseTemplate::new(500))).await;
        Self { server: Some(server), running }
    }
}

impl Deref for TestServer {
    type Target = MockServer;

    #[allow(clippy::expect_used, reason = "it is none only while it is dropped")]
    fn deref(&self) -> &MockServer {
        self.server.as_ref().expect("the server runs")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let Some(server) = self.server.take() else { return };
        let address = *server.address();
        // A thread without a tokio context: in a task that has used up its budget, the drop of `MockServer` never ends.
        let dropped = thread::spawn(move || drop(server)).join();

        let started = Instant::now();
        let is_running = || {
            let is_connected = || TcpStream::connect_timeout(&address, Duration::from_millis(100)).is_ok();
            self.running.strong_count() > 0 || is_connected()
        };
        while is_running() && started.elapsed() < STOP_LIMIT {
            sleep(Duration::from_micros(100));
        }

        // Plain mocks report there what they expected.
        if let Err(panic) = dropped
            && !panicking()
        {
            resume_unwind(panic);
        }
    }
}

/// A client of a test server: with made-up credentials of every kind, and no waits before retries.
pub(super) fn client_builder(uri: &str) -> ClientBuilder {
    let builder = Client::builder().base_url(uri).retry(RetryPolicy::default().base_delay(Duration::ZERO));
    builder.bearer_token("made-up.bearer.token").api_key("MadeUpApiKey").admin("MadeUpAdminKey")
}
