//! Every trap in the vendors' documents has its line in `documents/TRAPS.md`, and the tests it names exist.

use std::{collections::BTreeMap, fs, path::Path};

/// The traps, by letter and how many there are: Postproxy, Postcore, Postpress, across vendors.
const TRAPS: [(char, u32); 4] = [('P', 31), ('C', 17), ('X', 33), ('V', 6)];

#[test]
fn every_trap_has_one_line() {
    let lines = lines();
    let expected = TRAPS.iter().flat_map(|(letter, count)| (1..=*count).map(move |number| format!("{letter}{number}")));
    for trap in expected {
        assert_eq!(lines.get(&trap).map(Vec::len), Some(1), "{trap} has one line");
    }
    assert_eq!(lines.len(), TRAPS.iter().map(|(_, count)| *count as usize).sum::<usize>(), "and nothing else has one");
}

#[test]
fn the_tests_that_a_line_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the workspace");
    let mut missing = Vec::new();
    for (trap, line) in
        lines().into_iter().flat_map(|(trap, lines)| lines.into_iter().map(move |line| (trap.clone(), line)))
    {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let tests = match cells[..] {
            [_, _, reason] => {
                assert!(reason.starts_with("none: ") && reason.len() > 20, "{trap} has tests, or a reason why not");
                continue;
            }
            [_, _, _, tests] => tests,
            _ => panic!("{trap} has four columns, or three and a reason: {line}"),
        };
        for test in tests.split("; ") {
            let (file, name) = test.split_once(": ").unwrap_or_else(|| panic!("{trap}: `file: test`, not {test}"));
            let source = fs::read_to_string(root.join(file)).unwrap_or_default();
            if !is_test(&source, name) {
                missing.push(format!("{trap}: {file} has no test {name}"));
            }
        }
    }
    assert_eq!(missing, [""; 0]);
}

/// Whether `source` has a function of that name with a test attribute above it, or one in a `proptest!`.
fn is_test(source: &str, name: &str) -> bool {
    let Some(place) = source.find(&format!("fn {name}(")) else { return false };
    let above = &source[..place];
    let attributes = above.rsplit_once("}\n").map_or(above, |(_, attributes)| attributes);
    attributes.contains("test]") || attributes.contains("::test(")
}

/// The lines of the tables, by trap.
fn lines() -> BTreeMap<String, Vec<&'static str>> {
    let mut lines: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for line in include_str!("documents/TRAPS.md").lines().filter(|line| line.starts_with("| ")) {
        let trap = line.trim_matches('|').split('|').next().unwrap_or_default().trim();
        if trap.len() > 1 && trap[1..].bytes().all(|byte| byte.is_ascii_digit()) {
            lines.entry(trap.to_owned()).or_default().push(line);
        }
    }
    lines
}
