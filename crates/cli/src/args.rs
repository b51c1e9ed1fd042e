//! Every argument of every command, and nothing that acts on them.

use std::{path::PathBuf, time::Duration};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use polyprofile::{GroupId, PersonApi, PlacementId, Platform, Verdict, parse_timestamp};

/// Which of your social connections work, which end soon, and which are dead already.
#[derive(Debug, Parser)]
#[command(name = "polyprofile", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  polyprofile --demo health                          try it without any key
  polyprofile health --within 14d || notify-team     in a cron job: the exit status says it all
  polyprofile list --format ndjson | jq .name        one profile a line, as it arrives
  polyprofile list --verdict broken --format csv     for a spreadsheet

Exit status:
  0 all well      2 usage or configuration    3 warnings (health)    4 broken connections (health)
  5 some provider failed, or its list is incomplete    6 every provider failed    1 anything else
  Where several apply, the first in the order 2, 6, 4, 5, 3.

Providers come from --config FILE, else from polyprofile/config.toml in the configuration folder
($XDG_CONFIG_HOME or ~/.config), else from the environment. `polyprofile providers` shows them.";

/// What every command understands.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Ask an emulator inside this process, with made-up data: no key is needed
    #[arg(long, global = true, conflicts_with = "config")]
    pub(crate) demo: bool,

    /// Read the providers from FILE
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Ask only this provider; may be repeated
    #[arg(long = "provider", global = true, value_name = "NAME")]
    pub(crate) providers: Vec<String>,

    /// How to print
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,

    /// The longest that one provider may take for the whole command, such as 30s
    #[arg(long, global = true, value_name = "TIME", value_parser = positive_duration)]
    pub(crate) timeout: Option<Duration>,

    /// Judge as if it were this moment (RFC 3339), such as 2026-01-31T12:00:00Z
    #[arg(long, global = true, value_name = "TIME", value_parser = moment)]
    pub(crate) now: Option<DateTime<Utc>>,

    /// Show the causes behind an error
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// How output is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, as wide as the terminal
    #[default]
    Table,
    /// One document; `polyprofile schema` describes it
    Json,
    /// One JSON value a line, as it arrives
    Ndjson,
    /// For spreadsheets: one row per connected platform
    Csv,
    /// For documents and issues
    Markdown,
}

impl Format {
    /// Whether programs read it: then the talk on stderr is JSON too.
    pub(crate) const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Which providers are on, and from where
    Providers(ProvidersArgs),
    /// Every profile of every provider
    #[command(visible_alias = "ls")]
    List(SelectionArgs),
    /// The connections, the worst first; the exit status says whether one needs attention
    Health(SelectionArgs),
    /// The accounts behind the connections, whatever provider they came through
    Accounts(AccountsArgs),
    /// The providers side by side, and what moving from one to another would cost
    Compare(CompareArgs),
    /// One profile with everything that is told about it
    Get(GetArgs),
    /// Look up a person through a linked account
    Person(PersonArgs),
    /// The figures of a profile over time
    Stats(StatsArgs),
    /// The pages, channels, boards or locations under a profile
    Placements(PlacementsArgs),
    /// The groups that profiles are kept in
    #[command(subcommand)]
    Groups(GroupsCommand),
    /// Connect an account, or renew a connection
    Connect(ConnectArgs),
    /// Delete a profile at its vendor
    Delete(DeleteArgs),
    /// Serve the emulated APIs until Ctrl-C
    Emulate(EmulateArgs),
    /// Print the JSON Schema of the JSON output
    Schema(SchemaArgs),
    /// Print a completion script
    Completions {
        /// The shell to complete for
        shell: CompletionShell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

#[derive(Args, Debug)]
pub(crate) struct ProvidersArgs {
    /// Call each provider once and say how it went
    #[arg(long)]
    pub(crate) check: bool,
}

/// Which connections to show, and what to warn about.
#[derive(Args, Debug)]
pub(crate) struct SelectionArgs {
    /// Warn about what ends within this time, such as 12h or 14d
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = time_delta)]
    pub(crate) within: TimeDelta,

    /// Only connections to this platform; may be repeated
    #[arg(long = "platform", value_name = "PLATFORM", value_parser = platform)]
    pub(crate) platforms: Vec<Platform>,

    /// Only connections with this verdict: healthy, unknown, warning or broken; may be repeated
    #[arg(long = "verdict", value_name = "VERDICT", value_parser = verdict)]
    pub(crate) verdicts: Vec<Verdict>,

    /// Only profiles in this group; may be repeated
    #[arg(long = "group", value_name = "ID", value_parser = group)]
    pub(crate) groups: Vec<GroupId>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Connections are one account if they share the platform's own id, the handle or the page. Where that is
wrong, [[accounts.together]] and [[accounts.apart]] in the configuration say better.")]
pub(crate) struct AccountsArgs {
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// Only accounts that are seen more than once
    #[arg(long)]
    pub(crate) shared: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  polyprofile --demo compare --html report.html
  polyprofile compare --samples 20                       times that say more
  polyprofile compare --from PROVIDER --to PROVIDER      what would I lose by moving?")]
pub(crate) struct CompareArgs {
    /// Ask each provider so many times, to say how long it takes
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) samples: u32,

    /// Also write a page for people into this HTML file
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,

    /// Only what moving away from this provider would cost
    #[arg(long, value_name = "NAME")]
    pub(crate) from: Option<String>,

    /// Only what moving to this provider would cost
    #[arg(long, value_name = "NAME")]
    pub(crate) to: Option<String>,

    /// Warn about what ends within this time, such as 12h or 14d
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = time_delta)]
    pub(crate) within: TimeDelta,
}

/// Names one profile.
#[derive(Args, Debug)]
pub(crate) struct ProfileArgs {
    /// The provider's name
    pub(crate) provider: String,

    /// The profile's id there
    pub(crate) id: String,

    /// Look only inside this group
    #[arg(long, value_name = "ID", value_parser = group)]
    pub(crate) group: Option<GroupId>,
}

#[derive(Args, Debug)]
pub(crate) struct GetArgs {
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,

    /// Also ask for the person behind the account, where that takes a request of its own
    #[arg(long)]
    pub(crate) with_person: bool,
}

#[derive(Args, Debug)]
pub(crate) struct PersonArgs {
    /// The provider's name
    pub(crate) provider: String,

    /// The person's public identifier, or the platform's own id
    pub(crate) identifier: String,

    /// Look through this linked account instead of the configured one
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,

    /// Fetch this section of the page in detail; may be repeated
    #[arg(long = "section", value_name = "NAME")]
    pub(crate) sections: Vec<String>,

    /// Look through this interface of the platform, such as recruiter
    #[arg(long, value_name = "NAME", value_parser = person_api)]
    pub(crate) api: Option<PersonApi>,

    /// Let the person know about the visit
    #[arg(long)]
    pub(crate) notify: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  polyprofile stats PROVIDER ID --from 2026-01-01
  polyprofile stats PROVIDER ID --metric followers --plot followers.svg")]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,

    /// Only this page, channel, board or location; some platforms require it
    #[arg(long, value_name = "ID", value_parser = placement, allow_hyphen_values = true)]
    pub(crate) placement: Option<PlacementId>,

    /// Only what was recorded at or after this moment, such as 2026-01-31
    #[arg(long, value_name = "TIME", value_parser = date_or_moment)]
    pub(crate) from: Option<DateTime<Utc>>,

    /// Only what was recorded at or before this moment
    #[arg(long, value_name = "TIME", value_parser = date_or_moment)]
    pub(crate) to: Option<DateTime<Utc>>,

    /// Only this metric, such as followers; may be repeated
    #[arg(long = "metric", value_name = "NAME")]
    pub(crate) metrics: Vec<String>,

    /// Also draw the figures into this SVG file
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) plot: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct PlacementsArgs {
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GroupsCommand {
    /// Every group that the key can see
    List {
        /// The provider's name
        provider: String,
    },
    /// One group
    Get {
        /// The provider's name
        provider: String,
        /// The group's id
        #[arg(value_parser = group)]
        id: GroupId,
    },
    /// Make a group
    Create {
        /// The provider's name
        provider: String,
        /// The display name of the new group
        name: String,
        /// Names this one act, so that asking again has no second effect
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
    },
    /// Delete a group and what hangs on it
    Delete {
        /// The provider's name
        provider: String,
        /// The group's id
        #[arg(value_parser = group)]
        id: GroupId,
        /// Delete without asking
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "\
Credentials are asked for on the terminal, or read from standard input: never from arguments.

Examples:
  polyprofile connect PROVIDER linkedin --return-url https://app.example/connected --open
  polyprofile connect PROVIDER bluesky --handle you.bsky.social < app-password.txt
  polyprofile connect callback PROVIDER 'https://app.example/connected?...'")]
pub(crate) struct ConnectArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ConnectCommand>,

    /// The provider's name
    #[arg(required = true)]
    pub(crate) provider: Option<String>,

    /// The platform, such as linkedin
    #[arg(required = true, value_parser = platform)]
    pub(crate) platform: Option<Platform>,

    /// Connect into this group
    #[arg(long, value_name = "ID", value_parser = group, conflicts_with = "reconnect")]
    pub(crate) group: Option<GroupId>,

    /// Connect into this profile, at a vendor whose profiles hold several platforms
    #[arg(long, value_name = "ID", conflicts_with = "reconnect")]
    pub(crate) profile: Option<String>,

    /// Renew the connection of this profile instead of making a new one
    #[arg(long, value_name = "ID")]
    pub(crate) reconnect: Option<String>,

    /// The platform's own id of the account to renew, where the profile has several
    #[arg(long, value_name = "ID", requires = "reconnect")]
    pub(crate) account: Option<String>,

    /// Where the account's owner is sent after signing in
    #[arg(long, value_name = "URL")]
    pub(crate) return_url: Option<String>,

    /// The account's handle, where the platform takes an app password
    #[arg(long, value_name = "HANDLE")]
    pub(crate) handle: Option<String>,

    /// Open the link in the browser
    #[arg(long)]
    pub(crate) open: bool,

    /// Do not wait for channels to appear after a bot was connected
    #[arg(long)]
    pub(crate) no_wait: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConnectCommand {
    /// Say what the URL means that an account's owner came back to
    Callback {
        /// The provider's name
        provider: String,
        /// The whole URL, with its query
        url: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct DeleteArgs {
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,

    /// Delete without asking
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  polyprofile emulate --port 8080
  polyprofile emulate --data documents
  polyprofile emulate --profiles 100000 --seed 7     many made-up rows")]
pub(crate) struct EmulateArgs {
    /// The port on 127.0.0.1; any free one by default
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,

    /// What the vendors know at the start
    #[arg(long, value_enum, default_value_t, value_name = "NAME", conflicts_with = "profiles")]
    pub(crate) data: DataSet,

    /// Make up so many profiles for each vendor instead
    #[arg(long, value_name = "N")]
    pub(crate) profiles: Option<u64>,

    /// What they are made up from
    #[arg(long, value_name = "N", default_value_t = 0, requires = "profiles")]
    pub(crate) seed: u64,
}

/// A data set of the emulator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DataSet {
    /// A small agency, with dates relative to now
    #[default]
    Demo,
    /// The examples of the vendors' documents
    Documents,
}

#[derive(Args, Debug)]
pub(crate) struct SchemaArgs {
    /// Only the output of this command
    #[arg(value_enum)]
    pub(crate) output: Option<SchemaName>,
}

/// An output that has a schema of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    Providers,
    List,
    Health,
    /// One line of `list --format ndjson`
    ListLine,
    /// One line that `list --format ndjson` writes to standard error
    ListNotice,
    Accounts,
    /// One line of `accounts --format ndjson`
    AccountsLine,
    /// One line that `accounts --format ndjson` writes to standard error
    AccountsNotice,
    Compare,
    Get,
    Person,
    Stats,
    Placements,
    GroupsList,
    GroupsGet,
    GroupsCreate,
    GroupsDelete,
    Connect,
    ConnectCallback,
    Delete,
    Emulate,
    /// What goes to standard error when a command fails
    Error,
}

/// A shell that completions are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompletionShell {
    Bash,
    Fish,
    Zsh,
}

impl From<CompletionShell> for Shell {
    fn from(shell: CompletionShell) -> Self {
        match shell {
            CompletionShell::Bash => Self::Bash,
            CompletionShell::Fish => Self::Fish,
            CompletionShell::Zsh => Self::Zsh,
        }
    }
}

fn positive_duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration.is_zero() => Err("must be longer than nothing".to_owned()),
        Ok(duration) => Ok(duration),
        Err(problem) => Err(format!("{problem}, for example 30s, 12h or 7d")),
    }
}

fn time_delta(text: &str) -> Result<TimeDelta, String> {
    let duration = humantime::parse_duration(text).map_err(|problem| format!("{problem}, for example 12h or 7d"))?;
    TimeDelta::from_std(duration).map_err(|_| "that is too long".to_owned())
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    parse_timestamp(text).map_err(|problem| problem.to_string())
}

/// A day is its first moment in UTC, as the vendors read it.
fn date_or_moment(text: &str) -> Result<DateTime<Utc>, String> {
    let day = text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    day.or_else(|_| moment(text)).map_err(|problem| format!("{problem}, or a day such as 2026-01-31"))
}

fn platform(text: &str) -> Result<Platform, String> {
    not_empty(text).map(Platform::parse)
}

fn verdict(text: &str) -> Result<Verdict, String> {
    let known = [Verdict::Healthy, Verdict::Unknown, Verdict::Warning, Verdict::Broken];
    known.into_iter().find(|verdict| verdict.as_str() == text).ok_or_else(|| {
        let words: Vec<&str> = known.iter().map(|verdict| verdict.as_str()).collect();
        format!("no verdict: one of {}", words.join(", "))
    })
}

fn group(text: &str) -> Result<GroupId, String> {
    not_empty(text).map(GroupId::new)
}

fn placement(text: &str) -> Result<PlacementId, String> {
    not_empty(text).map(PlacementId::new)
}

fn person_api(text: &str) -> Result<PersonApi, String> {
    not_empty(text).map(PersonApi::parse)
}

fn not_empty(text: &str) -> Result<&str, String> {
    if text.trim().is_empty() { Err("must not be empty".to_owned()) } else { Ok(text) }
}
