//! The arrows of ARCHITECTURE.md, checked on the sources themselves.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// For each crate, the crates of this workspace that it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("http", &["core"]),
    ("postproxy", &["core", "http"]),
    ("postcore", &["core", "http"]),
    ("postpress", &["core", "http"]),
    ("polyprofile", &["core", "http", "postproxy", "postcore", "postpress"]),
    ("conformance", &["core"]),
    ("emulator", &[]),
    ("cli", &["polyprofile", "emulator"]),
];

#[test]
fn every_crate_depends_only_on_those_to_its_left() {
    let mut crates: Vec<String> = entries(&root().join("crates")).iter().map(|path| file_name(path)).collect();
    let mut known: Vec<String> = ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect();
    crates.sort();
    known.sort();
    assert_eq!(crates, known, "a new crate gets its line in this table");

    for (name, allowed) in ALLOWED {
        let manifest = read(&root().join("crates").join(name).join("Cargo.toml"));
        // What only tests of a crate use does not reach its users.
        let dependencies = manifest.split("[dev-dependencies]").next().unwrap_or_default();
        for line in dependencies.lines().filter(|line| line.starts_with("polyprofile")) {
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
            let dependency = dependency.strip_prefix("polyprofile-").unwrap_or(dependency);
            assert!(allowed.contains(&dependency), "{name} must not depend on {dependency}");
        }
    }
}

#[test]
fn only_http_names_the_http_client_and_only_any_names_enum_dispatch() {
    for source in sources(&root().join("crates")) {
        let (path, text) = (source.display().to_string(), read(&source));
        if !path.contains("crates/http/") {
            assert!(!text.contains("reqwest"), "{path} names reqwest");
        }
        if !path.ends_with("crates/polyprofile/src/any.rs") {
            assert!(!text.contains("enum_dispatch"), "{path} names enum_dispatch");
        }
    }
}

#[test]
fn the_core_knows_no_vendor_and_opens_no_socket() {
    for source in sources(&root().join("crates/core/src")) {
        // Its tests may name vendors: providers need some name.
        let text = read(&source);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in ["postproxy", "postcore", "postpress"] {
            let named =
                code.lines().find(|line| !line.trim_start().starts_with("//") && line.to_lowercase().contains(word));
            assert_eq!(named, None, "{} names {word}", source.display());
        }
        assert!(!code.contains("tokio::net") && !code.contains("std::net"), "{} opens a socket", source.display());
    }
}

#[test]
fn every_adapter_has_the_same_five_files() {
    for adapter in ["postproxy", "postcore", "postpress"] {
        let folder = root().join("crates").join(adapter).join("src");
        let files = entries(&folder).into_iter().filter(|path| path.is_file());
        let mut files: Vec<String> = files.map(|path| file_name(&path)).collect();
        files.sort();
        assert_eq!(files, ["convert.rs", "fault.rs", "lib.rs", "provider.rs", "wire.rs"], "{adapter}");
    }
}

#[test]
fn every_example_is_in_the_readme() {
    let readme = read(&root().join("README.md"));
    for path in entries(&root().join("examples")).iter().filter(|path| path.extension().is_some_and(|end| end == "rs"))
    {
        let link = format!("examples/{}", file_name(path));
        assert!(readme.contains(&link), "README.md does not mention {link}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the workspace").to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|problem| panic!("{}: {problem}", folder.display()));
    entries.map(|entry| entry.expect("a readable folder").path()).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<_>, Vec<_>) = entries(folder).into_iter().partition(|path| path.is_dir());
    let rust = files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    rust.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
