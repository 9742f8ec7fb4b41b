//! What a client can be built from, and what is rejected, with an error that says how to fix it.

use std::time::Duration;

use spkey::{Client, Environment, ErrorKind, Outcome};

fn with_url(url: &str) -> Result<Client, spkey::Error> {
    Client::builder().base_url(url).api_key("MadeUpApiKey").build()
}

fn assert_rejected(built: Result<Client, spkey::Error>, fix: &str) {
    let error = built.expect_err(fix);
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Config, Outcome::NotApplied));
    assert_eq!((error.operation(), error.status(), error.attempts()), (None, None, 0));
    assert!(error.to_string().contains(fix), "{error}");
}

#[test]
fn environments_have_the_published_addresses() {
    for (environment, url) in [
        (Environment::Production, "https://api.spkey.co"),
        (Environment::Staging, "https://b2c-api.spk-stage.workers.dev"),
        (Environment::Development, "https://b2c-api.spk-dev.workers.dev"),
        (Environment::Local, "http://localhost:8787"),
    ] {
        let client = Client::builder().environment(environment).api_key("MadeUpApiKey").build().unwrap();
        assert_eq!(client.base_url(), url);
    }
    assert_eq!(Client::builder().api_key("k").build().unwrap().base_url(), "https://api.spkey.co");
}

#[test]
fn malformed_base_url_is_rejected() {
    assert_rejected(with_url(""), "is empty");
    for url in ["api.spkey.co", "https//api.spkey.co", "https://", "https://a b", "https://[::1", "/users", "\u{0}"] {
        assert_rejected(with_url(url), "give one like https://api.spkey.co");
    }
    assert_rejected(with_url("ftp://api.spkey.co"), "neither https nor http");
    assert_rejected(with_url("https://api.spkey.co/?a=b"), "query or fragment");
    assert_rejected(with_url("https://api.spkey.co/#top"), "query or fragment");
    assert_rejected(with_url("https://api.spkey.co//v1"), "doubled slash");
}

#[test]
fn base_url_with_a_password_is_rejected_without_showing_it() {
    let error = with_url("https://ada:hunter2@api.spkey.co").unwrap_err();
    assert!(error.to_string().contains("user or password"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[test]
fn plain_http_is_allowed_to_this_machine_only() {
    for url in
        ["http://localhost:1", "http://127.0.0.1:1", "http://127.9.9.9", "http://[::1]:1/v1", "https://example.com"]
    {
        assert!(with_url(url).is_ok(), "{url}");
    }
    for url in ["http://api.spkey.co", "http://localhost.example.com", "http://10.0.0.1", "http://[2001:db8::1]"] {
        assert_rejected(with_url(url), "use https");
    }
    let builder = Client::builder().base_url("http://gateway.example.com").api_key("k");
    assert!(builder.dangerously_allow_plain_http().build().is_ok());
}

#[test]
fn slash_at_the_end_of_the_base_url_is_ignored() {
    assert_eq!(with_url("https://example.com/").unwrap().base_url(), "https://example.com");
    assert_eq!(with_url("https://example.com/v1/").unwrap().base_url(), "https://example.com/v1");
}

#[test]
fn client_without_credentials_is_rejected() {
    assert_rejected(
        Client::builder().build(),
        "no credentials: give bearer_token, token_source, api_key or api_key_source",
    );
    assert_rejected(Client::builder().admin("k").build(), "give bearer_token or token_source too");
    assert_rejected(Client::builder().admin("k").api_key("k").build(), "give bearer_token or token_source too");
    assert!(Client::builder().bearer_token("t").build().is_ok());
    assert!(Client::builder().api_key("k").build().is_ok());
    assert!(Client::builder().bearer_token("t").api_key("k").admin("k").build().is_ok());
}

#[test]
fn credential_that_no_header_may_hold_is_rejected_without_showing_it() {
    for bad in
        ["hunter2\n", "hunter2\r\nX-Org-Id: 1", " hunter2", "hunter 2", "hunter2\u{0}", "hunter2\u{7f}", "hünter2"]
    {
        for built in [
            Client::builder().bearer_token(bad).build(),
            Client::builder().api_key(bad).build(),
            Client::builder().bearer_token("t").admin(bad).build(),
        ] {
            let error = built.unwrap_err();
            assert!(error.to_string().contains("trim it"), "{error}");
            assert!(!format!("{error:?}").contains("nter"));
        }
    }
    assert_rejected(Client::builder().bearer_token("").build(), "the bearer token is empty");
    assert_rejected(Client::builder().api_key("").build(), "the API key is empty");
    assert_rejected(Client::builder().bearer_token("t").admin("").build(), "the admin key is empty");
}

/// Left by env files and by tools that quote: the service would only respond 401.
#[test]
fn credential_in_quotation_marks_is_rejected_without_showing_it() {
    for quoted in ["\"hunter2\"", "'hunter2'"] {
        for (name, built) in [
            ("the bearer token", Client::builder().bearer_token(quoted).build()),
            ("the API key", Client::builder().api_key(quoted).build()),
            ("the admin key", Client::builder().bearer_token("t").admin(quoted).build()),
        ] {
            let error = built.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Config, Outcome::NotApplied));
            assert!(error.to_string().contains(&format!("{name} is in quotation marks")), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
}

#[test]
fn bearer_token_with_its_scheme_is_rejected_without_showing_it() {
    let error = Client::builder().bearer_token("Bearer hunter2").build().unwrap_err();
    assert!(error.to_string().contains("begins with `Bearer `, which the client adds itself"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[test]
fn app_name_that_no_header_may_hold_is_rejected() {
    assert_rejected(Client::builder().api_key("k").app("door\nopener").build(), "use printable ASCII");
}

#[test]
fn debug_shows_settings_and_no_credential() {
    let builder = Client::builder().bearer_token("hunter2").api_key("hunter3").app("concierge/1.0");
    let builder = builder.timeout(Duration::from_secs(7));
    let shown = format!("{builder:?}");
    assert!(shown.contains("concierge/1.0") && shown.contains("7s"), "{shown}");
    assert!(!shown.contains("hunter"), "{shown}");
    let shown = format!("{:?}", builder.build().unwrap());
    assert!(shown.contains("https://api.spkey.co") && shown.contains("7s"), "{shown}");
    assert!(!shown.contains("hunter"), "{shown}");
}
