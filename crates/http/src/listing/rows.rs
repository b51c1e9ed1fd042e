//! From an item of a list to a row of the model.

use std::marker::PhantomData;

use polyprofile_core::{Listed, Normalize, NormalizeContext, Profile, Rejected};

use crate::{
    client::HttpClient,
    document::{describe, read_reported},
    json::{Item, RowType},
};

/// Parses and maps the rows of one page.
pub(super) struct RowReader<R> {
    client: HttpClient,
    context: NormalizeContext,
    row: PhantomData<fn() -> R>,
}

impl<R> RowReader<R>
where
    R: RowType,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    /// For rows that are observed now.
    pub(super) fn new(client: HttpClient) -> Self {
        let context = NormalizeContext::new(client.provider().clone(), client.now());
        Self { client, context, row: PhantomData }
    }

    /// Reads one row. A rejected one has no index yet.
    pub(super) fn read(&mut self, item: Item<'_>) -> Listed {
        let bytes = match item {
            Item::Row(bytes) => bytes,
            Item::Oversized { bytes, head } => {
                let problem = format!("the row is {bytes} bytes long, more than the limit for one item");
                return Listed::Rejected(self.reject(problem, head));
            }
        };
        let outcome = read_reported::<R, _>(bytes, &mut self.context, |row, context| row.normalize(context));
        let issues = self.client.redactor().issues(self.context.take_issues());
        let problem = match outcome {
            Ok(Some(mut profile)) => {
                profile.issues = issues;
                return Listed::Profile(profile);
            }
            Ok(None) => describe(&issues),
            Err(unusable) => unusable.to_string(),
        };
        Listed::Rejected(self.reject(problem, bytes))
    }

    fn reject(&self, problem: String, raw: &[u8]) -> Rejected {
        let raw = String::from_utf8_lossy(raw);
        let raw = self.client.redactor().text(&raw);
        Rejected::new(self.client.provider().clone(), 0, problem, raw)
    }
}
