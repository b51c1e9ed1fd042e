//! What the vendors know at the start.

mod demo;
mod documents;
pub(crate) mod people;
pub(crate) mod synthetic;

use chrono::{DateTime, Utc};

use crate::{postcore, postpress, postproxy};

pub(crate) use synthetic::Synthetic;

/// What the vendors know when the emulator starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Data {
    /// Exactly the examples of the vendors' documents, for tests; the clock stands at
    /// [`Emulator::DOCUMENTS_NOW`](crate::Emulator::DOCUMENTS_NOW). Listings are the documented ones; the documents'
    /// examples of single objects that are in no listing are reached by id: the Postproxy profile `prof_li_001`, its
    /// group `grp456xyz`, the Postcore profile `prof_abc123`. The first objects to be created get the documents' ids.
    /// Postpress has accounts and people of the five networks that its document describes; of those only
    /// `jordan-walke` is the document's own, and is answered to the letter.
    Documents,
    /// A small agency with three brands, believable, with dates relative to the moment of the start. Every verdict about
    /// a connection occurs, and some accounts are connected through two vendors.
    #[default]
    Demo,
    /// Many rows: each vendor lists `profiles` of them, made up from `seed` while they are sent. The same seed on the same
    /// day gives the same rows.
    Synthetic {
        /// How many rows each vendor lists.
        profiles: u64,
        /// What the rows are made up from.
        seed: u64,
    },
}

pub(crate) fn postproxy(data: Data, now: DateTime<Utc>) -> postproxy::Store {
    match data {
        Data::Documents => documents::postproxy(),
        Data::Demo => demo::postproxy(now),
        Data::Synthetic { profiles, seed } => synthetic::postproxy(Synthetic::new(profiles, seed, now)),
    }
}

pub(crate) fn postcore(data: Data, now: DateTime<Utc>) -> postcore::Store {
    match data {
        Data::Documents => documents::postcore(),
        Data::Demo => demo::postcore(now),
        Data::Synthetic { profiles, seed } => {
            postcore::Store { synthetic: Some(Synthetic::new(profiles, seed, now)), ..postcore::Store::default() }
        }
    }
}

pub(crate) fn postpress(data: Data, now: DateTime<Utc>) -> postpress::Store {
    match data {
        Data::Documents => documents::postpress(),
        Data::Demo => demo::postpress(now),
        Data::Synthetic { profiles, seed } => synthetic::postpress(Synthetic::new(profiles, seed, now)),
    }
}
