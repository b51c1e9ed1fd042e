//! Placements and statistics.

use std::time::Duration;

use polyprofile_core::{
    ConnectOutcome, ErrorKind, GetOptions, IssueKind, ListOptions, Listed, Metric, Operation, PlacementId, Platform,
    Provider as _, ProviderExt as _, Remedy, StatsQuery, StatsScope, VendorApi as _, VendorApiExt as _, WaitOptions,
};
use polyprofile_emulator::{Data, Fault, FaultKind, POSTPROXY_SCOPED_KEY};
use polyprofile_postproxy::Postproxy;
use serde_json::{Number, json};
use tokio::time::Instant;

use crate::support::{
    BOT_TOKEN, assert_error, by_bot, emulator, id, in_group, let_the_clock_run, lines, provider, provider_with,
    to_group,
};

async fn placements(postproxy: &Postproxy, key: &str) -> Vec<(Option<String>, String)> {
    let placements = postproxy.placements(&id(postproxy, key), GetOptions::new()).await.expect(key);
    let pairs = placements.into_iter();
    pairs.map(|one| (one.id.map(|id| id.as_str().to_owned()), one.name.unwrap_or_default())).collect()
}

fn own(pairs: &[(Option<&str>, &str)]) -> Vec<(Option<String>, String)> {
    pairs.iter().map(|(id, name)| (id.map(str::to_owned), (*name).to_owned())).collect()
}

#[tokio::test]
async fn the_documented_placements_come_with_the_personal_page_that_has_no_id() {
    let emulator = emulator(Data::Documents).await;
    let expected =
        [(None, "Personal Profile"), (Some("108520199"), "Acme Marketing"), (Some("110131347"), "Acme Labs")];
    assert_eq!(placements(&provider(&emulator), "prof_li_001").await, own(&expected));
}

#[tokio::test]
async fn placements_of_every_network_that_has_them_travel_as_they_are() {
    let emulator = emulator(Data::Demo).await;
    let postproxy = provider(&emulator);
    let google = placements(&postproxy, "prof_kes_gb").await;
    assert_eq!(google[0].0.as_deref(), Some("accounts/123456789/locations/987654321"));
    let telegram = placements(&postproxy, "prof_lum_tg").await;
    assert_eq!(telegram[1], (Some("-1001777000002".to_owned()), "Lumen Offers (@lumenoffers)".to_owned()));
    let facebook = placements(&postproxy, "prof_kes_fb").await;
    assert_eq!(facebook[1], (Some("104400002".to_owned()), "Kestrel Café Oslo".to_owned()));
    assert_eq!(placements(&postproxy, "prof_fjo_pi").await.len(), 2);
    assert_eq!(placements(&postproxy, "prof_lum_li").await, own(&[(None, "Personal Profile")]));
    assert_eq!(placements(&postproxy, "prof_fjo_fb").await, []);

    let none = postproxy.placements(&id(&postproxy, "prof_kes_tw"), GetOptions::new()).await;
    assert_error(&none.expect_err("X has none"), ErrorKind::Unsupported, Operation::ListPlacements, 1);
}

#[tokio::test]
async fn the_documented_series_is_read() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let mut query = StatsQuery::new(id(&postproxy, "prof_li_001"));
    query.platform = Some(Platform::LinkedIn);
    query.placement = Some(PlacementId::new("108520199"));
    query.from = "2026-04-01T00:00:00Z".parse().ok();
    let series = postproxy.stats(query.clone()).await.expect("a series");
    assert_eq!(series.issues, []);
    assert_eq!((&series.profile, series.platform), (&query.profile, Some(Platform::LinkedIn)));
    assert_eq!(series.placement, query.placement);
    let followers: Vec<_> = series.records.iter().map(|record| record.metrics[&Metric::Followers].clone()).collect();
    assert_eq!(followers, [4500, 4520, 4567].map(Number::from));
    assert!(series.records.iter().all(|record| record.scope == StatsScope::Placement(PlacementId::new("108520199"))));

    // Both ends belong to the range.
    query.from = "2026-05-10T08:00:00Z".parse().ok();
    query.to = query.from;
    let series = postproxy.stats(query.clone()).await.expect("a series");
    assert_eq!(series.records.len(), 1);
    query.to = "2026-05-10T07:59:59Z".parse().ok();
    assert_eq!(postproxy.stats(query).await.expect("a series").records, []);
}

#[tokio::test]
async fn statistics_of_every_network_are_kept_as_sent_and_counted_where_they_can_be() {
    let emulator = emulator(Data::Demo).await;
    let postproxy = provider(&emulator);
    let newest = async |key: &str, placement: Option<&str>| {
        let mut query = StatsQuery::new(id(&postproxy, key));
        query.placement = placement.map(PlacementId::new);
        let mut series = postproxy.stats(query).await.expect(key);
        assert_eq!((series.records.len(), series.issues.len()), (30, 0), "{key}");
        assert!(series.records.is_sorted_by_key(|record| record.recorded_at), "{key}");
        series.records.pop().expect("thirty records")
    };
    for (key, placement, keys) in [
        ("prof_kes_li", Some("90210001"), "followers likes comments shares clicks views engagement"),
        ("prof_kes_ig", None, "followers following posts"),
        ("prof_kes_fb", Some("104400002"), "followers likes views impressions"),
        ("prof_kes_tw", None, "followers following posts likes listed"),
        ("prof_kes_bs", None, "followers following posts"),
        ("prof_fjo_yt", None, "followers posts views"),
        ("prof_fjo_tt", None, "followers following posts likes"),
        ("prof_fjo_pi", None, "followers following posts views boards"),
        ("prof_fjo_th", None, "followers likes views"),
        ("prof_lum_tg", Some("-1001777000001"), "followers"),
    ] {
        let record = newest(key, placement).await;
        let counted: Vec<_> = record.metrics.keys().map(|metric| metric.as_str()).collect();
        assert_eq!(counted.join(" "), keys, "{key}");
        let scope = placement.map_or(StatsScope::Account, |id| StatsScope::Placement(PlacementId::new(id)));
        assert_eq!(record.scope, scope, "{key}");
    }
    assert_eq!(newest("prof_lum_tg", Some("-1001777000001")).await.raw["channel_title"], "Lumen Studio");
    assert_eq!(newest("prof_fjo_pi", None).await.raw["analytics_30d"]["saves"], 410);
    assert_eq!(newest("prof_kes_ig", None).await.raw["website_clicks_30d"], 77);
}

#[tokio::test]
async fn a_placement_that_the_vendor_misses_is_asked_for_by_name() {
    let emulator = emulator(Data::Demo).await;
    let postproxy = provider(&emulator);
    for (key, platform) in [("prof_kes_li", "linkedin"), ("prof_kes_fb", "facebook"), ("prof_lum_tg", "telegram")] {
        let error = postproxy.stats(StatsQuery::new(id(&postproxy, key))).await.expect_err(key);
        assert_error(&error, ErrorKind::Invalid, Operation::GetStats, 1);
        assert_eq!((error.status(), error.remedy()), (Some(400), Remedy::FixRequest));
        let documented = format!("placement_id is required for {platform} profiles");
        assert!(error.message().starts_with(&documented), "{error}");
        assert!(error.message().contains("`placement`") && error.message().contains("list"), "{error}");
    }
    // Elsewhere the caller's word for the platform asks for nothing.
    let mut query = StatsQuery::new(id(&postproxy, "prof_fjo_pi"));
    query.platform = Some(Platform::Pinterest);
    assert_eq!(postproxy.stats(query).await.expect("a series").placement, None);
}

#[tokio::test]
async fn an_odd_record_is_an_issue_and_a_list_that_is_null_an_error() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let odd = json!({"data": {"profile_id": "p", "platform": "bluesky", "placement_id": null, "records": [
        {"stats": {"followersCount": 1}, "recorded_at": "2026-05-09T08:00:00Z"}, 7, {"stats": {}, "recorded_at": "then"},
    ]}});
    let replace = |body: &str| {
        let kind = FaultKind::Replace { body: body.to_owned(), content_type: "application/json".to_owned() };
        emulator.add_fault(Fault::new("/api", kind).times(1));
    };
    replace(&odd.to_string());
    let series = postproxy.stats(StatsQuery::new(id(&postproxy, "p"))).await.expect("a series");
    assert_eq!(series.records.len(), 2);
    let issues: Vec<_> = series.issues.iter().map(|issue| (issue.path.as_str(), issue.kind)).collect();
    let expected = [("/data/records/1", IssueKind::WrongType), ("/data/records/1/recorded_at", IssueKind::Unreadable)];
    assert_eq!(issues, expected);

    for body in [r#"{"data":null}"#, "{}", "[]", "null", r#"{"data":{"records":null}}"#] {
        replace(body);
        let error = postproxy.stats(StatsQuery::new(id(&postproxy, "p"))).await.expect_err(body);
        assert_error(&error, ErrorKind::Decode, Operation::GetStats, 1);
        replace(body);
        let error = postproxy.placements(&id(&postproxy, "p"), GetOptions::new()).await.expect_err(body);
        assert_error(&error, ErrorKind::Decode, Operation::ListPlacements, 1);
        replace(body);
        let error = postproxy.groups().await.expect_err(body);
        assert_error(&error, ErrorKind::Decode, Operation::ListGroups, 1);
    }
}

#[tokio::test]
async fn a_group_hides_what_is_outside_of_it() {
    let emulator = emulator(Data::Demo).await;
    let postproxy = provider(&emulator);
    let outside = provider_with(&emulator, |config| config.group = Some(polyprofile_core::GroupId::new("grp_fjord")));
    let scoped = provider_with(&emulator, |config| config.api_key = POSTPROXY_SCOPED_KEY.into());
    let kestrel = id(&postproxy, "prof_kes_tw");
    let mut query = StatsQuery::new(kestrel.clone());

    postproxy.profile(&kestrel, in_group("grp_kestrel")).await.expect("it is in there");
    outside.profile(&kestrel, in_group("grp_kestrel")).await.expect("the call wins over the configuration");
    scoped.stats(query.clone()).await.expect("the key reaches it");

    query.group = Some(polyprofile_core::GroupId::new("grp_fjord"));
    let fjord = id(&postproxy, "prof_fjo_yt");
    for error in [
        postproxy.profile(&kestrel, in_group("grp_fjord")).await.expect_err("elsewhere"),
        postproxy.placements(&kestrel, in_group("grp_fjord")).await.expect_err("elsewhere"),
        postproxy.stats(query).await.expect_err("elsewhere"),
        postproxy.delete_profile(&kestrel, in_group("grp_fjord")).await.expect_err("elsewhere"),
        outside.delete_profile(&kestrel, GetOptions::new()).await.expect_err("elsewhere"),
        scoped.profile(&fjord, GetOptions::new()).await.expect_err("out of reach"),
        scoped.delete_profile(&fjord, GetOptions::new()).await.expect_err("out of reach"),
    ] {
        assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, "Not found"), "{error}");
    }
    let listed = scoped.list(ListOptions::new()).await.expect("a list");
    assert!(listed.len() == 7 && listed.iter().all(|row| matches!(row, Listed::Profile(_))), "{listed:?}");
}

#[tokio::test(start_paused = true)]
async fn the_channels_of_a_new_bot_are_waited_for() {
    let emulator = emulator(Data::Documents).await;
    let_the_clock_run();
    let postproxy = provider(&emulator);
    let made = postproxy.connect(by_bot(to_group("grp123abc"), BOT_TOKEN)).await.expect("a bot");
    let ConnectOutcome::Pending { account, next_step } = made else { panic!("{made:?}") };
    assert!(next_step.starts_with("Add @my_bot as administrator"), "{next_step}");
    let bot = account.profile.expect("the document tells it");
    assert_eq!((bot.key.as_str(), account.username.as_deref()), ("prof321zyx", Some("my_bot")));

    emulator.clear_requests();
    let started = Instant::now();
    let wait = WaitOptions::new();
    let placements = postproxy.wait_for_placements(&bot, GetOptions::new(), wait).await.expect("channels");
    let ids: Vec<_> = placements.iter().map(|one| one.id.as_ref().map(PlacementId::as_str)).collect();
    assert_eq!(ids, [Some("-1001234567890"), Some("-1009876543210")]);
    assert_eq!(lines(&emulator), ["GET /api/profiles/prof321zyx/placements"; 3]);
    let waited = started.elapsed();
    assert!(wait.every * 2 <= waited && waited < wait.every * 3, "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn channels_that_never_appear_are_an_empty_list_and_a_bot_that_is_gone_an_error() {
    let emulator = emulator(Data::Demo).await;
    let_the_clock_run();
    let postproxy = provider(&emulator);
    let mut wait = WaitOptions::new();
    wait.at_most = Duration::from_secs(10);
    let started = Instant::now();
    let none = postproxy.wait_for_placements(&id(&postproxy, "prof_fjo_fb"), GetOptions::new(), wait).await;
    assert_eq!(none.expect("an answer"), []);
    assert!(started.elapsed() <= wait.at_most, "{:?}", started.elapsed());
    let gone = postproxy.wait_for_placements(&id(&postproxy, "gone"), GetOptions::new(), wait).await;
    assert_error(&gone.expect_err("no such profile"), ErrorKind::NotFound, Operation::ListPlacements, 1);
}
