use crate::sql::Sql;

/// Which posts use a file, and which files were taken out of the library.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0011_library",
    up: &[
        "ALTER TABLE media ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0",
        "CREATE TABLE post_media (
            post TEXT NOT NULL,
            media TEXT NOT NULL,
            PRIMARY KEY (post, media)
        ) STRICT, WITHOUT ROWID",
        "CREATE INDEX post_media_by_media ON post_media (media)",
        "INSERT INTO post_media (post, media)
            SELECT DISTINCT post.id, found.value FROM post, json_tree(post.data, '$.draft') found
            WHERE found.key = 'media' AND found.type = 'text'",
    ],
};
