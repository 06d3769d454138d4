use domain::team::Role;

use super::Texts;
use crate::i18n::counted;

fn changes(count: u64) -> String {
    counted(count, "change", "changes")
}

fn wait(count: u64) -> &'static str {
    if count == 1 { "waits" } else { "wait" }
}

pub const EN: Texts = Texts {
    title: "Team",
    own: "Your own profile",
    switch: |open| format!("{open}: switch profile"),
    manage: "Team…",
    open_named: |name| format!("Open {name}"),
    unsaved: "Something you wrote is not saved yet. Save or discard it before you switch.",
    said_opened: |name| format!("{name} is open"),
    waits_short: |count| format!("{} {}", changes(count), wait(count)),
    attention_short: |count| if count == 1 { "1 needs you".to_owned() } else { format!("{count} need you") },
    what: "In an organisation several people plan together: they see the same calendar, write the same drafts and sign off for each other.",
    what_more: "Its posts lie on every member’s computer and are exchanged through a server that you or somebody you trust runs. Your own profile stays on this computer.",
    teams: "Organisations",
    no_teams: "You belong to no organisation yet. Found one, or follow an invitation.",
    open: "Open",
    servers: "Servers",
    signed_in_as: |name| format!("Signed in as {name}"),
    signed_out: "Signed out",
    sign_in_again: "Sign in again",
    sign_in: "Sign in at a server",
    sign_out: "Sign out",
    sign_out_title: |host| format!("Sign out at {host}?"),
    sign_out_what: "Its organisations stay on this computer. Nothing is exchanged with them until you sign in again.",
    sign_out_waits: |count| {
        format!("{} {} for the server and will be sent after your next sign-in.", changes(count), wait(count))
    },
    said_signed_out: |host| format!("Signed out at {host}"),
    address: "Address of the server",
    address_hint: "As you got it from whoever runs it, for example teams.example.org",
    sign_in_how: "You sign in or register in your browser. Sendoff never sees your password.",
    go_browser: "Continue in the browser",
    browser_open: |host| format!("Sign in at {host} in your browser. This window continues by itself."),
    said_signed_in: |host| format!("Signed in at {host}"),
    found: "Found an organisation",
    found_what: "You become its owner and can invite others.",
    found_name: "Name",
    found_name_hint: "Everybody in it sees this name. It can be changed later.",
    found_go: "Found",
    name_missing: "Give it a name.",
    on_server: "On the server",
    join: "Join an organisation",
    join_code: "Invitation",
    join_code_hint: "Paste the link from the mail, or the code that its page shows.",
    join_code_missing: "Paste the link or the code of your invitation.",
    join_no_server: "This code does not say which server it is from. Paste the whole link, or sign in at the server first.",
    join_go: "Join",
    invited: |host| format!("You are invited to an organisation on {host}"),
    invited_what: "If you join, its posts come to this computer as a profile of their own. Your own profile is not changed, and nobody there sees it.",
    invited_sign_in: |host| {
        format!("You need to sign in at {host} first. It counts for the address that the invitation was sent to.")
    },
    sub: |role, host| format!("You are {role} · {host}"),
    rename: "Rename the organisation",
    said_renamed: "Organisation renamed",
    role: |role| match role {
        Role::Owner => "Owner",
        Role::Administrator => "Administrator",
        Role::Approver => "Approver",
        Role::Creator => "Creator",
        Role::Viewer => "Viewer",
    },
    role_what: |role| match role {
        Role::Owner => "May do everything, owners included.",
        Role::Administrator => "Manages members, personas and accounts, but no owners.",
        Role::Approver => "As a creator, and approves where a chain asks for approvers.",
        Role::Creator => "Writes, plans and signs off for certain personas, or for all.",
        Role::Viewer => "Sees the posts of certain personas, or of all, and approves where a chain names them.",
    },
    role_label: "Role",
    me: "you",
    members: "Members",
    since: |when| format!("since {when}"),
    all_personas: "All personas",
    no_personas: "No persona",
    personas: "Personas",
    personas_all: "All, also those to come",
    personas_only: "Only these",
    personas_none: "There are no personas yet.",
    personas_choose: "Choose at least one persona, or all.",
    more: |name| format!("More actions for {name}"),
    change: "Change role and personas",
    change_title: |name| format!("Role and personas of {name}"),
    save: "Save",
    said_changed: |name| format!("{name} was changed"),
    remove: "Remove from the organisation",
    remove_title: |name| format!("Remove {name}?"),
    remove_what: |name| {
        format!(
            "{name} loses access, and their computers delete the organisation when they next reach the server. What {name} had not sent by then is not lost: it goes to those who manage the organisation, who can look at it for 30 days. A computer that stays offline keeps its copy; nobody can force it to delete that."
        )
    },
    said_removed: |name| format!("{name} was removed"),
    leave: "Leave the organisation",
    leave_title: |name| format!("Leave {name}?"),
    leave_what: "Its profile is deleted from this computer, for good. You come back only if somebody invites you again. What you wrote there stays with the others.",
    leave_waits: |count| format!("{} {} for the server and will be sent first.", changes(count), wait(count)),
    leave_last: "You are the only owner. Make somebody else an owner before you leave.",
    said_left: |name| format!("You left {name}"),
    invitations: "Invitations",
    no_invitations: "Nobody is invited at the moment.",
    invite: "Invite somebody",
    invite_title: |name| format!("Invite to {name}"),
    invite_what: "They get a mail with a link. It counts for this address only, and for 7 days.",
    email: "Mail address",
    email_wrong: "This is no mail address.",
    invite_go: "Send invitation",
    said_invited: |email| format!("Invitation sent to {email}"),
    expires: |when| format!("expires {when}"),
    expired: "expired",
    invite_again: "Send again",
    revoke_named: |email| format!("Revoke the invitation of {email}"),
    said_revoked: |email| format!("Invitation of {email} revoked"),
    needs_server: "The server cannot be reached at the moment. This is shown again when it can.",
    needs_sign_in: "Sign in again to see this.",
    devices: "Your computers",
    devices_what: |host| format!("Signed in at {host} as you. Sign out those that you no longer use."),
    this_device: "this computer",
    seen: |when| format!("last seen {when}"),
    device_rename: |name| format!("Rename {name}"),
    device_name: "Name of the computer",
    device_revoke: "Sign out",
    device_revoke_title: |name| format!("Sign out {name}?"),
    device_revoke_what: "It is signed out for good when it next reaches the server. Its organisations stay on it until somebody signs in there again.",
    said_device_renamed: "Computer renamed",
    said_device_revoked: |name| format!("{name} is signed out"),
    sync: "Exchange with the server",
    sync_starting: "Not exchanged yet",
    sync_exchanging: "Exchanging…",
    sync_up_to_date: "Up to date",
    sync_sending: |count| format!("{} {}", changes(count), wait(count)),
    sync_offline: |since| format!("Offline since {since}"),
    sync_waits: |count, since| format!("{} {}: offline since {since}", changes(count), wait(count)),
    sync_signed_out: |count| match count {
        0 => "Sign in again".to_owned(),
        _ => format!("Sign in again: {} {}", changes(count), wait(count)),
    },
    sync_too_old: "Update Sendoff",
    sync_server_too_old: |count| match count {
        0 => "The server has to be updated".to_owned(),
        _ => format!("The server has to be updated: {} {}", changes(count), wait(count)),
    },
    sync_stuck: "Stuck",
    sync_revoked: "No longer a member",
    explain_starting: "Nothing was exchanged since Sendoff was started. It begins by itself.",
    explain_exchanging: "Changes are being exchanged right now.",
    explain_live: "What others change comes at once.",
    explain_not_live: "What others change comes within seconds: something on the way to the server holds back what it tells.",
    explain_up_to_date: |when| {
        format!("Everything that is here is on the server, and the other way round. Last exchanged {when}.")
    },
    explain_offline: |host, since| {
        format!("{host} has not responded since {since}. You can go on working; Sendoff keeps trying by itself.")
    },
    explain_signed_out: |host| {
        format!("Your sign-in at {host} has ended. You can go on working; what waits is sent after you sign in again.")
    },
    explain_too_old: |host| {
        format!(
            "{host} speaks a newer language than this Sendoff. Install the newer version; until then nothing is exchanged and nothing is lost."
        )
    },
    explain_server_too_old: |host| {
        format!(
            "{host} does not know yet what this version of Sendoff does. You can go on working; what waits is sent once the server is updated."
        )
    },
    explain_stuck: "This computer and the server know different histories, or the disk fails. Nothing is lost, and nothing is exchanged. The log says what happened; show it to whoever runs the server.",
    explain_revoked: "You are no member of this organisation any more. What you had not sent was handed to those who manage it.",
    exchange_now: "Exchange now",
    waiting: "Waiting for the server",
    waiting_none: "Nothing waits.",
    waiting_more: |count| format!("and {count} more"),
    doubtful: "May be refused: somebody changed the same meanwhile",
    made: |when| format!("made {when}"),
    change_of: |what| match what {
        "create_post" | "draft_idea" | "import_posts" => "New post",
        "edit_draft" => "Text of a post",
        "restore_version" => "Restored version",
        "delete_post" | "delete_posts" | "discard_posts" => "Deleted post",
        "restore_post" | "restore_posts" | "put_back_posts" => "Restored post",
        "schedule_post" | "move_posts" => "Time of a post",
        "unschedule" | "unschedule_posts" => "Unscheduled post",
        "hold_posts" => "Post put on hold",
        "resume_posts" => "Resumed post",
        "speak_posts" => "Persona of a post",
        "sign_off" => "Sign-off",
        "settle_merge" => "Merge marked as read",
        "start_series" | "extend_series" | "edit_series" | "drop_series" | "stop_series" | "resume_series" => "Series",
        "add_comment" | "edit_comment" | "delete_comment" | "restore_comment" | "resolve_comment"
        | "reopen_comment" => "Comment",
        "add_persona" | "edit_persona" | "delete_persona" | "restore_persona" => "Persona",
        "add_queue" | "edit_queue" | "delete_queue" | "restore_queue" => "Queue",
        "add_snippet" | "edit_snippet" | "delete_snippet" | "restore_snippet" => "Snippet",
        "add_idea" | "edit_idea" | "move_idea" | "delete_idea" | "restore_idea" | "undraft_idea" => "Idea",
        "add_column" | "rename_column" | "move_column" | "delete_column" => "Column of ideas",
        "add_entry" | "edit_entry" | "delete_entry" | "restore_entry" => "Calendar entry",
        "connect_account" | "record_profile" | "record_health" | "reconnect" | "set_grace" | "remove_account"
        | "restore_account" => "Account",
        "add_media" | "import_media" | "fit_media" | "edit_media" | "file_media" | "delete_media" | "restore_media" => {
            "File"
        }
        "add_member" | "change_role" | "grant_personas" | "remove_member" | "leave" => "Member",
        "found_organisation" | "rename_organisation" => "Organisation",
        "name_person" => "Your name",
        "claim" | "prepare" | "begin_send" | "report" | "lose_answer" | "looked_up" | "release" | "hand_over"
        | "miss" | "stop" | "decide" => "Delivery",
        _ => "Change",
    },
    attention: "Refused by the server",
    attention_what: "The server did not take these changes. Your words are here until you decide.",
    refused: |when| format!("refused {when}"),
    refused_unknown: "The reason comes from another version of Sendoff.",
    post_gone: "The post is gone",
    words: "What you had written",
    copy_words: "Copy the words",
    keep: "Keep as draft",
    discard: "Discard",
    discard_title: "Discard these words?",
    discard_what: "They are nowhere else. This cannot be undone.",
    said_kept: "Kept as a draft",
    said_discarded: "Discarded",
    settings_shared: "These settings are yours and count in all your profiles, in this one too.",
    no_accounts_role: "Owners and administrators connect and remove the accounts of this organisation.",
    no_personas_role: "Owners and administrators change the personas of this organisation.",
    own_profile_open: "Open your own profile",
    name_of_team: "Name of the organisation",
};
