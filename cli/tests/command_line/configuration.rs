//! Which source of credentials counts, and what is wrong with a configuration: nothing is sent then.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;

use spkey::mock::Sandbox;

use crate::home::{Home, Run};

/// A port that notices when anybody connects.
struct Watched(TcpListener);

impl Watched {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }

    fn assert_untouched(&self) {
        assert_eq!(self.0.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "something was sent");
    }
}

fn assert_usage(run: &Run, expected: &str) {
    assert_eq!(run.status, 2, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.starts_with("spkey: ") && run.stderr.contains(expected), "{} has no {expected}", run.stderr);
    assert_eq!(run.stdout, "");
}

/// The failure of a configuration file. `URL` in it is where nothing may be sent to.
fn assert_rejected(config: &str, expected: &str) {
    let watched = Watched::new();
    let home = Home::new();
    home.configure(&config.replace("URL", &watched.url()));
    assert_usage(&home.run(&["auth", "check"], &[]), expected);
    watched.assert_untouched();
}

#[test]
fn no_credentials_names_the_three_ways() {
    let run = Home::new().run(&["auth", "check"], &[]);
    for way in ["set SPKEY_TOKEN or SPKEY_API_KEY", "--profile or SPKEY_PROFILE", "`default_profile`", "config.toml"] {
        assert_usage(&run, way);
    }
    assert_usage(&run, "it does not exist: write it, with a table [profiles.NAME]");
    assert_rejected("", "it has no profile: add a table [profiles.NAME]");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn file_is_in_the_directory_for_configuration() {
    let sandbox = Sandbox::start().await;
    let home = Home::new();
    home.configure(&format!("default_profile = 'a'\n[profiles.a]\nbase_url = '{}'\ntoken = 's3cret-1'", sandbox.uri()));
    let directory = home.path(".config").join("spkey");
    fs::create_dir_all(&directory).unwrap();
    fs::rename(home.path("config.toml"), directory.join("config.toml")).unwrap();
    let mut command = home.spkey(&[]);
    command.args(["auth", "check"]).env_remove("SPKEY_CONFIG").env_remove("XDG_CONFIG_HOME");
    command.assert().success();
    command.env("XDG_CONFIG_HOME", home.path("elsewhere"));
    command.assert().code(2);
    fs::rename(home.path(".config"), home.path("elsewhere")).unwrap();
    command.assert().success();
}

#[test]
fn no_credentials_names_the_profiles_that_there_are() {
    assert_rejected("[profiles.work]\nbase_url = 'URL'\ntoken = 's3cret-1'", "it has `work`");
}

#[test]
fn unknown_keys_are_named_with_the_known_ones() {
    assert_rejected(
        "defalt_profile = 'work'",
        "unknown key `defalt_profile`: the keys are `default_profile`, `profiles`",
    );
    let expected =
        "profile `work`: unknown key `tokn`: the keys are `environment`, `base_url`, `token`, `token_command`";
    assert_rejected("[profiles.work]\nbase_url = 'URL'\ntokn = 's3cret-1'", expected);
}

#[test]
fn values_of_the_wrong_type_are_named_and_not_shown() {
    for (line, expected) in [
        ("token = 4821", "profile `a`: `token` is empty or not text"),
        ("token = ''", "profile `a`: `token` is empty or not text"),
        ("token = ['s3cret-1']", "profile `a`: `token` is empty or not text"),
        ("token_command = 'pass show s3cret'", "profile `a`: `token_command` is no command: give a list of texts"),
        ("token_command = []", "profile `a`: `token_command` is no command"),
        ("api_key_command = ['pass', 1]", "profile `a`: `api_key_command` is no command"),
        ("base_url = 1\ntoken = 's3cret-1'", "profile `a`: `base_url` is not text"),
        ("environment = 'stagin'", "profile `a`: `environment` is not valid: give one of production, staging"),
        ("environment = 'local'\nbase_url = 'URL'", "profile `a`: both `environment` and `base_url`: remove one"),
        ("token = 's3cret-1'\ntoken_command = ['pass']", "profile `a`: both `token` and `token_command`: remove one"),
        ("base_url = 'URL'", "profile `a`: no credentials: add token, token_command, api_key or api_key_command"),
        (
            "api_key = 's3cret-1'\nadmin_key = 's3cret-2'",
            "profile `a`: an admin key is valid with an admin's token only",
        ),
    ] {
        assert_rejected(&format!("default_profile = 'a'\n[profiles.a]\n{line}"), expected);
    }
    assert_rejected("profiles = 1", "`profiles` is no table");
    assert_rejected("default_profile = 1", "`default_profile` is not text");
    assert_rejected("[profiles]\na = 's3cret-1'", "profile `a` is no table: write [profiles.a]");
}

#[test]
fn syntax_errors_name_the_line_and_do_not_show_it() {
    for line in ["token = s3cret-1", "token = 's3cret-1", "token 's3cret-1'", "token = 99999999999999999999999"] {
        assert_rejected(&format!("[profiles.a]\n{line}\n"), "config.toml: line ");
        assert_rejected(&format!("[profiles.a]\n{line}\n"), " is not TOML: ");
    }
}

#[test]
fn profile_that_does_not_exist_is_named_with_those_that_do() {
    let home = Home::new();
    home.configure("[profiles.a]\ntoken = 's3cret-1'\n[profiles.b]\ntoken = 's3cret-2'");
    assert_usage(&home.run(&["--profile", "c", "auth", "check"], &[]), "has no profile `c`: it has `a`, `b`");
    assert_usage(&home.run(&["auth", "check"], &[("SPKEY_PROFILE", "c")]), "has no profile `c`: it has `a`, `b`");
    assert_usage(&home.run(&["auth", "check"], &[("SPKEY_PROFILE", "")]), "SPKEY_PROFILE is empty");
}

#[cfg(unix)]
#[test]
fn file_that_others_may_read_is_rejected() {
    let watched = Watched::new();
    let home = Home::new();
    home.configure(&format!("default_profile = 'a'\n[profiles.a]\nbase_url = '{}'\ntoken = 's3cret-1'", watched.url()));
    for mode in [0o640, 0o604, 0o620, 0o644] {
        home.set_mode(mode);
        let path = home.path("config.toml").display().to_string();
        assert_usage(&home.run(&["auth", "check"], &[]), &format!("chmod 600 {path}"));
    }
    watched.assert_untouched();
}

#[test]
fn variables_that_are_not_valid_are_rejected() {
    let watched = Watched::new();
    let url = watched.url();
    for (variables, expected) in [
        (vec![("SPKEY_TOKEN", "")], "SPKEY_TOKEN is empty: set it or unset it"),
        (vec![("SPKEY_TOKEN", "s3cret 1")], "the bearer token"),
        (vec![("SPKEY_ADMIN_API_KEY", "s3cret-1")], "set SPKEY_TOKEN too"),
        (vec![("SPKEY_API_KEY", "s3cret-1"), ("SPKEY_BASE_URL", "http://192.0.2.1")], "http to another machine"),
        (vec![("SPKEY_API_KEY", "s3cret-1"), ("SPKEY_BASE_URL", "https://u:s3cret@a.example")], "a user or password"),
    ] {
        let all = [("SPKEY_BASE_URL", url.as_str())].into_iter().chain(variables).collect::<Vec<_>>();
        assert_usage(&Home::new().run(&["auth", "check"], &all), expected);
    }
    watched.assert_untouched();
}

#[test]
fn arguments_that_are_not_valid_are_rejected() {
    let home = Home::new();
    for arguments in [
        &["auth", "check", "--environment", "stagin"][..],
        &["auth", "check", "--timeout", "0"],
        &["auth", "check", "--environment", "staging", "--base-url", "https://api.example"],
        &["auth", "chek"],
        &["nothing"],
    ] {
        let run = home.run(arguments, &[("SPKEY_TOKEN", "s3cret-1")]);
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains("--help"), "{}", run.stderr);
    }
}

#[tokio::test]
async fn one_source_counts() {
    let sandbox = Sandbox::start().await;
    sandbox.accept_only(["s3cret-a", "s3cret-b", "s3cret-env"]);
    let home = Home::new();
    let (url, watched) = (sandbox.uri(), Watched::new());
    let profile = |name: &str| format!("[profiles.{name}]\nbase_url = '{url}'\napi_key = 's3cret-{name}'\n");
    home.configure(&format!("default_profile = 'a'\n{}{}", profile("a"), profile("b")));
    let environment = [("SPKEY_API_KEY", "s3cret-env"), ("SPKEY_PROFILE", "b"), ("SPKEY_BASE_URL", &url)];
    let elsewhere = watched.url();
    for (arguments, variables, source) in [
        (&["auth", "check"][..], &[][..], "profile `a` of "),
        (&["auth", "check"], &[("SPKEY_PROFILE", "b")], "profile `b` of "),
        // The URL of the environment belongs to its credentials.
        (&["auth", "check"], &[("SPKEY_BASE_URL", elsewhere.as_str())], "profile `a` of "),
        (&["auth", "check"], &environment, "the environment (SPKEY_BASE_URL, SPKEY_API_KEY)"),
        (&["auth", "check", "--profile", "a"], &environment, "profile `a` of "),
        (&["--profile", "b", "auth", "check"], &environment, "profile `b` of "),
    ] {
        let run = home.run(arguments, variables);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stdout.contains(&format!("source       {source}")), "{}", run.stdout);
        assert!(run.stdout.contains(&format!("URL          {url}\n")), "{}", run.stdout);
    }
    watched.assert_untouched();
}

#[tokio::test]
async fn url_of_the_command_line_wins() {
    let sandbox = Sandbox::start().await;
    let watched = Watched::new();
    let home = Home::new();
    home.configure(&format!("default_profile = 'a'\n[profiles.a]\nbase_url = '{}'\ntoken = 's3cret-1'", watched.url()));
    for variables in [&[][..], &[("SPKEY_TOKEN", "s3cret-2"), ("SPKEY_BASE_URL", &watched.url())]] {
        let run = home.run(&["auth", "check", "--base-url", &sandbox.uri()], variables);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    watched.assert_untouched();
}

#[test]
fn configuration_of_the_readme_is_valid() {
    let (_, rest) = include_str!("../../README.md").split_once("```toml\n").unwrap();
    let home = Home::new();
    home.configure(rest.split_once("```").unwrap().0);
    for (profile, url) in [("staging", spkey::Environment::Staging), ("production", spkey::Environment::Production)] {
        let run = home.run(&["locks", "get-basic-lock-info", "1", "--profile", profile, "--dry-run"], &[]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stdout.contains(url.base_url()), "{}", run.stdout);
    }
}
