//! A type says what it is: none ends in a word that fits everything.

use super::files::Tracked;

const KINDS: &[&str] = &["struct", "enum", "trait", "type", "union"];
const ENDINGS: &[&str] = &["Dto", "DTO", "Manager", "Helper", "Util", "Utils"];

pub fn check(tracked: &Tracked) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in tracked.with_extension(&["rs"]) {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(name) = declared(line).filter(|name| ENDINGS.iter().any(|ending| name.ends_with(ending))) {
                wrong.push(format!("{}:{}: `{name}` says nothing with its ending", file.path, number + 1));
            }
        }
    }
    wrong
}

/// The name of the type that a line declares.
fn declared(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| *word == "unsafe" || word.starts_with("pub"));
    let kind = words.next()?;
    let rest = words.next()?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    KINDS.contains(&kind).then(|| rest.get(..end)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_name_is_found_wherever_it_is_declared() {
        for line in [
            "pub struct PostDto {",
            "enum AccountManager<T> {",
            "pub(crate) trait TextHelper: Send {",
            "type DateUtils = ();",
        ] {
            let wrong = check(&Tracked::planted(&[("crates/a/src/lib.rs", line)]));
            assert_eq!(wrong.len(), 1, "{line}");
        }
    }

    #[test]
    fn a_use_of_somebody_elses_name_is_allowed() {
        for line in [
            "manager: &SchemaManager<'_>,",
            "use sea_orm_migration::SchemaManager;",
            "struct Managers;",
            "// struct of a Manager",
        ] {
            assert!(check(&Tracked::planted(&[("crates/a/src/lib.rs", line)])).is_empty(), "{line}");
        }
    }
}
