use std::collections::BTreeSet;

use domain::post::Post;
use sea_orm::entity::prelude::*;
use sea_orm::{QuerySelect, Set};

use crate::error::StoreError;
use crate::table::post::AT_ONCE;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "post_media")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub post: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub media: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Keeps which files posts use. Typing does not change them, so mostly nothing is written.
pub(crate) async fn save_all(db: &impl ConnectionTrait, posts: &[&Post]) -> Result<(), StoreError> {
    let wanted = posts.iter().flat_map(|post| {
        let files: BTreeSet<String> = post.draft.images().iter().map(ToString::to_string).collect();
        files.into_iter().map(|file| (post.id.to_string(), file))
    });
    let wanted: BTreeSet<(String, String)> = wanted.collect();
    let ids: Vec<String> = posts.iter().map(|post| post.id.to_string()).collect();
    let rows = row::Entity::find().select_only().columns([row::Column::Post, row::Column::Media]);
    let known: Vec<(String, String)> = rows.filter(row::Column::Post.is_in(&ids)).into_tuple().all(db).await?;
    if known.into_iter().collect::<BTreeSet<_>>() == wanted {
        return Ok(());
    }
    row::Entity::delete_many().filter(row::Column::Post.is_in(&ids)).exec(db).await?;
    let rows = wanted.into_iter().map(|(post, media)| row::ActiveModel { post: Set(post), media: Set(media) });
    let rows: Vec<_> = rows.collect();
    for rows in rows.chunks(AT_ONCE) {
        row::Entity::insert_many(rows.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}
