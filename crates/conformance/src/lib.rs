//! Rules that every provider keeps, as functions to run against your own.
//!
//! The aggregator, health and comparison rely on these rules, and each is short enough to be read as
//! documentation. A rule takes a provider and panics with a sentence that names what it expected; it
//! lists at least one profile's worth of data, so give it a provider with something in it.
//!
//! # From an empty crate to a provider that passes
//!
//! Write [`Provider`](polyprofile_core::Provider) for your type, then put this into a test file. The
//! setup gives the provider and whatever must stay alive while it is asked, such as a server:
//!
//! ```
//! # mod own {
//! #     use async_trait::async_trait;
//! #     use polyprofile_core::*;
//! #     #[derive(Debug)]
//! #     pub struct OwnProvider(ProviderId, Capabilities);
//! #     impl OwnProvider {
//! #         pub fn new() -> Self {
//! #             Self(ProviderId::new("own"), Capabilities::new([Operation::ListProfiles], ExpiryReporting::NotReported))
//! #         }
//! #     }
//! #     #[async_trait]
//! #     impl Provider for OwnProvider {
//! #         fn id(&self) -> &ProviderId { &self.0 }
//! #         fn vendor(&self) -> Vendor { Vendor::new("own") }
//! #         fn capabilities(&self) -> &Capabilities { &self.1 }
//! #         fn profiles(&self, _: ListOptions) -> ProfileStream { failed_stream(self.unsupported(Operation::ListProfiles)) }
//! #         async fn profile(&self, _: &ProfileId, _: GetOptions) -> Result<Profile> { Err(self.unsupported(Operation::GetProfile)) }
//! #     }
//! # }
//! # use own::OwnProvider;
//! async fn setup() -> (OwnProvider, ()) {
//!     (OwnProvider::new(), ())
//! }
//!
//! polyprofile_conformance::provider_tests!(setup);
//! # fn main() {}
//! ```
//!
//! A provider that also implements [`VendorApi`](polyprofile_core::VendorApi) adds
//! `polyprofile_conformance::vendor_api_tests!(setup);`. Both macros write one `#[tokio::test]` per rule,
//! so the crate that uses them needs `tokio` with `macros` and `rt`.

mod rules;

pub use rules::{
    a_dropped_listing_does_no_harm, an_unknown_profile_is_not_found, every_row_is_this_providers,
    expiry_is_told_as_the_capabilities_say, ids_are_named_and_unique, of_another_provider_nothing_is_fetched,
    operations_agree_with_the_capabilities, rows_are_written_and_read_back, the_list_ends_and_stays_ended,
    the_same_list_twice, verdicts_only_get_worse, what_is_listed_can_be_fetched,
};

/// Writes one test per rule that every [`Provider`](polyprofile_core::Provider) keeps.
///
/// `$setup` is an `async fn() -> (impl Provider, Guard)`; the guard is dropped after the rule.
#[macro_export]
macro_rules! provider_tests {
    ($setup:path) => {
        $crate::tests_of_rules! { $setup;
            a_dropped_listing_does_no_harm
            an_unknown_profile_is_not_found
            every_row_is_this_providers
            expiry_is_told_as_the_capabilities_say
            ids_are_named_and_unique
            of_another_provider_nothing_is_fetched
            rows_are_written_and_read_back
            the_list_ends_and_stays_ended
            the_same_list_twice
            verdicts_only_get_worse
            what_is_listed_can_be_fetched
        }
    };
}

/// Writes one test per rule that every [`VendorApi`](polyprofile_core::VendorApi) keeps beside those of
/// [`provider_tests!`].
#[macro_export]
macro_rules! vendor_api_tests {
    ($setup:path) => {
        $crate::tests_of_rules! { $setup; operations_agree_with_the_capabilities }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tests_of_rules {
    ($setup:path; $($rule:ident)+) => { $(
        #[tokio::test]
        async fn $rule() {
            let (provider, guard) = $setup().await;
            $crate::$rule(provider).await;
            drop(guard);
        }
    )+ };
}
