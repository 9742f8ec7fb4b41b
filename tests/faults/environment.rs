//! Proxies and certificates of the environment. Each case runs in a process of its own, since the environment belongs to the
//! process.

use std::env;
use std::process::Stdio;

use spkey::reqwest::Proxy;
use tokio::process::Command;

use crate::support::behaviour::Behaviour;
use crate::support::calls::{CLASSES, builder, call};
use crate::support::{Server, closed_port};

/// The base URL that [`child_process`] calls.
const BASE_URL: &str = "SPKEY_TEST_BASE_URL";
/// The proxy that it sets on purpose, if any.
const OWN_PROXY: &str = "SPKEY_TEST_OWN_PROXY";

const PROXIES: [&str; 6] = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Makes a call of every class.
#[tokio::test]
#[ignore = "the other tests run it in a process of its own"]
async fn child_process() {
    let Ok(url) = env::var(BASE_URL) else { return };
    let mut builder = builder(&url).dangerously_allow_plain_http();
    if let Ok(proxy) = env::var(OWN_PROXY) {
        builder = builder.http(|http| http.proxy(Proxy::all(proxy).unwrap()));
    }
    let client = builder.build().unwrap();
    for class in CLASSES {
        call(&client, class).await.unwrap();
    }
}

/// Runs [`child_process`] with these variables, and with no other that names a proxy.
async fn run_child(base_url: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "environment::child_process", "--ignored", "--nocapture"]).env(BASE_URL, base_url);
    for name in PROXIES.into_iter().chain(["NO_PROXY", "no_proxy", "REQUEST_METHOD"]) {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    let output = command.output().await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{base_url} {variables:?}: {text}");
}

mod proxy {
    use super::*;

    /// The one set by the caller is asked for what the URL says, also where that is not reachable.
    fn targets(proxy: &Server) -> Vec<String> {
        proxy.requests().into_iter().map(|request| request.target).collect()
    }

    #[tokio::test]
    async fn proxy_of_the_environment_is_not_used_for_a_loopback_base_url() {
        let server = Server::start([Behaviour::good()]).await;
        let proxy = Server::start([Behaviour::good()]).await;
        let localhost = server.url().replace("127.0.0.1", "localhost");
        for name in PROXIES {
            for url in [server.url(), &localhost] {
                run_child(url, &[(name, proxy.url())]).await;
            }
        }
        assert_eq!(proxy.connections(), 0, "credentials went to a proxy of the environment");
        assert_eq!(server.requests().len(), PROXIES.len() * 2 * CLASSES.len());
    }

    /// Without this, the test above would show nothing.
    #[tokio::test]
    async fn proxy_of_the_environment_is_used_for_another_machine() {
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            let proxy = Server::start([Behaviour::good()]).await;
            run_child("http://spkey.invalid", &[(name, proxy.url())]).await;
            assert_eq!(proxy.requests().len(), CLASSES.len(), "{name}");
            assert!(targets(&proxy).iter().all(|target| target.starts_with("http://spkey.invalid/")), "{name}");
        }
    }

    #[tokio::test]
    async fn proxy_of_the_caller_is_used_for_a_loopback_base_url() {
        let proxy = Server::start([Behaviour::good()]).await;
        let other = Server::start([Behaviour::good()]).await;
        let unreachable = closed_port().await;
        run_child(&unreachable, &[(OWN_PROXY, proxy.url()), ("ALL_PROXY", other.url()), ("HTTP_PROXY", other.url())])
            .await;
        assert_eq!((proxy.requests().len(), other.connections()), (CLASSES.len(), 0));
        assert!(targets(&proxy).iter().all(|target| target.starts_with(&unreachable)), "{:?}", targets(&proxy));
    }
}

mod certificates {
    use super::*;

    #[tokio::test]
    async fn http_client_needs_no_certificates_of_the_system() {
        let server = Server::start([Behaviour::good()]).await;
        let none = "/nonexistent";
        run_child(server.url(), &[("SSL_CERT_FILE", none)]).await;
        run_child(server.url(), &[("SSL_CERT_DIR", none)]).await;
        run_child(server.url(), &[("SSL_CERT_FILE", none), ("SSL_CERT_DIR", none)]).await;
        assert_eq!(server.requests().len(), 3 * CLASSES.len());
    }
}
