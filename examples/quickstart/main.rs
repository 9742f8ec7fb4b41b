//! The five reference operations, one after the other.
//!
//! `cargo run --example quickstart` runs against a server that it starts itself on this machine. With `SPKEY_BASE_URL` and
//! credentials in the environment it runs against that service, on the user, lock, organization and device that
//! `SPKEY_USER_EMAIL`, `SPKEY_LOCK_ID`, `SPKEY_ORG_ID` and `SPKEY_DEVICE_ID` name.

mod server;

use std::env;
use std::error::Error;
use std::fmt::Debug;

use spkey::types::{AccessLevel, DeviceType};
use spkey::{Client, LockId, Outcome, ResponseValue};

/// Whom and what the calls are about.
struct Subjects {
    email: String,
    lock: LockId,
    organization: String,
    device: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if env::var_os("SPKEY_BASE_URL").is_some() {
        let client = Client::from_env()?;
        println!("Against {}.\n", client.base_url());
        let subjects = Subjects {
            email: variable("SPKEY_USER_EMAIL")?,
            lock: variable("SPKEY_LOCK_ID")?.parse()?,
            organization: variable("SPKEY_ORG_ID")?,
            device: variable("SPKEY_DEVICE_ID")?,
        };
        return run(&client, &subjects, env::var_os("SPKEY_ADMIN_API_KEY").is_some()).await;
    }
    let server = server::start().await;
    let client = Client::builder()
        .base_url(server.uri())
        .bearer_token("a.made-up.token")
        .api_key("AMadeUpKey")
        .admin("AMadeUpAdminKey")
        .build()?;
    println!("Against a server of this example's own. Set SPKEY_BASE_URL and credentials for the real one.\n");
    let subjects = Subjects {
        email: "ada@example.com".into(),
        lock: LockId::try_from(123)?,
        organization: "org-1".into(),
        device: "7d444840-9dc0-11d1-b245-5ffdce74fad2".into(),
    };
    run(&client, &subjects, true).await
}

async fn run(client: &Client, subjects: &Subjects, admin: bool) -> Result<(), Box<dyn Error>> {
    let user = client.get_user_by_email().email(&subjects.email).send().await?.into_inner().uuid;
    println!("Found or created the user.");

    let answer = client.set_organization().lock_id(&subjects.lock).body_map(|lock| lock.org_id(&subjects.organization));
    report("The lock belongs to the organization", answer.send().await)?;

    let answer = client.add_accessible_lock().user_id(&user).body_map(|grant| {
        let grant = grant.lock_id(&subjects.lock).lock_name("Front door");
        grant.access_level(AccessLevel::User).granted_by(&user)
    });
    report("The user sees the lock", answer.send().await)?;

    let answer = client.add_resident().lock_id(&subjects.lock).body_map(|resident| resident.name("Ada").user_id(&user));
    report("The doorbell rings the user", answer.send().await)?;

    let answer = client.add_device().user_id(&user).body_map(|device| {
        let device = device.device_id(&subjects.device).device_type(DeviceType::Camera);
        device.org_id(&subjects.organization).name("Porch")
    });
    report("The camera is linked to the user", answer.send().await)?;

    if admin {
        let answer = client.backfill_threedeye().limit(10).send().await?;
        println!("3dEye accounts created: {}.", answer.created.unwrap_or_default());
    } else {
        println!("The admin operation is left out: SPKEY_ADMIN_API_KEY is not set.");
    }
    Ok(())
}

/// Says what became of a command. One that is refused because it was done before is no failure here.
fn report<T: Debug>(done: &str, answer: Result<ResponseValue<T>, spkey::Error>) -> Result<(), spkey::Error> {
    match answer {
        Ok(_) => println!("{done}."),
        Err(error) if error.outcome() == Outcome::NotApplied && error.status() == Some(400) => {
            println!("{done}, probably since before: {error}");
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set: the example needs it to run against a real service"))
}
