//! The model as others see it: its JSON, its schema, its names and its secrets.

use std::{collections::BTreeSet, fmt::Debug, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use polyprofile_core::{
    Aggregate, Aggregator, Audience, Capabilities, Certification, ConnectCredentials, ConnectLink, ConnectMethod,
    ConnectOutcome, ConnectRequest, ConnectSupport, ConnectTarget, ConnectedAccount, ConnectedPlatform, ConnectionKey,
    ConnectionStatus, Contact, DeleteOutcome, Education, Error, ErrorKind, Event, EventStream, Expiry, ExpiryReporting,
    FieldIssue, FixedClock, GetOptions, Group, GroupId, Health, HealthPolicy, HealthSummary, IncompleteList, IssueKind,
    Language, Link, ListOptions, Listed, Locale, Metric, NormalizeContext, Operation, PackedProfiles, PartialDate,
    Person, PersonQuery, Picture, PictureKind, Placement, PlacementId, Platform, Position, Profile, ProfileId,
    ProfileStream, Provider, ProviderExt, ProviderId, ProviderOutcome, Rejected, Relation, Remedy, ReportedDays,
    Result, Skill, StatsQuery, StatsScope, StatsSeries, StatsSnapshot, SystemClock, Vendor, VendorApi, Verdict,
    ViewerRelation, failed_stream, parse_timestamp,
};
use secrecy::SecretString;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

#[test]
fn a_full_profile_has_a_stable_form() {
    insta::assert_json_snapshot!("full_profile", full_profile());
}

#[test]
fn an_empty_profile_has_every_key_and_says_null() {
    insta::assert_json_snapshot!("empty_profile", empty_profile());
}

#[test]
fn the_full_examples_leave_nothing_out() {
    // Otherwise the tests beside this one would prove less than they say.
    for (name, json) in full_examples() {
        assert_eq!(path_of_nothing(&json), None, "in {name}");
    }
}

#[test]
fn what_is_written_is_read_back() {
    both_ways(&full_profile());
    both_ways(&empty_profile());
    both_ways(&full_connection());
    both_ways(&ConnectedPlatform::looked_up(Platform::Other("Mastodon".to_owned()), "account-1"));
    both_ways(&full_person());
    both_ways(&Person::new());
    both_ways(&full_snapshot(StatsScope::Account));
    both_ways(&StatsSnapshot::new(StatsScope::Summary));
    both_ways(&full_rejected());
    both_ways(&Listed::Profile(full_profile()));
    both_ways(&Listed::Profile(empty_profile()));
    both_ways(&Listed::Rejected(full_rejected()));
    both_ways(&StatsSeries::new(profile_id()));
    both_ways(&Group::new(GroupId::new("group")));
    both_ways(&Placement::new(None, None));
    both_ways(&Placement::new(Some(PlacementId::new("-100123")), Some("Channel".to_owned())));
    both_ways(&DeleteOutcome::new(None));
    both_ways(&ConnectedAccount::new(Platform::Threads));
    both_ways(&full_capabilities());
    both_ways(&HealthSummary::new());
    both_ways(&ConnectionKey::new(profile_id(), Platform::Bluesky, None));
}

#[test]
fn every_expiry_and_relation_is_written_with_its_kind_and_read_back() {
    let seen_at = moment("2025-01-06T12:00:00Z");
    let at = moment("2025-03-02T12:30:00Z");
    let reported = Some(ReportedDays::new(55.5, seen_at));
    let rows = [
        (
            Expiry::At { at, reported },
            json!({
                "kind": "at",
                "at": "2025-03-02T12:30:00Z",
                "reported": { "days": 55.5, "seen_at": "2025-01-06T12:00:00Z" },
            }),
        ),
        (Expiry::at(at), json!({ "kind": "at", "at": "2025-03-02T12:30:00Z", "reported": null })),
        (
            Expiry::InDays { days: -0.5, seen_at },
            json!({ "kind": "in_days", "days": -0.5, "seen_at": "2025-01-06T12:00:00Z" }),
        ),
        (Expiry::Unreadable { raw: "soon".to_owned() }, json!({ "kind": "unreadable", "raw": "soon" })),
        (Expiry::NoDeadline, json!({ "kind": "no_deadline" })),
        (Expiry::NotReported, json!({ "kind": "not_reported" })),
    ];
    for (expiry, expected) in rows {
        assert_eq!(both_ways(&expiry), expected);
    }
    assert_eq!(both_ways(&Relation::Connected), json!({ "kind": "connected" }));
    let looked_up = Relation::LookedUp { through: "1".to_owned() };
    assert_eq!(both_ways(&looked_up), json!({ "kind": "looked_up", "through": "1" }));
}

#[test]
fn enums_without_data_are_plain_strings() {
    assert_eq!(both_ways(&Platform::GoogleBusiness), "google_business");
    assert_eq!(both_ways(&Platform::Other("Mastodon".to_owned())), "Mastodon");
    assert_eq!(both_ways(&ConnectionStatus::NeedsReconnect), "needs_reconnect");
    assert_eq!(both_ways(&ConnectionStatus::Other("PAUSED!".to_owned())), "PAUSED!");
    for verdict in [Verdict::Healthy, Verdict::Unknown, Verdict::Warning, Verdict::Broken] {
        assert_eq!(both_ways(&verdict), verdict.as_str());
    }
    for kind in ErrorKind::ALL {
        assert!(both_ways(&kind).is_string());
    }
    for operation in Operation::ALL {
        assert_eq!(both_ways(&operation), operation.as_str().replace(' ', "_"));
    }
}

#[test]
fn moments_at_the_ends_of_the_calendar_are_written_and_read_back() {
    for text in [
        "0000-01-01T00:00:00Z",
        "0000-01-01T00:00:00+23:59",
        "1969-12-31T23:59:59.999999999Z",
        "2016-12-31T23:59:60Z",
        "9999-12-31T23:59:59.999999999Z",
        "9999-12-31T23:59:59-23:59",
    ] {
        both_ways(&Expiry::at(moment(text)));
    }
}

#[test]
fn an_error_is_written_in_full_and_read_back() {
    let error = full_error();
    let json = serde_json::to_value(&error).expect("an error serializes");
    assert_eq!(
        json,
        json!({
            "kind": "conflict",
            "provider": "main",
            "operation": "connect",
            "status": 409,
            "code": "IN_FLIGHT",
            "message": "still going on",
            "retry_after_ms": 1_500,
            "request_id": "request-1",
            "attempts": 3,
            "retryable": true,
            "remedy": "wait",
        })
    );
    let again: Error = serde_json::from_value(json).expect("it was written so");
    assert_eq!(again.to_string(), error.to_string());
    assert_eq!((again.is_retryable(), again.remedy()), (true, Remedy::Wait));
    assert_eq!((again.retry_after(), again.attempts()), (error.retry_after(), 3));
    assert_eq!((again.request_id(), again.code()), (error.request_id(), error.code()));
}

#[test]
fn an_error_of_which_only_the_kind_is_known_has_every_key() {
    for kind in ErrorKind::ALL {
        let json = serde_json::to_value(Error::from(kind)).expect("an error serializes");
        let expected = serde_json::to_value(full_error()).expect("an error serializes");
        assert_eq!(keys_of(&json), keys_of(&expected));
        let again: Error = serde_json::from_value(json).expect("it was written so");
        assert_eq!((again.kind(), again.is_retryable(), again.remedy()), (kind, kind.is_retryable(), kind.remedy()));
    }
}

#[test]
fn a_long_message_is_read_back_as_it_was_written() {
    let error = Error::new(ErrorKind::Decode, "ü".repeat(10_000));
    let json = serde_json::to_value(&error).expect("an error serializes");
    let again: Error = serde_json::from_value(json).expect("it was written so");
    assert_eq!(again.message(), error.message());
}

#[test]
fn secrets_do_not_print() {
    const SECRET: &str = "sesame-1234";
    let secret = || SecretString::from(SECRET);
    let link = ConnectLink::new(format!("https://vendor.example/connect?key={SECRET}"));
    let password = ConnectCredentials::AppPassword { handle: "ada.example".to_owned(), password: secret() };
    let token = ConnectCredentials::BotToken(secret());
    let target = ConnectTarget::New { group: None, profile: None };
    let request = ConnectRequest::new(target, Platform::Bluesky, password.clone());
    for value in [&link as &dyn Debug, &password, &token, &request, &ConnectOutcome::Link(link.clone())] {
        let printed = format!("{value:?} {value:#?}");
        assert!(!printed.contains(SECRET), "{printed}");
    }
    assert!(link.expose_url().ends_with(SECRET), "its owner can have it");
}

#[test]
fn equal_keys_at_two_providers_are_two_profiles() {
    let here = ProfileId::new(ProviderId::new("here"), "1");
    let there = ProfileId::new(ProviderId::new("there"), "1");
    assert_ne!(here, there);
    assert_eq!(here, ProfileId::new(ProviderId::new("here"), "1"));
    assert_ne!(here, ProfileId::new(ProviderId::new("Here"), "1"), "case matters");
    assert_eq!(here.to_string(), "here/1");
}

#[test]
fn identifiers_are_opaque() {
    for text in ["../1", "a/b", "?", "%2e", "\r\n", "\0", "-100123", "", "ＡＢＣ"] {
        let id = ProfileId::new(ProviderId::new("main"), text);
        assert_eq!(id.key, text);
        assert_eq!(both_ways(&id), json!({ "provider": "main", "key": text }));
        assert_eq!(both_ways(&PlacementId::new(text)), text);
        assert_eq!(both_ways(&GroupId::new(text)), text);
    }
}

#[test]
fn a_connection_keeps_its_name_across_renewals() {
    let mut profile = full_profile();
    let before = profile.connection_key(&profile.connected_platforms[0]);
    profile.connected_platforms[0].expiry = Expiry::NoDeadline;
    profile.connected_platforms[0].connected_at = None;
    let after = profile.connection_key(&profile.connected_platforms[0]);
    assert_eq!(before, after);
    assert_eq!(after.to_string(), "main/profile-1 linkedin urn:li:person:1");
    let without_account = ConnectionKey::new(profile_id(), Platform::Bluesky, None);
    assert_eq!(without_account.to_string(), "main/profile-1 bluesky");
}

#[test]
fn names_print_padded_in_a_table() {
    assert_eq!(format!("{:>6}|{:<9}|", ProviderId::new("main"), Platform::LinkedIn), "  main|linkedin |");
    assert_eq!(format!("{:<8}|", Verdict::Broken), "broken  |");
}

#[tokio::test]
async fn a_provider_works_behind_a_pointer() {
    let provider: Arc<dyn Provider> = Arc::new(Silent::new());
    assert_eq!(provider.id().as_str(), "silent");
    assert_eq!(provider.profile_id("1").to_string(), "silent/1");
    assert_eq!(
        provider.list(ListOptions::new()).await.expect_err("it denies everything").kind(),
        ErrorKind::Unsupported
    );
    let id = provider.profile_id("1");
    let error = provider.profile(&id, GetOptions::new()).await.expect_err("it denies everything");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, Some(Operation::GetProfile)));

    let aggregate = Aggregator::new().with(provider).expect("the only one").collect(&ListOptions::new()).await;
    assert_eq!(aggregate.outcomes[0].provider.as_str(), "silent");
}

#[test]
fn an_id_of_another_provider_is_refused_and_both_are_named() {
    let provider = Silent::new();
    assert!(provider.check_owner(&provider.profile_id("1")).is_ok());
    let error = provider.check_owner(&profile_id()).expect_err("it is another provider's");
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.message().contains("`main`") && error.message().contains("`silent`"), "{error}");
}

#[test]
fn what_the_capabilities_deny_is_refused() {
    let provider = Silent::new();
    for operation in Operation::ALL {
        let error = provider.check_supported(operation).expect_err("it denies everything");
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, Some(operation)));
        assert_eq!(error.provider(), Some(provider.id()));
    }
}

#[test]
fn everything_can_be_sent_to_another_thread_and_kept() {
    fn send<T: Send + 'static>() {}
    fn send_and_sync<T: Send + Sync + 'static>() {}
    fn send_value<T: Send>(_: &T) {}

    send_and_sync::<Profile>();
    send_and_sync::<PackedProfiles>();
    send_and_sync::<ConnectedPlatform>();
    send_and_sync::<Listed>();
    send_and_sync::<StatsSeries>();
    send_and_sync::<Health>();
    send_and_sync::<HealthPolicy>();
    send_and_sync::<Capabilities>();
    send_and_sync::<Error>();
    send_and_sync::<Event>();
    send_and_sync::<Aggregator>();
    send_and_sync::<Aggregate>();
    send_and_sync::<ProviderOutcome>();
    send_and_sync::<NormalizeContext>();
    send_and_sync::<ListOptions>();
    send_and_sync::<GetOptions>();
    send_and_sync::<PersonQuery>();
    send_and_sync::<StatsQuery>();
    send_and_sync::<ConnectRequest>();
    send_and_sync::<ConnectOutcome>();
    send_and_sync::<FixedClock>();
    send_and_sync::<SystemClock>();
    send_and_sync::<Arc<dyn Provider>>();
    send_and_sync::<Arc<dyn VendorApi>>();
    send::<ProfileStream>();
    send::<EventStream>();

    let (aggregator, provider) = (Aggregator::new(), Silent::new());
    send_value(&aggregator.collect(&ListOptions::new()));
    send_value(&provider.list(ListOptions::new()));
    send_value(&provider.profile(&profile_id(), GetOptions::new()));
}

#[cfg(feature = "schema")]
mod schema {
    use schemars::{JsonSchema, generate::SchemaSettings};

    use super::*;

    #[test]
    fn what_is_written_fits_its_schema() {
        fits(&full_profile());
        fits(&empty_profile());
        fits(&full_person());
        fits(&Person::new());
        fits(&full_snapshot(StatsScope::Account));
        fits(&full_snapshot(StatsScope::Placement(PlacementId::new("page-1"))));
        fits(&StatsSnapshot::new(StatsScope::Summary));
        fits(&full_rejected());
        fits(&Listed::Profile(full_profile()));
        fits(&Listed::Rejected(full_rejected()));
        fits(&full_error());
        fits(&Error::from(ErrorKind::Tls));
        fits(&full_aggregate());
        fits(&Aggregate::new());
        fits(&full_capabilities());
        fits(&HealthSummary::new());
        fits(&StatsSeries::new(profile_id()));
        fits(&Group::new(GroupId::new("group")));
        fits(&Placement::new(None, None));
        fits(&DeleteOutcome::new(None));
        fits(&ConnectedAccount::new(Platform::Threads));
        let seen_at = moment("2025-01-06T12:00:00Z");
        fits(&Expiry::at(seen_at));
        fits(&Expiry::InDays { days: 0.5, seen_at });
        fits(&Expiry::Unreadable { raw: String::new() });
        fits(&Expiry::NoDeadline);
        fits(&Relation::LookedUp { through: "1".to_owned() });
        for status in [ConnectionStatus::Active, ConnectionStatus::Failed, ConnectionStatus::Other("PAUSED".to_owned())]
        {
            fits(&Health::judge(&status, None, &Expiry::at(seen_at), seen_at, &HealthPolicy::default()));
        }
    }

    #[test]
    fn the_schema_promises_that_every_key_is_present() {
        let json = serde_json::to_value(empty_profile()).expect("a profile serializes");
        for key in keys_of(&json) {
            let mut without = json.clone();
            without.as_object_mut().expect("an object").remove(&key);
            assert!(!validator::<Profile>().is_valid(&without), "{key} may be absent");
        }
    }

    #[test]
    fn the_schema_refuses_what_the_model_is_not() {
        let profile = serde_json::to_value(full_profile()).expect("a profile serializes");
        for (pointer, wrong) in [
            ("/id", json!("main/profile-1")),
            ("/created_at", json!("yesterday")),
            ("/connected_platforms/0/platform", json!(1)),
            ("/connected_platforms/0/post_count", json!(-1)),
            ("/connected_platforms/0/expiry/kind", json!("tomorrow")),
            ("/stats/0/metrics/followers", json!("12")),
        ] {
            let mut profile = profile.clone();
            *profile.pointer_mut(pointer).expect("the full profile has it") = wrong;
            assert!(!validator::<Profile>().is_valid(&profile), "{pointer}");
        }
    }

    fn fits<T: JsonSchema + Serialize>(value: &T) {
        let json = serde_json::to_value(value).expect("the model serializes");
        let validator = validator::<T>();
        let problems: Vec<_> =
            validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(problems, [""; 0], "{}", T::schema_name());
    }

    fn validator<T: JsonSchema>() -> jsonschema::Validator {
        let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>();
        jsonschema::options().should_validate_formats(true).build(schema.as_value()).expect("a valid schema")
    }
}

/// A provider that can do nothing.
#[derive(Debug)]
struct Silent {
    id: ProviderId,
    capabilities: Capabilities,
}

impl Silent {
    fn new() -> Self {
        Self { id: ProviderId::new("silent"), capabilities: Capabilities::new([], ExpiryReporting::NotReported) }
    }
}

#[async_trait]
impl Provider for Silent {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn vendor(&self) -> Vendor {
        Vendor::from_static("silent")
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn profiles(&self, _: ListOptions) -> ProfileStream {
        failed_stream(self.unsupported(Operation::ListProfiles))
    }

    async fn profile(&self, _: &ProfileId, _: GetOptions) -> Result<Profile> {
        Err(self.unsupported(Operation::GetProfile))
    }
}

/// Writes and reads `value`, and returns what was written.
fn both_ways<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Value {
    let text = serde_json::to_string(value).expect("the model serializes");
    assert_eq!(&serde_json::from_str::<T>(&text).expect("it was written so"), value);
    let json = serde_json::to_value(value).expect("the model serializes");
    assert_eq!(&serde_json::from_value::<T>(json.clone()).expect("it was written so"), value);
    json
}

fn keys_of(json: &Value) -> BTreeSet<String> {
    json.as_object().expect("an object").keys().cloned().collect()
}

/// Where `json` holds a null, an empty list or an empty object.
fn path_of_nothing(json: &Value) -> Option<String> {
    let below = |(key, value): (String, &Value)| path_of_nothing(value).map(|path| format!("/{key}{path}"));
    match json {
        Value::Null => Some(String::new()),
        Value::Array(items) if items.is_empty() => Some(String::new()),
        Value::Object(members) if members.is_empty() => Some(String::new()),
        Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).find_map(below),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).find_map(below),
        _ => None,
    }
}

fn full_examples() -> [(&'static str, Value); 4] {
    [
        ("profile", serde_json::to_value(full_profile()).expect("a profile serializes")),
        ("error", serde_json::to_value(full_error()).expect("an error serializes")),
        ("rejected", serde_json::to_value(full_rejected()).expect("a rejected row serializes")),
        ("capabilities", serde_json::to_value(full_capabilities()).expect("capabilities serialize")),
    ]
}

fn moment(text: &str) -> DateTime<Utc> {
    parse_timestamp(text).expect("a valid timestamp")
}

fn profile_id() -> ProfileId {
    ProfileId::new(ProviderId::new("main"), "profile-1")
}

fn empty_profile() -> Profile {
    let mut profile = Profile::new(profile_id());
    profile.connected_platforms = vec![ConnectedPlatform::new(Platform::Bluesky, ConnectionStatus::Unknown)];
    profile.connected_platforms[0].person = Some(Box::new(Person::new()));
    profile.connected_platforms[0].audience = Some(Box::new(Audience::new()));
    profile.stats = vec![StatsSnapshot::new(StatsScope::Account)];
    profile
}

fn full_profile() -> Profile {
    let mut profile = Profile::new(profile_id());
    profile.name = Some("Ada's page".into());
    profile.group = Some(GroupId::new("group-1"));
    profile.created_at = Some(moment("2024-02-29T08:00:00Z"));
    profile.connected_platforms = vec![full_connection()];
    profile.stats = vec![full_snapshot(StatsScope::Placement(PlacementId::new("accounts/1/locations/2")))];
    profile.vendor.insert("plan".to_owned(), json!({ "name": "team", "seats": 5 }));
    let issue = FieldIssue::new("/expires_at", IssueKind::Unreadable, "expected a date").with_found("soon");
    profile.issues = vec![issue];
    profile
}

fn full_connection() -> ConnectedPlatform {
    let mut connection = ConnectedPlatform::looked_up(Platform::LinkedIn, "account-1");
    connection.account_id = Some("urn:li:person:1".into());
    connection.username = Some("ada".into());
    connection.display_name = Some("Ada Lovelace".into());
    connection.avatar_url = Some("https://cdn.example/ada.png".into());
    connection.profile_url = Some("https://linkedin.example/in/ada".into());
    connection.connected_at = Some(moment("2024-03-01T09:30:00.5Z"));
    connection.status = ConnectionStatus::NeedsReconnect;
    connection.status_reason = Some("CREDENTIALS".into());
    connection.expiry = Expiry::At {
        at: moment("2025-03-02T12:30:00Z"),
        reported: Some(ReportedDays::new(55.0, moment("2025-01-06T12:00:00Z"))),
    };
    connection.audience = Some(Box::new(full_audience()));
    connection.person = Some(Box::new(full_person()));
    connection.post_count = Some(12);
    connection
}

fn full_audience() -> Audience {
    let mut audience = Audience::new();
    audience.followers = Some(1_000);
    audience.following = Some(200);
    audience.connections = Some(500);
    audience.shared_connections = Some(7);
    audience.posts = Some(42);
    audience.likes = Some(9_000);
    audience.listed = Some(3);
    audience.views = Some(100_000);
    audience.recorded_at = Some(moment("2025-01-06T12:00:00Z"));
    audience
}

fn full_snapshot(scope: StatsScope) -> StatsSnapshot {
    let mut snapshot = StatsSnapshot::new(scope);
    snapshot.metrics.insert(Metric::Followers, 1_000.into());
    snapshot.metrics.insert(Metric::Engagement, serde_json::Number::from_f64(0.25).expect("finite"));
    snapshot.raw = Map::from_iter([("followersCount".to_owned(), json!(1_000)), ("rate".to_owned(), json!(0.25))]);
    snapshot.recorded_at = Some(moment("2025-01-06T12:00:00Z"));
    snapshot
}

fn full_person() -> Person {
    let mut person = Person::new();
    person.first_name = Some("Ada".into());
    person.last_name = Some("Lovelace".into());
    person.full_name = Some("Ada Lovelace".into());
    person.pronouns = Some("she/her".into());
    person.headline = Some("Analyst".into());
    person.summary = Some("Notes on the engine.".into());
    person.location = Some("London".into());
    person.category = Some("SCIENTIST".into());
    person.links = vec![full_link()];
    person.pictures = vec![full_picture()];
    person.birthday = Some(PartialDate::parse("1815-12-10"));
    person.locale = Some(full_locale());
    person.account_created_at = Some(moment("2010-01-01T00:00:00Z"));
    person.is_verified = Some(true);
    person.is_private = Some(false);
    person.is_premium = Some(true);
    person.is_business = Some(false);
    person.is_bot = Some(false);
    person.positions = vec![full_position()];
    person.education = vec![full_education()];
    person.skills = vec![full_skill()];
    person.languages = vec![full_language()];
    person.certifications = vec![full_certification()];
    person.contact = Some(full_contact());
    person.relation = Some(full_viewer_relation());
    person.incomplete = vec![full_incomplete_list()];
    person
}

fn full_link() -> Link {
    let mut link = Link::new("https://ada.example");
    link.label = Some("homepage".into());
    link
}

fn full_picture() -> Picture {
    Picture::new("https://cdn.example/ada-large.png", PictureKind::AvatarLarge)
}

fn full_locale() -> Locale {
    let mut locale = Locale::new();
    locale.language = Some("en".into());
    locale.country = Some("GB".into());
    locale
}

fn full_position() -> Position {
    let mut position = Position::new();
    position.title = Some("Analyst".into());
    position.organization = Some("Analytical Engine Works".into());
    position.organization_url = Some("https://engine.example".into());
    position.location = Some("London".into());
    position.description = Some("Wrote the first program.".into());
    position.is_volunteering = true;
    position.is_current = Some(false);
    position.start = Some(PartialDate::parse("1842-10-01"));
    position.end = Some(PartialDate::parse("9/1/1843"));
    position
}

fn full_education() -> Education {
    let mut education = Education::new();
    education.school = Some("At home".into());
    education.school_url = Some("https://school.example".into());
    education.degree = Some("None".into());
    education.field_of_study = Some("Mathematics".into());
    education.start = Some(PartialDate::parse("1825-01-01"));
    education.end = Some(PartialDate::parse("1835-01-01"));
    education
}

fn full_skill() -> Skill {
    let mut skill = Skill::new("Mathematics");
    skill.endorsements = Some(99);
    skill
}

fn full_language() -> Language {
    let mut language = Language::new("English");
    language.proficiency = Some("NATIVE_OR_BILINGUAL".into());
    language
}

fn full_certification() -> Certification {
    let mut certification = Certification::new("Countess");
    certification.organization = Some("The Crown".into());
    certification.url = Some("https://crown.example".into());
    certification
}

fn full_contact() -> Contact {
    let mut contact = Contact::new();
    contact.emails = vec!["ada@example.com".to_owned()];
    contact.phones = vec!["+44 20 0000 0000".to_owned()];
    contact.addresses = vec!["12 St James's Square, London".to_owned()];
    contact.socials = vec![full_link()];
    contact
}

fn full_viewer_relation() -> ViewerRelation {
    let mut relation = ViewerRelation::new();
    relation.is_self = Some(false);
    relation.distance = Some("SECOND_DEGREE".into());
    relation.contacts_since = Some(moment("2020-05-05T05:05:05Z"));
    relation.is_contact = Some(true);
    relation.following = Some(true);
    relation.followed_by = Some(false);
    relation.invitation = Some("SENT PENDING".into());
    relation
}

fn full_incomplete_list() -> IncompleteList {
    let mut list = IncompleteList::new("work_experience", 1_u64);
    list.total = Some(4);
    list.throttled = true;
    list
}

fn full_rejected() -> Rejected {
    Rejected::new(ProviderId::new("main"), 7, "it has no id", r#"{"name":"nobody"}"#)
}

fn full_error() -> Error {
    Error::new(ErrorKind::Conflict, "still going on")
        .with_provider(ProviderId::new("main"))
        .with_operation(Operation::Connect)
        .with_status(409)
        .with_code("IN_FLIGHT")
        .with_retry_after(Duration::from_millis(1_500))
        .with_request_id("request-1")
        .with_attempts(3)
        .with_retryable(true)
        .with_remedy(Remedy::Wait)
}

fn full_capabilities() -> Capabilities {
    let mut capabilities = Capabilities::new(Operation::ALL, ExpiryReporting::DateAndDays);
    capabilities.connect = vec![ConnectSupport::new(Platform::Bluesky, ConnectMethod::AppPassword, true)];
    capabilities.delete_profile_destroys = Some("its connections".into());
    capabilities.delete_group_destroys = Some("its profiles".into());
    capabilities
}

#[cfg(feature = "schema")]
fn full_aggregate() -> Aggregate {
    let outcome = json!({
        "provider": "main", "vendor": "acme", "profiles": 1, "rejected": 1, "complete": false,
        "first_row_ms": 1.5, "elapsed_ms": 20.25, "bytes": 512, "error": full_error(),
    });
    let json = json!({ "profiles": [full_profile()], "rejected": [full_rejected()], "outcomes": [outcome] });
    serde_json::from_value(json).expect("the documented form")
}
