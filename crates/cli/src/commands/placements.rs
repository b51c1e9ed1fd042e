//! `placements`: the pages, channels, boards or locations under a profile.

use polyprofile::{
    GetOptions, ListReport, Operation, Placement, PlacementId, ProfileId, Provider as _, ProviderExt as _,
    VendorApi as _,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome};
use crate::{
    args::PlacementsArgs,
    exit::ExitStatus,
    grid::{Cell, Grid, Tone},
    output::{Document, Page},
};

pub(super) async fn run(args: PlacementsArgs, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    let provider = session.provider(&args.profile.provider)?;
    let profile = provider.profile_id(args.profile.id);
    let mut options = GetOptions::new();
    options.group = args.profile.group;

    let progress = talk.progress(format!("asking {}", provider.id()));
    let asked = provider.placements(&profile, options);
    let placements = session.bounded(provider, Operation::ListPlacements, asked).await?;
    drop(progress);

    printer.print(&PlacementsDocument { schema_version: ListReport::SCHEMA_VERSION, profile, placements })?;
    Ok(ExitStatus::Well)
}

/// The placements under a profile.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PlacementsDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// The profile.
    profile: ProfileId,
    /// What is under it.
    placements: Vec<Placement>,
}

/// Placements as rows.
pub(super) fn grid(placements: &[Placement]) -> Grid {
    let mut grid = Grid::new(["placement", "name"]);
    for placement in placements {
        let id = match &placement.id {
            Some(id) => Cell::from(id.as_str()),
            None => Cell::from("the account itself").toned(Tone::Quiet),
        };
        grid.row([id, Cell::from(placement.name.as_deref())]);
    }
    grid
}

impl Document for PlacementsDocument {
    fn page(&self) -> Page {
        Page::of(grid(&self.placements)).closed_by(format!("{} under {}.", self.placements.len(), self.profile))
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(["placement", "name"]);
        for Placement { id, name, .. } in &self.placements {
            grid.row([Cell::from(id.as_ref().map(PlacementId::as_str)), Cell::from(name.as_deref())]);
        }
        grid
    }
}
