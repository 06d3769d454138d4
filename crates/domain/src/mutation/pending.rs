//! Mutations that wait for a server.

use serde::{Deserialize, Serialize};

use super::Mutation;
use crate::post::Draft;

/// What a writer changed a draft from: whoever changed it meanwhile loses nothing ([`crate::merge`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// The draft of the version that was read.
    pub base: Draft,
    /// Of so many saved states this is the last, 1 to [`Since::SAVES_MAX`]: the version grows by as much, so that what was done
    /// after it names the version that it will find.
    pub saves: u32,
}

impl Since {
    pub const SAVES_MAX: u32 = 100_000;
}

impl Mutation {
    /// Both in one, if what came later only goes on with what came before: a text that is being typed.
    pub fn joined(&self, later: &Self) -> Option<Self> {
        let (
            Self::EditDraft { post, read, draft: written, since: Some(since) },
            Self::EditDraft { post: same, read: after, draft, since: Some(more) },
        ) = (self, later)
        else {
            return None;
        };
        let saves = since.saves.checked_add(more.saves)?;
        // by the number and by the text: what came from elsewhere in between may have the number that was expected
        let goes_on = same == post && read.checked_add(since.saves) == Some(*after) && more.base == *written;
        (goes_on && saves <= Since::SAVES_MAX).then(|| Self::EditDraft {
            post: *post,
            read: *read,
            draft: draft.clone(),
            since: Some(Box::new(Since { base: since.base.clone(), saves })),
        })
    }

    /// What somebody wrote in it, to be read and to be kept if it is refused; empty if they wrote nothing.
    pub fn words(&self) -> String {
        let draft = |draft: &Draft| {
            let own = draft.targets.iter().filter_map(|target| target.variant.as_ref());
            let contents = std::iter::once(&draft.base).chain(own);
            let texts = contents.flat_map(|content| {
                let parts = content.parts.iter().map(|part| part.text.as_str());
                parts.chain([content.content_warning.as_str(), content.first_comment.as_str()])
            });
            let texts = std::iter::once(draft.title.as_str()).chain(texts);
            texts.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
        };
        match self {
            Self::EditDraft { draft: written, .. }
            | Self::RestoreVersion { draft: written, .. }
            | Self::CreatePost { draft: written, .. } => draft(written),
            Self::ImportPosts { posts, .. } => {
                posts.iter().map(|one| draft(&one.draft)).collect::<Vec<_>>().join("\n\n")
            }
            Self::AddComment { text, .. } | Self::EditComment { text, .. } => text.clone(),
            Self::Review { note, .. } => note.clone(),
            Self::AddIdea { text, .. } | Self::EditIdea { text, .. } => {
                [text.title.as_str(), text.note.as_str()].join("\n\n").trim().to_owned()
            }
            Self::AddSnippet { text, .. } | Self::EditSnippet { text, .. } => text.parts.join("\n\n"),
            Self::AddPersona { text, .. } | Self::EditPersona { text, .. } => {
                [text.name.as_str(), text.voice.as_str(), text.audience.as_str()].join("\n\n").trim().to_owned()
            }
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::PostId;
    use crate::post::Content;

    fn draft(text: &str) -> Draft {
        Draft { base: Content::text(text), ..Draft::default() }
    }

    fn edit(read: u32, base: &str, text: &str, saves: u32) -> Mutation {
        let since = Some(Box::new(Since { base: draft(base), saves }));
        Mutation::EditDraft { post: PostId::new(Uuid::from_u128(1)), read, draft: draft(text), since }
    }

    #[test]
    fn a_text_that_is_typed_is_one_edit() {
        let joined = edit(3, "a", "ab", 1).joined(&edit(4, "ab", "abc", 2));
        assert_eq!(joined, Some(edit(3, "a", "abc", 3)));
        assert_eq!(edit(3, "a", "ab", 1).joined(&edit(5, "x", "abc", 1)), None, "something else lies in between");
        assert_eq!(edit(3, "a", "ab", 1).joined(&edit(4, "ab and what Ben wrote", "abc", 1)), None, "the same number");
        assert_eq!(edit(3, "a", "ab", Since::SAVES_MAX).joined(&edit(3 + Since::SAVES_MAX, "ab", "abc", 1)), None);
    }

    #[test]
    fn the_words_of_a_refused_edit_can_be_read() {
        assert_eq!(edit(1, "a", "Rye is back.", 1).words(), "Rye is back.");
        assert_eq!(Mutation::Leave.words(), "");
    }
}
