//! What a person looks for by its name: posts that have the words in their title come first.

use sea_orm::{DbBackend, FromQueryResult, Statement, Value};

use super::{LineRow, Order, PostFilter, PostRow, Query};
use crate::error::StoreError;
use crate::store::Store;

/// A post that has all the words, with the place where they occur as its snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPost {
    pub row: PostRow,
    /// All of them are in what lists call it.
    pub in_title: bool,
}

impl Store {
    /// Posts that have all these words, at most `limit`: first those that have them in their title, each part the last
    /// changed first. The last word may be unfinished.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn posts_found(&self, text: &str, limit: u32) -> Result<Vec<FoundPost>, StoreError> {
        match self.found(text, limit).await {
            Err(StoreError::SearchIndex) => {
                self.rebuild_search().await?;
                self.found(text, limit).await
            }
            found => found,
        }
    }

    async fn found(&self, text: &str, limit: u32) -> Result<Vec<FoundPost>, StoreError> {
        let filter = PostFilter { text: Some(text.to_owned()), ..PostFilter::default() };
        let query = Query::new(&filter, Order::Changed.index());
        if query.search.is_none() {
            return Ok(Vec::new());
        }
        let found = LineRow::find_by_statement(query.titles_first(text, limit)).all(&self.readers).await?;
        let in_title: Vec<bool> = found.iter().map(|row| row.sort > 0).collect();
        let rows = self.with_snippets(found, query.search.as_ref()).await?;
        Ok(rows.into_iter().zip(in_title).map(|(row, in_title)| FoundPost { row, in_title }).collect())
    }
}

impl Query {
    /// The column `sort` says whether all words are in the title.
    fn titles_first(&self, text: &str, limit: u32) -> Statement {
        let Self { index, conditions, .. } = self;
        let mut in_title = "1".to_owned();
        let mut values: Vec<Value> = Vec::new();
        for word in text.split_whitespace().take(WORDS_MAX) {
            // SQLite knows the small letters of English alone: a first letter of another language is tried both ways
            in_title.push_str(&format!(" AND (instr({SHOWN}, ?) OR instr({SHOWN}, ?))"));
            values.extend([Value::from(word.to_lowercase()), Value::from(capitalised(word))]);
        }
        values.extend(self.values.iter().cloned());
        // the rest of a row is read for those that are shown
        let sql = format!(
            "WITH best AS (SELECT p.n, ({in_title}) AS sort FROM post p INDEXED BY {index} WHERE {conditions} \
             ORDER BY sort DESC, p.updated_at DESC, p.id DESC LIMIT {limit}) \
             SELECT p.n, p.id, best.sort, p.title, p.first_line, p.status, p.due_at, p.zone, p.persona, p.created_at, \
             p.updated_at, p.version, p.deleted, p.series IS NOT NULL AS repeats, \
             (SELECT group_concat(t.account, ' ' ORDER BY t.position) FROM post_target t WHERE t.post = p.id) \
             AS accounts \
             FROM best JOIN post p ON p.n = best.n ORDER BY best.sort DESC, p.updated_at DESC, p.id DESC"
        );
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
    }
}

/// What lists call a post, in small letters.
const SHOWN: &str = "lower(CASE p.title WHEN '' THEN p.first_line ELSE p.title END)";

/// More than a person types.
const WORDS_MAX: usize = 24;

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}

#[cfg(test)]
mod tests {
    use domain::Record;
    use jiff::SignedDuration;

    use crate::tests::{Laptop, now, planned, post_id};

    #[tokio::test]
    async fn words_in_the_title_come_before_words_in_the_text() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let texts = [
            "A long story\nand somewhere in it the rye bread",
            "Rye bread is back",
            "Nothing of the kind",
            "Über den Roggen: rye, bread and salt",
            "Bread\nand rye below",
        ];
        let posts = texts.into_iter().enumerate().map(|(number, text)| {
            let mut post = planned(number as u128, text, now(), &[1]);
            post.updated_at = now() - SignedDuration::from_secs(i64::try_from(number).unwrap());
            Record::Post(post)
        });
        store.put(posts).await;
        let found = async |text: &str, limit| {
            let found = store.posts_found(text, limit).await.unwrap();
            found.into_iter().map(|found| (found.row.id, found.in_title)).collect::<Vec<_>>()
        };
        let [story, back, _, salt, below] = [0, 1, 2, 3, 4].map(post_id);
        assert_eq!(found("RYE brea", 10).await, [(back, true), (salt, true), (story, false), (below, false)]);
        assert_eq!(found("rye", 2).await, [(back, true), (salt, true)]);
        assert_eq!(found("über", 10).await, [(salt, true)], "the first letter is a capital there");
        assert_eq!(found("  ", 10).await, []);
        let hit = store.posts_found("somewhere", 10).await.unwrap().remove(0).row.snippet;
        assert!(hit.iter().any(|part| part.hit && part.text == "somewhere"), "{hit:?}");
    }
}
