use spkey::types::{CommandResult, HubState};
use spkey::{Client, Error, Response};

use crate::{STAFF, kind, start, status};

async fn claimed(spkey: &Client) {
    spkey.provision_hub("hub").serial("S-1").model("M1").send().await.unwrap();
    spkey.claim_hub("hub").org_id("acme").site_id("site").user_id(STAFF).send().await.unwrap();
}

#[tokio::test]
async fn hub_is_provisioned_claimed_moved_and_suspended() {
    let (_sandbox, spkey) = start().await;
    let provision = || spkey.provision_hub("hub").serial("S-1").model("M1");
    assert_eq!(status(spkey.get_hub_status("hub").send().await), 404);
    let first = provision().send().await.unwrap();
    assert_eq!((first.status().as_u16(), kind(first.event.as_ref()).as_deref()), (201, Some("HubProvisioned")));
    let second = provision().send().await.unwrap();
    assert_eq!((second.status().as_u16(), second.version, &second.event), (200, first.version, &None));
    let hub = spkey.get_hub_status("hub").send().await.unwrap();
    assert_eq!((hub.status.clone(), hub.thing_name.as_deref()), (Some(HubState::Provisioned), Some("hub")));

    let claim = || spkey.claim_hub("hub").site_id("site").user_id(STAFF);
    let set_role = || spkey.set_hub_role("hub").is_primary(true).user_id(STAFF);
    assert_eq!(status(set_role().send().await), 400, "it is not claimed");
    assert_eq!(kind(claim().org_id("acme").send().await.unwrap().event.as_ref()).as_deref(), Some("HubClaimed"));
    assert_eq!(status(claim().send().await), 400, "it is claimed already");
    let re_claim = spkey.re_claim_hub("hub").new_org_id("b").new_site_id("s2").reason("sold").user_id(STAFF);
    assert_eq!(re_claim.send().await.unwrap().event.as_ref().unwrap()["data"]["previousOrgId"], "acme");
    assert_eq!(kind(set_role().send().await.unwrap().event.as_ref()).as_deref(), Some("HubRoleSet"));
    let hub = spkey.get_hub_status("hub").send().await.unwrap();
    assert_eq!((hub.org_id.as_deref(), hub.site_id.as_deref(), hub.is_primary), (Some("b"), Some("s2"), Some(true)));

    let suspend = || spkey.suspend_hub("hub").reason("repair").user_id(STAFF);
    assert_eq!(kind(suspend().send().await.unwrap().event.as_ref()).as_deref(), Some("HubSuspended"));
    assert_eq!(status(suspend().send().await), 400);
    assert_eq!(spkey.get_hub_status("hub").send().await.unwrap().status, Some(HubState::Suspended));
}

#[tokio::test]
async fn command_is_handed_over_without_an_event() {
    let (_sandbox, spkey) = start().await;
    claimed(&spkey).await;
    let sent = spkey.send_hub_command("hub").command("get_nodes").send().await.unwrap();
    assert_eq!((sent.version.map(|version| version.to_string()).as_deref(), &sent.event), (Some("2"), &None));
    let commission = |code: &'static str| spkey.commission_device("hub").commissioning_code(code);
    for code in ["12345678901", "123456789012345678901", "MT:Y.K9042C00KA0648G00"] {
        assert!(commission(code).send().await.unwrap().event.is_none());
    }
    for code in ["", "123", "MT:", "abcdefghijk"] {
        assert_eq!(status(commission(code).send().await), 400, "{code}");
    }
    assert_eq!(status(spkey.send_hub_command("other").command("get_nodes").send().await), 404);
}

#[tokio::test]
async fn offline_hub_gets_502_and_nothing_is_recorded() {
    let (sandbox, spkey) = start().await;
    claimed(&spkey).await;
    sandbox.hub_offline("hub");
    let commands: [Result<Response<CommandResult>, Error>; 5] = [
        spkey.re_claim_hub("hub").new_org_id("b").new_site_id("s").reason("r").user_id(STAFF).send().await,
        spkey.set_hub_role("hub").is_primary(true).user_id(STAFF).send().await,
        spkey.suspend_hub("hub").reason("r").user_id(STAFF).send().await,
        spkey.send_hub_command("hub").command("get_nodes").send().await,
        spkey.commission_device("hub").commissioning_code("12345678901").send().await,
    ];
    for result in commands {
        assert_eq!(status(result), 502);
    }
    assert_eq!(spkey.get_hub_status("hub").send().await.unwrap().online, Some(false));
    sandbox.hub_online("hub");
    let hub = spkey.get_hub_status("hub").send().await.unwrap();
    assert_eq!((hub.online, hub.is_primary, hub.status.clone()), (Some(true), Some(false), Some(HubState::Claimed)));
}
