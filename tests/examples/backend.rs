use spkey::mock::Failure;
use spkey::reqwest;
use tokio::net::TcpListener;

use crate::axum_service::router;
use crate::furnished;

#[tokio::test]
async fn visitors_are_answered_in_the_backends_own_words() {
    let (sandbox, spkey, lock) = furnished(123).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async { axum::serve(listener, router(spkey)).await });
    let http = reqwest::Client::new();
    let ask = async |method: reqwest::Method, path: &str| {
        let answer = http.request(method, format!("http://{address}{path}")).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap())
    };
    let open = async |path: &str| ask(reqwest::Method::POST, path).await;

    let (status, answer) = open("/doors/123/open").await;
    assert_eq!((status, &answer["opened"], &answer["version"]), (200, &true.into(), &2.0.into()));
    assert_eq!(open("/doors/front/open").await.0, 400);
    assert_eq!(open("/doors/9/open").await.0, 404);
    let (status, answer) = ask(reqwest::Method::GET, "/doors/123/residents").await;
    assert_eq!((status, &answer["residents"]), (200, &serde_json::json!([])));

    sandbox.fail_next("open_lock", Failure::LoseAnswer);
    let (status, answer) = open("/doors/123/open").await;
    assert_eq!((status, answer["message"].as_str().unwrap().contains("look before")), (504, true));
    sandbox.unreachable(&lock);
    assert_eq!(open("/doors/123/open").await.0, 504);
    sandbox.fail_next("open_lock", Failure::Status(403));
    assert_eq!(open("/doors/123/open").await.0, 500, "the visitor is not to blame for our credentials");
    sandbox.accept_only(["good"]);
    assert_eq!(open("/doors/123/open").await.0, 500);
    serving.abort();
}
