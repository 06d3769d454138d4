use contract::ApiError;
use contract::emoji::{EmojiView, FindEmoji};

use crate::dispatch::{Call, Handle};
use crate::emoji;

impl Handle<FindEmoji> for Call {
    async fn handle(&self, command: FindEmoji) -> Result<Vec<EmojiView>, ApiError> {
        let language = self.engine.settings().language;
        let limit = usize::try_from(command.limit.clamp(1, FindEmoji::LIMIT_MAX)).unwrap_or(1);
        if command.only.is_empty() {
            return Ok(emoji::find(&command.text, command.group, language, limit));
        }
        Ok(emoji::named(command.only.get(..limit).unwrap_or(&command.only), language))
    }
}
