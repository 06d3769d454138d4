//! No Rust or CSS file over 600 lines; over 400 lines it wants a second look.

use super::files::Tracked;

const HARD: usize = 600;
const SOFT: usize = 400;

pub fn too_long(tracked: &Tracked) -> Vec<String> {
    longer_than(tracked, HARD)
}

pub fn long(tracked: &Tracked) -> Vec<String> {
    longer_than(tracked, SOFT)
}

fn longer_than(tracked: &Tracked, limit: usize) -> Vec<String> {
    let mut found: Vec<_> = tracked
        .with_extension(&["rs", "css"])
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, _)| *lines > limit)
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(lines, path)| format!("{path}: {lines} lines")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_have_600_lines_and_not_601() {
        let planted = |lines: usize| Tracked::planted(&[("crates/a/src/lib.rs", "x\n".repeat(lines).as_str())]);
        assert!(too_long(&planted(600)).is_empty());
        assert_eq!(too_long(&planted(601)), ["crates/a/src/lib.rs: 601 lines"]);
        assert!(long(&planted(400)).is_empty());
        assert_eq!(long(&planted(401)).len(), 1);
    }

    #[test]
    fn a_long_lock_file_is_nobodys_business() {
        assert!(too_long(&Tracked::planted(&[("Cargo.lock", "x\n".repeat(9000).as_str())])).is_empty());
    }
}
