//! What each command does: asks the library, and hands what came to the printer.

mod accounts;
mod compare;
mod connect;
mod delete;
mod emulate;
mod get;
mod groups;
mod health;
mod list;
mod manual;
mod person;
mod placements;
mod providers;
mod schema;
mod stats;

use crate::{
    args::{Cli, Command},
    exit::ExitStatus,
    failure::Failure,
    output::Printer,
    session::Session,
    talk::Talk,
};

pub(crate) use stats::scope;

/// How a command ends.
pub(crate) type Outcome = Result<ExitStatus, Failure>;

/// What every command works with.
pub(crate) struct Context<'a> {
    pub(crate) session: &'a Session,
    pub(crate) printer: &'a mut Printer,
    pub(crate) talk: &'a Talk,
}

pub(crate) async fn run(cli: Cli, printer: &mut Printer, talk: &Talk) -> Outcome {
    match cli.command {
        // These ask nobody.
        Command::Emulate(args) => return emulate::run(&args, cli.global.now, printer, talk).await,
        Command::Schema(args) => return schema::run(&args, printer),
        Command::Completions { shell } => return manual::completions(shell, printer),
        Command::Man => return manual::page(printer),
        _ => {}
    }
    let session = Session::open(&cli.global).await?;
    let context = Context { session: &session, printer, talk };
    match cli.command {
        Command::Providers(args) => providers::run(&args, context).await,
        Command::List(args) => list::run(&args, context).await,
        Command::Health(args) => health::run(&args, context).await,
        Command::Accounts(args) => accounts::run(&args, context).await,
        Command::Compare(args) => compare::run(&args, context).await,
        Command::Get(args) => get::run(args, context).await,
        Command::Person(args) => person::run(args, context).await,
        Command::Stats(args) => stats::run(args, context).await,
        Command::Placements(args) => placements::run(args, context).await,
        Command::Groups(command) => groups::run(command, context).await,
        Command::Connect(args) => connect::run(args, context).await,
        Command::Delete(args) => delete::run(args, context).await,
        Command::Emulate(_) | Command::Schema(_) | Command::Completions { .. } | Command::Man => Ok(ExitStatus::Well),
    }
}
