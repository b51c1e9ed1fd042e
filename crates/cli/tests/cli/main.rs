//! The program as its users meet it: the real binary, asked in every way.

mod acts;
mod configuration;
mod exits;
mod formats;
mod hostile;
mod pages;
mod schemas;
mod secrets;
mod support;
