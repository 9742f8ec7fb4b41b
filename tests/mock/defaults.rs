//! What a test did not state is nothing that it could have meant.

use spkey::mock::MockSpKey;
use spkey::types::UserByEmail;

#[tokio::test]
async fn id_of_a_default_response_is_that_of_no_user() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.get_user_by_email());
    let user = spkey.get_user_by_email().email("ada@example.com").send().await.unwrap();
    assert_eq!(user.uuid, "00000000-0000-0000-0000-000000000000");
    assert_eq!(UserByEmail::default().uuid, user.uuid);
}
