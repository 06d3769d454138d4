//! Words that belong to one machine or one network and not to the project.

use super::files::Tracked;

/// Folders of one machine, when a path starts with them. In two parts, so that this file does not break its own rule.
const FOLDERS: &[(&str, &str)] = &[("/ro", "ot/"), ("/wo", "rk/"), ("/ho", "me/"), ("/Us", "ers/"), (":\\Us", "ers\\")];

/// The people of the tests and the documents: whose folders may be named.
const PEOPLE: &[&str] = &["ada", "ben", "cleo"];

/// Hosts that packages are fetched from: a lock file must work with any mirror.
const REGISTRIES: &[(&str, &str)] = &[
    ("registry.np", "mjs.org"),
    ("registry.yarn", "pkg.com"),
    ("files.python", "hosted.org"),
    ("pypi.org/", "simple"),
    ("index.cra", "tes.io"),
    ("static.cra", "tes.io"),
    ("arti", "factory"),
    ("verda", "ccio"),
];

pub fn check(tracked: &Tracked) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in tracked.all() {
        for (number, line) in file.text.lines().enumerate() {
            let mut found = |what: String| wrong.push(format!("{}:{}: {what}", file.path, number + 1));
            for (first, second) in FOLDERS {
                let folder = format!("{first}{second}");
                if starts_a_path(line, &folder) {
                    found(format!("`{folder}` is a folder of one machine"));
                }
            }
            for (first, second) in REGISTRIES {
                let host = format!("{first}{second}");
                if line.contains(&host) {
                    found(format!("`{host}` ties the file to one registry"));
                }
            }
        }
    }
    wrong
}

/// Whether the folder stands at the start of a path: `docs/home/` and `https://host/home/` are nobody's home, and the people
/// of the tests live on no machine.
fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let after = line.get(at + folder.len()..).unwrap_or_default();
        let name = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if PEOPLE.contains(&name) {
            return false;
        }
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        // a drive letter belongs to the path, and makes it absolute
        folder.starts_with(':') || !before.is_some_and(|c| c.is_alphanumeric() || "._-~*}>)".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_planted_folder_and_host_is_found() {
        for (first, second) in FOLDERS {
            let line = format!("see \"{}{first}{second}somebody\"", if first.starts_with(':') { "C" } else { "" });
            assert_eq!(check(&Tracked::planted(&[("docs/a.md", line.as_str())])).len(), 1, "{line}");
        }
        for (first, second) in REGISTRIES {
            let line = format!("\"resolved\": \"https://{first}{second}/a\"");
            assert_eq!(check(&Tracked::planted(&[("package-lock.json", line.as_str())])).len(), 1, "{line}");
        }
    }

    #[test]
    fn the_people_of_the_tests_have_homes() {
        let (first, second) = FOLDERS[2];
        let line = format!("{first}{second}ada/sendoff and {first}{second}ben");
        assert!(check(&Tracked::planted(&[("crates/a/src/lib.rs", line.as_str())])).is_empty());
        let line = format!("{first}{second}ada/sendoff and {first}{second}adam");
        assert_eq!(check(&Tracked::planted(&[("crates/a/src/lib.rs", line.as_str())])).len(), 1);
    }

    #[test]
    fn a_folder_in_the_middle_of_a_path_is_allowed() {
        let (first, second) = FOLDERS[1];
        for before in ["target", "https://example.com", "~", "${base}"] {
            let line = format!("{before}{first}{second}a");
            assert!(check(&Tracked::planted(&[("docs/a.md", line.as_str())])).is_empty(), "{line}");
        }
    }
}
