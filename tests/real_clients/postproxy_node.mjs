// Postproxy's own Node client against the emulator.
//
// Usage: node postproxy_node.mjs SETTINGS documents|demo, with the settings that the emulator printed.
//
// The expected values are those of the vendor's documents "Profiles API Reference" and "Profile Groups API Reference".
// The client checks nothing that it reads and lacks some calls; `client.request`, which it exports, stands in for them.
// The checks run in order: later ones see what earlier ones changed.

import * as postproxy from "postproxy-sdk";
import { Checks, Emulator, status } from "./checks.mjs";

const { AuthenticationError, BadRequestError, NotFoundError, PostProxy, PostProxyError, ValidationError } = postproxy;

const [MAIN_GROUP, PROFILES_GROUP] = ["grp123abc", "grp456xyz"];
const CALLBACK = "https://myapp.com/oauth/callback";

const profile = (id, name, platform, state, expires_at, post_count, picture = true) => ({
  id,
  name,
  platform,
  status: state,
  profile_group_id: PROFILES_GROUP,
  expires_at,
  post_count,
  avatar_url: picture ? `https://cdn.postproxy.dev/uploads/avatar_${id}.jpg` : null,
});

const PROFILES = [
  profile("prof123abc", "My Company Page", "facebook", "active", null, 42),
  profile("prof789def", "@mycompany", "instagram", "expired", "2024-03-15T00:00:00.000Z", 38),
  profile("prof321ghi", "John Doe", "linkedin", "inactive", null, 15, false),
  profile("prof654jkl", "@mycompany", "twitter", "active", null, 127),
];

const LINKEDIN_PROFILE = {
  ...profile("prof_li_001", "Acme Inc", "linkedin", "active", null, 42),
  latest_stats: [
    {
      placement_id: "108520199",
      stats: {
        followerCount: 4567,
        shareCount: 10,
        likeCount: 99,
        allPageViews: 12728,
        overviewPageViews: 6348,
        aboutPageViews: 1533,
        careersPageViews: 1378,
        peoplePageViews: 3370,
        insightsPageViews: 99,
      },
      recorded_at: "2026-05-11T08:00:00Z",
    },
    {
      placement_id: "110131347",
      stats: { followerCount: 1200, shareCount: 4, likeCount: 22, allPageViews: 3100 },
      recorded_at: "2026-05-11T08:00:01Z",
    },
  ],
  summary_stats: {
    stats: {
      followerCount: 5767,
      shareCount: 14,
      likeCount: 121,
      allPageViews: 15828,
      overviewPageViews: 6348,
      aboutPageViews: 1533,
      careersPageViews: 1378,
      peoplePageViews: 3370,
      insightsPageViews: 99,
    },
    recorded_at: "2026-05-11T08:00:01Z",
  },
};

const PLACEMENTS = [
  { id: null, name: "Personal Profile" },
  { id: "108520199", name: "Acme Marketing" },
  { id: "110131347", name: "Acme Labs" },
];

// Of each record: followers, shares, likes, page views, when.
const RECORDS = [
  [4500, 8, 80, 12000, "2026-05-09T08:00:00Z"],
  [4520, 9, 90, 12400, "2026-05-10T08:00:00Z"],
  [4567, 10, 99, 12728, "2026-05-11T08:00:00Z"],
].map(([followerCount, shareCount, likeCount, allPageViews, recorded_at]) => ({
  stats: { followerCount, shareCount, likeCount, allPageViews },
  recorded_at,
}));

const GROUPS = [
  { id: "grp123abc", name: "Main Brand", profiles_count: 5 },
  { id: "grp456def", name: "Client Project", profiles_count: 3 },
  { id: "grp789ghi", name: "Personal", profiles_count: 2 },
];

const CHANNELS = [
  { id: "-1001234567890", name: "My Channel (@mychannel)" },
  { id: "-1009876543210", name: "Private Channel" },
];

const NO_PERMISSION = "Your API key has no such permission";

const checks = new Checks("postproxy node");
const [file, data] = process.argv.slice(2);
const emulator = new Emulator(file);
const { POSTPROXY_API_KEY: key, POSTPROXY_BASE_URL: baseUrl } = emulator.settings;
const client = new PostProxy(key, { baseUrl });

/** The members of the error that a documented refusal becomes. */
const refusal = (statusCode, message, code) => ({
  statusCode,
  message,
  response: code ? { error: message, error_code: code } : { error: message },
});
const NOT_FOUND = refusal(404, "Not found");

await { documents, demo }[data]();

async function documents() {
  await profiles();
  await stats();
  await telegram();
  await groups();
  await oauth();
  await bluesky();
  await keys();
  await faults();
  await deletion();
}

async function profiles() {
  await checks.same("the documents' import of a default export has nothing to import", "default" in postproxy, false);
  await checks.same("profiles.list gives the documented four rows", client.profiles.list(), { data: PROFILES });
  await checks.same(
    "profiles.list of their group gives the same rows",
    client.profiles.list({ profileGroupId: PROFILES_GROUP }),
    { data: PROFILES },
  );
  await checks.same("profiles.list of another group gives none", client.profiles.list({ profileGroupId: MAIN_GROUP }), {
    data: [],
  });
  for (const row of PROFILES) {
    await checks.same(`profiles.get gives ${row.id} as the list does`, client.profiles.get(row.id), {
      ...row,
      latest_stats: [],
      summary_stats: null,
    });
  }
  await checks.same(
    "profiles.get gives the documented profile, latest_stats and summary_stats included",
    client.profiles.get("prof_li_001"),
    LINKEDIN_PROFILE,
  );
  await checks.same(
    "profiles.get within the profile's group finds it",
    client.profiles.get("prof_li_001", { profileGroupId: PROFILES_GROUP }),
    LINKEDIN_PROFILE,
  );
  await checks.rejected(
    "profiles.get within another group does not",
    client.profiles.get("prof_li_001", { profileGroupId: MAIN_GROUP }),
    NotFoundError,
    NOT_FOUND,
  );
  await checks.rejected(
    "profiles.get of an unknown id is 404",
    client.profiles.get("prof_nobody"),
    NotFoundError,
    NOT_FOUND,
  );
  await checks.same(
    "profiles.placements gives the documented three, the null id included",
    client.profiles.placements("prof_li_001"),
    { data: PLACEMENTS },
  );
}

async function stats() {
  await checks.same("there is no call for stats", client.profiles.getProfileStats, undefined);
  const request = (id, params) => client.request("GET", `/profiles/${id}/stats`, { params });
  const linkedin = (params) => request("prof_li_001", { placement_id: "108520199", ...params });
  const answer = (records) => ({
    data: { profile_id: "prof_li_001", platform: "linkedin", placement_id: "108520199", records },
  });
  await checks.same("request gives the documented stats", linkedin(), answer(RECORDS));
  await checks.same(
    "stats with from and to give those between",
    linkedin({ from: "2026-05-10T00:00:00Z", to: "2026-05-10T23:59:59Z" }),
    answer(RECORDS.slice(1, 2)),
  );
  await checks.rejected(
    "stats of LinkedIn need a placement",
    request("prof_li_001"),
    BadRequestError,
    refusal(400, "placement_id is required for linkedin profiles"),
  );
}

async function telegram() {
  const connect = (group, bot_token) =>
    client.request("POST", `/profile_groups/${group}/initialize_connection`, {
      json: { platform: "telegram", bot_token },
    });
  const token = "123456789:ABCdef-GhIJklMnOpQrStUvWxYz";
  await checks.same("request connects Telegram, to the letter of the document", connect(MAIN_GROUP, token), {
    success: true,
    profile: { id: "prof321zyx", network: "telegram", name: "My Bot", external_username: "my_bot" },
    next_step:
      "Add @my_bot as administrator to the Telegram channel(s) you want to publish to. " +
      "Channels will appear in GET /api/profiles/prof321zyx/placements once Telegram notifies us.",
  });
  await checks.same("its placements are empty at first", client.profiles.placements("prof321zyx"), { data: [] });
  const polled = async () => {
    for (let poll = 0; poll < 5; poll += 1) {
      const placements = await client.profiles.placements("prof321zyx");
      if (placements.data.length > 0) return placements;
    }
    return null;
  };
  await checks.same("and the documented channels after some polls", polled(), { data: CHANNELS });
  await checks.rejected(
    "a revoked token is 401, told from a wrong key by its code",
    connect(MAIN_GROUP, "revoked"),
    AuthenticationError,
    refusal(401, "Telegram bot token is invalid or revoked — please reconnect the profile.", "telegram_connect_failed"),
  );
  await checks.rejected(
    "initializeConnection for telegram, which sends no token, is 422",
    client.profileGroups.initializeConnection(MAIN_GROUP, "telegram", CALLBACK),
    ValidationError,
    refusal(
      422,
      "Telegram requires `bot_token` in the payload. " +
        "Create a bot via @BotFather (https://t.me/BotFather) and pass the token.",
    ),
  );
  await checks.rejected(
    "the bot in another group is 422",
    connect("grp456def", token),
    ValidationError,
    refusal(422, "This Telegram bot is already connected to Postproxy.", "account_is_already_connected"),
  );
}

async function groups() {
  const main = { ...GROUPS[0], profiles_count: 6 };
  const created = { id: "grp999xyz", name: "New Client Project", profiles_count: 0 };
  await checks.same(
    "profileGroups.list gives the documented three, one of them with the new bot",
    client.profileGroups.list(),
    {
      data: [main, ...GROUPS.slice(1)],
    },
  );
  await checks.same("profileGroups.get gives one of them", client.profileGroups.get("grp456def"), GROUPS[1]);
  await checks.rejected(
    "profileGroups.get of an unknown id is 404",
    client.profileGroups.get("grp_nobody"),
    NotFoundError,
    NOT_FOUND,
  );
  await checks.same(
    "profileGroups.create gives the documented group",
    client.profileGroups.create("New Client Project"),
    created,
  );
  await checks.same("it is listed", client.profileGroups.list(), { data: [main, ...GROUPS.slice(1), created] });
  await checks.same("profileGroups.delete says deleted", client.profileGroups.delete("grp999xyz"), { deleted: true });
  await checks.rejected("the deleted group is gone", client.profileGroups.get("grp999xyz"), NotFoundError, NOT_FOUND);
}

async function oauth() {
  const connect = (...given) => client.profileGroups.initializeConnection(...given);
  // The vendor's links lead to its own page; the emulator's lead to the emulator.
  await checks.same("initializeConnection gives the documented link", connect(MAIN_GROUP, "instagram", CALLBACK), {
    url: `${emulator.origin}/partner_connect/inv789xyz`,
    success: true,
  });
  await checks.same(
    "its page leads back after success, with nothing added",
    emulator.visit(`${emulator.origin}/partner_connect/inv789xyz`),
    [302, CALLBACK],
  );
  await checks.same(
    "the new profile is there",
    client.profiles.list({ profileGroupId: MAIN_GROUP }),
    ({ data }) => data.map((row) => `${row.platform} ${row.status}`).join() === "telegram active,instagram active",
  );
  const back = "https://myapp.com/callback?org=123";
  const { url } = await connect(MAIN_GROUP, "threads", back);
  await checks.same(
    "its page leads back with the documented failure and the caller's own query",
    emulator.visit(`${url}?outcome=user_abandoned`),
    [302, `${back}&failure=true&error_code=user_abandoned`],
  );
  for (const [message, ...given] of [
    ["Missing redirect_url", MAIN_GROUP, "youtube", undefined],
    ["Missing platform", MAIN_GROUP, undefined, CALLBACK],
    ["Platform already connected", PROFILES_GROUP, "facebook", CALLBACK],
  ]) {
    await checks.rejected(
      `initializeConnection refused with ${message} is 422`,
      connect(...given),
      ValidationError,
      refusal(422, message),
    );
  }
}

async function bluesky() {
  const connect = (group, app_password) =>
    client.request("POST", `/profile_groups/${group}/initialize_connection`, {
      json: { platform: "bluesky", identifier: "yourname.bsky.social", app_password },
    });
  const password = "xxxx-xxxx-xxxx-xxxx";
  // The documented id went to the first profile that was connected.
  const connected = connect(MAIN_GROUP, password).then((answer) => ({
    ...answer,
    profile: { ...answer.profile, id: "..." },
  }));
  await checks.same("there is no call for Bluesky", client.profileGroups.connectBluesky, undefined);
  await checks.same("request connects Bluesky as documented", connected, {
    success: true,
    profile: {
      id: "...",
      network: "bluesky",
      name: "Your Display Name",
      external_username: "yourname.bsky.social",
    },
  });
  await checks.rejected(
    "a wrong password is 401, told from a wrong key by its code",
    connect(MAIN_GROUP, "main password"),
    AuthenticationError,
    refusal(
      401,
      "This account requires 2FA. Generate an app password at bsky.app/settings/app-passwords " +
        "and use that instead of your main password.",
      "bluesky_login_failed",
    ),
  );
  await checks.rejected(
    "initializeConnection for bluesky, which sends no credentials, is 422",
    client.profileGroups.initializeConnection(MAIN_GROUP, "bluesky", CALLBACK),
    ValidationError,
    refusal(
      422,
      "Bluesky requires `identifier` (handle) and `app_password` in the payload. " +
        "Generate an app password at https://bsky.app/settings/app-passwords",
      "missing_credentials",
    ),
  );
  await checks.rejected(
    "the account in another group is 422",
    connect("grp456def", password),
    ValidationError,
    refusal(422, "This Bluesky profile is already connected to Postproxy.", "account_is_already_connected"),
  );
}

async function keys() {
  const scoped = new PostProxy(emulator.settings.POSTPROXY_SCOPED_API_KEY, { baseUrl });
  await checks.same("a group's key lists the profiles of its group only", scoped.profiles.list(), { data: PROFILES });
  await checks.rejected(
    "a group's key does not find a profile elsewhere",
    scoped.profiles.get("prof321zyx"),
    NotFoundError,
    NOT_FOUND,
  );
  await checks.rejected(
    "a group's key may not create groups: 422, not 403",
    scoped.profileGroups.create("New Client Project"),
    ValidationError,
    refusal(422, NO_PERMISSION),
  );
  await checks.rejected(
    "a group's key may not delete groups: 422, not 403",
    scoped.profileGroups.delete(PROFILES_GROUP),
    ValidationError,
    refusal(422, NO_PERMISSION),
  );
  const bound = new PostProxy(key, { baseUrl, profileGroupId: PROFILES_GROUP });
  await checks.same(
    "a client bound to a group sends it with every call",
    bound.profiles.get("prof_li_001"),
    LINKEDIN_PROFILE,
  );
  const wrong = new PostProxy("wrong", { baseUrl });
  for (const [name, call] of [
    ["profiles.list", () => wrong.profiles.list()],
    ["profiles.get", () => wrong.profiles.get("prof123abc")],
    ["profileGroups.list", () => wrong.profileGroups.list()],
    ["profileGroups.create", () => wrong.profileGroups.create("New Client Project")],
  ]) {
    await checks.rejected(
      `${name} with a wrong key is 401`,
      call(),
      AuthenticationError,
      refusal(401, "Invalid API key"),
    );
  }
}

async function faults() {
  const answered = async (kind) => {
    await emulator.spoil("/api/profiles$", kind);
    return client.profiles.list();
  };
  await checks.rejected(
    "429 is a general error, its Retry-After lost",
    answered(status(429, '{"error":"Too many requests"}', [["Retry-After", "30"]])),
    PostProxyError,
    { ...refusal(429, "Too many requests"), retryAfter: undefined },
  );
  await checks.rejected(
    "503 with a page is a general error, the page lost",
    answered(status(503, "<h1>Down</h1>", [], "text/html")),
    PostProxyError,
    { statusCode: 503, message: "Service Unavailable", response: null },
  );
  await checks.rejected("403 is a general error", answered(status(403, '{"error":"Past due"}')), PostProxyError, {
    ...refusal(403, "Past due"),
  });
  await checks.rejected(
    "422 with a list of errors has the status' name as its message",
    answered(status(422, '{"errors":["Name is too long"]}')),
    ValidationError,
    { statusCode: 422, message: "Unprocessable Entity", response: { errors: ["Name is too long"] } },
  );
  await checks.rejected(
    "400 with a message has the status' name instead",
    answered(status(400, '{"status":400,"error":"Bad Request","message":"No such platform"}')),
    BadRequestError,
    { statusCode: 400, message: "Bad Request" },
  );
  await checks.same("200 with a page is read as null", answered("html"), null);
  await checks.same("200 with garbage is read as null", answered("garbage"), null);
  await checks.same("204 is read as null", answered(status(204, "")), null);
  await checks.same("a body cut short is read as null", answered({ cut_after: { bytes: 100 } }), null);
  await checks.rejected("a closed connection is an error", answered("close"), TypeError, { message: "fetch failed" });
}

async function deletion() {
  await checks.same("profiles.delete says success", client.profiles.delete("prof654jkl"), { success: true });
  await checks.rejected("the deleted profile is gone", client.profiles.get("prof654jkl"), NotFoundError, NOT_FOUND);
  await checks.rejected(
    "profiles.delete within another group is 404",
    client.profiles.delete("prof321ghi", { profileGroupId: MAIN_GROUP }),
    NotFoundError,
    NOT_FOUND,
  );
  await client.profileGroups.delete(PROFILES_GROUP);
  await checks.rejected("a group's profiles go with it", client.profiles.get("prof123abc"), NotFoundError, NOT_FOUND);
}

async function demo() {
  const { data: rows } = await client.profiles.list();
  for (const row of rows) {
    const got = client.profiles.get(row.id).then(({ latest_stats, summary_stats, ...rest }) => rest);
    await checks.same(`profiles.get gives ${row.id} as the list does`, got, row);
  }
  const { data: listed } = await client.profileGroups.list();
  for (const group of listed) {
    await checks.same(
      `profileGroups.get gives ${group.id} as the list does`,
      client.profileGroups.get(group.id),
      group,
    );
    await checks.same(
      `profiles.list of ${group.id} gives as many rows as it counts`,
      client.profiles.list({ profileGroupId: group.id }),
      ({ data }) => data.length === group.profiles_count,
    );
  }
}
