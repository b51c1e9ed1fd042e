//! Postpress, from the vendor's document "Retrieve a profile" and its pages on accounts and hosted links.

mod accounts;
mod hosted;
mod problem;
mod sections;
mod users;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use serde_json::Value;

use crate::context::Context;
use crate::data::Synthetic;
use crate::ids::Ids;
use crate::keys::{POSTPRESS_KEY, api_key_header, bearer_token};

use problem::Problem;

pub(crate) use hosted::HostedLink;
pub(crate) use problem::no_such_route;

/// The paths, under both bases: the document's heading says `/v1`, its example `/api/v1`.
pub(crate) fn router(context: &Arc<Context>) -> Router<Arc<Context>> {
    let mut router = Router::new();
    for base in ["/v1", "/api/v1"] {
        router = router
            .route(&format!("{base}/accounts"), get(accounts::list))
            .route(&format!("{base}/accounts/{{id}}"), get(accounts::get).merge(delete(accounts::delete)))
            .route(&format!("{base}/hosted/accounts/link"), post(hosted::link))
            .route(&format!("{base}/users/me"), get(users::me))
            .route(&format!("{base}/users/{{identifier}}"), get(users::person));
    }
    router.route("/hosted/{token}", get(hosted::page)).layer(from_fn_with_state(Arc::clone(context), problem::render))
}

/// Proof that the request carried the right key, in either of the two documented ways.
pub(crate) struct Caller;

impl FromRequestParts<Arc<Context>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _context: &Arc<Context>) -> Result<Self, Problem> {
        let key = api_key_header(&parts.headers).or_else(|| bearer_token(&parts.headers));
        if key == Some(POSTPRESS_KEY) {
            Ok(Self)
        } else {
            let detail = "Some credentials are necessary to perform the request.";
            Err(Problem::new(problem::MISSING_CREDENTIALS, detail))
        }
    }
}

/// Somebody's page on a network, as it can be looked up through a linked account of that network.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The whole `UserProfile`, with every section in full.
    pub(crate) profile: Value,
    /// Whether it is answered as it is whatever sections are asked for: the document's example shows sections although
    /// its request names none.
    pub(crate) verbatim: bool,
    /// The sections that the network withholds from the caller.
    pub(crate) throttled: Vec<String>,
}

impl Person {
    /// The network, in upper case.
    fn provider(&self) -> Option<&str> {
        self.profile.get("provider")?.as_str()
    }

    /// Whether the person goes by this internal or public id. Which field holds it depends on the network.
    fn answers_to(&self, identifier: &str) -> bool {
        ["provider_id", "public_identifier", "id", "screen_name", "username"]
            .iter()
            .any(|name| self.profile.get(name).and_then(Value::as_str) == Some(identifier))
    }
}

/// The account at Postpress.
#[derive(Debug, Default)]
pub(crate) struct Store {
    /// Account objects as they are answered.
    pub(crate) accounts: Vec<Value>,
    pub(crate) people: Vec<Person>,
    /// A linked LinkedIn account in good order.
    pub(crate) linkedin_account: String,
    /// Rows made up while they are read, before those in `accounts`.
    pub(crate) synthetic: Option<Synthetic>,
    pub(crate) deleted_synthetic: BTreeSet<u64>,
    pub(crate) links: HashMap<String, HostedLink>,
    pub(crate) ids: Ids,
    /// Numbers the problems; each becomes a request identifier.
    pub(crate) problems: Ids,
}

impl Store {
    /// An account by its id.
    pub(crate) fn account(&self, id: &str) -> Option<Value> {
        let stored = self.accounts.iter().find(|account| account["id"] == id);
        stored.cloned().or_else(|| {
            let rows = self.synthetic?;
            let index = rows.index_of(id).filter(|index| !self.deleted_synthetic.contains(index))?;
            rows.postpress_account(index)
        })
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.accounts.retain(|account| account["id"] != id);
        if let Some(index) = self.synthetic.and_then(|rows| rows.index_of(id)) {
            self.deleted_synthetic.insert(index);
        }
    }

    /// The accounts from a position on: the synthetic rows first, then the stored ones. A position stays that of its
    /// account for synthetic rows, so that a deletion does not shift a listing in progress.
    pub(crate) fn accounts_from(&self, position: u64) -> impl Iterator<Item = (u64, Value)> + '_ {
        let count = self.synthetic.map_or(0, Synthetic::count);
        let synthetic = (position..count)
            .filter(|index| !self.deleted_synthetic.contains(index))
            .filter_map(move |index| Some((index, self.synthetic?.postpress_account(index)?)));
        let stored = (count..).zip(&self.accounts).map(|(index, account)| (index, account.clone()));
        synthetic.chain(stored.skip_while(move |(index, _)| *index < position))
    }
}
