//! A scripted vendor ([`server`]), and a client to go with it.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]

mod server;
pub mod tls;

use futures_util::StreamExt as _;
use polyprofile_core::{
    Error, ErrorKind, IssueKind, Listed, Normalize, NormalizeContext, Operation, Profile, ProfileId, ProviderId, Result,
};
use polyprofile_http::{
    ApiKey, BaseUrl, Document, FailedAnswer, HttpClient, HttpConfig, Listing, ProxyChoice, Random, Request,
    json::{Envelope, RowType, Text},
};
pub use server::*;

/// The key that every client here shows. It must never be seen anywhere but in its header.
pub const KEY: &str = "sk-live-0123456789abcdef";

/// Whom every error must name.
pub const PROVIDER: &str = "scripted";

/// The list that every listing here reads.
pub const ENVELOPE: Envelope = Envelope { items: &["data"], keep: &["cursor"] };

/// The same chance every time.
#[derive(Debug)]
pub struct Always(pub f64);

impl Random for Always {
    fn unit(&self) -> f64 {
        self.0
    }
}

/// A row of the vendor that this server plays.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Row<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

impl RowType for Row<'_> {
    type Row<'de> = Row<'de>;
}

impl Normalize for Row<'_> {
    type Output = Option<Profile>;

    fn normalize(self, context: &mut NormalizeContext) -> Self::Output {
        let Some(id) = self.id.filter(|id| !id.is_empty()) else {
            context.report("id", IssueKind::Missing, "expected an id", None);
            return None;
        };
        let mut profile = Profile::new(ProfileId::new(context.provider().clone(), &*id));
        profile.name = self.name.map(String::from);
        Some(profile)
    }
}

/// A client of `server` with the defaults.
pub fn client(server: &Server) -> HttpClient {
    client_with(server, |_| {})
}

/// A client of `server` with some defaults changed.
pub fn client_with(server: &Server, change: impl FnOnce(&mut HttpConfig)) -> HttpClient {
    client_of(&server.url(), change)
}

/// A client of whoever is at `base`.
pub fn client_of(base: &str, change: impl FnOnce(&mut HttpConfig)) -> HttpClient {
    let base = BaseUrl::parse("base_url", base).expect("a good base URL");
    let key = ApiKey::header("api_key", "x-api-key", KEY.into()).expect("a good key");
    let mut config = HttpConfig::new();
    config.proxy = ProxyChoice::Direct;
    change(&mut config);
    HttpClient::new(ProviderId::new(PROVIDER), base, &key, classify, config).expect("a good configuration")
}

/// The vendor documents `{"message": ..., "code": ...}` for its errors.
pub fn classify(answer: &FailedAnswer<'_>) -> Error {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Body {
        message: Option<String>,
        code: Option<String>,
    }
    impl RowType for Body {
        type Row<'de> = Self;
    }
    let undocumented = answer.undocumented();
    let Some(Body { message: Some(message), code }) = answer.read::<Body, _>(|body| body) else { return undocumented };
    let error = Error::new(undocumented.kind(), message);
    match code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

/// `GET /profiles/a1`
pub fn get() -> Request {
    Request::get(Operation::GetProfile, ["profiles", "a1"])
}

/// `POST /groups`
pub fn post() -> Request {
    let body = serde_json::json!({ "name": "Acme" });
    Request::write(Operation::CreateGroup, http::Method::POST, ["groups"]).json(&body).expect("a body in JSON")
}

/// `GET /profiles`, everything at once.
pub fn list() -> Listing {
    Listing::new(Request::get(Operation::ListProfiles, ["profiles"]), &ENVELOPE)
}

/// `GET /profiles`, page by page.
pub fn list_in_pages() -> Listing {
    list().in_pages(&["cursor"], "cursor")
}

/// A document of one profile.
pub const PROFILE: &str = r#"{"id":"a1","name":"Acme"}"#;

/// A listing of `count` profiles, `a0`, `a1`, ...
pub fn rows(count: usize) -> String {
    rows_from(0, count)
}

/// A listing of `count` profiles, the first of them `a{first}`.
pub fn rows_from(first: usize, count: usize) -> String {
    let rows: Vec<_> = (first..first + count).map(|number| format!(r#"{{"id":"a{number}","name":"Acme"}}"#)).collect();
    format!(r#"{{"data":[{}]}}"#, rows.join(","))
}

/// What a listing gave, taken apart.
#[derive(Debug, Default)]
pub struct Listened {
    /// Keys of the profiles, in order.
    pub keys: Vec<String>,
    pub rejected: Vec<polyprofile_core::Rejected>,
    pub profiles: Vec<Profile>,
    pub error: Option<Error>,
}

/// Reads a listing to its end and checks that nothing follows an error.
pub async fn listen(client: &HttpClient, listing: Listing) -> Listened {
    let mut stream = client.profiles::<Row<'_>>(listing);
    let mut listened = Listened::default();
    while let Some(row) = stream.next().await {
        assert!(listened.error.is_none(), "a row after an error: {row:?}");
        match row {
            Ok(Listed::Profile(profile)) => {
                listened.keys.push(profile.id.key.clone());
                listened.profiles.push(profile);
            }
            Ok(Listed::Rejected(rejected)) => listened.rejected.push(rejected),
            Ok(other) => panic!("a row of an unknown sort: {other:?}"),
            Err(error) => listened.error = Some(error),
        }
    }
    listened
}

/// The keys that [`rows_from`] gives.
pub fn keys(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("a{number}")).collect()
}

/// Fetches one profile.
pub async fn fetch_profile(client: &HttpClient) -> Result<Profile> {
    client.fetch(&get()).await.and_then(|document: Document| document.read_profile::<Row<'_>>())
}

/// Checks what every error must say: what sort, who, what for, and after how many requests.
#[track_caller]
pub fn assert_error(error: &Error, kind: ErrorKind, operation: Operation, attempts: u32) {
    assert_eq!(error.kind(), kind, "{error:?}");
    assert_eq!(error.provider().map(ProviderId::as_str), Some(PROVIDER), "{error:?}");
    assert_eq!(error.operation(), Some(operation), "{error:?}");
    assert_eq!(error.attempts(), attempts, "{error:?}");
    assert!(!everything_said_by(error).contains(KEY), "{error:?}");
}

/// All that an error prints in any form, its causes included.
pub fn everything_said_by(error: &Error) -> String {
    let mut said = format!("{error} {error:?} {error:#?} ");
    let mut cause = std::error::Error::source(error);
    while let Some(current) = cause {
        said = format!("{said} {current} {current:?}");
        cause = current.source();
    }
    said + &serde_json::to_string(error).expect("an error serializes")
}
