//! A small agency with three brands: Kestrel Coffee, Fjord Outdoor and Lumen Studio.
//!
//! Connected through two vendors at once, so that rows of different vendors can be recognised as one account:
//!
//! | account | through | and through |
//! | --- | --- | --- |
//! | LinkedIn page `kestrel-coffee` | Postproxy, which ends in two days | Postcore, in good order |
//! | Bluesky `kestrelcoffee.bsky.social` | Postproxy | Postcore |
//! | Twitter `kestrelcoffee` | Postproxy | Postpress |
//! | LinkedIn member `miralindqvist` | Postproxy, disconnected | Postcore, which ends today |
//! | Instagram `kestrelcoffee` | Postproxy, which ends today | Postpress |

mod postcore;
mod postpress;
mod postproxy;

pub(super) use postcore::account as postcore;
pub(super) use postpress::account as postpress;
pub(super) use postproxy::account as postproxy;
