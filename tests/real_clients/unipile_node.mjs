// Unipile's own Node client against the emulator's Postpress, which has Unipile's wire format.
//
// Usage: node unipile_node.mjs SETTINGS documents|demo, with the settings that the emulator printed.
//
// The client validates what it reads against Unipile's schema; here anything that does not fit is an error. The expected
// values are those of Postpress' document "Retrieve a profile" where it has any. The checks run in order: later ones see
// what earlier ones changed.

import { UnipileClient, InvalidResponseTypeError, UnsuccessfulRequestError } from "unipile-node-sdk";
import { Checks, Emulator, status } from "./checks.mjs";

const JORDAN_WALKE = {
  object: "UserProfile",
  provider: "LINKEDIN",
  provider_id: "ACoAACr-1eYBl...",
  public_identifier: "jordan-walke",
  public_profile_url: "https://www.linkedin.com/in/jordan-walke",
  first_name: "Jordan",
  last_name: "Walke",
  headline: "Engineer at Acme",
  summary: "Building things for the web.",
  location: "San Francisco, California, United States",
  websites: ["https://jordan.dev"],
  profile_picture_url: "https://media.licdn.com/.../profile.jpg",
  profile_picture_url_large: "https://media.licdn.com/.../profile-large.jpg",
  background_picture_url: "https://media.licdn.com/.../background.jpg",
  follower_count: 12450,
  connections_count: 980,
  shared_connections_count: 23,
  network_distance: "SECOND_DEGREE",
  is_premium: true,
  is_open_to_work: false,
  is_self: false,
  work_experience: [
    {
      position: "Staff Engineer",
      company: "Acme",
      company_id: "1234567",
      company_url: "https://www.linkedin.com/company/acme",
      industry: ["Software"],
      location: "Remote",
      description: "Leading platform team.",
      skills: ["React", "Node.js"],
      current: true,
      start: "2022-04",
      end: null,
    },
  ],
  work_experience_total_count: 5,
  education: [{ school: "MIT", degree: "B.S.", field_of_study: "Computer Science", start: "2010", end: "2014" }],
  education_total_count: 1,
  skills_total_count: 32,
  languages: [{ name: "English", proficiency: "NATIVE_OR_BILINGUAL" }],
  languages_total_count: 1,
  throttled_sections: [],
};

// Who can be looked up through which network, and what the answer says.
const PEOPLE = [
  ["LINKEDIN", "ada-nyberg", { provider_id: "ACoAAada01", first_name: "Ada", is_premium: true }],
  ["LINKEDIN", "tomas-herrera", { first_name: "Tomas", connections_count: 500, follower_count: 940 }],
  ["LINKEDIN", "miralindqvist", { first_name: "Mira", connections_count: 431, follower_count: 2210 }],
  ["LINKEDIN", "ACoAAhidden01", { first_name: null, last_name: null, network_distance: "OUT_OF_NETWORK" }],
  ["WHATSAPP", "15550142@s.whatsapp.net", { id: "15550142@s.whatsapp.net", is_business: true }],
  ["WHATSAPP", "15550143@s.whatsapp.net", { id: "15550143@s.whatsapp.net", is_business: undefined }],
  ["TELEGRAM", "700100201", { first_name: "Ada", username: "adanyberg", premium: true, restriction_reason: [] }],
  ["TELEGRAM", "prize_bot", { provider_id: "700100202", last_name: null, phone: null, bot: true }],
  ["TWITTER", "kestrelcoffee", { id: "1500100201", followers_count: 7710, verified: true }],
  ["TWITTER", "1500100202", { screen_name: "tomasherrera", description: null, url: null, protected: true }],
];

const INSTAGRAM_PEOPLE = [
  ["kestrelcoffee", { provider_id: "178414001", followers_count: 18420, profile_type: "BUSINESS" }],
  ["mira.lindqvist", { provider_id: "178414002", followers_count: 412, profile_type: "PERSONNAL" }],
  ["fjordoutdoor", { provider_id: "178414003", followers_count: 96310, profile_type: "PROFESSIONNAL" }],
];

const checks = new Checks("unipile node");
const [file, data] = process.argv.slice(2);
const emulator = new Emulator(file);
const { POSTPRESS_BASE_URL: baseUrl, POSTPRESS_API_KEY: key } = emulator.settings;
const client = newClient(key);
const unchecked = { validateRequestPayload: false };
// Unspoilt by what the client thinks of it: each network's first account that is not disconnected.
const accounts = (await client.account.getAll({}, unchecked)).items;
const connected = accounts.filter((account) => account.sources[0]?.status !== "CREDENTIALS");
const through = Object.fromEntries(connected.reverse().map((account) => [account.type, account.id]));

await { documents, demo }[data]();

async function documents() {
  await listing([
    ["LINKEDIN", "acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR", "John Doe", "OK"],
    ["WHATSAPP", "acc_whatsapp_01HXYZ4QK3WJ8FN3M6QH7TZ8GS", "+1 555 0100", "OK"],
    ["INSTAGRAM", "acc_instagram_01HXYZ4QK3WJ8FN3M6QH7TZ8GT", "johndoe", "OK"],
    ["TELEGRAM", "acc_telegram_01HXYZ4QK3WJ8FN3M6QH7TZ8GU", "John Doe", "OK"],
    ["TWITTER", "acc_twitter_01HXYZ4QK3WJ8FN3M6QH7TZ8GV", "johndoe", "OK"],
  ]);
  await owners([
    ["LINKEDIN", { provider: "LINKEDIN", first_name: "John", last_name: "Doe", public_identifier: "johndoe" }],
    ["TELEGRAM", { provider: "TELEGRAM", first_name: "John", last_name: "Doe", self: true }],
    ["TWITTER", { provider: "TWITTER", name: "johndoe", screen_name: "johndoe", description: null }],
  ]);
  await checks.same(
    "users.getProfile gives the documented profile, whose work has no end yet",
    client.users.getProfile({ account_id: through.LINKEDIN, identifier: "jordan-walke" }),
    JORDAN_WALKE,
  );
  await checks.same(
    "users.getProfile gives all of it whatever sections are asked for",
    person("LINKEDIN", "jordan-walke", { linkedin_sections: ["experience", "education", "languages", "skills"] }),
    JORDAN_WALKE,
  );
  await people();
  await sections();
  await keys();
  await faults();
  await hosted();
  await deletion();
}

async function demo() {
  await listing([
    ["LINKEDIN", "acc_linkedin_kestrel", "Sigrid Halvorsen", "OK"],
    ["LINKEDIN", "acc_linkedin_jonas", "Jonas Eide", "CREDENTIALS"],
    ["INSTAGRAM", "acc_instagram_kestrel", "kestrelcoffee", "OK"],
    ["TELEGRAM", "acc_telegram_sigrid", "Sigrid Halvorsen", "OK"],
    ["TWITTER", "acc_twitter_kestrel", "kestrelcoffee", "OK"],
    ["WHATSAPP", "acc_whatsapp_orders", "+47 555 01 000", "CONNECTING"],
    ["WHATSAPP", "acc_whatsapp_studio", "+46 555 02 000", "OK"],
    ["GOOGLE_OAUTH", "acc_google_office", "Kestrel Office", "OK", "PERMISSIONS"],
    ["GOOGLE_OAUTH", "acc_google_lumen", "Lumen Studio", "PERMISSIONS"],
    ["OUTLOOK", "acc_outlook_fjord", "Fjord Outdoor", "STOPPED"],
    ["MESSENGER", "acc_messenger_fjord", "Fjord Outdoor", "ERROR"],
    ["MAIL", "acc_mail_archive", "Archive"],
  ]);
  await owners([
    ["LINKEDIN", { provider: "LINKEDIN", first_name: "Sigrid", recruiter: { error: "MULTIPLE_SESSIONS" } }],
    ["TELEGRAM", { provider: "TELEGRAM", first_name: "Sigrid", last_name: "Halvorsen" }],
    ["TWITTER", { provider: "TWITTER", id: "1500100201", screen_name: "kestrelcoffee", followers_count: 7710 }],
    ["GOOGLE_OAUTH", { provider: "GMAIL", email: "kestreloffice@example.com" }],
    ["OUTLOOK", { provider: "OUTLOOK", display_name: "Fjord Outdoor", given_name: "Fjord", surname: "Outdoor" }],
    ["MAIL", { provider: "IMAP", email: undefined }],
  ]);
  await people();
  await refused(
    "users.getProfile through an account that needs a new login is refused",
    client.users.getProfile({ account_id: "acc_linkedin_jonas", identifier: "ada-nyberg" }),
    401,
    "disconnected_account",
    "Disconnected account",
    "The account is disconnected from the provider service.",
  );
}

/** Each row: type, id, name, then the status of each source. */
async function listing(rows) {
  const row = ({ type, id, name, sources }) => [type, id, name, ...sources.map((source) => source.status)];
  const list = client.account.getAll();
  await checks.same(
    `account.getAll gives the ${rows.length} accounts, with the status of each source`,
    list.then(({ object, items, cursor }) => ({ object, items: items.map(row), cursor })),
    { object: "AccountList", items: rows, cursor: null },
  );
  for (const [index, expected] of rows.entries()) {
    const [type, id] = expected;
    await checks.same(
      `account.getOne gives ${type} ${id} as the list does`,
      client.account.getOne(id),
      accounts[index],
    );
  }
  const pages = async (limit) => {
    const ids = [];
    for (let cursor; cursor !== null; ) {
      const page = await client.account.getAll({ limit, cursor });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    }
    return ids;
  };
  for (const limit of [1, 5, 250]) {
    await checks.same(
      `account.getAll gives the same accounts in pages of ${limit}`,
      pages(limit),
      rows.map(([, id]) => id),
    );
  }
  await refused(
    "account.getAll in pages of 251 is refused",
    client.account.getAll({ limit: 251 }),
    400,
    "limit_too_high",
    "Limit too high",
    "limit must not be greater than 250.",
  );
}

async function owners(rows) {
  for (const [type, expected] of rows) {
    await checks.has(
      `users.getOwnProfile of ${type} gives ${expected.provider}'s own fields`,
      client.users.getOwnProfile(through[type]),
      { object: "AccountOwnerProfile", ...expected },
    );
  }
  for (const type of ["WHATSAPP", "INSTAGRAM"]) {
    await refused(
      `users.getOwnProfile of ${type}, which has no such answer, is refused`,
      client.users.getOwnProfile(through[type]),
      422,
      "invalid_account",
      "Invalid account",
      "The provided account is not designed for this feature.",
    );
  }
}

async function people() {
  for (const [network, identifier, expected] of PEOPLE) {
    await checks.has(`users.getProfile through ${network} gives ${identifier}`, person(network, identifier), {
      object: "UserProfile",
      provider: network,
      ...expected,
    });
  }
  for (const [identifier, expected] of INSTAGRAM_PEOPLE) {
    await checks.rejected(
      `users.getProfile cannot read Instagram's ${identifier}: the client's schema is older than the document`,
      person("INSTAGRAM", identifier),
      InvalidResponseTypeError,
    );
    await checks.has(
      `users.getProfile without validation gives Instagram's ${identifier}`,
      person("INSTAGRAM", identifier, {}, unchecked),
      { object: "UserProfile", provider: "INSTAGRAM", ...expected },
    );
  }
  await refused(
    "users.getProfile of nobody is 404",
    person("LINKEDIN", "nobody"),
    404,
    "resource_not_found",
    "Resource not found",
    "The requested user was not found.",
  );
  await refused(
    "users.getProfile through an unknown account is 404",
    client.users.getProfile({ account_id: "acc_nobody", identifier: "ada-nyberg" }),
    404,
    "resource_not_found",
    "Resource not found",
    "The requested account was not found.",
  );
  await refused(
    "users.getProfile without an account is 400",
    client.users.getProfile({ account_id: "", identifier: "ada-nyberg" }),
    400,
    "missing_parameters",
    "Missing parameters",
    "account_id is required.",
  );
}

async function sections() {
  const lists = ["work_experience", "education", "languages", "skills", "certifications"];
  const present = (profile) => lists.filter((name) => name in profile);
  for (const [asked, expected] of [
    [undefined, []],
    ["experience", ["work_experience"]],
    [
      ["experience", "skills"],
      ["work_experience", "skills"],
    ],
    ["*", lists],
  ]) {
    await checks.same(
      `users.getProfile with linkedin_sections ${asked} gives these and no other`,
      person("LINKEDIN", "ada-nyberg", { linkedin_sections: asked }).then(present),
      expected,
    );
  }
  await person("LINKEDIN", "ada-nyberg", { linkedin_sections: ["experience", "skills"] });
  await checks.same(
    "the client joined the sections with commas",
    emulator.lastRequest().then(({ method, path, raw_query }) => [method, path, raw_query]),
    ["GET", "/api/v1/users/ada-nyberg", `account_id=${through.LINKEDIN}&linkedin_sections=experience%2Cskills`],
  );
  await checks.has(
    "users.getProfile names what LinkedIn withholds and keeps its count",
    person("LINKEDIN", "tomas-herrera", { linkedin_sections: ["experience"] }),
    { work_experience: [], work_experience_total_count: 31, throttled_sections: ["experience"] },
  );
  await checks.has(
    "users.getProfile through sales_navigator is possible with its subscription",
    person("LINKEDIN", "ada-nyberg", { linkedin_api: "sales_navigator" }),
    { public_identifier: "ada-nyberg" },
  );
  await refused(
    "users.getProfile through recruiter is refused without its subscription",
    person("LINKEDIN", "ada-nyberg", { linkedin_api: "recruiter" }),
    403,
    "feature_not_subscribed",
    "Feature not subscribed",
    "The requested feature has not been subscribed or authenticated properly.",
  );
}

async function keys() {
  const wrong = newClient("wrong");
  const detail = "Some credentials are necessary to perform the request.";
  for (const [name, call] of [
    ["account.getAll", () => wrong.account.getAll()],
    ["account.getOne", () => wrong.account.getOne(through.LINKEDIN)],
    ["account.delete", () => wrong.account.delete(through.LINKEDIN)],
    [
      "account.createHostedAuthLink",
      () => wrong.account.createHostedAuthLink(link({ type: "create", providers: "*" })),
    ],
    ["users.getOwnProfile", () => wrong.users.getOwnProfile(through.LINKEDIN)],
    ["users.getProfile", () => wrong.users.getProfile({ account_id: through.LINKEDIN, identifier: "jordan-walke" })],
  ]) {
    await refused(`${name} with a wrong key is 401`, call(), 401, "missing_credentials", "Missing credentials", detail);
  }
}

async function faults() {
  const answered = async (kind) => {
    await emulator.spoil("/api/v1/accounts$", kind);
    return client.account.getAll();
  };
  for (const [code, type] of [
    [401, "errors/expired_credentials"],
    [422, "errors/provider_unreachable"],
    [429, "errors/too_many_requests"],
    [503, "errors/no_client_session"],
  ]) {
    const body = { title: "Spoilt", type, status: code };
    await checks.rejected(
      `${code} is told from others by its body alone: the client drops status and headers`,
      answered(status(code, JSON.stringify(body), [["Retry-After", "30"]])),
      UnsuccessfulRequestError,
      { message: "", body, status: undefined },
    );
  }
  const pageBody = answered(status(502, "<h1>Down</h1>", [], "text/html")).catch((error) => error.body.text());
  await checks.same("502 with a page keeps the page", pageBody, "<h1>Down</h1>");
  await checks.rejected("200 with a page is no list", answered("html"), InvalidResponseTypeError);
  await checks.rejected("200 with garbage is no JSON", answered("garbage"), SyntaxError);
  await checks.rejected("a body cut short is an error", answered({ cut_after: { bytes: 100 } }), TypeError);
  await checks.rejected("a closed connection is an error", answered("close"), TypeError, { message: "fetch failed" });
}

async function hosted() {
  const create = (body) => client.account.createHostedAuthLink(link(body));
  const last = async () => (await client.account.getAll()).items.at(-1);
  for (const [providers, type] of [
    ["*", "LINKEDIN"],
    ["*:MESSAGING", "LINKEDIN"],
    ["*:MAILING", "GOOGLE_OAUTH"],
    [["LINKEDIN"], "LINKEDIN"],
    [["WHATSAPP"], "WHATSAPP"],
    [["INSTAGRAM"], "INSTAGRAM"],
    [["MESSENGER"], "MESSENGER"],
    [["TELEGRAM"], "TELEGRAM"],
    [["TWITTER"], "TWITTER"],
    [["GOOGLE"], "GOOGLE_OAUTH"],
    [["OUTLOOK"], "OUTLOOK"],
    [["MAIL"], "MAIL"],
  ]) {
    const created = await create({ type: "create", providers, name: `user ${providers}` });
    await checks.same(
      `account.createHostedAuthLink for ${providers} gives a link`,
      created,
      ({ object, url }) => object === "HostedAuthUrl" && url.startsWith(`${emulator.origin}/hosted/`),
    );
    await checks.same(`its page leads back after the login`, emulator.visit(created.url), [
      302,
      "https://myapp.com/ok",
    ]);
    await checks.same(
      `and the new ${type} account is there`,
      last().then(({ type, name, sources }) => [type, name, sources.map((source) => source.status)]),
      [type, `user ${providers}`, ["OK"]],
    );
  }
  const again = await create({ type: "reconnect", reconnect_account: through.LINKEDIN });
  await checks.same("a link to connect again leads back too", emulator.visit(again.url), [302, "https://myapp.com/ok"]);
  const failing = await create({ type: "create", providers: "*" });
  await checks.same("a login that fails leads to the page for that", emulator.visit(`${failing.url}?outcome=failure`), [
    302,
    "https://myapp.com/failed",
  ]);
  await refused(
    "account.createHostedAuthLink to connect an unknown account again is 404",
    create({ type: "reconnect", reconnect_account: "acc_nobody" }),
    404,
    "resource_not_found",
    "Resource not found",
    "The requested account was not found.",
  );
  await refused(
    "account.createHostedAuthLink with an end without milliseconds is 400",
    create({ type: "create", providers: "*", expiresOn: "2030-01-01T00:00:00Z" }),
    400,
    "invalid_parameters",
    "Invalid parameters",
    "expiresOn must match YYYY-MM-DDTHH:MM:SS.sssZ.",
  );
}

async function deletion() {
  await checks.same("account.delete says so", client.account.delete(through.TELEGRAM), { object: "AccountDeleted" });
  const detail = "The requested account was not found.";
  for (const [name, call] of [
    ["account.getOne", () => client.account.getOne(through.TELEGRAM)],
    ["account.delete", () => client.account.delete(through.TELEGRAM)],
    ["users.getOwnProfile", () => client.users.getOwnProfile(through.TELEGRAM)],
  ]) {
    await refused(
      `${name} of the deleted account is 404`,
      call(),
      404,
      "resource_not_found",
      "Resource not found",
      detail,
    );
  }
}

/** Passes if the call is refused with this body, whatever number it gives to the request as its `instance`. */
function refused(name, call, status, type, title, detail) {
  const numberless = call.catch((error) => {
    delete error.body?.instance;
    throw error;
  });
  const body = { title, type: `errors/${type}`, status, detail };
  return checks.rejected(name, numberless, UnsuccessfulRequestError, { body });
}

function newClient(key) {
  return new UnipileClient(baseUrl, key, { validateRequestPayload: true, validateRequestPayloadLevel: "error" });
}

function person(network, identifier, input = {}, options = {}) {
  return client.users.getProfile({ account_id: through[network], identifier, ...input }, options);
}

function link(body) {
  return {
    expiresOn: "2030-01-01T00:00:00.000Z",
    api_url: baseUrl,
    success_redirect_url: "https://myapp.com/ok",
    failure_redirect_url: "https://myapp.com/failed",
    ...body,
  };
}
