//! Statistics: the latest ones of a profile, and those of a placement over time.

use polyprofile_core::{
    Audience, IssueKind, NormalizeContext, PlacementId, Platform, Result, StatsQuery, StatsScope, StatsSeries,
    StatsSnapshot,
};
use polyprofile_http::json::Field;
use serde_json::{Number, Value};

use super::undecodable;
use crate::wire;

/// What was recorded over time, in the order in which it was sent. A list that was not sent is an error.
pub(crate) fn series(sent: wire::Stats<'_>, query: &StatsQuery, context: &mut NormalizeContext) -> Result<StatsSeries> {
    let mut series = StatsSeries::new(query.profile.clone());
    let records = context.required("data", sent.data).and_then(|data| {
        context.within("data", |context| {
            let profile = context.required("profile_id", data.profile_id);
            compare("profile_id", Some(&query.profile.key), profile.as_deref(), context);
            let platform = context.required("platform", data.platform);
            series.platform = platform.as_deref().map(Platform::parse).or_else(|| query.platform.clone());
            series.placement = match data.placement_id {
                Field::Value(placement) => {
                    let asked = query.placement.as_ref().map(PlacementId::as_str);
                    compare("placement_id", asked, Some(&placement), context);
                    Some(PlacementId::new(placement))
                }
                Field::Null => None,
                // Without a word about it, the figures are about what was asked for.
                Field::Absent => {
                    context.required("placement_id", None::<()>);
                    query.placement.clone()
                }
            };
            let scope = series.placement.clone().map_or(StatsScope::Account, StatsScope::Placement);
            let platform = series.platform.clone().unwrap_or_else(|| Platform::Other(String::new()));
            let records = context.required("records", data.records)?;
            Some(context.each("records", records, |context, record: wire::Snapshot<'_>| {
                snapshot_of(record, scope.clone(), &platform, context)
            }))
        })
    });
    series.records = records.ok_or_else(|| undecodable(context))?;
    series.issues = context.take_issues();
    Ok(series)
}

pub(super) fn snapshot_of(
    sent: wire::Snapshot<'_>,
    scope: StatsScope,
    platform: &Platform,
    context: &mut NormalizeContext,
) -> StatsSnapshot {
    let mut snapshot = StatsSnapshot::new(scope);
    let recorded_at = context.required("recorded_at", sent.recorded_at);
    snapshot.recorded_at = context.timestamp("recorded_at", recorded_at.as_deref());
    snapshot.raw = context.required("stats", sent.stats).unwrap_or_default();
    let metrics = snapshot.raw.iter().filter_map(|(key, value)| Some((wire::metric(platform, key)?, number(value)?)));
    snapshot.metrics = metrics.collect();
    snapshot
}

/// The vendor's own sum over the placements; without one, the figures of an account without placements.
pub(super) fn audience(stats: &[StatsSnapshot]) -> Option<Audience> {
    let of = |scope| stats.iter().find(|snapshot| snapshot.scope == scope).and_then(StatsSnapshot::audience);
    of(StatsScope::Summary).or_else(|| of(StatsScope::Account))
}

/// A figure, also where the platform sends it as text, as Telegram does.
fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Reports an answer about something else than what was asked for.
fn compare(name: &str, asked: Option<&str>, sent: Option<&str>, context: &mut NormalizeContext) {
    if let (Some(asked), Some(sent)) = (asked, sent)
        && asked != sent
    {
        context.report(name, IssueKind::Contradiction, "another one than was asked for", Some(sent));
    }
}

#[cfg(test)]
mod tests {
    use polyprofile_core::{
        ErrorKind, FieldIssue, IssueKind, Metric, NormalizeContext, PlacementId, Platform, ProfileId, ProviderId,
        Result, StatsQuery, StatsScope, StatsSeries, parse_timestamp,
    };
    use polyprofile_http::json::read_row;
    use serde_json::{Number, Value, json};

    use super::series;
    use crate::wire;

    fn query(key: &str, placement: Option<&str>) -> StatsQuery {
        let mut query = StatsQuery::new(ProfileId::new(ProviderId::new("postproxy"), key));
        query.placement = placement.map(PlacementId::new);
        query
    }

    fn read(json: &str, query: &StatsQuery) -> Result<StatsSeries> {
        let seen_at = parse_timestamp("2026-05-12T08:00:00Z").expect("a timestamp");
        let mut context = NormalizeContext::new(ProviderId::new("postproxy"), seen_at);
        read_row::<wire::Stats<'_>, _>(json.as_bytes(), |row, issues| {
            context.add_issues(issues.into_iter().map(FieldIssue::from));
            series(row, query, &mut context)
        })
        .expect("an object")
    }

    fn of(data: &Value, query: &StatsQuery) -> StatsSeries {
        read(&json!({ "data": data }).to_string(), query).expect("a series")
    }

    #[test]
    fn the_documented_series() {
        let read = read(include_str!("../../documents/stats.json"), &query("prof_li_001", Some("108520199")));
        insta::assert_json_snapshot!(read.expect("a series"));
    }

    #[test]
    fn a_platform_without_placements_counts_for_the_account() {
        let data = json!({"profile_id": "p", "platform": "bluesky", "placement_id": null, "records": [
            {"stats": {"followersCount": 7, "postsCount": 3.5}, "recorded_at": "2026-05-11T08:00:00Z"},
        ]});
        let series = of(&data, &query("p", Some("ignored")));
        assert_eq!((series.placement, series.platform), (None, Some(Platform::Bluesky)));
        assert_eq!(series.records[0].scope, StatsScope::Account);
        assert_eq!(series.records[0].metrics[&Metric::Followers], Number::from(7));
        assert_eq!(series.issues, []);
    }

    #[test]
    fn keys_stay_as_sent_whatever_they_hold() {
        let stats = json!({
            "followers_count": "640", "channel_title": "News", "channel_username": null,
            "analytics_30d": {"impressions": 5, "by_day": [1, 2]}, "reach_14d": 9, "engagement": 0.25,
        });
        let data = json!({"profile_id": "p", "platform": "telegram", "placement_id": "-1001", "records": [
            {"stats": stats, "recorded_at": "2026-05-11T08:00:00.250+02:00"},
        ]});
        let series = of(&data, &query("p", Some("-1001")));
        assert_eq!(Value::Object(series.records[0].raw.clone()), stats);
        let metrics: Vec<_> = series.records[0].metrics.iter().collect();
        assert_eq!(metrics, [(&Metric::Followers, &Number::from(640))]);
        assert_eq!(series.records[0].recorded_at, parse_timestamp("2026-05-11T06:00:00.250Z").ok());
    }

    #[test]
    fn records_come_in_the_order_in_which_they_were_sent() {
        let record = |day: u32| json!({"stats": {}, "recorded_at": format!("2026-05-{day:02}T00:00:00Z")});
        let data = json!({"profile_id": "p", "platform": "x", "placement_id": null,
            "records": [record(3), record(1), record(3), record(2)]});
        let days = of(&data, &query("p", None)).records.into_iter().map(|record| record.recorded_at);
        let days: Vec<_> = days.map(|at| at.expect("a date").format("%d").to_string()).collect();
        assert_eq!(days, ["03", "01", "03", "02"]);
    }

    #[test]
    fn one_odd_record_costs_nothing_but_itself() {
        let data = json!({"profile_id": 7, "placement_id": {"id": 1}, "records": [
            "nonsense", {"stats": null, "recorded_at": "then"}, {"stats": {"followerCount": 5}},
        ]});
        let mut asked = query("7", Some("page"));
        asked.platform = Some(Platform::LinkedIn);
        let series = of(&data, &asked);
        assert_eq!(series.platform, Some(Platform::LinkedIn), "the caller knows it");
        assert_eq!(series.placement, asked.placement);
        assert_eq!(series.records.len(), 2);
        assert_eq!(series.records[1].metrics[&Metric::Followers], Number::from(5));
        let paths: Vec<&str> = series.issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "/data/placement_id",
                "/data/profile_id",
                "/data/records/0",
                "/data/platform",
                "/data/records/0/recorded_at",
                "/data/records/0/stats",
                "/data/records/1/recorded_at",
            ]
        );
    }

    #[test]
    fn an_answer_about_something_else_is_an_issue() {
        let data = json!({"profile_id": "other", "platform": "linkedin", "placement_id": "2", "records": []});
        let series = of(&data, &query("p", Some("1")));
        assert_eq!(series.profile.key, "p");
        assert_eq!(series.placement, Some(PlacementId::new("2")));
        let issues: Vec<_> = series.issues.iter().map(|issue| (issue.path.as_str(), issue.kind)).collect();
        assert_eq!(
            issues,
            [("/data/profile_id", IssueKind::Contradiction), ("/data/placement_id", IssueKind::Contradiction)]
        );
    }

    #[test]
    fn no_list_is_not_an_empty_list() {
        for json in [
            "{}",
            r#"{"data":null}"#,
            r#"{"data":[]}"#,
            r#"{"data":{}}"#,
            r#"{"data":{"records":null}}"#,
            r#"{"data":{"records":{}}}"#,
        ] {
            let error = read(json, &query("p", None)).expect_err(json);
            assert_eq!(error.kind(), ErrorKind::Decode, "{json}");
            assert!(error.message().contains("/data"), "{json}: {error}");
        }
    }
}
