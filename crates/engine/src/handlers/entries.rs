use contract::ApiError;
use contract::entries::{DeleteEntry, EntrySaved, SaveEntry};
use contract::program::Saved;
use domain::entry::Entry;
use domain::id::EntryId;
use domain::reject::Field;
use domain::{Key, Mutation, Record, Reject};
use jiff::civil::Date;

use crate::dispatch::{Call, Handle};
use crate::errors::storage;

impl Handle<SaveEntry> for Call {
    async fn handle(&self, command: SaveEntry) -> Result<EntrySaved, ApiError> {
        let text = command.text;
        let (entry, mutation) = match command.entry {
            Some(entry) => (entry, Mutation::EditEntry { entry, text }),
            None => {
                let count = self.engine.store.entries().await.map_err(|error| storage(&error))?.len();
                if count >= Entry::COUNT_MAX {
                    let (measured, limit) = (count as u64 + 1, Entry::COUNT_MAX as u64);
                    return Err(Reject::TooLong { field: Field::Entries, measured, limit }.into());
                }
                let entry = EntryId::new(self.engine.fresh_id()?);
                (entry, Mutation::AddEntry { entry, text })
            }
        };
        let done = self.engine.mutate(mutation).await?;
        match self.engine.record(Key::Entry(entry)).await? {
            Record::Entry(entry) => Ok(EntrySaved { entry, undo: done.undo() }),
            _ => Err(Reject::NotFound.into()),
        }
    }
}

impl Handle<DeleteEntry> for Call {
    async fn handle(&self, command: DeleteEntry) -> Result<Saved, ApiError> {
        let done = self.engine.mutate(Mutation::DeleteEntry { entry: command.entry }).await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Call {
    /// The entries that stand on any of these days, by their first day.
    pub(super) async fn entries_between(&self, from: Date, to: Date) -> Result<Vec<Entry>, ApiError> {
        let mut entries = self.engine.store.entries().await.map_err(|error| storage(&error))?;
        entries.retain(|entry| entry.text.from <= to && entry.text.to >= from);
        entries.sort_by_key(|entry| (entry.text.from, entry.id));
        Ok(entries)
    }
}
