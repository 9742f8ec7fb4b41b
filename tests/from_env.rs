//! A client from the environment. Each case runs in a process of its own, since the environment belongs to the process.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use spkey::{Client, ErrorKind};

const ROLE: &str = "SPKEY_TEST_ROLE";

/// Runs this test again in a process with that environment alone, and returns what it printed.
fn with(variables: &[(&str, OsString)]) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "from_env", "--nocapture"]).env(ROLE, "child");
    for name in ["SPKEY_BASE_URL", "SPKEY_API_KEY", "SPKEY_TOKEN", "SPKEY_ADMIN_API_KEY"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().map(|(name, value)| (name, value))).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn from_env() {
    if env::var_os(ROLE).is_some() {
        match Client::from_env() {
            Ok(client) => println!("built for {}", client.base_url()),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Config);
                println!("rejected: {error}");
            }
        }
        return;
    }
    let api_key = ("SPKEY_API_KEY", OsString::from("MadeUpApiKey"));
    let assert_prints = |variables: &[(&str, OsString)], expected: &str| {
        let printed = with(variables);
        assert!(printed.contains(expected), "{printed}");
    };
    assert_prints(&[], "rejected: spkey: no credentials");
    assert_prints(std::slice::from_ref(&api_key), "built for https://api.spkey.co\n");
    assert_prints(
        &[("SPKEY_TOKEN", "t".into()), ("SPKEY_ADMIN_API_KEY", "k".into())],
        "built for https://api.spkey.co\n",
    );
    assert_prints(
        &[api_key.clone(), ("SPKEY_BASE_URL", "http://localhost:8787/".into())],
        "built for http://localhost:8787\n",
    );
    assert_prints(&[("SPKEY_ADMIN_API_KEY", "k".into())], "rejected: spkey: the admin key is only valid with");
    assert_prints(
        &[api_key.clone(), ("SPKEY_TOKEN", "".into())],
        "rejected: spkey: SPKEY_TOKEN is empty: set it or unset it",
    );
    assert_prints(
        &[api_key.clone(), ("SPKEY_BASE_URL", "nowhere".into())],
        "rejected: spkey: the base URL is malformed",
    );
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let not_unicode = OsString::from_vec(vec![0xff]);
        assert_prints(&[api_key, ("SPKEY_TOKEN", not_unicode)], "rejected: spkey: SPKEY_TOKEN is not Unicode");
    }
}
