//! `connect`: connects an account, or renews a connection.

use std::time::Duration;

use polyprofile::{
    AnyProvider, CallbackOutcome, ConnectCredentials, ConnectMethod, ConnectOutcome, ConnectRequest, ConnectTarget,
    ConnectedAccount, ConnectionKey, GetOptions, ListReport, Operation, Placement, Platform, ProfileId, Provider as _,
    ProviderExt as _, VendorApi as _, VendorApiExt as _, WaitOptions,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome, placements};
use crate::{
    args::{ConnectArgs, ConnectCommand},
    confirm,
    exit::ExitStatus,
    failure::Failure,
    grid::{Cell, Grid},
    output::{Document, Page},
    talk::Talk,
};

pub(super) async fn run(args: ConnectArgs, context: Context<'_>) -> Outcome {
    match &args.command {
        Some(ConnectCommand::Callback { provider, url }) => callback(provider, url, context),
        None => connect(&args, context).await,
    }
}

async fn connect(args: &ConnectArgs, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    let (Some(name), Some(platform)) = (&args.provider, &args.platform) else {
        return Err(Failure::usage("name the provider and the platform"));
    };
    let provider = session.provider(name)?;
    provider.check_supported(Operation::Connect)?;
    let target = target(provider, platform, args);
    let request = ConnectRequest::new(target, platform.clone(), credentials(provider, platform, args, talk)?);

    let progress = talk.progress(format!("asking {}", provider.id()));
    let outcome = session.bounded(provider, Operation::Connect, provider.connect(request)).await?;
    drop(progress);

    let mut document = ConnectDocument::new(outcome)?;
    if let (Connected::Pending { account, next_step }, false) = (&document.outcome, args.no_wait)
        && let Some(profile) = account.profile.clone()
    {
        talk.say(next_step);
        let mut wait = WaitOptions::new();
        wait.at_most = session.timeout().unwrap_or(wait.at_most);
        wait.every = wait.every.min(Duration::max(wait.at_most / 10, Duration::from_millis(100)));
        let mut options = GetOptions::new();
        options.group.clone_from(&args.group);
        let progress = talk.progress("waiting for channels");
        document.placements = Some(provider.wait_for_placements(&profile, options, wait).await?);
        drop(progress);
    }
    printer.print(&document)?;
    if let (Connected::Link { url }, true) = (&document.outcome, args.open)
        && let Err(problem) = open::that_detached(url)
    {
        talk.say(&format!("no browser could be opened ({problem}): open the link yourself"));
    }
    Ok(ExitStatus::Well)
}

fn callback(provider: &str, url: &str, context: Context<'_>) -> Outcome {
    let Context { session, printer, .. } = context;
    let provider = session.provider(provider)?;
    let callback = provider.connect_callback(url)?;
    let (failed, code, explanation) = match callback.outcome {
        CallbackOutcome::Failed { code, explanation } => (true, code, explanation),
        _ => (false, None, "nothing says that it failed; list the profiles to see whether the account works".into()),
    };
    let profile = callback.profile;
    let schema_version = ListReport::SCHEMA_VERSION;
    printer.print(&CallbackDocument { schema_version, failed, code, explanation, profile })?;
    Ok(if failed { ExitStatus::Other } else { ExitStatus::Well })
}

fn target(provider: &AnyProvider, platform: &Platform, args: &ConnectArgs) -> ConnectTarget {
    match &args.reconnect {
        Some(id) => {
            let profile = provider.profile_id(id);
            ConnectTarget::Reconnect(ConnectionKey::new(profile, platform.clone(), args.account.clone()))
        }
        None => ConnectTarget::New {
            group: args.group.clone(),
            profile: args.profile.as_ref().map(|id| provider.profile_id(id)),
        },
    }
}

/// What the provider says that the platform takes. Of one that it does not mention, the vendor decides.
fn credentials(
    provider: &AnyProvider,
    platform: &Platform,
    args: &ConnectArgs,
    talk: &Talk,
) -> Result<ConnectCredentials, Failure> {
    let supported = provider.capabilities().connect.iter().find(|support| support.platform == *platform);
    match supported.map(|support| support.method) {
        Some(ConnectMethod::AppPassword) => {
            let handle = match &args.handle {
                Some(handle) => handle.clone(),
                None => confirm::ask(talk, "handle")?,
            };
            Ok(ConnectCredentials::AppPassword { handle, password: confirm::ask_secret("app password")? })
        }
        Some(ConnectMethod::BotToken) => Ok(ConnectCredentials::BotToken(confirm::ask_secret("bot token")?)),
        _ => {
            let return_url = args.return_url.clone().ok_or_else(|| {
                Failure::usage("`--return-url URL` is missing: where the account's owner is sent after signing in")
            })?;
            Ok(ConnectCredentials::Link { return_url })
        }
    }
}

/// What came of connecting an account.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ConnectDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// What came of it.
    #[serde(flatten)]
    outcome: Connected,
    /// The placements that appeared; null if nobody waited for them.
    placements: Option<Vec<Placement>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Connected {
    /// The owner has to open this link.
    Link {
        /// It may hold a key: for the account's owner and nobody else.
        url: String,
    },
    /// The account is connected.
    #[serde(rename = "connected")]
    Done {
        /// What was connected.
        account: ConnectedAccount,
    },
    /// Made, and of use only after a further step.
    Pending {
        /// What was connected.
        account: ConnectedAccount,
        /// What the owner has to do.
        next_step: String,
    },
}

impl ConnectDocument {
    fn new(outcome: ConnectOutcome) -> Result<Self, Failure> {
        let outcome = match outcome {
            ConnectOutcome::Link(link) => Connected::Link { url: link.expose_url().to_owned() },
            ConnectOutcome::Connected(account) => Connected::Done { account },
            ConnectOutcome::Pending { account, next_step } => Connected::Pending { account, next_step },
            // The library can grow a further outcome; the account is then connected all the same.
            _ => {
                return Err(Failure::usage("this program is too old to say what came of it: list the profiles to see"));
            }
        };
        Ok(Self { schema_version: ListReport::SCHEMA_VERSION, outcome, placements: None })
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(["outcome", "link", "profile", "platform", "account", "next step"]);
        let (kind, url, account, next_step) = match &self.outcome {
            Connected::Link { url } => ("link", Some(url.as_str()), None, None),
            Connected::Done { account } => ("connected", None, Some(account), None),
            Connected::Pending { account, next_step } => ("pending", None, Some(account), Some(next_step.as_str())),
        };
        let name = account.and_then(|account| account.username.as_deref().or(account.name.as_deref()));
        grid.row([
            Cell::from(kind),
            Cell::from(url),
            Cell::from(account.and_then(|account| account.profile.as_ref()).map(|profile| profile.key.as_str())),
            Cell::from(account.map(|account| account.platform.as_str())),
            Cell::from(name),
            Cell::from(next_step),
        ]);
        grid
    }
}

impl Document for ConnectDocument {
    fn page(&self) -> Page {
        // A link alone in its line can be clicked, copied, and read by a script.
        if let Connected::Link { url } = &self.outcome {
            return Page::default().closed_by(url);
        }
        let grid = self.grid();
        let facts = grid.columns.into_iter().zip(grid.rows.into_iter().flatten());
        let page = Page::of(Grid::of_facts(facts));
        match self.placements.as_deref() {
            None => page,
            Some([]) => page.closed_by("No channel appeared in time; `placements` shows them once they do."),
            Some(placements) => page.and(Some("Placements"), placements::grid(placements)),
        }
    }

    fn records(&self) -> Grid {
        self.grid()
    }
}

/// What a URL means that an account's owner came back to.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CallbackDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// Whether signing in failed.
    failed: bool,
    /// The vendor's own code, where told.
    code: Option<String>,
    /// What it means and what to do, in words.
    explanation: String,
    /// The profile that the connection is in, where told.
    profile: Option<ProfileId>,
}

impl CallbackDocument {
    fn facts(&self) -> [(&'static str, Cell); 4] {
        [
            ("outcome", Cell::from(if self.failed { "failed" } else { "returned" })),
            ("code", Cell::from(self.code.as_deref())),
            ("meaning", Cell::from(self.explanation.as_str())),
            ("profile", Cell::from(self.profile.as_ref().map(|profile| profile.key.as_str()))),
        ]
    }
}

impl Document for CallbackDocument {
    fn page(&self) -> Page {
        Page::of(Grid::of_facts(self.facts()))
    }

    fn records(&self) -> Grid {
        let (names, cells): (Vec<_>, Vec<_>) = self.facts().into_iter().unzip();
        let mut grid = Grid::new(names);
        grid.row(cells);
        grid
    }
}
