//! Whether a person did it.

use super::Mutation;

impl Mutation {
    /// The program does it by itself: nobody waits for it, and nobody's words are in it. What a server refuses of this concerns no
    /// person; it is done again, from what stands there then, if it is still to be done. There is no other arm: a new mutation
    /// does not compile before somebody has decided.
    pub const fn is_by_program(&self) -> bool {
        match self {
            Self::RecordProfile { .. }
            | Self::RecordHealth { .. }
            | Self::ExtendSeries { .. }
            | Self::Claim { .. }
            | Self::Prepare { .. }
            | Self::BeginSend { .. }
            | Self::Report { .. }
            | Self::LoseAnswer { .. }
            | Self::LookedUp { .. }
            | Self::Release { .. }
            | Self::HandOver { .. }
            | Self::Miss { .. }
            | Self::Stop { .. } => true,
            Self::FoundOrganisation { .. }
            | Self::RenameOrganisation { .. }
            | Self::AddMember { .. }
            | Self::ChangeRole { .. }
            | Self::GrantPersonas { .. }
            | Self::RemoveMember { .. }
            | Self::Leave
            | Self::NamePerson { .. }
            | Self::AddPersona { .. }
            | Self::EditPersona { .. }
            | Self::DeletePersona { .. }
            | Self::RestorePersona { .. }
            | Self::AddQueue { .. }
            | Self::EditQueue { .. }
            | Self::DeleteQueue { .. }
            | Self::RestoreQueue { .. }
            | Self::AddSnippet { .. }
            | Self::EditSnippet { .. }
            | Self::DeleteSnippet { .. }
            | Self::RestoreSnippet { .. }
            | Self::AddComment { .. }
            | Self::EditComment { .. }
            | Self::DeleteComment { .. }
            | Self::RestoreComment { .. }
            | Self::ResolveComment { .. }
            | Self::ReopenComment { .. }
            | Self::AddIdea { .. }
            | Self::EditIdea { .. }
            | Self::MoveIdea { .. }
            | Self::DeleteIdea { .. }
            | Self::RestoreIdea { .. }
            | Self::DraftIdea { .. }
            | Self::UndraftIdea { .. }
            | Self::AddColumn { .. }
            | Self::RenameColumn { .. }
            | Self::MoveColumn { .. }
            | Self::DeleteColumn { .. }
            | Self::AddEntry { .. }
            | Self::EditEntry { .. }
            | Self::DeleteEntry { .. }
            | Self::RestoreEntry { .. }
            | Self::ConnectAccount { .. }
            | Self::Reconnect { .. }
            | Self::SetGrace { .. }
            | Self::RemoveAccount { .. }
            | Self::RestoreAccount { .. }
            | Self::AddMedia { .. }
            | Self::ImportMedia { .. }
            | Self::FitMedia { .. }
            | Self::EditMedia { .. }
            | Self::FileMedia { .. }
            | Self::DeleteMedia { .. }
            | Self::RestoreMedia { .. }
            | Self::CreatePost { .. }
            | Self::EditDraft { .. }
            | Self::SettleMerge { .. }
            | Self::RestoreVersion { .. }
            | Self::DeletePost { .. }
            | Self::ImportPosts { .. }
            | Self::DiscardPosts { .. }
            | Self::RestorePost { .. }
            | Self::SchedulePost { .. }
            | Self::SignOff { .. }
            | Self::Unschedule { .. }
            | Self::ChangePosts { .. }
            | Self::RestorePosts { .. }
            | Self::PutBackPosts { .. }
            | Self::StartSeries { .. }
            | Self::DropSeries { .. }
            | Self::EditSeries { .. }
            | Self::StopSeries { .. }
            | Self::ResumeSeries { .. }
            | Self::Decide { .. } => false,
        }
    }
}
