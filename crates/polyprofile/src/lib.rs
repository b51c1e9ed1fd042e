//! Social profiles from several posting vendors as one normalized list.
//!
//! One feature per vendor: `postproxy`, `postcore`, `postpress`, all on by default. [`AnyProvider`] is
//! whichever of them you switched on; [`from_env`] makes those whose keys are in the environment, and with
//! the feature `config` a TOML file names any number of them, several of one vendor too. The model, the
//! traits, health and the [`Aggregator`] come from `polyprofile-core` and are re-exported here; without
//! any vendor's feature they are all there is.
//!
//! ```no_run
//! # #[cfg(feature = "any")]
//! # async fn example() -> polyprofile::Result<()> {
//! use polyprofile::{Aggregator, HealthPolicy, ListOptions, reexport::chrono::Utc};
//!
//! let aggregate = Aggregator::new().with_all(polyprofile::from_env()?)?.collect(&ListOptions::new()).await;
//! println!("{}", aggregate.summary(Utc::now(), &HealthPolicy::default()));
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "any")]
mod any;
#[cfg(all(feature = "any", feature = "config"))]
mod config;
#[cfg(feature = "any")]
mod environment;
#[cfg(feature = "any")]
mod settings;
#[cfg(feature = "any")]
mod source;

pub use polyprofile_core::*;

#[cfg(feature = "any")]
pub use any::{AnyProvider, VENDORS};
#[cfg(all(feature = "any", feature = "config"))]
pub use config::Config;
#[cfg(feature = "any")]
pub use environment::{Environment, from_env};
/// Deadlines, limits, retries: how providers talk to their vendors.
#[cfg(feature = "any")]
pub use polyprofile_http as http;
#[cfg(feature = "postcore")]
pub use polyprofile_postcore as postcore;
#[cfg(feature = "postpress")]
pub use polyprofile_postpress as postpress;
#[cfg(feature = "postproxy")]
pub use polyprofile_postproxy as postproxy;
#[cfg(feature = "any")]
pub use source::{KeySource, ProviderSource};
