//! Any profile that can be built: every field told or not, with values from the ends of what its type holds.
//!
//! Boxed, because a strategy of strategies by value is too much for the stack of a test.

use chrono::{DateTime, NaiveDateTime, Timelike as _, Utc};
use polyprofile_core::{
    Audience, Certification, ConnectedPlatform, ConnectionStatus, Contact, Education, Expiry, FieldIssue, GroupId,
    IncompleteList, IssueKind, Language, Link, Locale, Metric, PartialDate, Person, Picture, PictureKind, PlacementId,
    Platform, Position, Profile, ProfileId, ProviderId, Relation, ReportedDays, Skill, StatsScope, StatsSnapshot,
    ViewerRelation,
};
use proptest::{
    collection::{btree_map, vec},
    option::of,
    prelude::*,
    sample::select,
};
use serde_json::{Map, Number, Value, json};

use crate::any_json::any_json;

pub(crate) fn any_profile() -> BoxedStrategy<Profile> {
    let head = (any_text(), any_text(), of(any_text()), of(any_text()), of(any_moment()));
    let lists = (vec(any_connection(), 0..4), vec(any_snapshot(), 0..3), any_members(), vec(any_issue(), 0..3));
    (head, lists)
        .prop_map(|((provider, key, name, group, created_at), (connections, stats, vendor, issues))| {
            let mut profile = Profile::new(ProfileId::new(ProviderId::new(provider), key));
            profile.name = name;
            profile.group = group.map(GroupId::new);
            profile.created_at = created_at;
            profile.connected_platforms = connections;
            profile.stats = stats;
            profile.vendor = vendor.into_iter().collect();
            profile.issues = issues;
            profile
        })
        .boxed()
}

/// Texts that come again, and such as nobody expects.
fn any_text() -> BoxedStrategy<String> {
    let long = "https://cdn.example/uploads/".repeat(20);
    let words = ["", "a", "ada", "Ada Lovelace", "active", "other:active", "LINKEDIN", "\0", "ﬁ\u{202e}", &long];
    prop_oneof![
        4 => select(words.map(str::to_owned).to_vec()),
        2 => ".{0,40}",
        1 => "[a-z]{250,260}",
    ]
    .boxed()
}

/// From the beginning of time to its end, and in a leap second that stands behind any second.
pub(crate) fn any_moment() -> BoxedStrategy<DateTime<Utc>> {
    let ends = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::UNIX_EPOCH];
    let seconds = prop_oneof![
        (DateTime::<Utc>::MIN_UTC.timestamp()..=DateTime::<Utc>::MAX_UTC.timestamp()),
        1_700_000_000_i64..1_800_000_000,
    ];
    let nanoseconds = prop_oneof![Just(0), (0_u32..2_000).prop_map(|part| part * 1_000_000), 0_u32..2_000_000_000];
    let moment = (seconds, nanoseconds).prop_map(|(seconds, nanoseconds)| {
        let second: NaiveDateTime = DateTime::from_timestamp(seconds, 0).expect("within time").naive_utc();
        second.with_nanosecond(nanoseconds).expect("less than two seconds").and_utc()
    });
    prop_oneof![1 => select(ends.to_vec()), 6 => moment].boxed()
}

/// Any bits, numbers that are none included.
fn any_days() -> impl Strategy<Value = f64> {
    prop_oneof![any::<u64>().prop_map(f64::from_bits), (-400_i32..400).prop_map(f64::from), select(vec![-0.0, 0.5])]
}

fn any_count() -> impl Strategy<Value = Option<u64>> {
    of(prop_oneof![0_u64..300, any::<u64>(), select(vec![u64::MAX, 127, 128])])
}

fn any_connection() -> BoxedStrategy<ConnectedPlatform> {
    let texts = (of(any_text()), of(any_text()), of(any_text()), of(any_text()), of(any_text()), of(any_text()));
    let told = (any_platform(), any_status(), any_relation(), any_expiry(), of(any_moment()));
    let counts = (of(any_audience()), of(any_person()), any_count());
    (texts, told, counts)
        .prop_map(|(texts, (platform, status, relation, expiry, connected_at), counts)| {
            let mut connection = ConnectedPlatform::new(platform, status);
            (connection.account_id, connection.username, connection.display_name) = (texts.0, texts.1, texts.2);
            (connection.avatar_url, connection.profile_url, connection.status_reason) = (texts.3, texts.4, texts.5);
            (connection.relation, connection.expiry, connection.connected_at) = (relation, expiry, connected_at);
            connection.audience = counts.0.map(Box::new);
            connection.person = counts.1.map(Box::new);
            connection.post_count = counts.2;
            connection
        })
        .boxed()
}

fn any_platform() -> impl Strategy<Value = Platform> {
    let words = [
        "bluesky",
        "exchange",
        "facebook",
        "google",
        "google_business",
        "google_calendar",
        "icloud",
        "instagram",
        "linkedin",
        "mail",
        "messenger",
        "mobile",
        "outlook",
        "pinterest",
        "slack",
        "telegram",
        "threads",
        "tiktok",
        "twitter",
        "whatsapp",
        "youtube",
    ];
    prop_oneof![select(words.to_vec()).prop_map(Platform::parse), any_text().prop_map(Platform::Other)]
}

fn any_status() -> impl Strategy<Value = ConnectionStatus> {
    let words = ["active", "expired", "inactive", "needs_reconnect", "connecting", "failed", "unknown"];
    prop_oneof![select(words.to_vec()).prop_map(ConnectionStatus::parse), any_text().prop_map(ConnectionStatus::Other)]
}

fn any_relation() -> impl Strategy<Value = Relation> {
    of(any_text()).prop_map(|through| match through {
        None => Relation::Connected,
        Some(through) => Relation::LookedUp { through },
    })
}

pub(crate) fn any_expiry() -> BoxedStrategy<Expiry> {
    let reported = of((any_days(), any_moment())).prop_map(|told| told.map(|(days, at)| ReportedDays::new(days, at)));
    prop_oneof![
        (any_moment(), reported).prop_map(|(at, reported)| Expiry::At { at, reported }),
        (any_days(), any_moment()).prop_map(|(days, seen_at)| Expiry::InDays { days, seen_at }),
        any_text().prop_map(|raw| Expiry::Unreadable { raw }),
        Just(Expiry::NoDeadline),
        Just(Expiry::NotReported),
    ]
    .boxed()
}

fn any_audience() -> impl Strategy<Value = Audience> {
    (vec(any_count(), 8), of(any_moment())).prop_map(|(counts, recorded_at)| {
        let mut audience = Audience::new();
        (audience.followers, audience.following, audience.connections) = (counts[0], counts[1], counts[2]);
        (audience.shared_connections, audience.posts, audience.likes) = (counts[3], counts[4], counts[5]);
        (audience.listed, audience.views, audience.recorded_at) = (counts[6], counts[7], recorded_at);
        audience
    })
}

fn any_snapshot() -> BoxedStrategy<StatsSnapshot> {
    let metrics = [
        Metric::Followers,
        Metric::Following,
        Metric::Posts,
        Metric::Likes,
        Metric::Comments,
        Metric::Shares,
        Metric::Quotes,
        Metric::Clicks,
        Metric::Views,
        Metric::Impressions,
        Metric::Reach,
        Metric::Engagement,
        Metric::Listed,
        Metric::Boards,
    ];
    let scope = prop_oneof![
        Just(StatsScope::Account),
        Just(StatsScope::Summary),
        any_text().prop_map(|placement| StatsScope::Placement(PlacementId::new(placement))),
    ];
    let metrics = btree_map(select(metrics.to_vec()), any_number(), 0..14);
    (scope, metrics, any_members(), of(any_moment()))
        .prop_map(|(scope, metrics, raw, recorded_at)| {
            let mut snapshot = StatsSnapshot::new(scope);
            (snapshot.metrics, snapshot.raw, snapshot.recorded_at) = (metrics, raw, recorded_at);
            snapshot
        })
        .boxed()
}

fn any_number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<u64>().prop_map(Number::from),
        any::<i64>().prop_map(Number::from),
        any::<f64>().prop_map(|number| Number::from_f64(number).unwrap_or_else(|| 0.into())),
        select(vec![-0.0, 1.0, 1e300, f64::MIN_POSITIVE]).prop_map(|number| Number::from_f64(number).expect("finite")),
    ]
}

fn any_members() -> BoxedStrategy<Map<String, Value>> {
    btree_map(any_text(), any_value(), 0..4).prop_map(|members| members.into_iter().collect()).boxed()
}

/// Any JSON, and what its own text is not read back as.
fn any_value() -> impl Strategy<Value = Value> {
    let deep = (0..10)
        .fold(json!("deep"), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "in": inner }) });
    let private = json!({ "$serde_json::private::RawValue": "1", "$serde_json::private::Number": "x" });
    prop_oneof![8 => any_json(), 1 => Just(deep), 1 => Just(private)]
}

fn any_issue() -> impl Strategy<Value = FieldIssue> {
    let kinds = [
        IssueKind::Missing,
        IssueKind::WrongType,
        IssueKind::Unreadable,
        IssueKind::OutOfRange,
        IssueKind::Coerced,
        IssueKind::Repeated,
        IssueKind::InvalidUtf8,
        IssueKind::Contradiction,
        IssueKind::Truncated,
    ];
    (any_text(), select(kinds.to_vec()), any_text(), of(any_text())).prop_map(|(path, kind, message, found)| {
        let mut issue = FieldIssue::new(path, kind, message);
        issue.found = found;
        issue
    })
}

fn any_person() -> BoxedStrategy<Person> {
    let lists = (
        vec(any_link(), 0..3),
        vec(any_picture(), 0..3),
        vec(any_position(), 0..3),
        vec(any_education(), 0..3),
        vec((any_text(), any_count()), 0..3),
        vec((any_text(), of(any_text())), 0..3),
        vec((any_text(), of(any_text()), of(any_text())), 0..3),
        vec((any_text(), any::<u64>(), any_count(), any::<bool>()), 0..3),
    );
    let parts =
        (of(any_date()), of((of(any_text()), of(any_text()))), of(any_contact()), of(any_viewer()), of(any_moment()));
    (vec(of(any_text()), 8), vec(of(any::<bool>()), 5), lists, parts)
        .prop_map(|(texts, flags, lists, parts)| {
            let mut person = Person::new();
            let [first, last, full, pronouns, headline, summary, location, category] = exactly(texts);
            (person.first_name, person.last_name, person.full_name, person.pronouns) = (first, last, full, pronouns);
            (person.headline, person.summary, person.location, person.category) =
                (headline, summary, location, category);
            let [verified, private, premium, business, bot] = exactly(flags);
            (person.is_verified, person.is_private, person.is_premium) = (verified, private, premium);
            (person.is_business, person.is_bot) = (business, bot);
            (person.links, person.pictures, person.positions, person.education) = (lists.0, lists.1, lists.2, lists.3);
            person.skills.extend(lists.4.into_iter().map(|(name, endorsements)| {
                let mut skill = Skill::new(name);
                skill.endorsements = endorsements;
                skill
            }));
            person.languages.extend(lists.5.into_iter().map(|(name, proficiency)| {
                let mut language = Language::new(name);
                language.proficiency = proficiency;
                language
            }));
            person.certifications.extend(lists.6.into_iter().map(|(name, organization, url)| {
                let mut certification = Certification::new(name);
                (certification.organization, certification.url) = (organization, url);
                certification
            }));
            person.incomplete.extend(lists.7.into_iter().map(|(name, received, total, throttled)| {
                let mut incomplete = IncompleteList::new(name, received);
                (incomplete.total, incomplete.throttled) = (total, throttled);
                incomplete
            }));
            person.birthday = parts.0;
            person.locale = parts.1.map(|(language, country)| {
                let mut locale = Locale::new();
                (locale.language, locale.country) = (language, country);
                locale
            });
            (person.contact, person.relation, person.account_created_at) = (parts.2, parts.3, parts.4);
            person
        })
        .boxed()
}

fn any_link() -> impl Strategy<Value = Link> {
    (any_text(), of(any_text())).prop_map(|(url, label)| {
        let mut link = Link::new(url);
        link.label = label;
        link
    })
}

fn any_picture() -> impl Strategy<Value = Picture> {
    let kinds = [PictureKind::Avatar, PictureKind::AvatarLarge, PictureKind::Background];
    (any_text(), select(kinds.to_vec())).prop_map(|(url, kind)| Picture::new(url, kind))
}

fn any_position() -> BoxedStrategy<Position> {
    let rest = (any::<bool>(), of(any::<bool>()), of(any_date()), of(any_date()));
    (vec(of(any_text()), 5), rest)
        .prop_map(|(texts, (is_volunteering, is_current, start, end))| {
            let mut position = Position::new();
            let [title, organization, url, location, description] = exactly(texts);
            (position.title, position.organization, position.organization_url) = (title, organization, url);
            (position.location, position.description) = (location, description);
            (position.is_volunteering, position.is_current) = (is_volunteering, is_current);
            (position.start, position.end) = (start, end);
            position
        })
        .boxed()
}

fn any_education() -> BoxedStrategy<Education> {
    (vec(of(any_text()), 4), of(any_date()), of(any_date()))
        .prop_map(|(texts, start, end)| {
            let mut education = Education::new();
            let [school, url, degree, field] = exactly(texts);
            (education.school, education.school_url) = (school, url);
            (education.degree, education.field_of_study) = (degree, field);
            (education.start, education.end) = (start, end);
            education
        })
        .boxed()
}

fn any_contact() -> BoxedStrategy<Contact> {
    let texts = || vec(any_text(), 0..3);
    (texts(), texts(), texts(), vec(any_link(), 0..3))
        .prop_map(|(emails, phones, addresses, socials)| {
            let mut contact = Contact::new();
            (contact.emails, contact.phones, contact.addresses, contact.socials) = (emails, phones, addresses, socials);
            contact
        })
        .boxed()
}

fn any_viewer() -> BoxedStrategy<ViewerRelation> {
    (vec(of(any::<bool>()), 4), of(any_text()), of(any_text()), of(any_moment()))
        .prop_map(|(flags, distance, invitation, contacts_since)| {
            let mut relation = ViewerRelation::new();
            (relation.is_self, relation.is_contact) = (flags[0], flags[1]);
            (relation.following, relation.followed_by) = (flags[2], flags[3]);
            (relation.distance, relation.invitation, relation.contacts_since) = (distance, invitation, contacts_since);
            relation
        })
        .boxed()
}

fn any_date() -> impl Strategy<Value = PartialDate> {
    (any_text(), of(any::<i32>()), of(any::<u32>()), of(any::<u32>())).prop_map(|(raw, year, month, day)| {
        let mut date = PartialDate::default();
        (date.raw, date.year, date.month, date.day) = (raw, year, month, day);
        date
    })
}

fn exactly<T: std::fmt::Debug, const N: usize>(values: Vec<T>) -> [T; N] {
    values.try_into().expect("as many as were asked for")
}
