use spkey::mock::Failure;
use spkey::reqwest;
use tokio::net::TcpListener;

use crate::axum_service::router;
use crate::with_lock;

#[tokio::test]
async fn backend_responds_in_its_own_words_and_never_with_401() {
    let (sandbox, spkey, lock) = with_lock(123).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async { axum::serve(listener, router(spkey)).await });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = async |method: reqwest::Method, path: &str| {
        let response = http.request(method, format!("http://{address}{path}")).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice::<serde_json::Value>(&response.bytes().await.unwrap()).unwrap())
    };
    let open = async |path: &str| request(reqwest::Method::POST, path).await;

    let (status, body) = open("/doors/123/open").await;
    assert_eq!((status, &body["opened"], &body["version"]), (200, &true.into(), &2.into()));
    assert_eq!(open("/doors/front/open").await.0, 400);
    assert_eq!(open("/doors/9/open").await.0, 404);
    let (status, body) = request(reqwest::Method::GET, "/doors/123/residents").await;
    assert_eq!((status, &body["residents"]), (200, &serde_json::json!([])));

    sandbox.fail_next("open_lock", Failure::LoseResponse);
    let (status, body) = open("/doors/123/open").await;
    assert_eq!((status, body["message"].as_str().unwrap().contains("look before")), (504, true));
    sandbox.unreachable(lock);
    assert_eq!(open("/doors/123/open").await.0, 504);
    sandbox.fail_next("open_lock", Failure::Status(403));
    assert_eq!(open("/doors/123/open").await.0, 500, "our credentials are no visitor's concern");
    sandbox.accept_only(["good"]);
    assert_eq!(open("/doors/123/open").await.0, 500);
    drop(sandbox);
    assert_eq!(open("/doors/123/open").await.0, 502);
    serving.abort();
}
