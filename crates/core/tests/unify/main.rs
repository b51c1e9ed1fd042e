//! Unification: pairs labelled by hand, properties, and what an account says.

mod accounts;
mod pairs;
mod properties;
mod support;
