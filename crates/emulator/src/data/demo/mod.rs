//! A small agency with three brands: Kestrel Coffee, Fjord Outdoor and Lumen Studio.
//!
//! Connected through two vendors at once, so that rows of different vendors can be recognised as one account:
//!
//! | account | through | and through |
//! | --- | --- | --- |
//! | LinkedIn page `kestrel-coffee` | Postproxy, which ends in two days | Postcore, in good order, under a longer name |
//! | Bluesky `kestrelcoffee.bsky.social` | Postproxy, which leaves out the suffix | Postcore |
//! | Twitter `kestrelcoffee` | Postproxy | Postpress |
//! | Instagram `kestrelcoffee` | Postproxy, which ends today | Postpress |
//! | LinkedIn member `jonaseide` | Postcore, which ends in three days | Postpress, which needs a new sign-in |
//!
//! And one that only may be: the LinkedIn member `miralindqvist` of Postcore, which ends today, and Postproxy's
//! Mira Lindqvist, who is disconnected and tells no handle.

mod postcore;
mod postpress;
mod postproxy;

pub(super) use postcore::account as postcore;
pub(super) use postpress::account as postpress;
pub(super) use postproxy::account as postproxy;
