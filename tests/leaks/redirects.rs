//! Redirects of every status: nothing is sent to where they lead.

use spkey::reqwest::redirect::Policy;

use crate::support::Server;
use crate::support::behaviour::Behaviour;
use crate::support::calls::{CLASSES, USER, builder, call};

#[tokio::test]
async fn redirect_is_not_followed() {
    let elsewhere = Server::start([Behaviour::good()]).await;
    let port = elsewhere.url().rsplit(':').next().unwrap().to_owned();
    for status in 300..400 {
        for location in [
            elsewhere.url().to_owned(),
            format!("http://localhost:{port}/users/{USER}/profile"),
            format!("https://127.0.0.1:{port}/"),
            format!("//127.0.0.1:{port}/"),
            "/elsewhere".to_owned(),
        ] {
            let server = Server::start([Behaviour::with_header(status, &format!("location: {location}"))]).await;
            let client = builder(server.url()).bearer_token("made-up.token").build().unwrap();
            for (calls, class) in CLASSES.into_iter().enumerate() {
                let error = call(&client, class).await.unwrap_err();
                assert_eq!(error.status(), Some(status));
                assert_eq!(server.requests().len(), calls + 1, "{status} to {location} was followed");
            }
        }
    }
    assert_eq!(elsewhere.connections(), 0, "something was sent to where a redirect led");
}

#[tokio::test]
async fn redirect_is_not_followed_where_the_caller_allows_them() {
    let elsewhere = Server::start([Behaviour::good()]).await;
    for status in [301, 302, 303, 307, 308] {
        let redirect = Behaviour::with_header(status, &format!("location: {}/elsewhere", elsewhere.url()));
        let server = Server::start([redirect]).await;
        let client = builder(server.url()).http(|http| http.redirect(Policy::limited(5))).build().unwrap();
        for class in CLASSES {
            call(&client, class).await.unwrap_err();
        }
        let opened = client.open_temp_key("made-up-key").send().await;
        assert_eq!(opened.is_ok(), status == 303, "{status}");
        if let Ok(response) = opened {
            assert_eq!(response.headers()["location"], format!("{}/elsewhere", elsewhere.url()));
        }
    }
    assert_eq!(elsewhere.connections(), 0, "something was sent to where a redirect led");
}
