use std::collections::BTreeMap;

use contract::ApiError;
use contract::ideas::{
    ColumnView, DeleteColumn, DeleteIdea, DraftIdea, GetIdeas, IdeaBoard, IdeaSaved, IdeaView, MoveColumn, MoveIdea,
    SaveColumn, SaveIdea,
};
use contract::posts::Written;
use contract::program::Saved;
use domain::id::{ColumnId, IdeaId, PersonaId, PostId};
use domain::idea::{Board, Idea, IdeaText};
use domain::post::{Content, Draft, Target};
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::errors::storage;

impl Handle<GetIdeas> for Call {
    async fn handle(&self, _: GetIdeas) -> Result<IdeaBoard, ApiError> {
        let store = &self.engine.store;
        let board = self.board().await?;
        let ideas = store.ideas().await.map_err(|error| storage(&error))?;
        let posts: Vec<PostId> = ideas.iter().filter_map(|idea| idea.post).collect();
        let statuses = store.statuses(&posts).await.map_err(|error| storage(&error))?;
        let mut ideas: BTreeMap<IdeaId, Idea> = ideas.into_iter().map(|idea| (idea.id, idea)).collect();
        let mut view = |idea: IdeaId| {
            let idea = ideas.remove(&idea)?;
            Some(IdeaView { status: idea.post.and_then(|post| statuses.get(&post).copied()), idea })
        };
        let columns = board.columns.into_iter().map(|column| ColumnView {
            column: column.id,
            name: column.name,
            ideas: column.ideas.into_iter().filter_map(&mut view).collect(),
        });
        Ok(IdeaBoard { columns: columns.collect() })
    }
}

impl Handle<SaveIdea> for Call {
    async fn handle(&self, command: SaveIdea) -> Result<IdeaSaved, ApiError> {
        let SaveIdea { idea, text, column } = command;
        let (idea, mutation) = match idea {
            Some(idea) => (idea, Mutation::EditIdea { idea, text }),
            None => {
                let idea = IdeaId::new(self.engine.fresh_id()?);
                let column = match column {
                    Some(column) => column,
                    None => self.board().await?.columns.first().map(|column| column.id).ok_or(Reject::NotFound)?,
                };
                (idea, Mutation::AddIdea { idea, text, column })
            }
        };
        Ok(IdeaSaved { idea, undo: self.engine.mutate(mutation).await?.undo() })
    }
}

impl Handle<MoveIdea> for Call {
    async fn handle(&self, command: MoveIdea) -> Result<Saved, ApiError> {
        let MoveIdea { idea, column, before } = command;
        self.saved(Mutation::MoveIdea { idea, column, before }).await
    }
}

impl Handle<DeleteIdea> for Call {
    async fn handle(&self, command: DeleteIdea) -> Result<Saved, ApiError> {
        self.saved(Mutation::DeleteIdea { idea: command.idea }).await
    }
}

impl Handle<DraftIdea> for Call {
    async fn handle(&self, command: DraftIdea) -> Result<Written, ApiError> {
        let engine = &self.engine;
        let Record::Idea(idea) = engine.record(Key::Idea(command.idea)).await? else {
            return Err(Reject::NotFound.into());
        };
        let draft = Draft {
            title: idea.text.title.clone(),
            base: Content::text(words(&idea.text)),
            ..self.draft_of(command.persona).await?
        };
        let post = PostId::new(engine.fresh_id()?);
        self.write(post, Mutation::DraftIdea { idea: idea.id, post, draft }).await
    }
}

impl Handle<SaveColumn> for Call {
    async fn handle(&self, command: SaveColumn) -> Result<Saved, ApiError> {
        let SaveColumn { column, name } = command;
        let mutation = match column {
            Some(column) => Mutation::RenameColumn { column, name },
            None => {
                let column = ColumnId::new(self.engine.fresh_id()?);
                Mutation::AddColumn { column, name, before: None, ideas: Vec::new() }
            }
        };
        self.saved(mutation).await
    }
}

impl Handle<MoveColumn> for Call {
    async fn handle(&self, command: MoveColumn) -> Result<Saved, ApiError> {
        let MoveColumn { column, before } = command;
        self.saved(Mutation::MoveColumn { column, before }).await
    }
}

impl Handle<DeleteColumn> for Call {
    async fn handle(&self, command: DeleteColumn) -> Result<Saved, ApiError> {
        self.saved(Mutation::DeleteColumn { column: command.column }).await
    }
}

impl Call {
    pub(super) async fn saved(&self, mutation: Mutation) -> Result<Saved, ApiError> {
        Ok(Saved { undo: self.engine.mutate(mutation).await?.undo() })
    }

    /// An empty post in the name of a persona: it goes to her accounts, with her tags on its links.
    pub(super) async fn draft_of(&self, persona: Option<PersonaId>) -> Result<Draft, ApiError> {
        let Some(id) = persona else { return Ok(Draft::default()) };
        let text = match self.engine.record(Key::Persona(id)).await? {
            Record::Persona(persona) if !persona.deleted => persona.text,
            _ => return Err(Reject::NotFound.into()),
        };
        let known = self.engine.accounts().await?;
        let usable = text.accounts.into_iter().filter(|id| known.get(id).is_some_and(|account| !account.removed));
        let targets = usable.map(|account| Target { account, variant: None }).collect();
        Ok(Draft { persona, targets, link_tags: text.link_tags, ..Draft::default() })
    }

    async fn board(&self) -> Result<Board, ApiError> {
        match self.engine.store.record(Key::Board(Board::ID)).await.map_err(|error| storage(&error))? {
            Some(Record::Board(board)) => Ok(board),
            _ => Ok(Board::blank()),
        }
    }
}

/// What a post begins with: the note, or the title of an idea without one, and where it came from.
fn words(idea: &IdeaText) -> String {
    let text = if idea.note.trim().is_empty() { idea.title.as_str() } else { idea.note.trim() };
    if idea.link.is_empty() || text.contains(&idea.link) { text.to_owned() } else { format!("{text}\n\n{}", idea.link) }
}
