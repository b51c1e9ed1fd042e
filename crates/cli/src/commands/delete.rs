//! `delete`: deletes a profile at its vendor.

use polyprofile::{
    DeleteOutcome, GetOptions, ListReport, Operation, Provider as _, ProviderExt as _, ProviderId, VendorApi as _,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome};
use crate::{
    args::DeleteArgs,
    confirm,
    exit::ExitStatus,
    grid::{Cell, Grid},
    output::{Document, Page},
};

pub(super) async fn run(args: DeleteArgs, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    let provider = session.provider(&args.profile.provider)?;
    provider.check_supported(Operation::DeleteProfile)?;
    let id = provider.profile_id(args.profile.id);
    let loss = provider.capabilities().delete_profile_destroys.as_deref();
    confirm::destroy(talk, args.yes, &format!("profile {id}"), &id.key, loss)?;

    let mut options = GetOptions::new();
    options.group = args.profile.group;
    let progress = talk.progress(format!("asking {}", provider.id()));
    let deleted = provider.delete_profile(&id, options);
    let DeleteOutcome { message, .. } = session.bounded(provider, Operation::DeleteProfile, deleted).await?;
    drop(progress);

    printer.print(&DeletedDocument::new(id.provider, id.key, message))?;
    Ok(ExitStatus::Well)
}

/// What was deleted.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DeletedDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// The provider.
    provider: ProviderId,
    /// The id of what was deleted.
    deleted: String,
    /// What the vendor said about it.
    message: Option<String>,
}

impl DeletedDocument {
    pub(super) fn new(provider: ProviderId, deleted: impl Into<String>, message: Option<String>) -> Self {
        Self { schema_version: ListReport::SCHEMA_VERSION, provider, deleted: deleted.into(), message }
    }
}

impl Document for DeletedDocument {
    fn page(&self) -> Page {
        let said = self.message.iter().map(|message| format!(": {message}")).next().unwrap_or_default();
        Page::default().closed_by(format!("Deleted {}/{}{said}", self.provider, self.deleted))
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(["provider", "deleted", "message"]);
        grid.row([
            Cell::from(self.provider.as_str()),
            Cell::from(self.deleted.as_str()),
            Cell::from(self.message.as_deref()),
        ]);
        grid
    }
}
