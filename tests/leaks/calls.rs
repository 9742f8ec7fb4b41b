use std::time::Duration;

use serde_json::json;
use spkey::reqwest::Method;
use spkey::{Client, ClientBuilder, RetryPolicy};

use crate::printed::Printed;
use crate::secrets::Secrets;
use crate::support::calls::{USER, builder};

/// Prints a call, makes it, and prints what it results in.
macro_rules! make {
    ($printed:ident, $call:expr) => {{
        let call = $call;
        $printed.debug(&call);
        $printed.result(call.send().await);
    }};
}

/// Makes a call for each place of a request that can hold a secret.
pub(crate) async fn calls(client: &Client, secrets: &Secrets, printed: &mut Printed) {
    let temp_key = secrets.temp_key.as_str();
    make!(printed, client.get_user_by_email().email(secrets.address()));
    make!(printed, client.open_lock_with_pin(1).pin(secrets.pin.as_str()));
    make!(printed, client.set_matter_pin("device-1").pin_code(secrets.pin.as_str()));
    // Its form on the wire differs from this one.
    make!(printed, client.delete_unified_temp_key(format!("{temp_key} 1")));
    make!(printed, client.open_temp_key(temp_key));
    make!(printed, client.get_temp_key(temp_key));
    make!(printed, client.add_license_plate(USER).plate(&secrets.plate));
    make!(printed, client.set_organization(1).org_id("made-up").header("x-gateway-key", &secrets.header));

    let resident = client.add_resident(1).name(&secrets.person).email(secrets.address());
    make!(printed, resident.phone_number(format!("+{}", secrets.phone)));

    let camera = client.admin_create_rtsp_camera().camera_id("camera-1").name("Yard");
    let camera = camera.rtsp_url(format!("rtsp://x:{}@camera", secrets.url));
    make!(printed, camera.password(secrets.password.as_str()));

    let arguments = json!({ "deep": [{ "argument": secrets.argument, "pin": secrets.pin }] });
    make!(printed, client.send_hub_command("hub-1").command("Any").args(arguments.clone()));

    let call = client.request(Method::POST, "/users/{userId}/Anything").path_param("userId", temp_key);
    let call = call.query("email", secrets.address()).json(&arguments);
    printed.result(call.send::<spkey::SensitiveJson>().await);
}

/// A client with a fixed API key and admin key, that makes two attempts.
pub(crate) fn with_credentials(url: &str, secrets: &Secrets) -> ClientBuilder {
    let policy = RetryPolicy::default().base_delay(Duration::ZERO).max_attempts(2);
    let builder = builder(url).retry(policy).attempt_timeout(Duration::from_secs(20));
    builder.api_key(secrets.api_key.as_str()).admin(secrets.admin_key.as_str())
}
