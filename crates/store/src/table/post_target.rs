use domain::id::PostId;
use domain::post::Post;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use crate::error::StoreError;

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

/// Keeps the accounts of a post. Typing does not change them, so mostly nothing is written.
pub(crate) async fn save(db: &impl ConnectionTrait, post: &Post) -> Result<(), StoreError> {
    let wanted: Vec<String> = post.draft.targets.iter().map(|target| target.account.to_string()).collect();
    let id = post.id.to_string();
    if accounts(db, post.id).await? == wanted {
        return Ok(());
    }
    row::Entity::delete_many().filter(row::Column::Post.eq(&id)).exec(db).await?;
    let rows = (0i64..).zip(wanted).map(|(position, account)| row::ActiveModel {
        post: Set(id.clone()),
        account: Set(account),
        position: Set(position),
    });
    for row in rows {
        row::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn accounts(db: &impl ConnectionTrait, post: PostId) -> Result<Vec<String>, StoreError> {
    let rows = row::Entity::find()
        .select_only()
        .column(row::Column::Account)
        .filter(row::Column::Post.eq(post.to_string()))
        .order_by_asc(row::Column::Position);
    Ok(rows.into_tuple().all(db).await?)
}
