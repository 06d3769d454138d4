//! What stands below a text with a link.

use contract::cards::ReadCard;
use contract::{ApiError, Code};
use domain::id::MediaId;
use domain::media::{Fit, Media, MediaType, Size};
use domain::post::Card;
use domain::{Key, Mutation, Record};

use crate::dispatch::{Call, Handle};
use crate::errors::{internal, storage};
use crate::images;

/// Bytes of a card's picture. Source: lexicon app.bsky.embed.external, `thumb`, read 2026-06-03.
const PICTURE_BYTES: u32 = 1_000_000;
/// Longer sides show nothing more.
const PICTURE_SIDE: u32 = 1_200;

impl Handle<ReadCard> for Call {
    async fn handle(&self, command: ReadCard) -> Result<Card, ApiError> {
        let url = command.url;
        let is_link = url.starts_with("https://") || url.starts_with("http://");
        if !is_link || url.chars().count() > Card::URL_MAX {
            return Err(ApiError::new(Code::BadRequest, "A card is made of a link with http or https."));
        }
        if self.engine.sample {
            return Err(ApiError::new(Code::SampleOnly, "The sample profile reads no pages."));
        }
        let page = self.engine.ports.networks.read_page(&url).await.map_err(|error| {
            let sentence = "The page of this link cannot be read. The link goes out without a card.";
            ApiError { detail: Some(error.to_string()), ..ApiError::new(Code::Unreachable, sentence) }
        })?;
        let picture = match page.picture {
            Some(bytes) => self.picture(bytes).await?,
            None => None,
        };
        let cut = |text: String, most: usize| text.chars().take(most).collect::<String>();
        let title = if page.title.is_empty() { url.clone() } else { page.title };
        Ok(Card {
            title: cut(title, Card::TITLE_MAX),
            description: cut(page.description, Card::DESCRIPTION_MAX),
            picture,
            url,
        })
    }
}

impl Call {
    /// Stores the picture of a page. It never stands in the library: nobody chose it, and only the post with the card uses it.
    async fn picture(&self, bytes: Vec<u8>) -> Result<Option<MediaId>, ApiError> {
        let (folder, now) = (self.engine.folder.clone(), self.engine.now());
        let making = tokio::task::spawn_blocking(move || -> Result<Option<Media>, ApiError> {
            // a page may name anything as its picture
            let Ok(taken) = images::take("card", &bytes, false, now) else { return Ok(None) };
            let size = Some(Size::new(PICTURE_SIDE, PICTURE_SIDE));
            let fit = Fit { size, bytes: Some(PICTURE_BYTES), kind: Some(MediaType::Jpeg), ..Fit::default() };
            let Ok(taken) = images::fit(&taken.media, &taken.bytes, &fit, now) else { return Ok(None) };
            images::store(&folder, &taken)?;
            Ok(Some(Media { deleted: true, ..taken.media }))
        });
        let Some(media) = making.await.map_err(|error| internal(&error))?? else { return Ok(None) };
        let id = media.id;
        let known = self.engine.store.record(Key::Media(id)).await.map_err(|error| storage(&error))?;
        if !matches!(known, Some(Record::Media(_))) {
            self.engine.mutate(Mutation::AddMedia { media }).await?;
        }
        Ok(Some(id))
    }
}
