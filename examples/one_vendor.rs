//! One vendor alone: the core and one adapter, without the facade.
//!
//! ```sh
//! cargo run --example one_vendor
//! ```
#![allow(clippy::print_stdout)]

use polyprofile_core::{ErrorKind, GetOptions, ListOptions, Listed, Provider, ProviderExt as _};
use polyprofile_emulator::{Emulator, POSTCORE_KEY};
use polyprofile_postcore::{Postcore, PostcoreConfig};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::builder().start().await?;

    // For the real API leave `base_url` as it is.
    let mut config = PostcoreConfig::new(POSTCORE_KEY);
    config.base_url = emulator.origin();
    let postcore = Postcore::new(config)?;

    for row in postcore.list(ListOptions::new()).await? {
        match row {
            Listed::Profile(profile) => {
                println!("{}: {} connected", profile.id, profile.connected_platforms.len());
            }
            Listed::Rejected(rejected) => println!("row {} was rejected: {}", rejected.index, rejected.problem),
            _ => {}
        }
    }

    // Errors say what sort they are and who has to act.
    let missing = postcore.profile_id("prof_gone");
    if let Err(error) = postcore.profile(&missing, GetOptions::new()).await {
        assert_eq!(error.kind(), ErrorKind::NotFound);
        println!("{error}; {}", error.remedy());
    }
    Ok(())
}
