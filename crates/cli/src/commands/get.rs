//! `get`: one profile with everything that is told about it.

use chrono::{DateTime, Utc};
use polyprofile::{
    ConnectionReport, GetOptions, GroupId, HealthPolicy, ListReport, Operation, Profile, ProfileReport, Provider as _,
    ProviderExt as _, Relation,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome, stats::figures};
use crate::{
    args::GetArgs,
    connections::{account, days_left, expires, reasons, records},
    exit::ExitStatus,
    grid::{Cell, Grid},
    output::{Document, Page},
    person_card, when,
};

pub(super) async fn run(args: GetArgs, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    let provider = session.provider(&args.profile.provider)?;
    let mut options = GetOptions::new();
    options.group = args.profile.group;
    options.with_person = args.with_person;

    let id = provider.profile_id(args.profile.id);
    let progress = talk.progress(format!("asking {}", provider.id()));
    let profile = session.bounded(provider, Operation::GetProfile, provider.profile(&id, options)).await?;
    drop(progress);

    printer.print(&ProfileDocument::new(profile, session.now()))?;
    Ok(ExitStatus::Well)
}

/// One profile, judged at one moment.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ProfileDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// The moment at which connections were judged.
    generated_at: DateTime<Utc>,
    /// The profile.
    profile: ProfileReport,
}

impl ProfileDocument {
    pub(super) fn new(profile: Profile, now: DateTime<Utc>) -> Self {
        let profile = ProfileReport::new(profile, now, &HealthPolicy::default());
        Self { schema_version: ListReport::SCHEMA_VERSION, generated_at: now, profile }
    }

    fn head(&self) -> Grid {
        let head = &self.profile.profile;
        Grid::of_facts([
            ("provider", Cell::from(head.id.provider.as_str())),
            ("id", Cell::from(head.id.key.as_str())),
            ("name", Cell::from(head.name.as_deref())),
            ("group", Cell::from(head.group.as_ref().map(GroupId::as_str))),
            ("created", Cell::from(head.created_at.map(when::minute))),
        ])
    }

    fn connection(&self, connection: &ConnectionReport) -> Grid {
        let one = &connection.connection;
        let followers = one.audience.as_ref().and_then(|audience| audience.followers);
        let identity = [
            ("platform", Cell::from(one.platform.label())),
            ("account", Cell::from(account(&self.profile, connection))),
            ("account id", Cell::from(one.account_id.as_deref())),
            ("page", Cell::from(one.profile_url.as_deref())),
            ("followers", Cell::from(followers.map(|count| count.to_string()))),
        ];
        let state = match &one.relation {
            // Somebody's page cannot expire or break.
            Relation::LookedUp { through } => vec![("seen through", Cell::from(through.as_str()))],
            _ => vec![
                ("verdict", Cell::verdict(connection.verdict())),
                ("why", Cell::from(reasons(connection))),
                ("status", Cell::from(one.status.as_str())),
                ("expires", expires(connection, self.generated_at)),
                ("days left", Cell { is_number: false, ..days_left(connection) }),
                ("connected", Cell::from(one.connected_at.map(when::minute))),
                ("posts sent", Cell::from(one.post_count.map(|count| count.to_string()))),
            ],
        };
        Grid::of_facts(identity.into_iter().chain(state))
    }

    fn issues(&self) -> Grid {
        let mut grid = Grid::new(["field", "what is wrong", "found"]);
        for issue in &self.profile.profile.issues {
            grid.row([
                Cell::from(issue.path.as_str()),
                Cell::from(issue.message.as_str()),
                Cell::from(issue.found.as_deref()),
            ]);
        }
        grid
    }
}

impl Document for ProfileDocument {
    fn page(&self) -> Page {
        let mut page = Page::of(self.head());
        for connection in &self.profile.connected_platforms {
            page = page.and(None, self.connection(connection));
            if let Some(person) = &connection.connection.person {
                page = person_card::add_to(page, person);
            }
        }
        if self.profile.connected_platforms.is_empty() {
            page = page.closed_by("Nothing is connected.");
        }
        page.and(Some("Figures"), figures(&self.profile.profile.stats, when::minute))
            .and(Some("Could not be understood"), self.issues())
    }

    fn records(&self) -> Grid {
        records(self.profile.connected_platforms.iter().map(|connection| (&self.profile, connection)))
    }
}
