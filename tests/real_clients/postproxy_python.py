"""Postproxy's own Python client against the emulator.

Usage: postproxy_python.py SETTINGS documents|demo, with the settings that the emulator printed.

The expected values are those of the vendor's documents "Profiles API Reference" and "Profile Groups API Reference".
Where the client cannot read what they show, exactly that is expected. The checks run in order: later ones see what
earlier ones changed.
"""

import asyncio
import sys
from pathlib import Path

import httpx
import pydantic
from postproxy import PostProxy
from postproxy import _exceptions as errors

MAIN_GROUP, PROFILES_GROUP = "grp123abc", "grp456xyz"
CALLBACK = "https://myapp.com/oauth/callback"

PROFILES = [
    {
        "id": "prof123abc",
        "name": "My Company Page",
        "platform": "facebook",
        "status": "active",
        "profile_group_id": PROFILES_GROUP,
        "expires_at": None,
        "post_count": 42,
        "avatar_url": "https://cdn.postproxy.dev/uploads/avatar_prof123abc.jpg",
    },
    {
        "id": "prof789def",
        "name": "@mycompany",
        "platform": "instagram",
        "status": "expired",
        "profile_group_id": PROFILES_GROUP,
        "expires_at": "2024-03-15T00:00:00Z",
        "post_count": 38,
        "avatar_url": "https://cdn.postproxy.dev/uploads/avatar_prof789def.jpg",
    },
    {
        "id": "prof321ghi",
        "name": "John Doe",
        "platform": "linkedin",
        "status": "inactive",
        "profile_group_id": PROFILES_GROUP,
        "expires_at": None,
        "post_count": 15,
        "avatar_url": None,
    },
    {
        "id": "prof654jkl",
        "name": "@mycompany",
        "platform": "twitter",
        "status": "active",
        "profile_group_id": PROFILES_GROUP,
        "expires_at": None,
        "post_count": 127,
        "avatar_url": "https://cdn.postproxy.dev/uploads/avatar_prof654jkl.jpg",
    },
]

LINKEDIN_PROFILE = {
    "id": "prof_li_001",
    "name": "Acme Inc",
    "platform": "linkedin",
    "status": "active",
    "profile_group_id": PROFILES_GROUP,
    "expires_at": None,
    "post_count": 42,
    "avatar_url": "https://cdn.postproxy.dev/uploads/avatar_prof_li_001.jpg",
}

LATEST_STATS = [
    {
        "placement_id": "108520199",
        "stats": {
            "followerCount": 4567,
            "shareCount": 10,
            "likeCount": 99,
            "allPageViews": 12728,
            "overviewPageViews": 6348,
            "aboutPageViews": 1533,
            "careersPageViews": 1378,
            "peoplePageViews": 3370,
            "insightsPageViews": 99,
        },
        "recorded_at": "2026-05-11T08:00:00Z",
    },
    {
        "placement_id": "110131347",
        "stats": {"followerCount": 1200, "shareCount": 4, "likeCount": 22, "allPageViews": 3100},
        "recorded_at": "2026-05-11T08:00:01Z",
    },
]

SUMMARY_STATS = {
    "stats": {
        "followerCount": 5767,
        "shareCount": 14,
        "likeCount": 121,
        "allPageViews": 15828,
        "overviewPageViews": 6348,
        "aboutPageViews": 1533,
        "careersPageViews": 1378,
        "peoplePageViews": 3370,
        "insightsPageViews": 99,
    },
    "recorded_at": "2026-05-11T08:00:01Z",
}

PLACEMENTS = [
    {"id": None, "name": "Personal Profile"},
    {"id": "108520199", "name": "Acme Marketing"},
    {"id": "110131347", "name": "Acme Labs"},
]

# Of each record: followers, shares, likes, page views, when.
RECORDS = [
    {
        "stats": {
            "followerCount": followers,
            "shareCount": shares,
            "likeCount": likes,
            "allPageViews": views,
        },
        "recorded_at": recorded_at,
    }
    for followers, shares, likes, views, recorded_at in [
        (4500, 8, 80, 12000, "2026-05-09T08:00:00Z"),
        (4520, 9, 90, 12400, "2026-05-10T08:00:00Z"),
        (4567, 10, 99, 12728, "2026-05-11T08:00:00Z"),
    ]
]

GROUPS = [
    {"id": "grp123abc", "name": "Main Brand", "profiles_count": 5},
    {"id": "grp456def", "name": "Client Project", "profiles_count": 3},
    {"id": "grp789ghi", "name": "Personal", "profiles_count": 2},
]

CHANNELS = [
    {"id": "-1001234567890", "name": "My Channel (@mychannel)"},
    {"id": "-1009876543210", "name": "Private Channel"},
]

NOT_FOUND = {"error": "Not found"}
NO_PERMISSION = {"error": "Your API key has no such permission"}
MISSING_CREDENTIALS = {
    "error": "Bluesky requires `identifier` (handle) and `app_password` in the payload. "
    "Generate an app password at https://bsky.app/settings/app-passwords",
    "error_code": "missing_credentials",
}
BLUESKY_LOGIN_FAILED = {
    "error": "This account requires 2FA. Generate an app password at bsky.app/settings/app-passwords "
    "and use that instead of your main password.",
    "error_code": "bluesky_login_failed",
}
BLUESKY_CONNECTED = {
    "error": "This Bluesky profile is already connected to Postproxy.",
    "error_code": "account_is_already_connected",
}
MISSING_BOT_TOKEN = {
    "error": "Telegram requires `bot_token` in the payload. "
    "Create a bot via @BotFather (https://t.me/BotFather) and pass the token."
}
TELEGRAM_FAILED = {
    "error": "Telegram bot token is invalid or revoked — please reconnect the profile.",
    "error_code": "telegram_connect_failed",
}
TELEGRAM_CONNECTED = {
    "error": "This Telegram bot is already connected to Postproxy.",
    "error_code": "account_is_already_connected",
}


async def documents(emulator):
    await profiles(emulator.client)
    await stats(emulator.client)
    await groups(emulator.client)
    await oauth(emulator)
    await bluesky(emulator.client)
    await telegram(emulator.client)
    await keys(emulator)
    await faults(emulator)
    await deletion(emulator.client)


async def profiles(client):
    await same(
        "profiles.list gives the documented four rows", client.profiles.list(), {"data": PROFILES}
    )
    await same(
        "profiles.list of their group gives the same rows",
        client.profiles.list(profile_group_id=PROFILES_GROUP),
        {"data": PROFILES},
    )
    await same(
        "profiles.list of another group gives none",
        client.profiles.list(profile_group_id=MAIN_GROUP),
        {"data": []},
    )
    for profile in PROFILES:
        await same(
            f"profiles.get gives {profile['id']} as the list does",
            client.profiles.get(profile["id"]),
            profile,
        )
    await same(
        "profiles.get drops latest_stats and summary_stats without a word",
        client.profiles.get("prof_li_001"),
        LINKEDIN_PROFILE,
    )
    await same(
        "both are in the answer that it was given",
        client._request("GET", "/profiles/prof_li_001"),
        {**LINKEDIN_PROFILE, "latest_stats": LATEST_STATS, "summary_stats": SUMMARY_STATS},
    )
    await same(
        "profiles.get within the profile's group finds it",
        client.profiles.get("prof_li_001", profile_group_id=PROFILES_GROUP),
        LINKEDIN_PROFILE,
    )
    await refused(
        "profiles.get within another group does not",
        client.profiles.get("prof_li_001", profile_group_id=MAIN_GROUP),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )
    await refused(
        "profiles.get of an unknown id is 404",
        client.profiles.get("prof_nobody"),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )
    await unreadable(
        "profiles.placements loses all three rows to the null id of the personal page",
        client.profiles.placements("prof_li_001"),
        ("data", 0, "id"),
        "string_type",
    )
    await same(
        "all three rows are in the answer that it was given",
        client._request("GET", "/profiles/prof_li_001/placements"),
        {"data": PLACEMENTS},
    )


async def stats(client):
    async def linkedin(**options):
        answer = await client.profiles.get_profile_stats(
            "prof_li_001", placement_id="108520199", **options
        )
        return dumped(answer)["data"]

    envelope = {"profile_id": "prof_li_001", "platform": "linkedin", "placement_id": "108520199"}
    await same("stats give the documented records", linkedin(), {**envelope, "records": RECORDS})
    await same(
        "stats with the documented from give all of them",
        linkedin(from_="2026-04-01T00:00:00Z"),
        {**envelope, "records": RECORDS},
    )
    await same(
        "stats with from give those since",
        linkedin(from_="2026-05-10T00:00:00Z"),
        {**envelope, "records": RECORDS[1:]},
    )
    await same(
        "stats with to give those until",
        linkedin(to="2026-05-10T23:59:59Z"),
        {**envelope, "records": RECORDS[:2]},
    )
    await same(
        "stats with from and to give those between",
        linkedin(from_="2026-05-10T00:00:00Z", to="2026-05-10T23:59:59Z"),
        {**envelope, "records": RECORDS[1:2]},
    )
    await refused(
        "stats of LinkedIn need a placement",
        client.profiles.get_profile_stats("prof_li_001"),
        errors.BadRequestError,
        400,
        {"error": "placement_id is required for linkedin profiles"},
    )
    await refused(
        "stats of an unknown id are 404",
        client.profiles.get_profile_stats("prof_nobody"),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )
    await same(
        "stats of Twitter ignore the placement; none are recorded yet",
        client.profiles.get_profile_stats("prof654jkl", placement_id="ignored"),
        {
            "data": {
                "profile_id": "prof654jkl",
                "platform": "twitter",
                "placement_id": None,
                "records": [],
            }
        },
    )


async def groups(client):
    created = {"id": "grp999xyz", "name": "New Client Project", "profiles_count": 0}
    await same(
        "profile_groups.list gives the documented three",
        client.profile_groups.list(),
        {"data": GROUPS},
    )
    await same(
        "profile_groups.get gives one of them", client.profile_groups.get(MAIN_GROUP), GROUPS[0]
    )
    await refused(
        "profile_groups.get of an unknown id is 404",
        client.profile_groups.get("grp_nobody"),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )
    create = client.profile_groups.create
    await same(
        "profile_groups.create gives the documented group",
        create("New Client Project", idempotency_key="one"),
        created,
    )
    await same(
        "the same idempotency key gives it again",
        create("New Client Project", idempotency_key="one"),
        created,
    )
    await raised(
        "the same idempotency key for another name is 422",
        create("Another", idempotency_key="one"),
        errors.ValidationError,
        lambda error: error.status_code == 422,
    )
    await same("it is listed once", client.profile_groups.list(), {"data": [*GROUPS, created]})
    await same(
        "profile_groups.delete says deleted",
        client.profile_groups.delete("grp999xyz"),
        {"deleted": True},
    )
    await refused(
        "the deleted group is gone",
        client.profile_groups.get("grp999xyz"),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )


async def oauth(emulator):
    client = emulator.client
    connect = client.profile_groups.initialize_connection

    async def link(*arguments, **options):
        connection = await connect(*arguments, **options)
        # The vendor's links lead to its own page; the emulator's lead to the emulator.
        return {**dumped(connection), "url": connection.url.removeprefix(emulator.origin)}

    async def visit(path):
        answer = await emulator.http.get(emulator.origin + path)
        return answer.status_code, answer.headers.get("location")

    await same(
        "initialize_connection gives the documented link",
        link(MAIN_GROUP, "instagram", CALLBACK),
        {"url": "/partner_connect/inv789xyz", "success": True},
    )
    await same(
        "its page leads back after success, with nothing added",
        visit("/partner_connect/inv789xyz"),
        (302, CALLBACK),
    )
    await same(
        "the new profile is there",
        client.profiles.list(profile_group_id=MAIN_GROUP),
        lambda answer: [
            (row["platform"], row["status"], row["post_count"], row["avatar_url"])
            for row in answer["data"]
        ]
        == [("instagram", "active", 0, None)],
    )
    await same(
        "its group counts one more",
        client.profile_groups.get(MAIN_GROUP),
        {**GROUPS[0], "profiles_count": 6},
    )
    for code in ("user_abandoned", "account_is_already_connected", "update_failed"):
        url = "https://myapp.com/callback?org=123"
        path = (await link(MAIN_GROUP, "threads", url))["url"]
        await same(
            f"its page leads back with {code} and the caller's own query",
            visit(f"{path}?outcome={code}"),
            (302, f"{url}&failure=true&error_code={code}"),
        )
    await refused(
        "initialize_connection without a redirect_url is 422",
        connect(MAIN_GROUP, "youtube"),
        errors.ValidationError,
        422,
        {"error": "Missing redirect_url"},
    )
    await refused(
        "initialize_connection without a platform is 422",
        connect(MAIN_GROUP, "", CALLBACK),
        errors.ValidationError,
        422,
        {"error": "Missing platform"},
    )
    await refused(
        "initialize_connection of a connected platform is 422",
        connect(PROFILES_GROUP, "facebook", CALLBACK),
        errors.ValidationError,
        422,
        {"error": "Platform already connected"},
    )
    await same(
        "refresh_connection connects it again",
        link(PROFILES_GROUP, "facebook", CALLBACK, refresh_connection=True),
        lambda answer: answer["success"] and answer["url"].startswith("/partner_connect/"),
    )
    again = await link(PROFILES_GROUP, "instagram", CALLBACK)
    await visit(again["url"])
    await same(
        "an expired profile that is connected again is active, under its old id",
        client.profiles.get("prof789def"),
        lambda profile: profile["status"] == "active"
        and profile["expires_at"] > "2025-01-06T12:30:00Z",
    )
    await refused(
        "initialize_connection in an unknown group is 404",
        connect("grp_nobody", "instagram", CALLBACK),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )


async def bluesky(client):
    connect = client.profile_groups.connect_bluesky
    known = {"identifier": "yourname.bsky.social", "app_password": "xxxx-xxxx-xxxx-xxxx"}

    async def connected(**options):
        answer = dumped(await connect(MAIN_GROUP, **options))
        # The documented id went to the first profile that was connected.
        return {**answer, "profile": {**answer["profile"], "id": "..."}}

    expected = {
        "success": True,
        "profile": {
            "id": "...",
            "network": "bluesky",
            "name": "Your Display Name",
            "external_username": "yourname.bsky.social",
        },
    }
    await same("connect_bluesky gives the documented profile", connected(**known), expected)
    await same(
        "connect_bluesky adds .bsky.social where it is missing",
        connected(**{**known, "identifier": "yourname"}),
        expected,
    )
    await same(
        "the profile is there once",
        client.profiles.list(profile_group_id=MAIN_GROUP),
        lambda answer: [row["platform"] for row in answer["data"]] == ["instagram", "bluesky"],
    )
    await refused(
        "connect_bluesky with a wrong password is 401, told from a wrong key by its code",
        connect(MAIN_GROUP, **{**known, "app_password": "main password"}),
        errors.AuthenticationError,
        401,
        BLUESKY_LOGIN_FAILED,
    )
    await refused(
        "connect_bluesky with an empty password is 422",
        connect(MAIN_GROUP, **{**known, "app_password": ""}),
        errors.ValidationError,
        422,
        MISSING_CREDENTIALS,
    )
    await refused(
        "initialize_connection for bluesky, which sends no credentials, is 422",
        client.profile_groups.initialize_connection(MAIN_GROUP, "bluesky", CALLBACK),
        errors.ValidationError,
        422,
        MISSING_CREDENTIALS,
    )
    await refused(
        "connect_bluesky in another group is 422",
        connect("grp456def", **known),
        errors.ValidationError,
        422,
        BLUESKY_CONNECTED,
    )


async def telegram(client):
    connect = client.profile_groups.connect_telegram
    token = "123456789:ABCdef-GhIJklMnOpQrStUvWxYz"
    connected = dumped(await connect(MAIN_GROUP, bot_token=token))
    profile = connected["profile"]["id"]
    await same(
        "connect_telegram gives the documented profile and next step",
        connected,
        {
            "success": True,
            "profile": {
                "id": profile,
                "network": "telegram",
                "name": "My Bot",
                "external_username": "my_bot",
            },
            "next_step": "Add @my_bot as administrator to the Telegram channel(s) you want to publish to. "
            f"Channels will appear in GET /api/profiles/{profile}/placements once Telegram notifies us.",
        },
    )
    await same(
        "its placements are empty at first", client.profiles.placements(profile), {"data": []}
    )

    async def polled():
        for _ in range(5):
            placements = await client.profiles.placements(profile)
            if placements.data:
                return placements

    await same("and the documented channels after some polls", polled(), {"data": CHANNELS})
    await refused(
        "connect_telegram with a revoked token is 401, told from a wrong key by its code",
        connect(MAIN_GROUP, bot_token="revoked"),
        errors.AuthenticationError,
        401,
        TELEGRAM_FAILED,
    )
    await refused(
        "connect_telegram without a token is 422, without a code",
        connect(MAIN_GROUP, bot_token=""),
        errors.ValidationError,
        422,
        MISSING_BOT_TOKEN,
    )
    await refused(
        "connect_telegram in another group is 422",
        connect("grp456def", bot_token=token),
        errors.ValidationError,
        422,
        TELEGRAM_CONNECTED,
    )


async def keys(emulator):
    scoped = emulator.new_client(emulator.settings["POSTPROXY_SCOPED_API_KEY"])
    elsewhere = (await emulator.client.profiles.list(profile_group_id=MAIN_GROUP)).data[0].id
    await same(
        "a group's key lists the profiles of its group only",
        scoped.profiles.list(),
        lambda answer: [row["id"] for row in answer["data"]] == [row["id"] for row in PROFILES],
    )
    await refused(
        "a group's key does not find a profile elsewhere",
        scoped.profiles.get(elsewhere),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )
    await same(
        "a group's key lists its group only",
        scoped.profile_groups.list(),
        lambda answer: [row["id"] for row in answer["data"]] == [PROFILES_GROUP],
    )
    await refused(
        "a group's key may not create groups: 422, not 403",
        scoped.profile_groups.create("New Client Project"),
        errors.ValidationError,
        422,
        NO_PERMISSION,
    )
    await refused(
        "a group's key may not delete groups: 422, not 403",
        scoped.profile_groups.delete(PROFILES_GROUP),
        errors.ValidationError,
        422,
        NO_PERMISSION,
    )
    bound = emulator.new_client(emulator.client.api_key, profile_group_id=PROFILES_GROUP)
    await same(
        "a client bound to a group sends it with every call",
        bound.profiles.get("prof_li_001"),
        LINKEDIN_PROFILE,
    )
    wrong = emulator.new_client("wrong")
    for name, call in [
        ("profiles.list", wrong.profiles.list()),
        ("profiles.get", wrong.profiles.get("prof123abc")),
        ("profile_groups.list", wrong.profile_groups.list()),
        ("profile_groups.create", wrong.profile_groups.create("New Client Project")),
        (
            "initialize_connection",
            wrong.profile_groups.initialize_connection(MAIN_GROUP, "instagram", CALLBACK),
        ),
    ]:
        await refused(
            f"{name} with a wrong key is 401",
            call,
            errors.AuthenticationError,
            401,
            {"error": "Invalid API key"},
        )


async def faults(emulator):
    async def answered(kind):
        await emulator.spoil("/api/profiles$", kind)
        return await emulator.client.profiles.list()

    def status(status, body="{}", headers=(), content_type="application/json"):
        answer = {"status": status, "headers": list(headers), "body": body}
        return {"status": {**answer, "content_type": content_type}}

    limited = '{"error":"Too many requests"}'
    for told, seconds in [("30", 30.0), ("0", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)]:
        await raised(
            f"429 with Retry-After: {told} is read as {seconds}",
            answered(status(429, limited, [("Retry-After", told)])),
            errors.RateLimitError,
            lambda error, seconds=seconds: error.retry_after == seconds
            and error.response == {"error": "Too many requests"},
        )
    await raised(
        "429 without Retry-After is read as None",
        answered(status(429, limited)),
        errors.RateLimitError,
        lambda error: error.retry_after is None and str(error) == "Too many requests",
    )
    await raised(
        "503 with a page is an error with the page as its message",
        answered(status(503, "<h1>Down</h1>", content_type="text/html")),
        errors.PostProxyError,
        lambda error: (error.status_code, error.response, str(error))
        == (503, None, "<h1>Down</h1>"),
    )
    await raised(
        "403 is a ForbiddenError",
        answered(status(403, '{"error":"Past due"}')),
        errors.ForbiddenError,
        lambda error: str(error) == "Past due",
    )
    await raised(
        "409 is a ConflictError",
        answered(status(409, '{"error":"In flight"}')),
        errors.ConflictError,
        lambda error: str(error) == "In flight",
    )
    await raised(
        "422 with a list of errors has the text of a dict as its message",
        answered(status(422, '{"errors":["Name is too long"]}')),
        errors.ValidationError,
        lambda error: str(error) == "{'errors': ['Name is too long']}",
    )
    await raised(
        "400 with a message loses it",
        answered(status(400, '{"status":400,"error":"Bad Request","message":"No such platform"}')),
        errors.BadRequestError,
        lambda error: str(error) == "Bad Request"
        and error.response["message"] == "No such platform",
    )
    await unreadable("200 with a page is no list", answered("html"), (), "model_type")
    await unreadable("200 with garbage is no list", answered("garbage"), (), "model_type")
    await unreadable("204 is no list", answered(status(204, "")), (), "model_type")
    await raised(
        "a body cut short is an error",
        answered({"cut_after": {"bytes": 100}}),
        httpx.RemoteProtocolError,
    )
    await raised("a closed connection is an error", answered("close"), httpx.RemoteProtocolError)
    impatient = httpx.AsyncClient(timeout=0.2)
    client = emulator.new_client(emulator.client.api_key, httpx_client=impatient)
    await emulator.spoil("/api/profiles$", {"delay": {"ms": 5000}})
    await raised("a late answer is a timeout", client.profiles.list(), httpx.ReadTimeout)
    await impatient.aclose()
    await same(
        "after all that the list is there again",
        emulator.client.profiles.list(profile_group_id=PROFILES_GROUP),
        lambda answer: len(answer["data"]) == len(PROFILES),
    )


async def deletion(client):
    await same(
        "profiles.delete says success", client.profiles.delete("prof654jkl"), {"success": True}
    )
    await refused(
        "the deleted profile is gone",
        client.profiles.get("prof654jkl"),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )
    await refused(
        "deleting it again is 404",
        client.profiles.delete("prof654jkl"),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )
    await refused(
        "profiles.delete within another group is 404",
        client.profiles.delete("prof321ghi", profile_group_id=MAIN_GROUP),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )
    await client.profile_groups.delete(PROFILES_GROUP)
    await refused(
        "a group's profiles go with it",
        client.profiles.get("prof123abc"),
        errors.NotFoundError,
        404,
        NOT_FOUND,
    )


async def demo(emulator):
    """The client's models are strict: one word that the vendor does not have, and the whole list is lost."""
    client = emulator.client
    rows = dumped(await client.profiles.list())["data"]
    platforms = (
        "bluesky facebook google_business instagram linkedin pinterest "
        "telegram threads tiktok twitter whatsapp youtube"
    )
    with_placements = ("facebook", "google_business", "linkedin", "pinterest", "telegram")
    await same(
        "profiles.list has every platform that the client knows",
        sorted({row["platform"] for row in rows}),
        platforms.split(),
    )
    await same(
        "profiles.list has every status that the client knows",
        sorted({row["status"] for row in rows}),
        ["active", "expired", "inactive"],
    )
    await same(
        "profiles.list has the one reason for inactive that the client knows",
        {row["inactive_reason"] for row in rows if row.get("inactive_reason")},
        {"network_taken"},
    )
    await same(
        "profile_groups.list counts the rows of each group",
        {group.id: group.profiles_count for group in (await client.profile_groups.list()).data},
        lambda counts: counts
        == {id: [row["profile_group_id"] for row in rows].count(id) for id in counts},
    )
    for row in rows:
        id, platform = row["id"], row["platform"]
        await same(f"profiles.get gives {id} as the list does", client.profiles.get(id), row)
        if platform not in with_placements:
            await raised(
                f"profiles.placements of {platform} ({id}) is refused",
                client.profiles.placements(id),
                errors.PostProxyError,
                lambda error: error.status_code == 405,
            )
            await same(
                f"stats of {platform} ({id}) need no placement",
                client.profiles.get_profile_stats(id),
                lambda answer, id=id: answer["data"]["profile_id"] == id,
            )
            continue
        placements = (await client._request("GET", f"/profiles/{id}/placements"))["data"]
        if any(placement["id"] is None for placement in placements):
            await unreadable(
                f"profiles.placements of {platform} ({id}) are lost to a null id",
                client.profiles.placements(id),
                ("data", 0, "id"),
                "string_type",
            )
        else:
            await same(
                f"profiles.placements of {platform} ({id}) are read",
                client.profiles.placements(id),
                {"data": placements},
            )
        for placement in placements:
            # LinkedIn's personal page has no id to ask for.
            if platform in ("facebook", "linkedin", "telegram") and placement["id"]:
                await same(
                    f"stats of {platform} ({id}) for {placement['name']} are read",
                    client.profiles.get_profile_stats(id, placement_id=placement["id"]),
                    lambda answer, placement=placement: answer["data"]["placement_id"]
                    == placement["id"],
                )


async def same(name, actual, expected):
    """Passes if the answer has exactly these values, or if the function given in their place says so."""
    try:
        actual = dumped(await actual if asyncio.iscoroutine(actual) else actual)
        passed = expected(actual) if callable(expected) else actual == expected
    except Exception as error:
        actual, passed = repr(error), False
    report(name, passed, "something else" if callable(expected) else expected, actual)


async def refused(name, call, kind, status, body):
    """Passes if the client raises this error for this answer."""
    await raised(
        name,
        call,
        kind,
        lambda error: (error.status_code, error.response, str(error))
        == (status, body, body["error"]),
        (status, body),
    )


async def unreadable(name, call, location, problem):
    """Passes if the client's own model rejects the answer, there and for that."""
    await raised(
        name,
        call,
        pydantic.ValidationError,
        lambda error: [(entry["loc"], entry["type"]) for entry in error.errors()]
        == [(location, problem)],
        (location, problem),
    )


async def raised(name, call, kind, fits=lambda error: True, expected=""):
    """Passes if the call raises exactly this kind of error and it fits."""
    try:
        actual, passed = dumped(await call), False
    except Exception as error:
        passed = type(error) is kind and fits(error)
        actual = (error, getattr(error, "status_code", None), getattr(error, "response", None))
    report(name, passed, (kind.__name__, expected), actual)


def report(name, passed, expected, actual):
    print(f"{'ok  ' if passed else 'FAIL'} postproxy python: {name}", flush=True)
    if not passed:
        print(f"       expected {expected!r}\n       got      {actual!r}", flush=True)


def dumped(answer):
    """What the client kept of an answer: the fields that were sent, dates as text."""
    if isinstance(answer, pydantic.BaseModel):
        return answer.model_dump(mode="json", exclude_unset=True)
    return answer


class Emulator:
    def __init__(self, settings):
        self.settings = settings
        self.origin = settings["EMULATOR_ORIGIN"]
        self.http = httpx.AsyncClient()
        self.client = self.new_client(settings["POSTPROXY_API_KEY"])

    def new_client(self, key, **options):
        options.setdefault("httpx_client", self.http)
        return PostProxy(key, base_url=self.settings["POSTPROXY_BASE_URL"], **options)

    async def spoil(self, path, kind):
        """Spoils the next answer on a path."""
        fault = {"path": path, "times": 1, "kind": kind}
        answer = await self.http.post(f"{self.origin}/__emulator/faults", json=fault)
        assert answer.status_code == 201, answer.text


async def main(settings, data):
    lines = Path(settings).read_text(encoding="utf-8").splitlines()
    emulator = Emulator(dict(line.split("=", 1) for line in lines))
    await {"documents": documents, "demo": demo}[data](emulator)
    await emulator.http.aclose()


asyncio.run(main(*sys.argv[1:]))
