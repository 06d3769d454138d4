//! Each name on the wire is written once in the contract: in its row of the command table.

use super::files::Tracked;
use std::collections::BTreeMap;

const CONTRACT: &str = "crates/contract/src";
const TABLE: &str = "crates/contract/src/table.rs";

pub fn check(tracked: &Tracked) -> Vec<String> {
    let Some(table) = tracked.get(TABLE) else {
        return vec![format!("{TABLE} is missing: it holds the command table")];
    };
    let rows: Vec<_> = table.text.lines().filter_map(wire_name).collect();
    if rows.is_empty() {
        return vec![format!("{TABLE} has no row that can be read")];
    }
    let mut places: BTreeMap<&str, Vec<String>> = rows.into_iter().map(|name| (name, Vec::new())).collect();
    for file in tracked.below(CONTRACT) {
        for (number, line) in file.text.lines().enumerate() {
            for name in line.split('"').skip(1).step_by(2) {
                if let Some(places) = places.get_mut(name) {
                    places.push(format!("{}:{}", file.path, number + 1));
                }
            }
        }
    }
    places
        .into_iter()
        .filter(|(_, places)| places.len() > 1)
        .map(|(name, places)| format!("`{name}` is written {} times: {}", places.len(), places.join(", ")))
        .collect()
}

/// The name in a row: `module::Command => Reply, "name", Access[Tags];`
fn wire_name(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("=>")?;
    let (_, rest) = rest.split_once(", \"")?;
    let (name, rest) = rest.split_once('"')?;
    (rest.starts_with(", Reads[") || rest.starts_with(", Writes[")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "posts::GetPost => posts::PostView, \"get_post\", Reads[Posts];\n";

    #[test]
    fn a_second_row_with_the_same_name_is_found() {
        let twice = format!("{ROW}posts::Other => (), \"get_post\", Writes[Posts];\n");
        let wrong = check(&Tracked::planted(&[(TABLE, twice.as_str())]));
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].contains("`get_post` is written 2 times"), "{wrong:?}");
    }

    #[test]
    fn a_copy_elsewhere_in_the_contract_is_found_and_elsewhere_is_not_looked_at() {
        let copy = "const NAME: &str = \"get_post\";";
        assert_eq!(check(&Tracked::planted(&[(TABLE, ROW), ("crates/contract/src/posts.rs", copy)])).len(), 1);
        assert!(check(&Tracked::planted(&[(TABLE, ROW), ("tests/story.rs", copy)])).is_empty());
    }

    #[test]
    fn a_table_that_cannot_be_read_is_not_taken_for_a_good_one() {
        assert_eq!(check(&Tracked::planted(&[])).len(), 1);
        assert_eq!(check(&Tracked::planted(&[(TABLE, "posts::GetPost -> get_post")])).len(), 1);
    }
}
