use crate::sql::Sql;

/// Full-text search over posts. The index holds no text of its own; triggers keep it in the transaction of the post.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0003_search",
    up: &[
        "CREATE VIRTUAL TABLE post_fts USING fts5 (
            title, body, signs,
            content = 'post', content_rowid = 'n',
            tokenize = 'unicode61 remove_diacritics 2',
            prefix = '2 3'
        )",
        "CREATE TRIGGER post_fts_insert AFTER INSERT ON post BEGIN
            INSERT INTO post_fts (rowid, title, body, signs) VALUES (new.n, new.title, new.body, new.signs);
        END",
        // the condition keeps every change of state from indexing the text anew
        "CREATE TRIGGER post_fts_update AFTER UPDATE OF title, body, signs ON post
            WHEN old.title IS NOT new.title OR old.body IS NOT new.body BEGIN
            INSERT INTO post_fts (post_fts, rowid, title, body, signs)
            VALUES ('delete', old.n, old.title, old.body, old.signs);
            INSERT INTO post_fts (rowid, title, body, signs) VALUES (new.n, new.title, new.body, new.signs);
        END",
        "CREATE TRIGGER post_fts_delete AFTER DELETE ON post BEGIN
            INSERT INTO post_fts (post_fts, rowid, title, body, signs)
            VALUES ('delete', old.n, old.title, old.body, old.signs);
        END",
        "INSERT INTO post_fts (post_fts) VALUES ('rebuild')",
    ],
};
