//! The row types, how to get each read, and what the documents and the design say about their fields.

use futures_util::future::BoxFuture;
use polyprofile::{
    AnyProvider, ConnectCredentials, ConnectRequest, ConnectTarget, CreateProfile, Error, GetOptions, GroupId,
    ListOptions, Listed, PersonQuery, PlacementId, Platform, ProfileId, Provider as _, ProviderExt as _, StatsQuery,
    VendorApi as _,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Fields, Kept, Outcome, fields_of,
    variants::{Broken, text_of},
};
use crate::{
    matrix::{defaults, provider},
    server::{Reply, Server},
    vendors::{row, row_id},
};

pub(super) const POSTPROXY: &str = include_str!("../../../crates/postproxy/documents/fields.json");
pub(super) const POSTCORE: &str = include_str!("../../../crates/postcore/documents/fields.json");
pub(super) const POSTPRESS: &str = include_str!("../../../crates/postpress/documents/fields.json");

/// One row type.
pub(super) struct Subject {
    pub(super) name: &'static str,
    pub(super) vendor: &'static str,
    /// Its name in the list of fields.
    pub(super) row: &'static str,
    way: Way,
    /// Members that say which row type it is.
    pub(super) constant: &'static [(&'static str, &'static str)],
    /// Values, in JSON, of fields that cannot hold just any, by pointer or by name.
    pub(super) values: &'static [(&'static str, &'static str)],
    /// Fields that mean the same as another, or that this row does not have.
    skips: &'static [&'static str],
    /// Without one of these nothing names the row, or there is none.
    keys: &'static [&'static str],
    /// Fields whose absence is an issue, null or missing.
    promised: &'static [&'static str],
    /// Fields whose text is read as a moment.
    dates: &'static [&'static str],
    /// Fields that hold a whole number of 0 or more, and are read as any number.
    counts: &'static [&'static str],
    /// Fields that the state of the connection rests on.
    states: &'static [&'static str],
    /// Where issues are told, if not at the pointer itself.
    pub(super) prefix: &'static str,
    /// Whether what comes of it has a place for issues.
    pub(super) tells_issues: bool,
}

/// How a row is read.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    List,
    Get,
    Person,
    Owner,
    Placements,
    Stats,
    Groups,
    Group,
    /// As the body of a refusal, with this status.
    Refusal(u16),
    /// As the answer to a write.
    Connect,
    ConnectByPassword,
    DeleteProfile,
    CreateProfile,
}

const PLAIN: Subject = Subject {
    name: "",
    vendor: "",
    row: "",
    way: Way::List,
    constant: &[],
    values: &[],
    skips: &[],
    keys: &[],
    promised: &[],
    dates: &[],
    counts: &[],
    states: &[],
    prefix: "",
    tells_issues: true,
};

const PROFILE_OF_POSTPROXY: Subject = Subject {
    name: "a profile in Postproxy's list",
    vendor: "postproxy",
    row: "Profile",
    values: &[
        ("/id", "\"row-0000\""),
        ("status", "\"active\""),
        ("platform", "\"linkedin\""),
        ("network", "\"linkedin\""),
        ("expires_at", "\"2025-12-01T00:00:00Z\""),
    ],
    keys: &["/id"],
    promised: &[
        "/name",
        "/status",
        "/profile_group_id",
        "/post_count",
        "/latest_stats/0/placement_id",
        "/latest_stats/0/stats",
        "/latest_stats/0/recorded_at",
        "/summary_stats/stats",
        "/summary_stats/recorded_at",
    ],
    dates: &["/expires_at", "/latest_stats/0/recorded_at", "/summary_stats/recorded_at"],
    counts: &["/post_count"],
    states: &["/status"],
    ..PLAIN
};

const PAGE_OF_POSTPRESS: Subject = Subject { vendor: "postpress", way: Way::Person, keys: &["/provider_id"], ..PLAIN };

/// The owner of an account is told beside it: nothing in it can cost the account.
const OWNER: Subject = Subject { vendor: "postpress", way: Way::Owner, prefix: "/owner", ..PLAIN };

const WRITTEN: Subject = Subject { tells_issues: false, ..PLAIN };

pub(super) const SUBJECTS: &[Subject] = &[
    PROFILE_OF_POSTPROXY,
    Subject { name: "a single profile of Postproxy", way: Way::Get, ..PROFILE_OF_POSTPROXY },
    Subject {
        name: "Postproxy's placements",
        vendor: "postproxy",
        row: "Placements",
        way: Way::Placements,
        keys: &["/data", "/data/0/id"],
        tells_issues: false,
        ..PLAIN
    },
    Subject {
        name: "Postproxy's statistics",
        vendor: "postproxy",
        row: "Stats",
        way: Way::Stats,
        values: &[
            ("profile_id", "\"row-0000\""),
            ("/data/placement_id", "\"placement-1\""),
            ("platform", "\"linkedin\""),
        ],
        keys: &["/data", "/data/records"],
        promised: &[
            "/data/profile_id",
            "/data/platform",
            "/data/placement_id",
            "/data/records/0/stats",
            "/data/records/0/recorded_at",
        ],
        dates: &["/data/records/0/recorded_at"],
        ..PLAIN
    },
    Subject {
        name: "Postproxy's groups",
        vendor: "postproxy",
        row: "Groups",
        way: Way::Groups,
        keys: &["/data", "/data/0/id"],
        tells_issues: false,
        ..PLAIN
    },
    Subject {
        name: "a group of Postproxy",
        vendor: "postproxy",
        row: "Group",
        way: Way::Group,
        keys: &["/id"],
        tells_issues: false,
        ..PLAIN
    },
    Subject {
        name: "a profile in Postcore's list",
        vendor: "postcore",
        row: "Profile",
        values: &[
            ("/profileKey", "\"row-0000\""),
            ("platform", "\"linkedin\""),
            ("expiresAt", "\"2025-12-01T00:00:00Z\""),
            ("daysUntilExpiry", "328.5"),
            ("needsReconnect", "false"),
        ],
        keys: &["/profileKey"],
        promised: &[
            "/createdAt",
            "/connectedPlatforms",
            "/connectedPlatforms/0/platform",
            "/connectedPlatforms/0/displayName",
            "/connectedPlatforms/0/username",
            "/connectedPlatforms/0/connectedAt",
            "/connectedPlatforms/0/needsReconnect",
        ],
        dates: &["/createdAt", "/connectedPlatforms/0/connectedAt", "/connectedPlatforms/0/expiresAt"],
        states: &["/connectedPlatforms/0/needsReconnect"],
        ..PLAIN
    },
    Subject {
        name: "a single profile of Postcore",
        vendor: "postcore",
        row: "SingleProfile",
        way: Way::Get,
        values: &[
            ("/profile/profileKey", "\"row-0000\""),
            ("platform", "\"linkedin\""),
            ("expiresAt", "\"2025-12-01T00:00:00Z\""),
            ("daysUntilExpiry", "328.5"),
            ("needsReconnect", "false"),
        ],
        // They stand beside the profile here.
        skips: &["/profile/connectedPlatforms"],
        keys: &["/profile", "/profile/profileKey"],
        promised: &[
            "/profile/createdAt",
            "/connectedPlatforms",
            "/connectedPlatforms/0/platform",
            "/connectedPlatforms/0/displayName",
            "/connectedPlatforms/0/username",
            "/connectedPlatforms/0/connectedAt",
            "/connectedPlatforms/0/needsReconnect",
        ],
        dates: &["/profile/createdAt", "/connectedPlatforms/0/connectedAt", "/connectedPlatforms/0/expiresAt"],
        states: &["/connectedPlatforms/0/needsReconnect"],
        ..PLAIN
    },
    Subject {
        name: "an account in Postpress's list",
        vendor: "postpress",
        row: "Account",
        values: &[("/id", "\"row-0000\""), ("/type", "\"TWITTER\""), ("status", "\"OK\"")],
        keys: &["/id"],
        promised: &["/type", "/name", "/created_at"],
        dates: &["/created_at"],
        states: &["/sources", "/sources/0/status"],
        ..PLAIN
    },
    Subject {
        name: "a LinkedIn page",
        row: "linkedin",
        constant: &[("object", "UserProfile"), ("provider", "LINKEDIN")],
        values: &[("month", "5"), ("day", "6"), ("/connected_at", "1735732800000"), ("endorsement_id", "7")],
        // The document's own spelling is `adresses`.
        skips: &["/contact_info/addresses"],
        promised: &["/skills/0/name", "/languages/0/name", "/certifications/0/name"],
        ..PAGE_OF_POSTPRESS
    },
    Subject {
        name: "a WhatsApp page",
        row: "whatsapp",
        constant: &[("object", "UserProfile"), ("provider", "WHATSAPP")],
        keys: &["/id"],
        ..PAGE_OF_POSTPRESS
    },
    Subject {
        name: "an Instagram page",
        row: "instagram",
        constant: &[("object", "UserProfile"), ("provider", "INSTAGRAM")],
        ..PAGE_OF_POSTPRESS
    },
    Subject {
        name: "a Telegram page",
        row: "telegram",
        constant: &[("object", "UserProfile"), ("provider", "TELEGRAM")],
        ..PAGE_OF_POSTPRESS
    },
    Subject {
        name: "a Twitter page",
        row: "twitter",
        constant: &[("object", "UserProfile"), ("provider", "TWITTER")],
        keys: &["/id"],
        dates: &["/created_at"],
        ..PAGE_OF_POSTPRESS
    },
    Subject {
        name: "the owner of a LinkedIn account",
        row: "owner linkedin",
        constant: &[("object", "AccountOwnerProfile"), ("provider", "LINKEDIN")],
        promised: &["/provider_id"],
        ..OWNER
    },
    Subject {
        name: "the owner of a Google mailbox",
        row: "owner gmail",
        constant: &[("object", "AccountOwnerProfile"), ("provider", "GMAIL")],
        promised: &["/email"],
        ..OWNER
    },
    Subject {
        name: "the owner of an Outlook mailbox",
        row: "owner outlook",
        constant: &[("object", "AccountOwnerProfile"), ("provider", "OUTLOOK")],
        promised: &["/email"],
        ..OWNER
    },
    Subject {
        name: "the owner of a mailbox",
        row: "owner imap",
        constant: &[("object", "AccountOwnerProfile"), ("provider", "IMAP")],
        promised: &["/connection_params/imap/username"],
        ..OWNER
    },
    Subject { name: "a refusal of Postproxy", vendor: "postproxy", row: "Fault", way: Way::Refusal(404), ..WRITTEN },
    Subject { name: "a refusal of Postcore", vendor: "postcore", row: "Fault", way: Way::Refusal(404), ..WRITTEN },
    Subject {
        name: "a refusal of Postpress",
        vendor: "postpress",
        row: "ErrorBody",
        way: Way::Refusal(404),
        ..WRITTEN
    },
    Subject { name: "what connecting gives", vendor: "postproxy", row: "Connection", way: Way::Connect, ..WRITTEN },
    Subject {
        name: "what connecting gives at Postcore",
        vendor: "postcore",
        row: "Connection",
        way: Way::ConnectByPassword,
        ..WRITTEN
    },
    Subject { name: "a link to sign in", vendor: "postpress", row: "HostedUrl", way: Way::Connect, ..WRITTEN },
    Subject {
        name: "a deletion at Postproxy",
        vendor: "postproxy",
        row: "Deletion",
        way: Way::DeleteProfile,
        ..WRITTEN
    },
    Subject { name: "a deletion at Postcore", vendor: "postcore", row: "Deletion", way: Way::DeleteProfile, ..WRITTEN },
    Subject {
        name: "a deletion at Postpress",
        vendor: "postpress",
        row: "Deletion",
        way: Way::DeleteProfile,
        ..WRITTEN
    },
    Subject { name: "a new profile", vendor: "postcore", row: "CreatedProfile", way: Way::CreateProfile, ..WRITTEN },
];

impl Subject {
    pub(super) fn fields(&self) -> Fields {
        let list = match self.vendor {
            "postproxy" => POSTPROXY,
            "postcore" => POSTCORE,
            _ => POSTPRESS,
        };
        fields_of(list, self.row)
    }

    /// Whether it answers a write: of those only that they are survived is said here. What they become has tests of its
    /// own in the adapters.
    pub(super) fn is_written(&self) -> bool {
        matches!(self.way, Way::Connect | Way::ConnectByPassword | Way::DeleteProfile | Way::CreateProfile)
    }

    /// How many fields are broken at once: a list is one answer with all of its rows, and of anything else a few are
    /// enough to hold in memory.
    pub(super) fn fields_at_once(&self) -> usize {
        if self.way == Way::List { usize::MAX } else { 16 }
    }

    pub(super) fn skips(&self, field: &str) -> bool {
        self.skips.iter().any(|skipped| field == *skipped || field.starts_with(&format!("{skipped}/")))
    }

    pub(super) fn reads_date(&self, field: &str) -> bool {
        self.dates.contains(&field)
    }

    pub(super) fn counts(&self, field: &str) -> bool {
        self.counts.contains(&field)
    }

    /// Whether it is an issue that the field is not told.
    pub(super) fn promises(&self, field: &str, broken: Broken) -> bool {
        // Null is Postproxy's word for an account without placements.
        self.promised.contains(&field) && !(broken == Broken::Null && field.ends_with("placement_id"))
    }

    /// Whether the field, broken so, leaves nothing to name the row by.
    pub(super) fn names_the_row(&self, field: &str, broken: Broken, row: &Value) -> bool {
        // Null is the name of LinkedIn's personal page.
        if !self.keys.contains(&field)
            || (self.way == Way::Placements && field == "/data/0/id" && broken == Broken::Null)
        {
            return false;
        }
        match broken {
            Broken::Missing | Broken::Null | Broken::WrongType => true,
            _ => row.pointer(field).is_some_and(|value| *value == json!("")),
        }
    }

    pub(super) fn is_name(&self, field: &str) -> bool {
        self.keys.contains(&field)
    }

    pub(super) fn is_state(&self, field: &str) -> bool {
        self.states.contains(&field)
    }

    pub(super) fn is_end(&self, field: &str) -> bool {
        self.dates.contains(&field) && (field.ends_with("expires_at") || field.ends_with("expiresAt"))
    }

    /// What becomes of each row.
    pub(super) async fn read(&self, rows: &[&Value]) -> Vec<Outcome> {
        let texts: Vec<String> = rows.iter().map(|row| text_of(row)).collect();
        if self.way == Way::List {
            return self.read_list(&texts).await;
        }
        let account = Reply::ok(row("postpress", 0).to_string());
        let mut replies = Vec::new();
        for text in &texts {
            match self.way {
                Way::Owner => replies.extend([account.clone(), Reply::ok(text)]),
                Way::Refusal(status) => replies.push(Reply::status(status, text)),
                _ => replies.push(Reply::ok(text)),
            }
        }
        let asked = replies.len();
        let server = Server::start(replies).await;
        let mut http = defaults();
        http.breaker = polyprofile::http::BreakerPolicy::never();
        let provider = provider(self.vendor, &server.url(), &http);
        let mut outcomes = Vec::new();
        for _ in &texts {
            outcomes.push(self.ask(&provider).await);
        }
        assert_eq!(server.request_count(), asked, "{}: one request, one answer", self.name);
        outcomes
    }

    /// All of them in one answer: what is wrong with one row costs no other.
    async fn read_list(&self, texts: &[String]) -> Vec<Outcome> {
        let list = match self.vendor {
            "postproxy" => "data",
            "postcore" => "profiles",
            _ => "items",
        };
        let server = Server::start([Reply::ok(format!("{{\"{list}\":[{}]}}", texts.join(",")))]).await;
        let listed = provider(self.vendor, &server.url(), &defaults()).list(ListOptions::new()).await;
        let listed = listed.unwrap_or_else(|error| panic!("{}: {error:?}", self.name));
        assert_eq!(listed.len(), texts.len(), "{}: each row is told, one way or the other", self.name);
        let outcomes = listed.into_iter().enumerate().map(|(place, row)| match row {
            Listed::Profile(profile) => Outcome::of_profile(profile),
            Listed::Rejected(rejected) => {
                assert_eq!((rejected.index, &rejected.raw), (place as u64, &texts[place]), "{}", self.name);
                Outcome::Refused(polyprofile::ErrorKind::Decode, rejected.problem)
            }
            other => panic!("{}: a row of an unknown sort: {other:?}", self.name),
        });
        outcomes.collect()
    }

    fn ask<'a>(&'a self, provider: &'a AnyProvider) -> BoxFuture<'a, Outcome> {
        let id = ProfileId::new(provider.id().clone(), row_id(0));
        let group = GroupId::new("group");
        let target = ConnectTarget::New { group: (self.vendor == "postproxy").then(|| group.clone()), profile: None };
        let link = ConnectCredentials::Link { return_url: "https://example.com/".to_owned() };
        let password = ConnectCredentials::AppPassword { handle: "a.example".to_owned(), password: "password".into() };
        Box::pin(async move {
            match self.way {
                Way::List => unreachable!("a list is read as one"),
                Way::Get => profile(provider.profile(&id, GetOptions::new()).await),
                Way::Owner => {
                    let mut options = GetOptions::new();
                    options.with_person = true;
                    profile(provider.profile(&id, options).await)
                }
                Way::Person => profile(provider.person(PersonQuery::new("somebody")).await),
                Way::Placements => plain(provider.placements(&id, GetOptions::new()).await),
                Way::Stats => {
                    let mut query = StatsQuery::new(id);
                    query.placement = Some(PlacementId::new("placement-1"));
                    match provider.stats(query).await {
                        Ok(mut series) => {
                            let issues = std::mem::take(&mut series.issues);
                            let model = serde_json::to_value(series).expect("a series serializes");
                            Outcome::Kept(Box::new(Kept { model, issues, verdicts: Vec::new() }))
                        }
                        Err(error) => refused(&error),
                    }
                }
                Way::Groups => plain(provider.groups().await),
                Way::Group => plain(provider.group(&group).await),
                Way::Refusal(_) => {
                    let error = provider.profile(&id, GetOptions::new()).await.expect_err("it was refused");
                    plain(Ok(error.kind()))
                }
                Way::Connect => {
                    plain(provider.connect(ConnectRequest::new(target, Platform::LinkedIn, link)).await.map(|_| ()))
                }
                Way::ConnectByPassword => {
                    plain(provider.connect(ConnectRequest::new(target, Platform::Bluesky, password)).await.map(|_| ()))
                }
                Way::DeleteProfile => plain(provider.delete_profile(&id, GetOptions::new()).await.map(|_| ())),
                Way::CreateProfile => plain(provider.create_profile(CreateProfile::new()).await.map(|_| ())),
            }
        })
    }
}

fn profile(outcome: polyprofile::Result<polyprofile::Profile>) -> Outcome {
    match outcome {
        Ok(profile) => Outcome::of_profile(profile),
        Err(error) => refused(&error),
    }
}

fn plain(outcome: polyprofile::Result<impl Serialize>) -> Outcome {
    match outcome {
        Ok(model) => {
            let model = serde_json::to_value(model).expect("it serializes");
            Outcome::Kept(Box::new(Kept { model, issues: Vec::new(), verdicts: Vec::new() }))
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &Error) -> Outcome {
    Outcome::Refused(error.kind(), error.message().to_owned())
}
