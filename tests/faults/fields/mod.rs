//! Every field of every row type, broken in every way.
//!
//! Which fields there are is taken from the lists that the adapters' own tests hold against their wire types: a field
//! that is added there is broken here.

mod judge;
mod subjects;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use polyprofile::{ErrorKind, FieldIssue, HealthPolicy, IssueKind, NormalizedPlatform as _, Profile, Verdict};
use serde_json::Value;

use self::{
    subjects::{SUBJECTS, Subject},
    variants::Broken,
};
use crate::{ONE_AT_A_TIME, support::documents_now};

/// Pointers of the fields of one row type, each with the JSON types that it takes.
type Fields = BTreeMap<String, String>;

/// What came of one row.
#[derive(Clone, Debug)]
enum Outcome {
    /// What it became, in JSON without its issues, and those.
    Kept(Box<Kept>),
    /// It could not be kept, for these reasons.
    Refused(ErrorKind, String),
}

#[derive(Clone, Debug)]
struct Kept {
    model: Value,
    issues: Vec<FieldIssue>,
    verdicts: Vec<Verdict>,
}

impl Outcome {
    fn of_profile(mut profile: Profile) -> Self {
        let issues = std::mem::take(&mut profile.issues);
        let health = |connection: &polyprofile::ConnectedPlatform| {
            connection.health(documents_now(), &HealthPolicy::default()).map(|health| health.verdict)
        };
        let verdicts = profile.connected_platforms.iter().filter_map(health).collect();
        let model = serde_json::to_value(profile).expect("a profile serializes");
        Self::Kept(Box::new(Kept { model, issues, verdicts }))
    }
}

#[tokio::test(start_paused = true)]
#[expect(clippy::print_stdout, reason = "the count is what this test tells")]
async fn a_broken_field_costs_itself_and_is_told() {
    const VARIANTS: usize = 8_000;
    let _alone = ONE_AT_A_TIME.lock().await;
    let (mut surprises, mut count) = (Vec::new(), 0);
    for subject in SUBJECTS {
        let fields = subject.fields();
        let whole = variants::whole(subject, &fields);
        let in_row: Vec<_> = fields.iter().filter(|(field, _)| whole.pointer(field).is_some()).collect();
        let counted_before = count;
        for fields in in_row.chunks(subject.fields_at_once()) {
            count += break_each(subject, fields, &whole, &mut surprises).await;
        }
        println!("{}: {} fields, {} variants", subject.name, fields.len(), count - counted_before);
    }
    println!("{count} variants of fields");
    assert!(surprises.is_empty(), "{} surprises: {surprises:#?}", surprises.len());
    assert!(count >= VARIANTS, "{count}");
}

/// Breaks each of `fields` in every way, and gives the number of variants.
async fn break_each(
    subject: &Subject,
    fields: &[(&String, &String)],
    whole: &Value,
    surprises: &mut Vec<String>,
) -> usize {
    let variants: Vec<_> =
        fields.iter().flat_map(|(field, types)| variants::all(subject, field, types, whole)).collect();
    // What the fields say where they are sound, in two ways each: so the place of each in the model is known.
    let others: BTreeMap<&str, Value> =
        fields.iter().map(|(field, _)| (field.as_str(), variants::changed(whole, field))).collect();
    let rows = [whole].into_iter().chain(others.values()).chain(variants.iter().map(|variant| &variant.row));
    let mut outcomes = subject.read(&rows.collect::<Vec<_>>()).await.into_iter();
    if subject.is_written() {
        return variants.len();
    }
    let sound = outcomes.next().expect("an outcome for each row");
    let Outcome::Kept(sound) = sound else { panic!("{}: {sound:?}", subject.name) };
    assert_eq!(sound.issues, [], "{}: nothing is wrong with {whole}", subject.name);
    let places: BTreeMap<&str, BTreeSet<String>> = others
        .into_keys()
        .zip(&mut outcomes)
        .map(|(field, outcome)| (field, judge::differences(&sound.model, &outcome)))
        .collect();
    for (variant, outcome) in variants.iter().zip(outcomes) {
        surprises.extend(judge::judge(subject, variant, &sound, &places[variant.field.as_str()], &outcome).err());
    }
    variants.len()
}

/// Whether `kind` may be said of a variant that is broken so.
fn is_fitting(kind: IssueKind, broken: Broken) -> bool {
    match broken {
        Broken::Missing | Broken::Null => kind == IssueKind::Missing,
        Broken::WrongType => kind == IssueKind::WrongType,
        // A number is no name that was asked for.
        Broken::NumberForText => matches!(kind, IssueKind::Coerced | IssueKind::Contradiction),
        Broken::OddDate => matches!(kind, IssueKind::Unreadable | IssueKind::Coerced),
        Broken::OddNumber => matches!(kind, IssueKind::OutOfRange | IssueKind::WrongType),
        Broken::Odd => true,
    }
}

fn fields_of(list: &str, name: &str) -> Fields {
    let mut lists: BTreeMap<String, Fields> = serde_json::from_str(list).expect("a list of fields");
    lists.remove(name).unwrap_or_else(|| panic!("the fields of {name} are listed"))
}

/// The last name of a pointer.
fn last(field: &str) -> &str {
    field.rsplit('/').next().expect("a pointer has a last part")
}

#[test]
fn every_listed_row_type_is_broken_here() {
    let lists = [subjects::POSTPROXY, subjects::POSTCORE, subjects::POSTPRESS];
    for (vendor, list) in crate::support::VENDORS.into_iter().zip(lists) {
        let lists: BTreeMap<String, Value> = serde_json::from_str(list).expect("a list of fields");
        for name in lists.keys() {
            let is_broken = SUBJECTS.iter().any(|subject| subject.vendor == vendor && subject.row == name);
            // The one member that tells which of the others it is is in each of them.
            assert!(is_broken || name == "Discriminator", "{vendor}: nobody breaks the fields of {name}");
        }
    }
}
