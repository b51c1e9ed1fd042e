//! Lists in JSON, read as they arrive.
//!
//! A vendor answers a listing with one object that holds one array, often thousands of rows long. It is read in two
//! steps, and at no moment is more than one row in memory:
//!
//! 1. [`ItemLexer`] is fed with the chunks of the body and cuts the array into its items. It knows strings and
//!    brackets, nothing more, and looks at every byte once.
//! 2. [`read_row`] parses one item into the row type. A row that does not fit is not lost: the fields that fit are
//!    kept, and each of the others becomes a [`SalvageIssue`] with its path.
//!
//! ```
//! use polyprofile_http::json::{Envelope, Item, ItemLexer, LexerLimits};
//!
//! const ENVELOPE: Envelope = Envelope { items: &["data"], keep: &["cursor"] };
//!
//! # fn main() -> Result<(), polyprofile_http::json::LexError> {
//! let mut lexer = ItemLexer::new(&ENVELOPE, LexerLimits::default());
//! let mut rows = Vec::new();
//! for mut chunk in [br#"{"data":[{"id":1},{"i"#.as_slice(), br#"d":2}],"cursor":"n"#, br#"ext"}"#] {
//!     while let Some(item) = lexer.next_item(&mut chunk)? {
//!         if let Item::Row(row) = item {
//!             rows.push(String::from_utf8_lossy(row).into_owned());
//!         }
//!     }
//! }
//! let tail = lexer.finish()?;
//!
//! assert_eq!(rows, [r#"{"id":1}"#, r#"{"id":2}"#]);
//! assert_eq!(tail.get("cursor"), Some(r#""next""#));
//! # Ok(())
//! # }
//! ```

mod field;
mod lexer;
mod objects;
mod parser;
mod salvage;
#[cfg(test)]
mod tests;
mod text;

pub use field::Field;
pub use lexer::{Envelope, Item, ItemLexer, LexError, LexerLimits, Tail};
pub(crate) use parser::BLANKS;
pub(crate) use salvage::read_leading_row;
pub use salvage::{RowType, SalvageIssue, SalvageProblem, Unusable, read_row};
pub use text::Text;
