"""Seeds the sandbox, and gives generated requests ids of what is there, so that not every call ends with 404."""

import json
import os
import urllib.request
import zlib

import schemathesis

URL = os.environ.get("SANDBOX_URL", "http://127.0.0.1:8787")
USER = "550e8400-e29b-41d4-a716-446655440000"
COUNT = 100  # Some calls delete: there are enough for the others.
USERS = ("userId", "ownerId", "deletedBy", "disabledBy", "grantedBy", "removedBy")
IDS = ("hubId", "deviceId", "cameraId", "roleId", "tempKeyUuid")


def send(path, body):
    headers = {"Authorization": f"Bearer {USER}", "X-API-Key": "key"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers)
    urllib.request.urlopen(request).read()


def seed(n):
    send(f"/hubs/{n}/ProvisionHub", {"hubId": n, "serial": n, "model": "m"})
    if int(n) % 2:
        send(f"/hubs/{n}/ClaimHub", {"hubId": n, "siteId": "s", "userId": USER})
    send(f"/matter-devices/{n}/CreateMatterDevice", {"deviceId": n, "thingName": n, "hubId": n})
    camera = {"cameraId": n, "name": "c", "orgId": "o", "ownerId": USER, "login": "l", "password": "p"}
    send(f"/cameras/{n}/RegisterPnpCamera", camera | {"registrationCode": n})
    send(f"/cameras/{n}/LinkCameraToLock", {"lockId": "1"})
    send(f"/camera-roles/{n}/CreateCameraRole", {"roleId": n, "name": "r", "description": "d", "orgId": "o"})
    send(f"/camera-roles/{n}/AssignUser", {"userId": USER})
    send(f"/camera-roles/{n}/AssignCamera", {"cameraId": n, "permissions": ["View"]})
    send(f"/rtsp-cameras/{n}/RegisterRtspCamera", {"cameraId": n, "name": "c", "rtspUrl": f"rtsp://{n}"})
    send(f"/users/{USER}/AddPhysicalKey", {"orgId": "o"})
    times = {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2999-01-01T00:00:00Z"}
    send("/locks/1/create-temp-key", times | {"tempKeyUuid": n, "accessMode": "public"})


for number in range(1, COUNT + 1):
    seed(str(number))


@schemathesis.hook
def map_case(context, case):
    number = str(zlib.crc32(f"{case.path_parameters} {case.body}".encode()) % COUNT + 1)
    for place in (case.path_parameters, case.body):
        if isinstance(place, dict):
            for name in IDS:
                if isinstance(place.get(name), str):
                    place[name] = number
            for name in USERS:
                if isinstance(place.get(name), str):
                    place[name] = USER
    return case
