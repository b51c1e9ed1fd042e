//! Connecting an account: OAuth through a link, Bluesky by an app password, Telegram by a bot's token.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Map, Value, json};
use url::Url;

use super::store::{Invitation, Placement, Profile, Record, Store};
use super::{Refusal, Scope};
use crate::clock;
use crate::context::Context;
use crate::reply::{self, Origin, QueryPairs, json_object, text};

/// The networks of the documents, and the one more that the vendor's SDKs know.
const PLATFORMS: [&str; 12] = [
    "facebook",
    "instagram",
    "tiktok",
    "linkedin",
    "youtube",
    "twitter",
    "threads",
    "pinterest",
    "bluesky",
    "telegram",
    "google_business",
    "whatsapp",
];

/// What the OAuth page can report instead of a connection.
const FAILURES: [&str; 3] = ["user_abandoned", "account_is_already_connected", "update_failed"];

/// How often a new bot's placements are asked for in vain before its channels show.
const POLLS_UNTIL_CHANNELS: u32 = 2;

/// `POST /api/profile_groups/:id/initialize_connection`.
pub(super) async fn initialize(
    State(context): State<Arc<Context>>,
    scope: Scope,
    Path(group): Path<String>,
    Origin(origin): Origin,
    body: Bytes,
) -> Result<Response, Refusal> {
    let now = context.clock.now();
    let mut store = context.postproxy();
    store.group(&group, &scope).ok_or_else(Refusal::not_found)?;
    let body = json_object(&body).map_err(|message| Refusal::plain(StatusCode::BAD_REQUEST, message))?;
    let reply = match text(&body, "platform").ok_or_else(|| unprocessable("Missing platform"))? {
        "bluesky" => bluesky(&mut store, &group, &body)?,
        "telegram" => telegram(&mut store, &group, &body)?,
        platform if PLATFORMS.contains(&platform) => oauth(&mut store, &group, platform, &body, &origin, now)?,
        // What an unknown platform gets is not documented.
        _ => return Err(Refusal::invalid("Platform is not included in the list")),
    };
    Ok(Json(reply).into_response())
}

/// `GET /partner_connect/{token}`: the page on which a person would log in to the network. It is done at once, and the
/// browser sent back; `?outcome=` with one of the documented error codes makes it fail.
pub(super) async fn page(
    State(context): State<Arc<Context>>,
    Path(token): Path<String>,
    query: QueryPairs,
) -> Response {
    let now = context.clock.now();
    let mut store = context.postproxy();
    let Some(invitation) = store.invitations.get(&token).cloned() else {
        return reply::page(StatusCode::NOT_FOUND, "This link is unknown or has been used.");
    };
    let back = |pairs: &[(&str, &str)], sentence: &str| match &invitation.redirect_url {
        Some(url) => reply::redirect_with(url, pairs),
        None => reply::page(StatusCode::OK, sentence),
    };
    match query.get("outcome") {
        None | Some("success") => {
            store.invitations.remove(&token);
            complete(&mut store, &invitation, now);
            // The document names no parameters for a success, so there are none.
            back(&[], "The account is connected. You can close this window.")
        }
        Some(code) if FAILURES.contains(&code) => {
            back(&[("failure", "true"), ("error_code", code)], "The account was not connected.")
        }
        Some(_) => reply::page(StatusCode::BAD_REQUEST, "This outcome is not documented."),
    }
}

fn oauth(
    store: &mut Store,
    group: &str,
    platform: &str,
    body: &Map<String, Value>,
    origin: &str,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    // `force_no_redirect` and `refresh_connection` are the SDKs', not the document's.
    let flag = |name: &str| body.get(name) == Some(&Value::Bool(true));
    let redirect_url = match text(body, "redirect_url") {
        Some(url) => Some(Url::parse(url).map_err(|_| Refusal::invalid("Redirect url is invalid"))?),
        None if flag("force_no_redirect") => None,
        None => return Err(unprocessable("Missing redirect_url")),
    };
    // A connection that is broken may be made again: the document sends the owner of an expired one to this call.
    let connected = store.records.iter().any(|record| {
        let profile = &record.profile;
        profile.profile_group_id == group && profile.platform == platform && !broken(profile, now)
    });
    if connected && !flag("refresh_connection") {
        return Err(unprocessable("Platform already connected"));
    }
    let token = store.fresh_id("inv");
    let url = format!("{origin}/partner_connect/{token}");
    let invitation = Invitation { group: group.to_owned(), platform: platform.to_owned(), redirect_url };
    store.invitations.insert(token, invitation);
    Ok(json!({"url": url, "success": true}))
}

fn bluesky(store: &mut Store, group: &str, body: &Map<String, Value>) -> Result<Value, Refusal> {
    let (Some(identifier), Some(password)) = (text(body, "identifier"), text(body, "app_password")) else {
        return Err(Refusal::coded(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Bluesky requires `identifier` (handle) and `app_password` in the payload. \
             Generate an app password at https://bsky.app/settings/app-passwords",
            "missing_credentials",
        ));
    };
    if !reply::is_app_password(password) {
        return Err(Refusal::coded(
            StatusCode::UNAUTHORIZED,
            "This account requires 2FA. Generate an app password at bsky.app/settings/app-passwords \
             and use that instead of your main password.",
            "bluesky_login_failed",
        ));
    }
    let handle = if identifier.contains('.') { identifier.to_owned() } else { format!("{identifier}.bsky.social") };
    // The account of the document's example has the name of its reply; any other one goes by its handle.
    let name = if handle == "yourname.bsky.social" { "Your Display Name" } else { &handle };
    let conflict = "This Bluesky profile is already connected to Postproxy.";
    let profile = connect(store, group, "bluesky", &handle, name, conflict)?;
    Ok(json!({"success": true, "profile": synchronous(&profile, &handle)}))
}

fn telegram(store: &mut Store, group: &str, body: &Map<String, Value>) -> Result<Value, Refusal> {
    let token = text(body, "bot_token").ok_or_else(|| {
        unprocessable(
            "Telegram requires `bot_token` in the payload. Create a bot via @BotFather (https://t.me/BotFather) \
             and pass the token.",
        )
    })?;
    let bot = bot_of(token).ok_or_else(|| {
        Refusal::coded(
            StatusCode::UNAUTHORIZED,
            "Telegram bot token is invalid or revoked — please reconnect the profile.",
            "telegram_connect_failed",
        )
    })?;
    // The bot of the document's example token has the name of the document's example reply.
    let (name, username) = match bot {
        "123456789" => ("My Bot".to_owned(), "my_bot".to_owned()),
        other => (format!("Bot {other}"), format!("bot_{other}")),
    };
    let conflict = "This Telegram bot is already connected to Postproxy.";
    let profile = connect(store, group, "telegram", &username, &name, conflict)?;
    let next_step = format!(
        "Add @{username} as administrator to the Telegram channel(s) you want to publish to. \
         Channels will appear in GET /api/profiles/{}/placements once Telegram notifies us.",
        profile.id
    );
    Ok(json!({"success": true, "profile": synchronous(&profile, &username), "next_step": next_step}))
}

/// The profile in a synchronous reply, which says `network` where every other one says `platform`.
fn synchronous(profile: &Profile, external_username: &str) -> Value {
    json!({
        "id": profile.id,
        "network": profile.platform,
        "name": profile.name,
        "external_username": external_username,
    })
}

/// Connects an account known by its name on the network: anew, or again when this group had it already. `conflict` is the
/// error when another group has it.
fn connect(
    store: &mut Store,
    group: &str,
    platform: &str,
    account: &str,
    name: &str,
    conflict: &str,
) -> Result<Profile, Refusal> {
    let same = |record: &&mut Record| record.profile.platform == platform && record.account == account;
    if let Some(known) = store.records.iter_mut().find(same) {
        if known.profile.profile_group_id != group {
            return Err(Refusal::coded(StatusCode::UNPROCESSABLE_ENTITY, conflict, "account_is_already_connected"));
        }
        renew(&mut known.profile, None);
        return Ok(known.profile.clone());
    }
    let profile = new_profile(store, group, platform, name, None);
    let mut record = Record::new(profile.clone(), account);
    if platform == "telegram" {
        record = record.with_placements(example_channels());
        record.polls_until_placements = POLLS_UNTIL_CHANNELS;
    }
    store.records.push(record);
    Ok(profile)
}

/// What follows a login at the network: a broken profile of the group and network is renewed, else any such one, else a
/// new one made.
fn complete(store: &mut Store, invitation: &Invitation, now: DateTime<Utc>) {
    let Invitation { group, platform, .. } = invitation;
    let expires_at = lifetime(platform).map(|lifetime| clock::seconds(now + lifetime));
    let candidates = store
        .records
        .iter_mut()
        .map(|record| &mut record.profile)
        .filter(|profile| profile.profile_group_id == *group && profile.platform == *platform);
    // `min_by_key` takes the first of equals, and `false` comes before `true`.
    if let Some(profile) = candidates.min_by_key(|profile| !broken(profile, now)) {
        renew(profile, expires_at);
        return;
    }
    let name =
        store.groups.iter().find(|known| known.id == *group).map_or("New account", |known| &known.name).to_owned();
    let profile = new_profile(store, group, platform, &name, expires_at);
    let account = profile.id.clone();
    store.records.push(Record::new(profile, account));
}

fn new_profile(store: &mut Store, group: &str, platform: &str, name: &str, expires_at: Option<String>) -> Profile {
    Profile {
        id: store.fresh_id("prof"),
        name: name.to_owned(),
        platform: platform.to_owned(),
        status: "active".to_owned(),
        profile_group_id: group.to_owned(),
        expires_at,
        post_count: 0,
        // "null if not yet downloaded".
        avatar_url: None,
        later_fields: Map::new(),
    }
}

fn renew(profile: &mut Profile, expires_at: Option<String>) {
    "active".clone_into(&mut profile.status);
    profile.expires_at = expires_at;
    if let Some(reason) = profile.later_fields.get_mut("inactive_reason") {
        *reason = Value::Null;
    }
}

fn broken(profile: &Profile, now: DateTime<Utc>) -> bool {
    let past = profile.expires_at.as_deref().and_then(clock::parse).is_some_and(|expires_at| expires_at <= now);
    profile.status != "active" || past
}

/// How long a new connection lasts: sixty days where the network's tokens run out, no end where they are refreshed.
/// The document gives no numbers; sixty days is what LinkedIn and Meta grant.
fn lifetime(platform: &str) -> Option<Duration> {
    matches!(platform, "facebook" | "instagram" | "linkedin" | "threads").then(|| Duration::days(60))
}

/// The digits before the colon of a bot's token, if it has the form of one.
fn bot_of(token: &str) -> Option<&str> {
    let (bot, secret) = token.split_once(':')?;
    let secret_fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let fits = !bot.is_empty()
        && bot.bytes().all(|byte| byte.is_ascii_digit())
        && !secret.is_empty()
        && secret.bytes().all(secret_fits);
    fits.then_some(bot)
}

/// The two channels of the document's example.
fn example_channels() -> Vec<Placement> {
    [("-1001234567890", "My Channel (@mychannel)"), ("-1009876543210", "Private Channel")]
        .map(|(id, name)| Placement { id: Some(id.to_owned()), name: name.to_owned() })
        .into()
}

fn unprocessable(error: &str) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, error)
}
