//! `schema`: the JSON Schema of the JSON output.

use clap::ValueEnum as _;
use polyprofile::{AccountsReport, ListReport, ProfileReport, UnifiedAccount};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};

use super::{
    Outcome,
    accounts::AccountsNotice,
    compare::ComparisonDocument,
    connect::{CallbackDocument, ConnectDocument},
    delete::DeletedDocument,
    emulate::EmulateDocument,
    get::ProfileDocument,
    groups::{GroupDocument, GroupsDocument},
    list::Notice,
    placements::PlacementsDocument,
    providers::ProvidersDocument,
    stats::StatsDocument,
};
use crate::{
    args::{SchemaArgs, SchemaName},
    exit::ExitStatus,
    output::Printer,
    talk::ErrorDocument,
};

pub(super) fn run(args: &SchemaArgs, printer: &mut Printer) -> Outcome {
    let schema = match args.output {
        Some(output) => of(output),
        None => all(),
    };
    printer.text(format!("{schema:#}\n").as_bytes())?;
    Ok(ExitStatus::Well)
}

fn of(output: SchemaName) -> Value {
    match output {
        SchemaName::Providers => written::<ProvidersDocument>(),
        SchemaName::List | SchemaName::Health => written::<ListReport>(),
        SchemaName::ListLine => written::<ProfileReport>(),
        SchemaName::ListNotice => written::<Notice<'_>>(),
        SchemaName::Accounts => written::<AccountsReport>(),
        SchemaName::AccountsLine => written::<UnifiedAccount>(),
        SchemaName::AccountsNotice => written::<AccountsNotice<'_>>(),
        SchemaName::Compare => written::<ComparisonDocument>(),
        SchemaName::Get | SchemaName::Person => written::<ProfileDocument>(),
        SchemaName::Stats => written::<StatsDocument>(),
        SchemaName::Placements => written::<PlacementsDocument>(),
        SchemaName::GroupsList => written::<GroupsDocument>(),
        SchemaName::GroupsGet | SchemaName::GroupsCreate => written::<GroupDocument>(),
        SchemaName::GroupsDelete | SchemaName::Delete => written::<DeletedDocument>(),
        SchemaName::Connect => written::<ConnectDocument>(),
        SchemaName::ConnectCallback => written::<CallbackDocument>(),
        SchemaName::Emulate => written::<EmulateDocument>(),
        SchemaName::Error => written::<ErrorDocument<'_>>(),
    }
}

/// One schema that describes each output under its command's name.
fn all() -> Value {
    let outputs = SchemaName::value_variants().iter().filter_map(|output| {
        let name = output.to_possible_value()?.get_name().to_owned();
        Some((name.clone(), embedded(of(*output), &name)))
    });
    let outputs: serde_json::Map<String, Value> = outputs.collect();
    let any: Vec<Value> = outputs.keys().map(|name| json!({ "$ref": format!("#/$defs/{name}") })).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The JSON output of polyprofile",
        "anyOf": any,
        "$defs": outputs,
    })
}

/// A schema inside another one: an identifier of its own keeps its references to itself.
fn embedded(mut schema: Value, name: &str) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert("$id".to_owned(), json!(format!("urn:polyprofile:output:{name}")));
    }
    schema
}

/// The schema of what is written, in which every key is always there.
fn written<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}
