use std::collections::BTreeSet;

use domain::post::Post;
use sea_orm::entity::prelude::*;
use sea_orm::{QuerySelect, Set};

use crate::error::StoreError;
use crate::table::post::AT_ONCE;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "post_target")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub post: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account: String,
        pub position: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Keeps the accounts of posts. Typing does not change them, so mostly nothing is written.
pub(crate) async fn save_all(db: &impl ConnectionTrait, posts: &[&Post]) -> Result<(), StoreError> {
    let wanted = posts.iter().flat_map(|post| {
        let targets = (0_i64..).zip(&post.draft.targets);
        targets.map(|(position, target)| (post.id.to_string(), position, target.account.to_string()))
    });
    let wanted: BTreeSet<(String, i64, String)> = wanted.collect();
    let ids: Vec<String> = posts.iter().map(|post| post.id.to_string()).collect();
    let rows = row::Entity::find()
        .select_only()
        .columns([row::Column::Post, row::Column::Position, row::Column::Account])
        .filter(row::Column::Post.is_in(&ids));
    let known: Vec<(String, i64, String)> = rows.into_tuple().all(db).await?;
    if known.into_iter().collect::<BTreeSet<_>>() == wanted {
        return Ok(());
    }
    row::Entity::delete_many().filter(row::Column::Post.is_in(&ids)).exec(db).await?;
    let rows = wanted.into_iter().map(|(post, position, account)| row::ActiveModel {
        post: Set(post),
        account: Set(account),
        position: Set(position),
    });
    let rows: Vec<_> = rows.collect();
    for rows in rows.chunks(AT_ONCE) {
        row::Entity::insert_many(rows.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}
