use contract::ApiError;
use contract::personas::{DeletePersona, ListPersonas, PersonaView, SavePersona};
use contract::program::Saved;
use domain::Mutation;
use domain::id::PersonaId;
use domain::people::Persona;

use crate::dispatch::{Call, Handle};
use crate::engine::OPEN;
use crate::errors::storage;

impl Handle<ListPersonas> for Call {
    async fn handle(&self, _: ListPersonas) -> Result<Vec<PersonaView>, ApiError> {
        let store = &self.engine.store;
        let personas = store.personas().await.map_err(|error| storage(&error))?;
        let open = store.counts_by_persona(&OPEN).await.map_err(|error| storage(&error))?;
        let view = |persona: Persona| {
            let open_posts = open.get(&persona.id).copied().unwrap_or(0);
            PersonaView { persona, open_posts: u32::try_from(open_posts).unwrap_or(u32::MAX) }
        };
        Ok(personas.into_iter().filter(|persona| !persona.deleted).map(view).collect())
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
