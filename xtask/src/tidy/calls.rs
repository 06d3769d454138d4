//! Calls that must not appear in any Rust file, tests included, and those that must not appear in the rules.

use super::files::{File, Tracked};

/// The call, and why not. Written in two parts, so that this file does not break its own rule.
const BANNED: &[(&str, &str, &str)] = &[
    ("from_html", "_unchecked", "text from outside is text"),
    ("todo", "!(", "what is not written yet is left out"),
    ("unimplemented", "!(", "what is not written yet is left out"),
];

/// The rules answer the same to the same question, everywhere and every time.
const RULES: &str = "crates/domain/src";
const BANNED_IN_RULES: &[(&str, &str, &str)] = &[
    ("Hash", "Map", "its order differs from run to run: BTreeMap has one"),
    ("Hash", "Set", "its order differs from run to run: BTreeSet has one"),
    ("std::", "env", "what is outside comes in as an argument"),
    ("std::", "fs", "what is outside comes in as an argument"),
    ("async ", "fn", "the rules wait for nothing"),
];

pub fn check(tracked: &Tracked) -> Vec<String> {
    let everywhere = tracked.with_extension(&["rs"]).flat_map(|file| found(file, BANNED));
    let rules = tracked.below(RULES).flat_map(|file| found(file, BANNED_IN_RULES));
    everywhere.chain(rules).collect()
}

fn found<'a>(file: &'a File, banned: &'a [(&str, &str, &str)]) -> impl Iterator<Item = String> + 'a {
    file.text.lines().enumerate().flat_map(move |(number, line)| {
        banned.iter().filter_map(move |(first, second, why)| {
            let call = format!("{first}{second}");
            line.contains(&call).then(|| format!("{}:{}: `{call}`: {why}", file.path, number + 1))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_planted_call_is_found_with_its_line() {
        for (first, second, _) in BANNED {
            let text = format!("fn a() {{\n    {first}{second}\n}}\n");
            let wrong = check(&Tracked::planted(&[("ui/src/main.rs", text.as_str())]));
            assert_eq!(wrong.len(), 1);
            assert!(wrong[0].starts_with("ui/src/main.rs:2:"), "{wrong:?}");
        }
    }

    #[test]
    fn what_has_no_order_stays_out_of_the_rules_alone() {
        let text = format!("use std::collections::{}{};\n", BANNED_IN_RULES[0].0, BANNED_IN_RULES[0].1);
        assert_eq!(check(&Tracked::planted(&[("crates/domain/src/post.rs", text.as_str())])).len(), 1);
        assert!(check(&Tracked::planted(&[("crates/engine/src/lib.rs", text.as_str())])).is_empty());
    }

    #[test]
    fn other_files_may_name_them() {
        let text = format!("\"{}{}\"", BANNED[0].0, BANNED[0].1);
        assert!(check(&Tracked::planted(&[("clippy.toml", text.as_str())])).is_empty());
    }
}
