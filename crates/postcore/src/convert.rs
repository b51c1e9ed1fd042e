//! From Postcore's JSON to the model: pure.

mod connect;

use polyprofile_core::{
    ConnectedPlatform, ConnectionStatus, Expiry, Normalize, NormalizeContext, Platform, Profile, ProfileId,
    ReportedDays,
};

pub(crate) use connect::{Way, callback, connect_outcome, way};

use crate::wire;

impl Normalize for wire::Profile<'_> {
    /// `None`, with the reason in the context, for a row that nothing names.
    type Output = Option<Profile>;

    fn normalize(self, context: &mut NormalizeContext) -> Option<Profile> {
        let connections = context.required("connectedPlatforms", self.connected_platforms);
        let head = wire::Profile { connected_platforms: None, ..self };
        let mut profile = head_of(head, context)?;
        profile.connected_platforms = connected(connections.unwrap_or_default(), context);
        Some(profile)
    }
}

impl Normalize for wire::SingleProfile<'_> {
    /// `None`, with the reason in the context, for an answer that nothing names.
    type Output = Option<Profile>;

    fn normalize(self, context: &mut NormalizeContext) -> Option<Profile> {
        let head = context.required("profile", self.profile)?;
        let connections = context.required("connectedPlatforms", self.connected_platforms);
        let mut profile = context.within("profile", |context| head_of(head, context))?;
        profile.connected_platforms = connected(connections.unwrap_or_default(), context);
        Some(profile)
    }
}

impl Normalize for wire::ConnectedPlatform<'_> {
    type Output = ConnectedPlatform;

    fn normalize(self, context: &mut NormalizeContext) -> ConnectedPlatform {
        let platform = context.required("platform", self.platform);
        let platform = Platform::parse(platform.as_deref().unwrap_or_default());
        let status = match context.required("needsReconnect", self.needs_reconnect) {
            Some(true) => ConnectionStatus::NeedsReconnect,
            Some(false) => ConnectionStatus::Active,
            None => ConnectionStatus::Unknown,
        };
        let mut connection = ConnectedPlatform::new(platform, status);
        connection.display_name = context.required("displayName", self.display_name).map(String::from);
        connection.username = context.required("username", self.username).map(String::from);
        let connected_at = context.required("connectedAt", self.connected_at);
        connection.connected_at = context.timestamp("connectedAt", connected_at.as_deref());

        let seen_at = context.observed_at();
        let days = self.days_until_expiry.as_option().copied();
        let date = context.expiry("expiresAt", self.expires_at.as_option().map(|text| &**text));
        // A count was sent that is no number: there is an end, and nobody knows when.
        let lost_days = context.dropped("daysUntilExpiry").map(|issue| issue.found.clone().unwrap_or_default());
        let told = date.or_else(|| lost_days.map(|raw| Expiry::Unreadable { raw }));
        connection.expiry = match (told, days) {
            (Some(Expiry::At { at, .. }), days) => {
                Expiry::At { at, reported: days.map(|days| ReportedDays::new(days, seen_at)) }
            }
            // A date that cannot be read is worse than none: the count beside it may be as wrong.
            (Some(unreadable), _) => unreadable,
            (None, Some(days)) => Expiry::InDays { days, seen_at },
            (None, None) if self.expires_at.is_null() && connection.platform == Platform::Bluesky => Expiry::NoDeadline,
            // Null is documented as "LinkedIn only": for LinkedIn itself, or a platform that is new
            // here, it says nothing.
            (None, None) => Expiry::NotReported,
        };
        connection
    }
}

/// A profile without its connections, which stand in different places.
fn head_of(sent: wire::Profile<'_>, context: &mut NormalizeContext) -> Option<Profile> {
    let key = context.required("profileKey", sent.profile_key.filter(|key| !key.is_empty()))?;
    let mut profile = Profile::new(ProfileId::new(context.provider().clone(), key));
    profile.name = sent.profile_name.map(String::from);
    let created_at = context.required("createdAt", sent.created_at);
    profile.created_at = context.timestamp("createdAt", created_at.as_deref());
    Some(profile)
}

fn connected(sent: Vec<wire::ConnectedPlatform<'_>>, context: &mut NormalizeContext) -> Vec<ConnectedPlatform> {
    context.each("connectedPlatforms", sent, |context, connection: wire::ConnectedPlatform<'_>| {
        connection.normalize(context)
    })
}

#[cfg(test)]
mod tests {
    mod properties;

    use polyprofile_core::{
        ConnectedPlatform, ConnectionStatus, Expiry, FieldIssue, HealthPolicy, Normalize, NormalizeContext,
        NormalizedPlatform as _, Profile, ProviderId, Verdict, parse_timestamp,
    };
    use polyprofile_http::json::{RowType, read_row};
    use serde_json::{Value, json};

    use crate::wire;

    fn normalized<R: RowType>(json: &str) -> Option<Profile>
    where
        for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
    {
        let seen_at = parse_timestamp("2025-01-06T12:30:00Z").expect("a timestamp");
        let mut context = NormalizeContext::new(ProviderId::new("postcore"), seen_at);
        let profile = read_row::<R, _>(json.as_bytes(), |row, issues| {
            context.add_issues(issues.into_iter().map(FieldIssue::from));
            row.normalize(&mut context)
        });
        let mut profile = profile.expect("an object")?;
        profile.issues = context.take_issues();
        Some(profile)
    }

    fn connection(json: &Value) -> ConnectedPlatform {
        let row = json!({"profileKey": "p", "connectedPlatforms": [json]}).to_string();
        normalized::<wire::Profile<'_>>(&row).expect("a row with a key").connected_platforms.remove(0)
    }

    #[test]
    fn the_documented_list() {
        let document: Value = serde_json::from_str(include_str!("../documents/profiles.json")).expect("JSON");
        let rows = document["profiles"].as_array().expect("a list").iter();
        let rows: Vec<_> = rows.map(|row| normalized::<wire::Profile<'_>>(&row.to_string())).collect();
        insta::assert_json_snapshot!(rows);
    }

    #[test]
    fn the_documented_single_profile() {
        let document = include_str!("../documents/profile.json");
        insta::assert_json_snapshot!(normalized::<wire::SingleProfile<'_>>(document));
    }

    #[test]
    fn the_last_day_counts() {
        let seen_at = parse_timestamp("2025-01-06T12:30:00Z").expect("a timestamp");
        let connection = connection(&json!({
            "platform": "linkedin", "expiresAt": "2025-01-06T23:00:00Z", "daysUntilExpiry": 0, "needsReconnect": false,
        }));
        let health = connection.health(seen_at, &HealthPolicy::default()).expect("a connection");
        assert_eq!((health.verdict, health.days_left), (Verdict::Warning, Some(0)));
    }

    #[test]
    fn a_row_of_connections_that_tell_nothing_is_told_in_part_and_kept_whole() {
        // A megabyte of them gives more than a million issues, each of which was once compared with all before it.
        let row = format!(r#"{{"profileKey":"p","connectedPlatforms":[{}{{}}]}}"#, "{},".repeat(19_999));
        let profile = normalized::<wire::Profile<'_>>(&row).expect("a row with a key");
        assert_eq!(profile.connected_platforms.len(), 20_000);
        assert_eq!(profile.issues.len(), 101);
        assert_eq!(profile.issues[100].message, "99901 more issues");
    }

    #[test]
    fn a_date_that_was_lost_among_many_troubles_is_no_missing_one() {
        // The reader tells a hundred issues of a row: that the date was no text is none of them.
        let row = format!(
            r#"{{"profileKey":"p","connectedPlatforms":[{}{{"needsReconnect":false,"expiresAt":{{}}}}]}}"#,
            "7,".repeat(100)
        );
        let connection = normalized::<wire::Profile<'_>>(&row).expect("a row with a key").connected_platforms.remove(0);
        assert_eq!(connection.expiry, Expiry::Unreadable { raw: String::new() });
        let health =
            connection.health(parse_timestamp("2025-01-06T12:30:00Z").expect("a timestamp"), &HealthPolicy::default());
        assert_eq!(health.expect("a connection").verdict, Verdict::Unknown);
    }

    #[test]
    fn a_null_end_means_no_deadline_for_bluesky_alone() {
        let expiry = |json: Value| connection(&json).expiry;
        let null = |platform| json!({"platform": platform, "expiresAt": null, "daysUntilExpiry": null});
        assert_eq!(expiry(null("bluesky")), Expiry::NoDeadline);
        assert_eq!(expiry(null("linkedin")), Expiry::NotReported);
        assert_eq!(expiry(null("threads")), Expiry::NotReported);
        assert_eq!(expiry(json!({"platform": "bluesky"})), Expiry::NotReported);
    }

    #[test]
    fn a_count_without_a_date_is_kept_as_a_count() {
        let seen_at = parse_timestamp("2025-01-06T12:30:00Z").expect("a timestamp");
        for days in [55.0, 0.0, 0.4, -1.0] {
            let expiry =
                connection(&json!({"platform": "linkedin", "expiresAt": null, "daysUntilExpiry": days})).expiry;
            assert_eq!(expiry, Expiry::InDays { days, seen_at });
        }
    }

    #[test]
    fn a_count_that_cannot_be_read_is_never_no_deadline() {
        for odd in [json!("many"), json!([]), json!(true), json!({"days": 5})] {
            let expiry = connection(&json!({"platform": "bluesky", "expiresAt": null, "daysUntilExpiry": odd})).expiry;
            assert!(matches!(expiry, Expiry::Unreadable { .. }), "{odd}");
        }
    }

    #[test]
    fn a_date_that_cannot_be_read_is_never_no_deadline() {
        for odd in [json!(""), json!("soon"), json!(1_740_918_600), json!(true), json!(["2025"])] {
            let expiry = connection(&json!({"platform": "bluesky", "expiresAt": odd, "daysUntilExpiry": 5})).expiry;
            assert!(matches!(expiry, Expiry::Unreadable { .. }), "{odd}");
        }
    }

    #[test]
    fn what_is_not_said_about_reconnecting_is_not_made_up() {
        let status = |json: Value| connection(&json).status;
        assert_eq!(status(json!({"needsReconnect": true})), ConnectionStatus::NeedsReconnect);
        assert_eq!(status(json!({"needsReconnect": false})), ConnectionStatus::Active);
        for odd in [json!({}), json!({"needsReconnect": null}), json!({"needsReconnect": "no"})] {
            assert_eq!(status(odd), ConnectionStatus::Unknown);
        }
    }

    #[test]
    fn one_bad_connection_costs_only_itself() {
        let row = json!({"profileKey": "p", "profileName": null, "createdAt": "2025-01-01T12:00:00Z", "connectedPlatforms": [
            {"platform": "linkedin", "displayName": 7, "username": "u", "connectedAt": "then", "expiresAt": null,
             "daysUntilExpiry": "many", "needsReconnect": false},
            "nonsense",
            {"platform": "bluesky", "displayName": "d", "username": "u", "connectedAt": "2025-01-02T10:00:00Z",
             "expiresAt": null, "daysUntilExpiry": null, "needsReconnect": false},
        ]});
        let profile = normalized::<wire::Profile<'_>>(&row.to_string()).expect("a row with a key");
        assert_eq!(profile.connected_platforms.len(), 2);
        assert_eq!(profile.connected_platforms[0].display_name.as_deref(), Some("7"));
        assert_eq!(profile.connected_platforms[1].username.as_deref(), Some("u"));
        let paths: Vec<&str> = profile.issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "/connectedPlatforms/0/daysUntilExpiry",
                "/connectedPlatforms/0/displayName",
                "/connectedPlatforms/1",
                "/connectedPlatforms/0/connectedAt",
            ]
        );
    }

    #[test]
    fn an_empty_profile_is_normal_and_a_nameless_one_is_none() {
        let empty = normalized::<wire::Profile<'_>>(
            r#"{"profileKey":"p","createdAt":"2025-01-01T12:00:00Z","connectedPlatforms":[]}"#,
        );
        assert_eq!(empty.map(|profile| profile.issues), Some(vec![]));
        assert_eq!(normalized::<wire::Profile<'_>>(r#"{"profileName":"n"}"#), None);
        assert_eq!(normalized::<wire::SingleProfile<'_>>(r#"{"connectedPlatforms":[]}"#), None);
        assert_eq!(normalized::<wire::SingleProfile<'_>>(r#"{"profile":{}}"#), None);
    }
}
