//! The five reference operations, one after the other. The first is the grant of the README.
//!
//! `cargo run --example quickstart` runs against a server that it starts itself on this machine. With `SPKEY_BASE_URL` and
//! credentials in the environment it runs against that service, on the user, lock, organization and device that
//! `SPKEY_USER_ID`, `SPKEY_LOCK_ID`, `SPKEY_ORG_ID` and `SPKEY_DEVICE_ID` name.

mod server;

use std::env;
use std::error::Error;
use std::fmt::Debug;

use spkey::types::{AccessLevel, DeviceType};
use spkey::{Client, LockId, Outcome, Response, UserId};

use crate::server::Server;

/// The ids that the calls are about.
struct Ids {
    user: UserId,
    lock: LockId,
    organization: String,
    device: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if env::var_os("SPKEY_BASE_URL").is_some() {
        let spkey = Client::from_env()?;
        println!("Running against {}.\n", spkey.base_url());
        let ids = Ids {
            user: variable("SPKEY_USER_ID")?.parse()?,
            lock: variable("SPKEY_LOCK_ID")?.parse()?,
            organization: variable("SPKEY_ORG_ID")?,
            device: variable("SPKEY_DEVICE_ID")?,
        };
        return Ok(run(&spkey, &ids, env::var_os("SPKEY_ADMIN_API_KEY").is_some()).await?);
    }
    let server = Server::start().await?;
    let spkey = Client::builder()
        .base_url(server.url())
        .bearer_token(server::TOKEN)
        .api_key(server::API_KEY)
        .admin(server::ADMIN_KEY)
        .build()?;
    println!("Running against a server of this example. Set SPKEY_BASE_URL and credentials for the real service.\n");
    let ids = Ids {
        user: "550e8400-e29b-41d4-a716-446655440000".parse()?,
        lock: 123.try_into()?,
        organization: "org-1".to_owned(),
        device: "7d444840-9dc0-11d1-b245-5ffdce74fad2".to_owned(),
    };
    Ok(run(&spkey, &ids, true).await?)
}

async fn run(spkey: &Client, ids: &Ids, admin: bool) -> Result<(), spkey::Error> {
    let granted = spkey
        .add_accessible_lock(ids.user)
        .lock_id(ids.lock)
        .lock_name("Front door")
        .access_level(AccessLevel::User)
        .granted_by(ids.user)
        .send()
        .await;
    report("The user may open the lock", granted)?;

    let assigned = spkey.set_organization(ids.lock).org_id(&ids.organization).send().await;
    report("The lock belongs to the organization", assigned)?;

    let resident = spkey.add_resident(ids.lock).name("Ada").user_id(ids.user).send().await;
    report("The doorbell rings the user", resident)?;

    let linked = spkey
        .add_device(ids.user)
        .device_id(&ids.device)
        .device_type(DeviceType::Camera)
        .org_id(&ids.organization)
        .name("Porch")
        .send()
        .await;
    report("The camera is linked to the user", linked)?;

    if admin {
        let result = spkey.backfill_threedeye().limit(10).send().await?;
        println!("3dEye accounts created: {}.", result.created.unwrap_or_default());
    } else {
        println!("The admin operation is skipped: SPKEY_ADMIN_API_KEY is not set.");
    }
    Ok(())
}

/// Prints the result of a command. One that is rejected because it was done before does not end the example.
fn report<T: Debug>(done: &str, result: Result<Response<T>, spkey::Error>) -> Result<(), spkey::Error> {
    match result {
        Ok(_) => println!("{done}."),
        Err(error) if error.outcome() == Outcome::NotApplied && error.status() == Some(400) => {
            println!("{done}, probably from an earlier run: {error}");
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set: the example needs it to run against a real service"))
}
