//! Rules that every provider keeps, as functions to run against your own.
//!
#![doc = include_str!("../README.md")]

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
