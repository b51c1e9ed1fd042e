//! From Postproxy's JSON to the model: pure.

mod connect;
mod lists;
mod stats;

use polyprofile_core::{
    ConnectedPlatform, ConnectionStatus, Error, ErrorKind, Expiry, FieldIssue, GroupId, Normalize, NormalizeContext,
    PlacementId, Platform, Profile, ProfileId, StatsScope,
};
use polyprofile_http::json::Field;
use serde_json::Value;

use self::stats::{audience, snapshot_of};
pub(crate) use self::{
    connect::{callback, connect_body, connect_outcome, method, secret},
    stats::series,
};
use crate::wire;

impl Normalize for wire::Profile<'_> {
    /// `None`, with the reason in the context, for a row that nothing names.
    type Output = Option<Profile>;

    fn normalize(self, context: &mut NormalizeContext) -> Option<Profile> {
        let key = context.required("id", self.id.filter(|id| !id.is_empty()))?;
        let mut profile = Profile::new(ProfileId::new(context.provider().clone(), key));
        let name = context.required("name", self.name).map(String::from);
        profile.group = context.required("profile_group_id", self.profile_group_id).map(GroupId::new);

        let platform = context.required("platform", self.platform.or(self.network));
        let platform = Platform::parse(platform.as_deref().unwrap_or_default());
        let status = context.required("status", self.status);
        let mut connection = ConnectedPlatform::new(platform, connection_status(status.as_deref()));
        connection.status_reason = self.inactive_reason.map(String::from);
        connection.expiry = expiry(&self.expires_at, context);
        connection.account_id = self.platform_id.map(String::from);
        connection.profile_url = self.platform_url.map(String::from);
        connection.avatar_url = self.avatar_url.map(String::from);
        let post_count = context.required("post_count", self.post_count);
        connection.post_count = context.count("post_count", post_count.as_ref());
        // The display name of an account is often its handle, and then says so by its first letter.
        connection.username = self
            .username
            .map(String::from)
            .or_else(|| name.as_deref().filter(|name| name.starts_with('@')).map(str::to_owned));
        connection.display_name.clone_from(&name);

        let latest = self.latest_stats.unwrap_or_default();
        let latest = context.each("latest_stats", latest, |context, snapshot: wire::Snapshot<'_>| {
            let scope = match &snapshot.placement_id {
                Field::Value(placement) => StatsScope::Placement(PlacementId::new(&**placement)),
                Field::Null => StatsScope::Account,
                // The figures of nobody knows what must not become the account's.
                Field::Absent => return context.required("placement_id", None),
            };
            Some(snapshot_of(snapshot, scope, &connection.platform, context))
        });
        profile.stats = latest.into_iter().flatten().collect();
        if let Some(summary) = self.summary_stats {
            let summary = context.within("summary_stats", |context| {
                snapshot_of(summary, StatsScope::Summary, &connection.platform, context)
            });
            profile.stats.push(summary);
        }
        connection.audience = audience(&profile.stats).map(Box::new);
        if let Some(sync_status) = self.placements_sync_status {
            profile.vendor.insert("placements_sync_status".to_owned(), Value::String(sync_status.into_owned()));
        }
        profile.name = name;
        profile.connected_platforms = vec![connection];
        Some(profile)
    }
}

fn connection_status(sent: Option<&str>) -> ConnectionStatus {
    match sent {
        Some(wire::status::ACTIVE) => ConnectionStatus::Active,
        Some(wire::status::EXPIRED) => ConnectionStatus::Expired,
        Some(wire::status::INACTIVE) => ConnectionStatus::Inactive,
        Some(other) if !other.is_empty() => ConnectionStatus::Other(other.to_owned()),
        _ => ConnectionStatus::Unknown,
    }
}

fn expiry(expires_at: &Field<polyprofile_http::json::Text<'_>>, context: &mut NormalizeContext) -> Expiry {
    if expires_at.is_null() {
        return Expiry::NoDeadline;
    }
    context.expiry("expires_at", expires_at.as_option().map(|text| &**text)).unwrap_or(Expiry::NotReported)
}

/// The error of an answer that lacks what it was asked for: all that was found wrong with it, in one line.
fn undecodable(context: &mut NormalizeContext) -> Error {
    let issues: Vec<String> = context.take_issues().iter().map(FieldIssue::to_string).collect();
    Error::new(ErrorKind::Decode, issues.join("; "))
}

#[cfg(test)]
mod tests {
    mod properties;

    use polyprofile_core::{
        ConnectionStatus, Expiry, FieldIssue, Normalize, NormalizeContext, Platform, Profile, ProviderId, StatsScope,
        parse_timestamp,
    };
    use polyprofile_http::json::{RowType, read_row};
    use serde_json::{Value, json};

    use crate::wire;

    fn normalized<R: RowType>(json: &str) -> Option<Profile>
    where
        for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
    {
        let seen_at = parse_timestamp("2025-01-06T12:30:00Z").expect("a timestamp");
        let mut context = NormalizeContext::new(ProviderId::new("postproxy"), seen_at);
        let profile = read_row::<R, _>(json.as_bytes(), |row, issues| {
            context.add_issues(issues.into_iter().map(FieldIssue::from));
            row.normalize(&mut context)
        });
        let mut profile = profile.expect("an object")?;
        profile.issues = context.take_issues();
        Some(profile)
    }

    fn row(json: &Value) -> Profile {
        normalized::<wire::Profile<'_>>(&json.to_string()).expect("a row with an id")
    }

    fn issues(profile: &Profile) -> Vec<&str> {
        profile.issues.iter().map(|issue| issue.path.as_str()).collect()
    }

    #[test]
    fn the_documented_list() {
        let document: Value = serde_json::from_str(include_str!("../documents/profiles.json")).expect("JSON");
        let rows: Vec<Profile> = document["data"].as_array().expect("a list").iter().map(row).collect();
        insta::assert_json_snapshot!(rows);
    }

    #[test]
    fn the_documented_profile_with_statistics() {
        let document = include_str!("../documents/profile.json");
        insta::assert_json_snapshot!(normalized::<wire::Profile<'_>>(document));
    }

    #[test]
    fn null_absent_and_unreadable_ends_are_three_things() {
        let expiry = |json: Value| row(&json).connected_platforms[0].expiry.clone();
        assert_eq!(expiry(json!({"id": "a", "expires_at": null})), Expiry::NoDeadline);
        assert_eq!(expiry(json!({"id": "a"})), Expiry::NotReported);
        for odd in
            [json!(""), json!("soon"), json!(1_740_918_600), json!(["2025"]), json!({"at": "2025"}), json!(false)]
        {
            let profile = row(&json!({"id": "a", "expires_at": odd}));
            assert!(matches!(profile.connected_platforms[0].expiry, Expiry::Unreadable { .. }), "{odd}");
            assert!(issues(&profile).contains(&"/expires_at"), "{odd}");
        }
    }

    /// A snapshot cannot tell: a word that is kept as sent is written as the state of the same name is.
    #[test]
    fn every_documented_status_is_a_state_of_its_own() {
        for (word, expected) in [
            ("active", ConnectionStatus::Active),
            ("expired", ConnectionStatus::Expired),
            ("inactive", ConnectionStatus::Inactive),
        ] {
            assert_eq!(row(&json!({"id": "a", "status": word})).connected_platforms[0].status, expected);
        }
    }

    #[test]
    fn a_status_is_kept_as_sent_where_it_is_new() {
        let status = |json: Value| row(&json).connected_platforms[0].status.clone();
        assert_eq!(status(json!({"id": "a", "status": "hibernating"})), ConnectionStatus::Other("hibernating".into()));
        assert_eq!(status(json!({"id": "a", "status": ""})), ConnectionStatus::Unknown);
        assert_eq!(status(json!({"id": "a", "status": null})), ConnectionStatus::Unknown);
        assert_eq!(status(json!({"id": "a", "status": 7})), ConnectionStatus::Other("7".into()));
    }

    #[test]
    fn what_the_sdk_knows_beyond_the_document_is_read() {
        let profile = row(&json!({
            "id": "yqWUvR", "name": "Acme", "platform": "whatsapp", "status": "inactive", "profile_group_id": "g",
            "expires_at": null, "post_count": 0, "avatar_url": null, "username": "acme", "inactive_reason": "network_taken",
            "platform_id": "123", "platform_url": "https://example.com/acme", "placements_sync_status": "done",
            "future_member": {"deeply": ["nested"]},
        }));
        let connection = &profile.connected_platforms[0];
        assert_eq!(connection.platform, Platform::WhatsApp);
        assert_eq!(connection.status_reason.as_deref(), Some("network_taken"));
        assert_eq!(connection.username.as_deref(), Some("acme"));
        assert_eq!(connection.account_id.as_deref(), Some("123"));
        assert_eq!(connection.profile_url.as_deref(), Some("https://example.com/acme"));
        assert_eq!(profile.vendor["placements_sync_status"], "done");
        assert_eq!(profile.issues, []);
    }

    #[test]
    fn figures_are_those_that_were_sent_to_the_last_digit_and_stay_so() {
        for sent in ["0.031746031746031744", "999999999999999999999999999999999999999999914", "2.2250738585072011e-308"]
        {
            let json = format!(r#"{{"id":"a","summary_stats":{{"stats":{{"engagement":{sent}}}}}}}"#);
            let profile = normalized::<wire::Profile<'_>>(&json).expect("a row with an id");
            let exact: f64 = sent.parse().expect("a number");
            assert_eq!(profile.stats[0].raw["engagement"].as_f64(), Some(exact), "{sent}");
            let written = serde_json::to_string(&profile).expect("JSON");
            assert_eq!(serde_json::from_str::<Profile>(&written).expect("it was written so"), profile, "{sent}");
        }
    }

    #[test]
    fn a_word_that_only_we_use_is_no_word_of_postproxy_also_after_it_was_stored() {
        let profile = row(&json!({"id": "a", "status": "needs_reconnect"}));
        assert_eq!(profile.connected_platforms[0].status, ConnectionStatus::Other("needs_reconnect".into()));
        let written = serde_json::to_string(&profile).expect("JSON");
        assert_eq!(serde_json::from_str::<Profile>(&written).expect("it was written so"), profile);
    }

    #[test]
    fn older_answers_call_the_platform_network() {
        assert_eq!(row(&json!({"id": "a", "network": "bluesky"})).connected_platforms[0].platform, Platform::Bluesky);
    }

    #[test]
    fn one_odd_member_costs_nothing_but_itself() {
        let profile = row(&json!({
            "id": 42, "name": null, "platform": "mastodon", "status": "active", "profile_group_id": ["g"],
            "expires_at": null, "post_count": -3, "avatar_url": {"url": "x"},
        }));
        assert_eq!(profile.id.key, "42");
        assert_eq!(profile.connected_platforms[0].platform, Platform::Other("mastodon".into()));
        assert_eq!(profile.connected_platforms[0].post_count, None);
        assert_eq!(issues(&profile), ["/avatar_url", "/id", "/profile_group_id", "/name", "/post_count"]);
    }

    #[test]
    fn a_row_that_nothing_names_is_none() {
        for json in [r"{}", r#"{"id":null}"#, r#"{"id":""}"#, r#"{"id":{}}"#] {
            assert_eq!(normalized::<wire::Profile<'_>>(json), None, "{json}");
        }
    }

    #[test]
    fn an_account_without_placements_counts_for_itself_and_text_counts_as_number() {
        let profile = row(&json!({
            "id": "a", "platform": "telegram", "latest_stats": [
                {"placement_id": "-1001", "stats": {"followers_count": "7", "channel_title": "News"}, "recorded_at": "2026-05-11T08:00:00Z"},
                {"placement_id": null, "stats": {"followers_count": 9}, "recorded_at": "yesterday"},
            ], "summary_stats": null,
        }));
        assert_eq!(profile.stats.len(), 2);
        assert_eq!(profile.stats[0].raw["channel_title"], "News");
        assert_eq!(profile.stats[0].audience().and_then(|audience| audience.followers), Some(7));
        assert_eq!(profile.stats[1].scope, StatsScope::Account);
        let audience = profile.connected_platforms[0].audience.as_ref().expect("an account's own figures");
        assert_eq!((audience.followers, audience.recorded_at), (Some(9), None));
        assert!(issues(&profile).contains(&"/latest_stats/1/recorded_at"));
    }
}
