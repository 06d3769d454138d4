use contract::ApiError;
use contract::export::{ExportPosts, ExportedPosts};
use contract::program::{ExportAll, Exported};

use super::reading::filter;
use crate::dispatch::{Call, Handle};
use crate::export;

impl Handle<ExportAll> for Call {
    async fn handle(&self, _: ExportAll) -> Result<Exported, ApiError> {
        export::all(&self.engine, self.host.documents()).await
    }
}

impl Handle<ExportPosts> for Call {
    async fn handle(&self, command: ExportPosts) -> Result<ExportedPosts, ApiError> {
        export::posts(&self.engine, self.host.documents(), &filter(command.filter), command.format).await
    }
}
