//! Profiles in the compact form: nothing lost, in order, in little memory.

#[path = "../../../http/tests/support/any_json.rs"]
mod any_json;
mod any_profile;
mod list;
mod listing;
mod lossless;
