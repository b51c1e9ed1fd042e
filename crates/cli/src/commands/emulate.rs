//! `emulate`: serves the emulated APIs until Ctrl-C.

use chrono::{DateTime, Utc};
use polyprofile::{Error, ErrorKind, ListReport};
use polyprofile_emulator::{Data, Emulator};
use schemars::JsonSchema;
use serde::Serialize;

use super::Outcome;
use crate::{
    args::{DataSet, EmulateArgs},
    demo,
    exit::ExitStatus,
    grid::{Cell, Grid},
    output::{Document, Page, Printer},
    talk::Talk,
};

pub(super) async fn run(args: &EmulateArgs, now: Option<DateTime<Utc>>, printer: &mut Printer, talk: &Talk) -> Outcome {
    let data = match (args.profiles, args.data) {
        (Some(profiles), _) => Data::Synthetic { profiles, seed: args.seed },
        (None, DataSet::Demo) => Data::Demo,
        (None, DataSet::Documents) => Data::Documents,
    };
    let builder = Emulator::builder().port(args.port).data(data);
    let builder = if let Some(now) = now { builder.now(now) } else { builder };
    let started = builder.start().await;
    let emulator =
        started.map_err(|problem| Error::new(ErrorKind::Config, problem.to_string()).with_source(problem))?;

    printer.print(&EmulateDocument::new(&emulator))?;
    talk.say("Ctrl-C stops it.");
    // Without a signal to wait for, it would serve for ever: then it is better to end.
    let _ = tokio::signal::ctrl_c().await;
    Ok(ExitStatus::Well)
}

/// Where the emulator answers, and with which keys.
#[derive(Serialize, JsonSchema)]
pub(crate) struct EmulateDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// The origin of every emulated API.
    origin: String,
    /// What to set in the environment of a client. These keys are good for nothing else.
    environment: Vec<Variable>,
}

/// A variable of the environment.
#[derive(Serialize, JsonSchema)]
struct Variable {
    /// Its name.
    name: String,
    /// Its value.
    value: String,
}

impl EmulateDocument {
    fn new(emulator: &Emulator) -> Self {
        let variables = demo::variables(emulator).into_iter();
        Self {
            schema_version: ListReport::SCHEMA_VERSION,
            origin: emulator.origin(),
            environment: variables.map(|(name, value)| Variable { name, value }).collect(),
        }
    }
}

impl Document for EmulateDocument {
    fn page(&self) -> Page {
        let page = Page::default().closed_by(format!("# The emulator answers at {}", self.origin));
        self.environment.iter().fold(page, |page, Variable { name, value }| page.closed_by(format!("{name}={value}")))
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(["name", "value"]);
        for Variable { name, value } in &self.environment {
            grid.row([Cell::from(name.as_str()), Cell::from(value.as_str())]);
        }
        grid
    }
}
