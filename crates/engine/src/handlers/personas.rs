use contract::ApiError;
use contract::personas::{DeletePersona, ListPersonas, PersonaView, SavePersona};
use contract::program::Saved;
use domain::Mutation;
use domain::id::PersonaId;
use store::PostFilter;

use crate::dispatch::{Call, Handle};
use crate::engine::OPEN;
use crate::errors::storage;

impl Handle<ListPersonas> for Call {
    async fn handle(&self, _: ListPersonas) -> Result<Vec<PersonaView>, ApiError> {
        let store = &self.engine.store;
        let personas = store.personas().await.map_err(|error| storage(&error))?;
        let mut views = Vec::with_capacity(personas.len());
        for persona in personas.into_iter().filter(|persona| !persona.deleted) {
            let filter = PostFilter { personas: vec![persona.id], statuses: OPEN.to_vec(), ..PostFilter::default() };
            let open = store.posts_count(&filter).await.map_err(|error| storage(&error))?;
            views.push(PersonaView { persona, open_posts: u32::try_from(open).unwrap_or(u32::MAX) });
        }
        Ok(views)
    }
}

impl Handle<SavePersona> for Call {
    async fn handle(&self, command: SavePersona) -> Result<Saved, ApiError> {
        let mutation = match command.persona {
            Some(persona) => Mutation::EditPersona { persona, text: command.text },
            None => Mutation::AddPersona { persona: PersonaId::new(self.engine.fresh_id()?), text: command.text },
        };
        Ok(Saved { undo: self.engine.mutate(mutation).await?.undo() })
    }
}

impl Handle<DeletePersona> for Call {
    async fn handle(&self, command: DeletePersona) -> Result<Saved, ApiError> {
        let done = self.engine.mutate(Mutation::DeletePersona { persona: command.persona }).await?;
        Ok(Saved { undo: done.undo() })
    }
}
