use serde::Serialize;

use crate::command::{Access, Command};
use crate::event::Tag;
use crate::{
    accounts, approvals, calendar, cards, changes, comments, emoji, entries, export, ideas, import, library, many,
    people, personas, posts, program, publishing, queues, series, snippets, teams, vault, videos, zones,
};

/// The table of all commands: type, reply, wire name, and the tags it reads or changes.
///
/// `$with` is a macro that takes the rows; see [`TABLE`] for the smallest use.
#[macro_export]
macro_rules! commands {
    ($with:ident) => {
        $with! {
            // the program
            program::GetProgram => program::Program, "get_program", Reads[Program, Vault];
            program::NamePerson => program::Saved, "name_person", Writes[Program];
            program::ChangeSettings => program::Settings, "change_settings", Writes[Program];
            program::FinishWelcome => (), "finish_welcome", Writes[Program];
            program::OpenSample => (), "open_sample", Writes[Program, Vault, Accounts, Personas, Posts, Jobs, Media, Queues, Snippets, Comments, Ideas, Entries, Team, Presence];
            program::LeaveSample => (), "leave_sample", Writes[Program, Vault, Accounts, Personas, Posts, Jobs, Media, Queues, Snippets, Comments, Ideas, Entries, Team, Presence];
            program::OpenLink => (), "open_link", Reads[];
            program::ExportAll => program::Exported, "export_all", Reads[];
            // what was changed
            changes::ListChanges => changes::Changes, "list_changes", Reads[Program, Accounts, Personas, Posts, Media, Queues, Snippets, Comments, Ideas, Entries];
            changes::Undo => (), "undo", Writes[Program, Accounts, Personas, Posts, Jobs, Media, Queues, Snippets, Comments, Ideas, Entries];
            // the vault
            vault::CreateVault => vault::RecoveryKey, "create_vault", Writes[Vault];
            vault::ConfirmRecoveryKey => (), "confirm_recovery_key", Writes[Vault];
            vault::UnlockVault => (), "unlock_vault", Writes[Vault];
            vault::RecoverVault => (), "recover_vault", Writes[Vault];
            // accounts
            accounts::ListAccounts => Vec<accounts::AccountView>, "list_accounts", Reads[Accounts];
            accounts::ConnectWithPassword => accounts::Connected, "connect_with_password", Writes[Accounts];
            accounts::AddByHand => accounts::Connected, "add_by_hand", Writes[Accounts];
            accounts::StartConnect => accounts::ConnectFlow, "start_connect", Writes[];
            accounts::ConnectProgress => accounts::ConnectState, "connect_progress", Reads[Accounts];
            accounts::CancelConnect => (), "cancel_connect", Writes[];
            accounts::CheckAccount => accounts::AccountView, "check_account", Writes[Accounts];
            accounts::SetGrace => program::Saved, "set_grace", Writes[Accounts];
            accounts::RemoveAccount => program::Saved, "remove_account", Writes[Accounts, Personas, Jobs];
            // personas
            personas::ListPersonas => Vec<personas::PersonaView>, "list_personas", Reads[Personas, Accounts, Posts];
            personas::SavePersona => program::Saved, "save_persona", Writes[Personas];
            personas::DeletePersona => program::Saved, "delete_persona", Writes[Personas];
            // posts
            posts::GetToday => posts::Today, "get_today", Reads[Posts, Jobs, Accounts, Personas, Comments];
            posts::ListPosts => posts::Page, "list_posts", Reads[Posts, Jobs, Comments];
            posts::FindPosts => Vec<posts::Hit>, "find_posts", Reads[Posts, Jobs, Comments];
            calendar::GetCalendar => calendar::Calendar, "get_calendar", Reads[Posts, Jobs, Queues, Comments, Entries];
            posts::GetPost => posts::PostView, "get_post", Reads[Posts, Jobs, Accounts];
            posts::FindRepeats => Vec<posts::Repeat>, "find_repeats", Reads[Posts, Jobs];
            posts::ListVersions => Vec<posts::Version>, "list_versions", Reads[Posts, Jobs];
            posts::GetVersion => domain::post::Draft, "get_version", Reads[Posts];
            posts::RestoreVersion => posts::Written, "restore_version", Writes[Posts];
            posts::CreatePost => posts::Written, "create_post", Writes[Posts];
            posts::EditDraft => posts::Written, "edit_draft", Writes[Posts];
            posts::DeletePost => program::Saved, "delete_post", Writes[Posts, Jobs];
            posts::SchedulePost => posts::Written, "schedule_post", Writes[Posts, Jobs];
            posts::PublishNow => posts::Written, "publish_now", Writes[Posts, Jobs];
            posts::SignOff => posts::Written, "sign_off", Writes[Posts, Jobs];
            posts::UnschedulePost => posts::Written, "unschedule_post", Writes[Posts, Jobs];
            zones::ListZoneChanges => Vec<zones::ZoneChange>, "list_zone_changes", Reads[Posts];
            many::ChangePosts => many::PostsChanged, "change_posts", Writes[Posts, Jobs];
            posts::ImportImage => domain::media::Media, "import_image", Writes[Media];
            posts::GetImage => posts::ImageData, "get_image", Reads[Media];
            export::ExportPosts => export::ExportedPosts, "export_posts", Reads[];
            import::PreviewImport => import::ImportPreview, "preview_import", Reads[Accounts];
            import::ImportPosts => import::Imported, "import_posts", Writes[Posts, Jobs];
            // series
            series::ListSeries => Vec<series::SeriesView>, "list_series", Reads[Posts, Jobs];
            series::PreviewSeries => series::SeriesPreview, "preview_series", Reads[];
            series::RepeatPost => series::SeriesWritten, "repeat_post", Writes[Posts, Jobs];
            series::EditSeries => series::SeriesWritten, "edit_series", Writes[Posts, Jobs];
            series::StopSeries => series::SeriesStopped, "stop_series", Writes[Posts, Jobs];
            // queues
            queues::ListQueues => Vec<domain::queue::Queue>, "list_queues", Reads[Queues];
            queues::SaveQueue => queues::QueueSaved, "save_queue", Writes[Queues];
            queues::DeleteQueue => program::Saved, "delete_queue", Writes[Queues];
            queues::NextSlots => Vec<queues::FreeSlot>, "next_slots", Reads[Posts, Queues];
            queues::QueuePost => queues::Queued, "queue_post", Writes[Posts, Jobs];
            // comments
            comments::ListComments => Vec<comments::CommentView>, "list_comments", Reads[Comments];
            comments::AddComment => comments::CommentAdded, "add_comment", Writes[Comments];
            comments::EditComment => program::Saved, "edit_comment", Writes[Comments];
            comments::DeleteComment => program::Saved, "delete_comment", Writes[Comments];
            comments::ResolveComment => program::Saved, "resolve_comment", Writes[Comments];
            // emoji: their names are in the language of the settings
            emoji::FindEmoji => Vec<emoji::EmojiView>, "find_emoji", Reads[Program];
            // snippets
            cards::ReadCard => domain::post::Card, "read_card", Writes[];
            people::FindPeople => people::PeopleFound, "find_people", Reads[];

            snippets::ListSnippets => Vec<domain::snippet::Snippet>, "list_snippets", Reads[Snippets];
            snippets::SaveSnippet => snippets::SnippetSaved, "save_snippet", Writes[Snippets];
            snippets::DeleteSnippet => program::Saved, "delete_snippet", Writes[Snippets];
            snippets::DraftTemplate => posts::Written, "draft_template", Writes[Posts];
            // entries of the calendar
            entries::SaveEntry => entries::EntrySaved, "save_entry", Writes[Entries];
            entries::DeleteEntry => program::Saved, "delete_entry", Writes[Entries];
            // ideas
            ideas::GetIdeas => ideas::IdeaBoard, "get_ideas", Reads[Ideas, Posts];
            ideas::SaveIdea => ideas::IdeaSaved, "save_idea", Writes[Ideas];
            ideas::MoveIdea => program::Saved, "move_idea", Writes[Ideas];
            ideas::DeleteIdea => program::Saved, "delete_idea", Writes[Ideas];
            ideas::DraftIdea => posts::Written, "draft_idea", Writes[Ideas, Posts];
            ideas::SaveColumn => program::Saved, "save_column", Writes[Ideas];
            ideas::MoveColumn => program::Saved, "move_column", Writes[Ideas];
            ideas::DeleteColumn => program::Saved, "delete_column", Writes[Ideas];
            // the library
            library::ListMedia => library::MediaList, "list_media", Reads[Media, Posts];
            library::GetMedia => library::MediaView, "get_media", Reads[Media, Posts];
            library::ReadMedia => library::MediaRead, "read_media", Writes[];
            videos::BeginVideo => videos::VideoBegun, "begin_video", Writes[];
            videos::AppendVideo => (), "append_video", Writes[];
            videos::FinishVideo => library::MediaRead, "finish_video", Writes[];
            videos::AbandonVideo => (), "abandon_video", Writes[];
            videos::EncodeVideo => videos::Encoded, "encode_video", Writes[Media];
            videos::EncodeProgress => videos::EncodeState, "encode_progress", Reads[];
            videos::CancelEncode => (), "cancel_encode", Writes[];
            library::AddMedia => program::Saved, "add_media", Writes[Media];
            library::FitImage => library::ImageFitted, "fit_image", Writes[Media];
            library::EditMedia => program::Saved, "edit_media", Writes[Media];
            library::FileMedia => program::Saved, "file_media", Writes[Media];
            library::DeleteMedia => library::MediaDeleted, "delete_media", Writes[Media];
            // teams
            teams::GetTeams => teams::Teams, "get_teams", Reads[Team];
            teams::StartTeamSignIn => accounts::ConnectFlow, "start_team_sign_in", Writes[];
            teams::TeamSignInProgress => teams::TeamSignIn, "team_sign_in_progress", Reads[Team];
            teams::CancelTeamSignIn => (), "cancel_team_sign_in", Writes[];
            teams::SignOutOfServer => (), "sign_out_of_server", Writes[Team];
            teams::FoundTeam => teams::TeamOpened, "found_team", Writes[Program, Vault, Accounts, Personas, Posts, Jobs, Media, Queues, Snippets, Comments, Ideas, Entries, Team, Presence];
            teams::JoinTeam => teams::TeamOpened, "join_team", Writes[Program, Vault, Accounts, Personas, Posts, Jobs, Media, Queues, Snippets, Comments, Ideas, Entries, Team, Presence];
            teams::OpenTeam => (), "open_team", Writes[Program, Vault, Accounts, Personas, Posts, Jobs, Media, Queues, Snippets, Comments, Ideas, Entries, Team, Presence];
            teams::LeaveTeam => (), "leave_team", Writes[Program, Vault, Accounts, Personas, Posts, Jobs, Media, Queues, Snippets, Comments, Ideas, Entries, Team, Presence];
            teams::GetTeam => Option<teams::Team>, "get_team", Reads[Team, Posts];
            teams::SettleRefused => teams::Settled, "settle_refused", Writes[Team, Posts];
            teams::SyncNow => (), "sync_now", Writes[];
            teams::RenameTeam => program::Saved, "rename_team", Writes[Team];
            teams::ChangeMember => program::Saved, "change_member", Writes[Team];
            teams::RemoveMember => program::Saved, "remove_member", Writes[Team];
            teams::ListInvitations => Vec<teams::Invitation>, "list_invitations", Reads[Team];
            teams::Invite => teams::Invitation, "invite", Writes[Team];
            teams::RevokeInvitation => (), "revoke_invitation", Writes[Team];
            teams::ListDevices => Vec<teams::DeviceView>, "list_devices", Reads[Team];
            teams::RenameDevice => (), "rename_device", Writes[Team];
            teams::RevokeDevice => (), "revoke_device", Writes[Team];
            teams::BringToTeam => teams::Brought, "bring_to_team", Writes[Posts, Jobs, Media, Personas, Team];
            teams::TakeBackFromTeam => teams::PutBack, "take_back_from_team", Writes[Posts, Jobs, Team];
            teams::Attend => (), "attend", Writes[];
            teams::ListPresent => Vec<teams::Present>, "list_present", Reads[Presence, Team];
            teams::SettleMerge => posts::Written, "settle_merge", Writes[Posts];

            // approval
            approvals::ListChains => approvals::Chains, "list_chains", Reads[Team];
            approvals::SaveChain => approvals::ChainSaved, "save_chain", Writes[Team, Posts];
            approvals::DeleteChain => program::Saved, "delete_chain", Writes[Team, Posts];
            approvals::GetApproval => Option<approvals::ApprovalView>, "get_approval", Reads[Posts, Team];
            approvals::ListApprovals => approvals::Approvals, "list_approvals", Reads[Posts, Team];
            approvals::ReviewPosts => approvals::Reviewed, "review_posts", Writes[Posts];
            approvals::WithdrawReview => posts::Written, "withdraw_review", Writes[Posts];
            approvals::GoAway => program::Saved, "go_away", Writes[Team, Posts];
            approvals::ComeBack => program::Saved, "come_back", Writes[Team, Posts];
            // publishing
            publishing::GetJobLog => publishing::JobLog, "get_job_log", Reads[Jobs];
            publishing::DecideJob => program::Saved, "decide_job", Writes[Posts, Jobs];
            publishing::SaveImages => publishing::SavedImages, "save_images", Reads[Media];
            publishing::SetPublishing => (), "set_publishing", Writes[Program, Jobs];
        }
    };
}

/// One row of the table, for listings and grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Row {
    pub name: &'static str,
    pub access: Access,
}

macro_rules! expand {
    ($($command:ty => $reply:ty, $name:literal, $access:ident [$($tag:ident),*];)+) => {
        $(impl Command for $command {
            type Reply = $reply;
            const NAME: &'static str = $name;
            const ACCESS: Access = Access::$access(&[$(Tag::$tag),*]);
        })+

        /// Every command by its wire name, in the order of the table.
        pub const TABLE: &[Row] = &[$(Row { name: $name, access: <$command as Command>::ACCESS }),+];
    };
}

commands!(expand);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_wire_name_is_used_once_and_plain() {
        let names: BTreeSet<_> = TABLE.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), TABLE.len());
        assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }
}
