use contract::ApiError;
use contract::posts::Written;
use contract::program::Saved;
use contract::snippets::{DeleteSnippet, DraftTemplate, ListSnippets, SaveSnippet, SnippetSaved};
use domain::id::{PostId, SnippetId};
use domain::post::{Content, Draft, Part};
use domain::reject::Field;
use domain::snippet::{Snippet, SnippetKind, signed};
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::errors::storage;

impl Handle<ListSnippets> for Call {
    async fn handle(&self, _: ListSnippets) -> Result<Vec<Snippet>, ApiError> {
        self.snippets().await
    }
}

impl Handle<SaveSnippet> for Call {
    async fn handle(&self, command: SaveSnippet) -> Result<SnippetSaved, ApiError> {
        let text = command.text;
        let (snippet, mutation) = match command.snippet {
            Some(snippet) => (snippet, Mutation::EditSnippet { snippet, text }),
            None => {
                let count = self.snippets().await?.len().saturating_add(1);
                if count > Snippet::SNIPPETS_MAX {
                    let (measured, limit) = (count as u64, Snippet::SNIPPETS_MAX as u64);
                    return Err(Reject::TooLong { field: Field::Snippets, measured, limit }.into());
                }
                let snippet = SnippetId::new(self.engine.fresh_id()?);
                (snippet, Mutation::AddSnippet { snippet, text })
            }
        };
        let done = self.engine.mutate(mutation).await?;
        match self.engine.record(Key::Snippet(snippet)).await? {
            Record::Snippet(snippet) => Ok(SnippetSaved { snippet, undo: done.undo() }),
            _ => Err(Reject::NotFound.into()),
        }
    }
}

impl Handle<DeleteSnippet> for Call {
    async fn handle(&self, command: DeleteSnippet) -> Result<Saved, ApiError> {
        let done = self.engine.mutate(Mutation::DeleteSnippet { snippet: command.snippet }).await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Handle<DraftTemplate> for Call {
    async fn handle(&self, command: DraftTemplate) -> Result<Written, ApiError> {
        let engine = &self.engine;
        let template = match engine.record(Key::Snippet(command.snippet)).await? {
            Record::Snippet(found) if found.text.kind == SnippetKind::Template && !found.deleted => found.text,
            _ => return Err(Reject::NotFound.into()),
        };
        let persona = command.persona.or(template.persona);
        let mut parts: Vec<Part> = template.parts.into_iter().map(|text| Part { text, ..Part::default() }).collect();
        if let Some(signature) = Snippet::signature_of(&self.snippets().await?, persona)
            && let Some(last) = parts.last_mut()
        {
            last.text = signed(&last.text, signature.text.first());
        }
        let draft = Draft { base: Content { parts, ..Content::default() }, ..self.draft_of(persona).await? };
        let post = PostId::new(engine.fresh_id()?);
        self.write(post, Mutation::CreatePost { post, draft }).await
    }
}

impl Call {
    async fn snippets(&self) -> Result<Vec<Snippet>, ApiError> {
        self.engine.store.snippets().await.map_err(|error| storage(&error))
    }
}
