//! Providers from a file.

mod accounts;
mod document;
mod duration;

use std::{
    collections::HashMap,
    fmt,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use polyprofile_core::{AccountOverrides, Error, ErrorKind, ProviderId, Result};
use polyprofile_http::{ApiKey, HttpConfig, Rate, Timeouts};
use secrecy::{SecretString, zeroize::Zeroizing};

use crate::{
    AnyProvider, Environment, KeySource, ProviderSource,
    settings::{KNOWN, Known, Settings, unknown_vendor},
};
use document::{Place, Section, shown};

/// Any number of providers, also several of one vendor, as a TOML file names them.
///
/// ```toml
/// [[provider]]
/// vendor = "postproxy"
/// name = "main-brand"
/// key_env = "POSTPROXY_KEY_MAIN"
///
/// [[provider]]
/// vendor = "postpress"
/// key_file = "./postpress.key"
/// account = "acc_1"
/// attempts = 5
/// [provider.timeouts]
/// call = "1m"
/// ```
///
/// | field | says | else |
/// | --- | --- | --- |
/// | `vendor` | whom to ask: `postproxy`, `postcore`, `postpress` | it is required |
/// | `name` | what the provider is called: letters, digits, `.`, `_`, `-` | the vendor's name |
/// | `key_env` | the variable that holds the key, named in capitals | one of these two is required |
/// | `key_file` | the file that holds the key, as a path with a `/`; relative to the configuration's folder | |
/// | `base_url` | where the vendor answers | the vendor's address |
/// | `group` | postproxy: the profile group to keep to | all that the key sees |
/// | `account` | postpress: the linked account that people are looked up through | each query names one |
/// | `attempts` | requests for one call, the first included | as [`HttpConfig`] says |
/// | `concurrency` | requests under way at once | as [`HttpConfig`] says |
/// | `rate` | at most so many requests in a time: `{ requests = 100, per = "15m" }` | as many as the vendor takes |
/// | `parallel_decode` | `true`: long lists are decoded on two cores | `false` |
/// | `timeouts` | `connect`, `headers`, `silence`, `call`, `listing`, `grace`: `"250ms"`, `"30s"`, `"2m"`, `"1h"` | as [`HttpConfig`] says |
///
/// Which connections are one account is found out by itself; where that is wrong, the file says better. Each set names
/// its connections by `provider`, `profile` (the vendor's key) and, where a profile holds several, `platform` and
/// `account_id`:
///
/// ```toml
/// [[accounts.together]]
/// connections = [{ provider = "main-brand", profile = "prof_1" }, { provider = "postpress", profile = "acc_1" }]
///
/// [[accounts.apart]]
/// connections = [
///     { provider = "main-brand", profile = "prof_2", platform = "linkedin" },
///     { provider = "main-brand", profile = "prof_3", platform = "linkedin" },
/// ]
/// ```
///
/// A key itself is refused in the file. Errors name the field, its place and the provider, and say what to
/// do. Of values they repeat the names of provider, vendor and variable and no other: any might be a key in
/// the wrong field.
///
/// ```no_run
/// # fn example() -> polyprofile::Result<()> {
/// use polyprofile::{Config, Environment, http::HttpConfig};
///
/// let (config, environment) = (Config::read("polyprofile.toml")?, Environment::of_process());
/// for source in config.sources(&environment) {
///     let key = if source.key_is_set { "set" } else { "not set" };
///     println!("{}: {} ({key})", source.name, source.key);
/// }
/// let providers = config.providers(&environment, &HttpConfig::new())?;
/// # Ok(())
/// # }
/// ```
pub struct Config {
    /// Where it was read from.
    file: Option<PathBuf>,
    entries: Vec<Entry>,
    accounts: AccountOverrides,
}

/// One `[[provider]]`.
struct Entry {
    known: &'static Known,
    /// With the key not yet looked for.
    source: ProviderSource,
    base_url: String,
    key_place: Place,
    attempts: Option<u32>,
    concurrency: Option<u32>,
    rate: Option<Rate>,
    parallel_decode: Option<bool>,
    timeouts: Vec<(TimeoutOf, Duration)>,
}

/// Chooses one of the timeouts.
type TimeoutOf = fn(&mut Timeouts) -> &mut Duration;

const TIMEOUTS: [(&str, TimeoutOf); 6] = [
    ("connect", |timeouts| &mut timeouts.connect),
    ("headers", |timeouts| &mut timeouts.headers),
    ("silence", |timeouts| &mut timeouts.silence),
    ("call", |timeouts| &mut timeouts.call),
    ("listing", |timeouts| &mut timeouts.listing),
    ("grace", |timeouts| &mut timeouts.grace),
];

/// The fields that every vendor has.
const FIELDS: [&str; 10] = [
    "vendor",
    "name",
    "key_env",
    "key_file",
    "base_url",
    "attempts",
    "concurrency",
    "rate",
    "parallel_decode",
    "timeouts",
];

/// Largest file that is read, in bytes.
const FILE_LIMIT: usize = 1 << 20;
/// Longest name of a provider, in characters.
const NAME_LIMIT: usize = 64;
const MOST_ATTEMPTS: u32 = 100;
const MOST_CONCURRENCY: u32 = 1_000;
const MOST_REQUESTS: u32 = 1_000_000;

impl Config {
    /// Reads the file at `path`. Relative paths in it start at its folder. Blocks until it is read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], with the path, for a file that cannot be read, is larger than 1 MiB or is not
    /// UTF-8, and as [`Self::parse`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let in_file = |error: Error| error.map_texts(|text| format!("{}: {text}", path.display()).into());
        let bytes = read_at_most(path, FILE_LIMIT).map_err(|problem| {
            let message = match problem.kind() {
                io::ErrorKind::NotFound => "there is no such file: write it, or name another".to_owned(),
                kind => format!("it cannot be read ({kind}): name a file that can"),
            };
            in_file(Error::new(ErrorKind::Config, message).with_source(problem))
        })?;
        if bytes.len() > FILE_LIMIT {
            let message = format!("it is larger than {FILE_LIMIT} bytes: name a configuration file");
            return Err(in_file(Error::new(ErrorKind::Config, message)));
        }
        let text = std::str::from_utf8(&bytes).map_err(|problem| {
            let line = bytes[..problem.valid_up_to()].split(|byte| *byte == b'\n').count();
            in_file(Error::new(ErrorKind::Config, format!("line {line}: this is not UTF-8: save the file as UTF-8")))
        })?;
        let config = Self::parse(text, path.parent().unwrap_or(Path::new(""))).map_err(in_file)?;
        Ok(Self { file: Some(path.to_owned()), ..config })
    }

    /// Reads `text`. Relative paths in it start at `directory`. No key is looked for yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], with line and column, for text that is not TOML, an unknown field, a field that
    /// is missing or cannot be used, two providers of one name, and no provider at all.
    pub fn parse(text: &str, directory: impl AsRef<Path>) -> Result<Self> {
        let document = document::parse(text)?;
        let root = document::root(text, &document);
        root.refuse_others(&["provider", "accounts"], |_| None)?;
        let sections = root.sections("provider", "[[provider]], with two brackets on each side")?;
        if sections.is_empty() {
            let message = "no provider is named: write a line [[provider]] and below it, for example, \
                           vendor = \"postproxy\" and key_env = \"POSTPROXY_API_KEY\"";
            return Err(Error::new(ErrorKind::Config, message));
        }
        let (mut entries, mut lines) = (Vec::with_capacity(sections.len()), HashMap::new());
        for section in sections {
            let line = section.place.line;
            let (section, entry) = read_entry(section, directory.as_ref())?;
            let name = &entry.source.name;
            if let Some(first) = lines.insert(name.clone(), line) {
                let message = format!("the provider in line {first} is called `{name}`, too: give each its own `name`");
                return Err(section.error_here(message));
            }
            entries.push(entry);
        }
        let names: Vec<&str> = entries.iter().map(|entry| entry.source.name.as_str()).collect();
        let accounts = accounts::overrides(&root, &names)?;
        Ok(Self { file: None, entries, accounts })
    }

    /// The providers in the order of the file, with their keys from `environment` and from files, talking as
    /// `http` says where the file says nothing. Blocks until the key files are read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], with the provider and the place in the file, for a key that is not there or
    /// cannot be used.
    pub fn providers(&self, environment: &Environment<'_>, http: &HttpConfig) -> Result<Vec<AnyProvider>> {
        self.entries
            .iter()
            .map(|entry| entry.provider(environment, http).map_err(|error| self.in_file(error)))
            .collect()
    }

    /// Where the providers come from, in the order of the file, and whether their keys are there. Blocks as
    /// [`Self::providers`] does.
    pub fn sources(&self, environment: &Environment<'_>) -> Vec<ProviderSource> {
        let rows = self.entries.iter().map(|entry| {
            let key_is_set = match &entry.source.key {
                KeySource::Variable(name) => environment.has(name),
                KeySource::File(path) => read_at_most(path, FILE_LIMIT).is_ok_and(|key| !key.trim_ascii().is_empty()),
            };
            ProviderSource { key_is_set, ..entry.source.clone() }
        });
        rows.collect()
    }

    /// What the file says about which connections are one account; nothing, if it says nothing.
    pub fn accounts(&self) -> &AccountOverrides {
        &self.accounts
    }

    fn in_file(&self, error: Error) -> Error {
        match &self.file {
            Some(path) => error.map_texts(|text| format!("{}: {text}", path.display()).into()),
            None => error,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.entries.iter().map(|entry| entry.source.name.as_str()).collect();
        let sets = self.accounts.together.len() + self.accounts.apart.len();
        let mut shown = formatter.debug_struct("Config");
        shown.field("file", &self.file).field("providers", &names).field("sets_of_accounts", &sets).finish()
    }
}

impl Entry {
    fn provider(&self, environment: &Environment<'_>, http: &HttpConfig) -> Result<AnyProvider> {
        let key = self.key(environment)?;
        let http = self.http(http.clone());
        let source = ProviderSource { key_is_set: true, ..self.source.clone() };
        let label = |field: &str| match (&self.source.key, field) {
            (KeySource::Variable(name), "api_key") => format!("`{name}`"),
            (KeySource::File(_), "api_key") => "the file that `key_file` names".to_owned(),
            _ => format!("`{field}`"),
        };
        let built = self.known.provider(Settings { source, base_url: self.base_url.clone(), key, http }, label);
        built.map_err(|error| self.here(&error))
    }

    /// What the file says about requests and answers, and `http` for the rest.
    fn http(&self, mut http: HttpConfig) -> HttpConfig {
        http.retry.attempts = self.attempts.unwrap_or(http.retry.attempts);
        if let Some(concurrency) = self.concurrency {
            http.limits.concurrency = usize::try_from(concurrency).unwrap_or(usize::MAX);
        }
        http.rate = self.rate.or(http.rate);
        http.parallel_decode = self.parallel_decode.unwrap_or(http.parallel_decode);
        for (of, duration) in &self.timeouts {
            *of(&mut http.timeouts) = *duration;
        }
        http
    }

    fn key(&self, environment: &Environment<'_>) -> Result<SecretString> {
        match &self.source.key {
            KeySource::Variable(name) => match environment.value(name) {
                Ok(Some(key)) => Ok(key.into()),
                Ok(None) => {
                    let advice = "set it to the vendor's key, or name another variable in `key_env`";
                    Err(self.error(format_args!("`{name}` is not set: {advice}")))
                }
                Err(error) => Err(self.here(&error)),
            },
            KeySource::File(path) => self.key_in(path),
        }
    }

    /// The key in a file: all of it but the line break that ends it.
    fn key_in(&self, path: &Path) -> Result<SecretString> {
        // One more than a key may have, its line break, and what an editor may put in front.
        let bytes = read_at_most(path, ApiKey::LIMIT + 5).map(Zeroizing::new).map_err(|problem| {
            // The path is not repeated: this may be a key in the wrong field.
            let message = match problem.kind() {
                io::ErrorKind::NotFound => {
                    "the file that `key_file` names is not there: write it, or correct the path, which starts at the \
                     folder of the configuration unless it is absolute"
                        .to_owned()
                }
                kind => format!("the file that `key_file` names cannot be read ({kind}): name a file that can"),
            };
            self.error(message).with_source(problem)
        })?;
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            self.error("the file that `key_file` names is not text: write the key into it, and nothing else")
        })?;
        let key = text.strip_prefix('\u{feff}').unwrap_or(text);
        let key = key.strip_suffix('\n').map_or(key, |key| key.strip_suffix('\r').unwrap_or(key));
        if key.len() > ApiKey::LIMIT {
            let message = format!("the file that `key_file` names holds more than {} bytes", ApiKey::LIMIT);
            return Err(self.error(format_args!("{message}: write the key into it, and nothing else")));
        }
        Ok(key.into())
    }

    fn error(&self, message: impl fmt::Display) -> Error {
        self.key_place.error(message).with_provider(self.source.name.clone())
    }

    /// The same error, with the provider and the place in front.
    fn here(&self, error: &Error) -> Error {
        self.error(error.message())
    }
}

/// Reads one `[[provider]]`, and gives back the section knowing whose it is.
fn read_entry<'a>(mut section: Section<'a>, directory: &Path) -> Result<(Section<'a>, Entry)> {
    // A first look without complaint: errors say whose they are, and the vendor decides which fields there are.
    let known = section.text("vendor").ok().flatten().and_then(|(vendor, _)| Known::of(vendor));
    section.provider = match section.text("name")? {
        Some((name, place)) => Some(checked_name(&section, name, place)?),
        None => known.map(Known::name),
    };
    // First of all, so that nobody mends ten other things and learns then that the key must go.
    let own = known.into_iter().flat_map(|known| known.fields).map(|field| field.name);
    let fields: Vec<&str> = FIELDS.into_iter().chain(own).collect();
    let elsewhere = |name: &str| {
        let vendor = KNOWN.iter().find(|known| known.fields.iter().any(|field| field.name == name))?;
        Some(format!("`{name}` belongs to providers of {}: remove it", vendor.vendor))
    };
    section.refuse_others(&fields, elsewhere)?;
    let Some((vendor, place)) = section.text("vendor")? else {
        return Err(section.error_here("`vendor` is missing: say whom to ask, such as vendor = \"postproxy\""));
    };
    let known = known.ok_or_else(|| section.error_at(place, unknown_vendor(shown(vendor)).message()))?;
    let (key, key_place) = key_source(&section, directory)?;
    let mut source = known.source(section.provider.clone().unwrap_or_else(|| known.name()), key);
    let mut base_url = known.base_url.to_owned();
    if let Some((text, place)) = section.text("base_url")? {
        source.show_base_url("base_url", text).map_err(|error| section.error_at(place, error.message()))?;
        text.clone_into(&mut base_url);
    }
    for field in known.fields {
        if let Some((text, _)) = section.text(field.name)? {
            (field.set)(&mut source, text.to_owned());
        }
    }
    let entry = Entry {
        known,
        source,
        base_url,
        key_place,
        attempts: section.number("attempts", MOST_ATTEMPTS)?,
        concurrency: section.number("concurrency", MOST_CONCURRENCY)?,
        rate: rate(&section)?,
        parallel_decode: section.boolean("parallel_decode")?,
        timeouts: timeouts(&section)?,
    };
    Ok((section, entry))
}

fn checked_name(section: &Section<'_>, name: &str, place: Place) -> Result<ProviderId> {
    let is_fit = |character: char| character.is_alphanumeric() || matches!(character, '.' | '_' | '-');
    if name.chars().all(is_fit) && name.chars().count() <= NAME_LIMIT {
        return Ok(ProviderId::new(name));
    }
    let message = format!("`name` cannot be used: write at most {NAME_LIMIT} letters, digits, `.`, `_` and `-`");
    Err(section.error_at(place, message))
}

/// Where the key is. Neither field's value is repeated in an error: it may be the key itself.
fn key_source(section: &Section<'_>, directory: &Path) -> Result<(KeySource, Place)> {
    match (section.text("key_env")?, section.text("key_file")?) {
        (Some((name, place)), None) => {
            let is_fit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            if !name.bytes().all(is_fit) || name.starts_with(|first: char| first.is_ascii_digit()) {
                let message = "`key_env` must name an environment variable, in capitals, digits and `_`: the key itself \
                               does not belong in this file";
                return Err(section.error_at(place, message));
            }
            Ok((KeySource::Variable(name.to_owned()), place))
        }
        (None, Some((path, place))) => {
            if !path.contains(std::path::is_separator) {
                let message = "`key_file` must be a path with a `/` in it: write ./NAME for a file in the folder of this \
                               one; the key itself does not belong in this file";
                return Err(section.error_at(place, message));
            }
            if path.starts_with('~') {
                return Err(section.error_at(place, "`key_file` starts with `~`: write the whole path"));
            }
            Ok((KeySource::File(directory.join(path)), place))
        }
        (Some(_), Some((_, place))) => {
            Err(section.error_at(place, "`key_env` and `key_file` are both there: remove one of them"))
        }
        (None, None) => {
            let advice =
                "say where its key is, such as key_env = \"POSTPROXY_API_KEY\" or key_file = \"./postproxy.key\"";
            Err(section.error_here(format_args!("`key_env` or `key_file` is missing: {advice}")))
        }
    }
}

fn timeouts(section: &Section<'_>) -> Result<Vec<(TimeoutOf, Duration)>> {
    let Some(timeouts) = section.section("timeouts", "[provider.timeouts]")? else { return Ok(Vec::new()) };
    let known = TIMEOUTS.map(|(name, _)| name);
    timeouts.refuse_others(&known, |name| {
        let is_above = FIELDS.contains(&name);
        is_above.then(|| format!("`{name}` is no timeout: write it above the line [provider.timeouts]"))
    })?;
    let mut set = Vec::new();
    for (name, of) in TIMEOUTS {
        set.extend(timeouts.duration(name)?.map(|duration| (of, duration)));
    }
    Ok(set)
}

fn rate(section: &Section<'_>) -> Result<Option<Rate>> {
    let Some(rate) = section.section("rate", "[provider.rate]")? else { return Ok(None) };
    rate.refuse_others(&["requests", "per"], |_| None)?;
    match (rate.number("requests", MOST_REQUESTS)?, rate.duration("per")?) {
        (Some(requests), Some(per)) => Ok(Some(Rate::new(requests, per))),
        _ => Err(rate.error_here("`rate` takes both: write rate = { requests = 100, per = \"15m\" }")),
    }
}

/// The first `limit` bytes of a file, and one more if there are more.
fn read_at_most(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    // As large as it gets for a key: growing would leave copies of it behind.
    let mut bytes = Vec::with_capacity(limit.min(2 * ApiKey::LIMIT) + 1);
    File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use polyprofile_http::{HttpConfig, Rate, Timeouts};

    use super::{Config, MOST_ATTEMPTS, MOST_CONCURRENCY};
    use crate::{VENDORS, settings::Known};

    #[test]
    fn what_the_file_says_wins_and_the_rest_stays() {
        for vendor in VENDORS {
            let text = format!(
                "[[provider]]\nvendor = \"{vendor}\"\nkey_env = \"KEY\"\nattempts = {MOST_ATTEMPTS}\n\
                 [provider.timeouts]\nconnect = \"1ms\"\nheaders = \"2s\"\nsilence = \"3m\"\ncall = \"4h\"\n\
                 [[provider]]\nvendor = \"{vendor}\"\nname = \"other\"\nkey_env = \"KEY\"\n\
                 concurrency = {MOST_CONCURRENCY}\ntimeouts = {{ listing = \"5s\", grace = \"6s\" }}\n\
                 rate = {{ requests = 100, per = \"15m\" }}\nparallel_decode = true\n"
            );
            let config = Config::parse(&text, "").expect("a good file");
            let mut base = HttpConfig::new();
            base.retry.attempts = 7;
            base.limits.pages = 9;
            base.rate = Some(Rate::new(8, Duration::from_secs(1)));

            let first = config.entries[0].http(base.clone());
            let mut timeouts = Timeouts::default();
            timeouts.connect = Duration::from_millis(1);
            timeouts.headers = Duration::from_secs(2);
            timeouts.silence = Duration::from_secs(180);
            timeouts.call = Duration::from_secs(4 * 3_600);
            assert_eq!((first.timeouts, first.limits), (timeouts, base.limits));
            assert_eq!((first.retry.attempts, first.rate), (MOST_ATTEMPTS, base.rate));
            assert!(!first.parallel_decode);

            let second = config.entries[1].http(base.clone());
            let mut timeouts = Timeouts::default();
            timeouts.listing = Duration::from_secs(5);
            timeouts.grace = Duration::from_secs(6);
            assert_eq!((second.timeouts, second.retry), (timeouts, base.retry));
            assert_eq!((second.limits.pages, second.limits.concurrency), (9, 1_000));
            assert_eq!(second.rate, Some(Rate::new(100, Duration::from_secs(900))));
            assert!(second.parallel_decode);
        }
    }

    #[test]
    fn a_vendor_that_no_feature_switches_on_is_refused_with_its_feature() {
        for vendor in ["postproxy", "postcore", "postpress"] {
            let outcome = Config::parse(&format!("[[provider]]\nvendor = \"{vendor}\"\nkey_env = \"KEY\"\n"), "");
            match Known::of(vendor) {
                Some(_) => assert_eq!(outcome.expect("it is switched on").entries.len(), 1),
                None => {
                    let error = outcome.expect_err("it is switched off");
                    let message =
                        format!("line 2, column 1: vendor `{vendor}` is switched off: build with its feature");
                    assert!(error.message().starts_with(&message), "{error}");
                }
            }
        }
    }
}
