//! Tests of the reader as its users see it.

mod lexer;
mod parser;
mod salvage;
