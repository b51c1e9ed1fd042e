//! `person`: looks up a person through a linked account.

use polyprofile::{Operation, PersonQuery, Provider as _, VendorApi as _};

use super::{Context, Outcome, get::ProfileDocument};
use crate::{args::PersonArgs, exit::ExitStatus};

pub(super) async fn run(args: PersonArgs, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    let provider = session.provider(&args.provider)?;
    let mut query = PersonQuery::new(args.identifier);
    query.through = args.account;
    query.sections = args.sections;
    query.api = args.api;
    query.notify = args.notify;

    let progress = talk.progress(format!("asking {}", provider.id()));
    let profile = session.bounded(provider, Operation::LookUpPerson, provider.person(query)).await?;
    drop(progress);

    printer.print(&ProfileDocument::new(profile, session.now()))?;
    Ok(ExitStatus::Well)
}
