use std::collections::BTreeSet;

use domain::post::Post;
use sea_orm::entity::prelude::*;
use sea_orm::{QuerySelect, Set};

use crate::error::StoreError;

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

/// Keeps which files a post uses. Typing does not change them, so mostly nothing is written.
pub(crate) async fn save(db: &impl ConnectionTrait, post: &Post) -> Result<(), StoreError> {
    let wanted: BTreeSet<String> = post.draft.images().iter().map(ToString::to_string).collect();
    let id = post.id.to_string();
    let rows = row::Entity::find().select_only().column(row::Column::Media).filter(row::Column::Post.eq(&id));
    let known: Vec<String> = rows.into_tuple().all(db).await?;
    if known.into_iter().collect::<BTreeSet<_>>() == wanted {
        return Ok(());
    }
    row::Entity::delete_many().filter(row::Column::Post.eq(&id)).exec(db).await?;
    for media in wanted {
        let row = row::ActiveModel { post: Set(id.clone()), media: Set(media) };
        row::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok(())
}
