//! Every pair of `pairs.txt`: whoever is linked is one, and how many of those who are one are linked.

use std::collections::HashMap;

use crate::support::{partition, rows, unified};

struct Pair {
    left: &'static str,
    right: &'static str,
    label: &'static str,
    why: &'static str,
}

fn pairs() -> Vec<Pair> {
    let lines = include_str!("pairs.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pairs = lines.map(|line| match line.split(" | ").collect::<Vec<_>>()[..] {
        [left, right, label, why] => Pair { left, right, label, why },
        _ => panic!("not four parts: {line}"),
    });
    pairs.collect()
}

fn is_linked(left: &str, right: &str) -> bool {
    match partition(&unified(&rows(&[left, right]))).as_str() {
        "p0+p1" => true,
        "p0 p1" => false,
        other => panic!("two connections became {other}"),
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures and the misses, for whoever runs it with --nocapture")]
fn whoever_is_linked_is_one_account() {
    let pairs = pairs();
    let mut count: HashMap<&str, (u32, u32)> = HashMap::new();
    let (mut wrong, mut missed) = (Vec::new(), Vec::new());
    for Pair { left, right, label, why } in &pairs {
        assert!(["same", "different", "unknown"].contains(label), "{label}");
        let linked = is_linked(left, right);
        assert_eq!(linked, is_linked(right, left), "the other way round: {left} | {right}");
        let (all, links) = count.entry(label).or_default();
        *all += 1;
        *links += u32::from(linked);
        match (*label, linked) {
            ("same", false) => missed.push(format!("  {left} | {right} ({why})")),
            ("different" | "unknown", true) => wrong.push(format!("  {left} | {right}: {label}, {why}")),
            _ => {}
        }
    }
    let (same, found) = count["same"];
    let recall = f64::from(found) / f64::from(same);
    println!("{} pairs; {found} of {same} that are one are linked: recall {recall:.3}; missed:", pairs.len());
    println!("{}", missed.join("\n"));
    assert!(wrong.is_empty(), "linked, and not known to be one:\n{}", wrong.join("\n"));
    assert!(pairs.len() >= 300 && count["different"].0 >= 70 && count["unknown"].0 >= 80, "{count:?}");
    assert!(recall >= 0.99, "recall {recall:.3}; missed:\n{}", missed.join("\n"));
}

/// A pair that is written twice counts twice.
#[test]
fn every_pair_is_another_one() {
    let mut known = HashMap::new();
    for (place, Pair { left, right, .. }) in pairs().iter().enumerate() {
        let pair = if left < right { (*left, *right) } else { (*right, *left) };
        assert_eq!(known.insert(pair, place), None, "{left} | {right}");
    }
}
