//! Who is asked: the providers of this run, and how long each of them may take.

use std::{env, future::Future, path::PathBuf, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use polyprofile::{
    AccountOverrides, Aggregator, AnyProvider, Clock, Config, ConnectionSelector, Environment, Error, ErrorKind,
    FixedClock, KeySource, Operation, Provider as _, ProviderSource, Result, SystemClock, http::HttpConfig,
};
use polyprofile_emulator::Emulator;

use crate::{args::Global, demo, failure::Failure};

/// The providers that a command may ask.
#[derive(Debug)]
pub(crate) struct Session {
    /// Or why there are none: what asks nobody does not need them.
    providers: Result<Vec<AnyProvider>>,
    /// Where they come from; also those that are off because their key is not set.
    sources: Vec<ProviderSource>,
    /// What the user says about which connections are one account.
    accounts: AccountOverrides,
    clock: Arc<dyn Clock>,
    timeout: Option<Duration>,
    // Dropping it would stop it.
    emulator: Option<Emulator>,
}

impl Session {
    /// The providers that the arguments, the configuration file or the environment name.
    pub(crate) async fn open(global: &Global) -> Result<Self, Failure> {
        let clock: Arc<dyn Clock> = match global.now {
            Some(now) => Arc::new(FixedClock(now)),
            None => Arc::new(SystemClock),
        };
        let http = http_config(global, &clock);
        let emulator = if global.demo { Some(start_emulator(global.now).await?) } else { None };
        let environment = emulator.as_ref().map_or_else(Environment::of_process, demo::environment);
        let file = if global.demo { None } else { config_file(global)? };
        let mut accounts = file.as_ref().map(|config| config.accounts().clone()).unwrap_or_default();
        let (providers, sources) = match file {
            Some(config) => (config.providers(&environment, &http), config.sources(&environment)),
            None => (environment.providers(&http), environment.sources()?),
        };
        if !global.providers.is_empty() {
            // Of providers that are not asked nothing is listed.
            let is_asked =
                |one: &ConnectionSelector| global.providers.iter().any(|name| name == one.provider().as_str());
            let sets = accounts.together.iter_mut().chain(&mut accounts.apart);
            sets.for_each(|set| set.retain(is_asked));
        }
        let mut session = Self { providers, sources, accounts, clock, timeout: global.timeout, emulator };
        session.keep_only(&global.providers)?;
        Ok(session)
    }

    /// Every provider of this run; there is at least one.
    pub(crate) fn all(&self) -> Result<&[AnyProvider], Failure> {
        match &self.providers {
            Ok(providers) if providers.is_empty() => Err(self.no_provider().into()),
            Ok(providers) => Ok(providers),
            Err(error) => Err(error.clone().into()),
        }
    }

    /// Where the providers come from, those that are off too.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &ProviderSource> {
        self.sources.iter()
    }

    /// Where a key is looked for, in words.
    pub(crate) fn key_from(&self, key: &KeySource) -> String {
        // The demo's variables are nobody's environment.
        if self.emulator.is_some() { "demo".to_owned() } else { key.to_string() }
    }

    /// The provider of that name, if it is on.
    pub(crate) fn find(&self, name: &str) -> Option<&AnyProvider> {
        self.providers.iter().flatten().find(|provider| provider.id().as_str() == name)
    }

    /// The provider of that name.
    pub(crate) fn provider(&self, name: &str) -> Result<&AnyProvider, Failure> {
        let providers = self.all()?;
        let known = || providers.iter().map(|provider| provider.id().as_str()).collect::<Vec<_>>();
        self.find(name).ok_or_else(|| no_such_provider(name, &known()))
    }

    /// All providers at once, each within its time.
    pub(crate) fn aggregator(&self) -> Result<Aggregator, Failure> {
        let aggregator = Aggregator::new().with_all(self.all()?.iter().cloned())?;
        Ok(match self.timeout {
            Some(timeout) => aggregator.deadline(timeout),
            None => aggregator,
        })
    }

    /// Does `work` at `provider` within the time that it may take.
    pub(crate) async fn bounded<T>(
        &self,
        provider: &AnyProvider,
        operation: Operation,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let Some(timeout) = self.timeout else { return work.await };
        tokio::time::timeout(timeout, work).await.unwrap_or_else(|_| {
            let allowed = humantime::format_duration(timeout);
            let error = Error::new(ErrorKind::Timeout, format!("not done after {allowed}, the time allowed for it"));
            Err(error.or_from(provider.id(), operation))
        })
    }

    /// The moment at which connections are judged.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What the user says about which connections are one account.
    pub(crate) fn accounts(&self) -> &AccountOverrides {
        &self.accounts
    }

    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    fn keep_only(&mut self, names: &[String]) -> Result<(), Failure> {
        if names.is_empty() {
            return Ok(());
        }
        let known: Vec<&str> = self.sources.iter().map(|source| source.name.as_str()).collect();
        if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(no_such_provider(unknown, &known));
        }
        let is_kept = |name: &str| names.iter().any(|kept| kept == name);
        self.sources.retain(|source| is_kept(source.name.as_str()));
        if let Ok(providers) = &mut self.providers {
            providers.retain(|provider| is_kept(provider.id().as_str()));
        }
        Ok(())
    }

    fn no_provider(&self) -> Error {
        let keys: Vec<String> = self.sources.iter().map(|source| source.key.to_string()).collect();
        let message = format!("no provider is configured: set {}, or try `--demo`", keys.join(" or "));
        Error::new(ErrorKind::Config, message)
    }
}

/// An emulator with believable data, whose dates are relative to `now`.
async fn start_emulator(now: Option<DateTime<Utc>>) -> Result<Emulator, Failure> {
    let builder = Emulator::builder();
    let builder = if let Some(now) = now { builder.now(now) } else { builder };
    let emulator = builder.start().await;
    emulator.map_err(|problem| Error::new(ErrorKind::Config, problem.to_string()).with_source(problem).into())
}

fn http_config(global: &Global, clock: &Arc<dyn Clock>) -> HttpConfig {
    let mut http = HttpConfig::new();
    // A day count that came with an answer is measured from the moment of reading: `--now` sets that too.
    http.clock = Arc::clone(clock);
    if let Some(timeout) = global.timeout {
        http.timeouts.call = timeout;
        http.timeouts.listing = timeout;
    }
    http
}

fn no_such_provider(name: &str, known: &[&str]) -> Failure {
    let message = format!("there is no provider `{name}`: configured are {}", known.join(", "));
    Error::new(ErrorKind::Config, message).into()
}

/// The file that the arguments name, else the one in the user's configuration folder, if there is one.
fn config_file(global: &Global) -> Result<Option<Config>> {
    let own = || config_folder().map(|folder| folder.join("polyprofile").join("config.toml"));
    let path = global.config.clone().or_else(|| own().filter(|path| path.exists()));
    path.map(Config::read).transpose()
}

/// As the XDG base directory specification says; a relative path there means nothing.
fn config_folder() -> Option<PathBuf> {
    let folder = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))
}
