use crate::sql::Sql;

/// Posts of which nobody has read yet what came of two changes: few of many, and asked for with every list.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0016_merged",
    up: &["CREATE INDEX post_merged ON post (id) WHERE deleted = 0 AND json_extract(data, '$.merge') IS NOT NULL"],
};
