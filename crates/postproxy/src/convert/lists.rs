//! Placements and groups.

use polyprofile_core::{Error, Group, GroupId, Normalize, NormalizeContext, Placement, PlacementId, Result};
use polyprofile_http::json::Field;

use super::undecodable;
use crate::wire;

impl Normalize for wire::Placements<'_> {
    /// An error for a list that was not sent, or of which nothing could be kept.
    type Output = Result<Vec<Placement>>;

    fn normalize(self, context: &mut NormalizeContext) -> Result<Vec<Placement>> {
        list(self.data, context, |context, placement| {
            let id = match placement.id {
                Field::Null => None,
                // An id that was not understood must not become the account itself.
                id => Some(context.required("id", id.into_option().filter(|id| !id.is_empty()))?),
            };
            let name = context.required("name", placement.name);
            Some(Placement::new(id.map(PlacementId::new), name.map(String::from)))
        })
    }
}

impl Normalize for wire::Groups<'_> {
    /// As for placements.
    type Output = Result<Vec<Group>>;

    fn normalize(self, context: &mut NormalizeContext) -> Result<Vec<Group>> {
        list(self.data, context, |context, group| group_of(group, context))
    }
}

impl Normalize for wire::Group<'_> {
    /// An error for a group that nothing names.
    type Output = Result<Group>;

    fn normalize(self, context: &mut NormalizeContext) -> Result<Group> {
        group_of(self, context).ok_or_else(|| undecodable(context))
    }
}

fn group_of(sent: wire::Group<'_>, context: &mut NormalizeContext) -> Option<Group> {
    let id = context.required("id", sent.id.filter(|id| !id.is_empty()))?;
    let mut group = Group::new(GroupId::new(id));
    group.name = context.required("name", sent.name).map(String::from);
    let profiles = context.required("profiles_count", sent.profiles_count);
    group.profiles = context.count("profiles_count", profiles.as_ref());
    Some(group)
}

/// Maps a list and leaves out what nothing names. Rows of which none could be kept are no empty list.
fn list<R, T>(
    rows: Option<Vec<R>>,
    context: &mut NormalizeContext,
    map: impl FnMut(&mut NormalizeContext, R) -> Option<T>,
) -> Result<Vec<T>, Error> {
    let rows = context.required("data", rows).ok_or_else(|| undecodable(context))?;
    let kept: Vec<T> = context.each("data", rows, map).into_iter().flatten().collect();
    let issues = context.take_issues();
    let nothing_kept = kept.is_empty() && !issues.is_empty();
    context.add_issues(issues);
    if nothing_kept { Err(undecodable(context)) } else { Ok(kept) }
}

#[cfg(test)]
mod tests {
    use polyprofile_core::{
        ErrorKind, FieldIssue, Group, Normalize, NormalizeContext, Placement, PlacementId, ProviderId, Result,
        parse_timestamp,
    };
    use polyprofile_http::json::{RowType, read_row};

    use crate::wire;

    /// What became of `json`, and the paths of what was reported beside it.
    fn read<R, T>(json: &str) -> (Result<T>, Vec<String>)
    where
        R: RowType,
        for<'de> R::Row<'de>: Normalize<Output = Result<T>>,
    {
        let seen_at = parse_timestamp("2026-05-12T08:00:00Z").expect("a timestamp");
        let mut context = NormalizeContext::new(ProviderId::new("postproxy"), seen_at);
        let read = read_row::<R, _>(json.as_bytes(), |row, issues| {
            context.add_issues(issues.into_iter().map(FieldIssue::from));
            row.normalize(&mut context)
        });
        (read.expect("an object"), context.take_issues().into_iter().map(|issue| issue.path).collect())
    }

    fn placements(json: &str) -> (Result<Vec<Placement>>, Vec<String>) {
        read::<wire::Placements<'_>, _>(json)
    }

    fn groups(json: &str) -> (Result<Vec<Group>>, Vec<String>) {
        read::<wire::Groups<'_>, _>(json)
    }

    #[test]
    fn the_documented_placements() {
        let (linkedin, issues) = placements(include_str!("../../documents/placements.json"));
        assert_eq!(issues, [""; 0]);
        let (telegram, issues) = placements(include_str!("../../documents/telegram_placements.json"));
        assert_eq!(issues, [""; 0]);
        insta::assert_json_snapshot!([linkedin.expect("a list"), telegram.expect("a list")]);
    }

    #[test]
    fn the_documented_groups() {
        let (listed, issues) = groups(include_str!("../../documents/profile_groups.json"));
        assert_eq!(issues, [""; 0]);
        let (single, issues) = read::<wire::Group<'_>, _>(include_str!("../../documents/profile_group.json"));
        assert_eq!(issues, [""; 0]);
        let (made, issues) = read::<wire::Group<'_>, _>(include_str!("../../documents/profile_group_created.json"));
        assert_eq!(issues, [""; 0]);
        insta::assert_json_snapshot!((listed.expect("a list"), single.expect("a group"), made.expect("a group")));
    }

    #[test]
    fn what_the_sdk_knows_beyond_the_document_costs_nothing() {
        let (read, issues) = placements(
            r#"{"total": 1, "data": [{"id": "accounts/1/locations/2", "name": "Shop", "avatar_url": null,
                "metadata": {"x": [1]}}]}"#,
        );
        let read = read.expect("a list");
        assert_eq!(read[0].id.as_ref().map(PlacementId::as_str), Some("accounts/1/locations/2"));
        assert_eq!(issues, [""; 0]);
    }

    #[test]
    fn an_odd_row_costs_nothing_but_itself_and_never_becomes_the_account() {
        let (read, issues) = placements(
            r#"{"data": [{"id": -1001234567890, "name": null}, {"name": "no id"}, {"id": {}}, {"id": ""}, 7,
                {"id": null, "name": "Personal"}]}"#,
        );
        let read = read.expect("a list");
        let ids: Vec<_> = read.iter().map(|placement| placement.id.as_ref().map(PlacementId::as_str)).collect();
        assert_eq!(ids, [Some("-1001234567890"), None]);
        assert_eq!(read[1].name.as_deref(), Some("Personal"));
        for path in ["/data/0/id", "/data/0/name", "/data/1/id", "/data/2/id", "/data/3/id", "/data/4"] {
            assert!(issues.iter().any(|issue| issue == path), "{path} in {issues:?}");
        }
    }

    #[test]
    fn odd_members_of_a_group_are_left_out() {
        let (read, issues) = groups(
            r#"{"data": [{"id": 5, "name": null, "profiles_count": -1}, {"name": "no id"}, {"id": "g", "name": "G"}]}"#,
        );
        let read = read.expect("a list");
        assert_eq!((read[0].id.as_str(), read[0].name.as_deref(), read[0].profiles), ("5", None, None));
        assert_eq!((read[1].id.as_str(), read[1].profiles), ("g", None));
        assert_eq!(read.len(), 2);
        assert!(issues.iter().any(|issue| issue == "/data/1/id"), "{issues:?}");
    }

    #[test]
    fn an_empty_list_is_one_and_no_list_is_none() {
        assert_eq!(placements(r#"{"data":[]}"#).0.expect("a list"), []);
        assert_eq!(groups(r#"{"data":[]}"#).0.expect("a list"), []);
        for json in ["{}", r#"{"data":null}"#, r#"{"data":{}}"#, r#"{"data":[7]}"#, r#"{"data":[{"id":""}]}"#] {
            for error in [placements(json).0.expect_err(json), groups(json).0.expect_err(json)] {
                assert_eq!(error.kind(), ErrorKind::Decode, "{json}");
                assert!(error.message().contains("/data"), "{json}: {error}");
            }
        }
        for json in ["{}", r#"{"id":null,"name":"n"}"#, r#"{"id":""}"#] {
            let (read, _) = read::<wire::Group<'_>, Group>(json);
            assert_eq!(read.expect_err(json).kind(), ErrorKind::Decode);
        }
    }
}
