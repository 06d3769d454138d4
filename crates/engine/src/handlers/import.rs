use contract::ApiError;
use contract::import::{ImportPosts, ImportPreview, Imported, PreviewImport};
use domain::Mutation;
use domain::id::PostId;
use domain::mutation::ImportedPost;

use crate::dispatch::{Call, Handle};
use crate::import::Table;

impl Handle<PreviewImport> for Call {
    async fn handle(&self, command: PreviewImport) -> Result<ImportPreview, ApiError> {
        let PreviewImport { table, columns, accounts, zone } = command;
        let table = Table::read(&table, columns)?;
        let known = self.engine.accounts().await?;
        let planned = table.plan(&known, &accounts, &zone, self.engine.now());
        let rows: Vec<_> = planned.into_iter().map(|planned| planned.row).collect();
        let good = rows.iter().filter(|row| row.problems.is_empty()).count();
        let good = u32::try_from(good).unwrap_or(u32::MAX);
        Ok(ImportPreview { layout: table.layout, columns: table.columns, names: table.names, rows, good })
    }
}

impl Handle<ImportPosts> for Call {
    async fn handle(&self, command: ImportPosts) -> Result<Imported, ApiError> {
        let ImportPosts { table, columns, accounts, zone } = command;
        let engine = &self.engine;
        let known = engine.accounts().await?;
        let planned = Table::read(&table, Some(columns))?.plan(&known, &accounts, &zone, engine.now());
        let all = planned.len();
        let mut posts = Vec::new();
        for planned in planned.into_iter().filter(|planned| planned.row.problems.is_empty()) {
            let post = PostId::new(engine.fresh_id()?);
            posts.push(ImportedPost { post, draft: planned.draft, when: planned.row.when });
        }
        let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
        let (good, left_out) = (count(posts.len()), count(all - posts.len()));
        if posts.is_empty() {
            return Ok(Imported { posts: 0, left_out, undo: None });
        }
        let keys = engine.fresh_keys(posts.len())?;
        let undo = engine.mutate(Mutation::ImportPosts { posts, keys }).await?.undo();
        Ok(Imported { posts: good, left_out, undo })
    }
}
