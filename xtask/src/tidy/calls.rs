//! Calls that must not appear in any Rust file, tests included.

use super::files::Tracked;

/// The call, and why not. Written in two parts, so that this file does not break its own rule.
const BANNED: &[(&str, &str, &str)] = &[
    ("from_html", "_unchecked", "text from outside is text"),
    ("todo", "!(", "what is not written yet is left out"),
    ("unimplemented", "!(", "what is not written yet is left out"),
];

pub fn check(tracked: &Tracked) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in tracked.with_extension(&["rs"]) {
        for (number, line) in file.text.lines().enumerate() {
            for (first, second, why) in BANNED {
                let call = format!("{first}{second}");
                if line.contains(&call) {
                    wrong.push(format!("{}:{}: `{call}`: {why}", file.path, number + 1));
                }
            }
        }
    }
    wrong
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
    fn other_files_may_name_them() {
        let text = format!("\"{}{}\"", BANNED[0].0, BANNED[0].1);
        assert!(check(&Tracked::planted(&[("clippy.toml", text.as_str())])).is_empty());
    }
}
