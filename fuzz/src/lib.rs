//! What the fuzz targets share.

pub mod json;
pub mod row;
pub mod time;
