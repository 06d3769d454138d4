//! Where in a post the words occur that were looked for.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use crate::error::StoreError;
use crate::table::post_list::marks;
use crate::table::search::Search;

/// A piece of text around a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnippetPart {
    pub text: String,
    pub hit: bool,
}

/// Marks that no text contains in earnest; they are cut out again below.
const HIT: char = '\u{2}';
const END: char = '\u{3}';

/// Characters shown on each side of a literal hit.
const AROUND: usize = 50;

#[derive(Debug, FromQueryResult)]
struct Row {
    n: i64,
    title: String,
    body: String,
}

/// Snippets of posts by their number in the index.
pub(crate) async fn of(
    db: &impl ConnectionTrait,
    search: &Search,
    numbers: &[i64],
) -> Result<BTreeMap<i64, Vec<SnippetPart>>, StoreError> {
    if numbers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut found: BTreeMap<i64, Vec<SnippetPart>> = BTreeMap::new();
    if let Some(expression) = &search.index {
        for row in Row::find_by_statement(by_index(expression, numbers)).all(db).await? {
            let shown = [row.body, row.title].into_iter().find(|text| text.contains(HIT));
            found.insert(row.n, shown.as_deref().map(marked).unwrap_or_default());
        }
    }
    let literal: Vec<&str> = search.signs.iter().chain(&search.literal).map(String::as_str).collect();
    let rest: Vec<i64> = numbers.iter().copied().filter(|n| found.get(n).is_none_or(Vec::is_empty)).collect();
    if !literal.is_empty() && !rest.is_empty() {
        for row in Row::find_by_statement(texts(&rest)).all(db).await? {
            let shown = [&row.body, &row.title].into_iter().find_map(|text| around(text, &literal));
            found.insert(row.n, shown.unwrap_or_default());
        }
    }
    Ok(found)
}

fn by_index(expression: &str, numbers: &[i64]) -> Statement {
    // the plus makes one walk through the hits out of as many searches as there are rows
    let sql = format!(
        "SELECT f.rowid AS n, snippet(post_fts, 0, char(2), char(3), '…', 18) AS title, \
         snippet(post_fts, 1, char(2), char(3), '…', 18) AS body \
         FROM post_fts f WHERE f.post_fts MATCH ? AND +f.rowid IN ({})",
        marks(numbers.len())
    );
    let values = std::iter::once(Value::from(expression)).chain(numbers.iter().map(|n| Value::from(*n)));
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

fn texts(numbers: &[i64]) -> Statement {
    let sql = format!("SELECT n, title, body FROM post WHERE n IN ({})", marks(numbers.len()));
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, numbers.iter().map(|n| Value::from(*n)))
}

fn marked(text: &str) -> Vec<SnippetPart> {
    let mut parts = Vec::new();
    for piece in text.split_inclusive([HIT, END]) {
        let (text, hit) = match (piece.strip_suffix(HIT), piece.strip_suffix(END)) {
            (Some(before), _) => (before, false),
            (None, Some(hit)) => (hit, true),
            (None, None) => (piece, false),
        };
        if !text.is_empty() {
            parts.push(SnippetPart { text: text.to_owned(), hit });
        }
    }
    parts
}

/// The first of the pieces that occurs, with a little text on both sides.
fn around(text: &str, pieces: &[&str]) -> Option<Vec<SnippetPart>> {
    let (piece, (before, after)) = pieces.iter().find_map(|piece| Some((*piece, text.split_once(piece)?)))?;
    let mut left: Vec<char> = before.chars().rev().take(AROUND + 1).collect();
    if left.len() > AROUND {
        left.pop();
        left.push('…');
    }
    let mut right: String = after.chars().take(AROUND).collect();
    if after.chars().nth(AROUND).is_some() {
        right.push('…');
    }
    let parts = [(left.into_iter().rev().collect(), false), (piece.to_owned(), true), (right, false)];
    Some(parts.into_iter().filter(|(text, _)| !text.is_empty()).map(|(text, hit)| SnippetPart { text, hit }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[SnippetPart]) -> String {
        parts.iter().map(|part| if part.hit { format!("[{}]", part.text) } else { part.text.clone() }).collect()
    }

    #[test]
    fn marks_become_parts() {
        assert_eq!(shown(&marked("…the \u{2}rye\u{3} is \u{2}ready\u{3}")), "…the [rye] is [ready]");
        assert_eq!(shown(&marked("\u{2}rye\u{3}")), "[rye]");
        assert_eq!(marked(""), []);
    }

    #[test]
    fn a_literal_hit_is_shown_in_its_place() {
        assert_eq!(shown(&around("fresh 🥖 now", &["🥐", "🥖"]).unwrap()), "fresh [🥖] now");
        let long = format!("{}🥖{}", "a".repeat(80), "b".repeat(80));
        let parts = around(&long, &["🥖"]).unwrap();
        assert_eq!(shown(&parts), format!("…{}[🥖]{}…", "a".repeat(50), "b".repeat(50)));
        assert_eq!(around("plain", &["🥖"]), None);
    }
}
