//! `groups`: the groups that profiles are kept in.

use polyprofile::{
    CreateGroup, DeleteOutcome, Group, ListReport, Operation, Provider as _, ProviderExt as _, VendorApi as _,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome, delete::DeletedDocument};
use crate::{
    args::GroupsCommand,
    confirm,
    exit::ExitStatus,
    grid::{Cell, Grid, Number},
    output::{Document, Page},
};

pub(super) async fn run(command: GroupsCommand, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    let progress = |provider| talk.progress(format!("asking {provider}"));
    match command {
        GroupsCommand::List { provider } => {
            let provider = session.provider(&provider)?;
            let asking = progress(provider.id());
            let groups = session.bounded(provider, Operation::ListGroups, provider.groups()).await?;
            drop(asking);
            printer.print(&GroupsDocument { schema_version: ListReport::SCHEMA_VERSION, groups })?;
        }
        GroupsCommand::Get { provider, id } => {
            let provider = session.provider(&provider)?;
            let asking = progress(provider.id());
            let group = session.bounded(provider, Operation::GetGroup, provider.group(&id)).await?;
            drop(asking);
            printer.print(&GroupDocument { schema_version: ListReport::SCHEMA_VERSION, group })?;
        }
        GroupsCommand::Create { provider, name, idempotency_key } => {
            let provider = session.provider(&provider)?;
            let mut request = CreateGroup::named(name);
            request.idempotency_key = idempotency_key;
            let asking = progress(provider.id());
            let group = session.bounded(provider, Operation::CreateGroup, provider.create_group(request)).await?;
            drop(asking);
            printer.print(&GroupDocument { schema_version: ListReport::SCHEMA_VERSION, group })?;
        }
        GroupsCommand::Delete { provider, id, yes } => {
            let provider = session.provider(&provider)?;
            provider.check_supported(Operation::DeleteGroup)?;
            let loss = provider.capabilities().delete_group_destroys.as_deref();
            confirm::destroy(talk, yes, &format!("group {id} at {}", provider.id()), id.as_str(), loss)?;
            let asking = progress(provider.id());
            let DeleteOutcome { message, .. } =
                session.bounded(provider, Operation::DeleteGroup, provider.delete_group(&id)).await?;
            drop(asking);
            printer.print(&DeletedDocument::new(provider.id().clone(), id.as_str(), message))?;
        }
    }
    Ok(ExitStatus::Well)
}

/// Every group that a key can see.
#[derive(Serialize, JsonSchema)]
pub(crate) struct GroupsDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// The groups.
    groups: Vec<Group>,
}

/// One group.
#[derive(Serialize, JsonSchema)]
pub(crate) struct GroupDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// The group.
    group: Group,
}

fn grid(groups: &[Group]) -> Grid {
    let mut grid = Grid::new([Grid::ID, "name", "profiles"]);
    for group in groups {
        grid.row([
            Cell::from(group.id.as_str()),
            Cell::from(group.name.as_deref()),
            Cell::from(group.profiles.map(Number)),
        ]);
    }
    grid
}

impl Document for GroupsDocument {
    fn page(&self) -> Page {
        let count = self.groups.len();
        Page::of(grid(&self.groups)).closed_by(format!("{count} group{}.", if count == 1 { "" } else { "s" }))
    }

    fn records(&self) -> Grid {
        grid(&self.groups)
    }
}

impl Document for GroupDocument {
    fn page(&self) -> Page {
        Page::of(self.records())
    }

    fn records(&self) -> Grid {
        grid(std::slice::from_ref(&self.group))
    }
}
