//! The program as its users meet it: the real binary, asked in every way.

mod acts;
mod compare;
mod configuration;
mod exits;
mod formats;
mod hostile;
mod html;
mod pages;
mod report;
mod schemas;
mod secrets;
mod support;
