use domain::approval::{StepState, Verdict};
use domain::team::Role;

use super::{Subject, Texts};
use crate::i18n::counted;

pub const EN: Texts = Texts {
    title: "Approvals",
    step_state: |state| match state {
        StepState::Later => "comes later",
        StepState::Open => "open",
        StepState::Met => "approved",
        StepState::Stuck => "stuck",
    },
    asks_you: "asks you",
    approved_by: |names| format!("Approved by {names}"),
    waits: |who| format!("Waits for {who}"),
    so_many: |done, needed| format!("{done} of {needed} have approved"),
    some_of: |count, who| format!("{count} of {who}"),
    of_role: |role| match role {
        Role::Owner => "an owner",
        Role::Administrator => "an administrator",
        Role::Approver => "an approver",
        Role::Creator => "a creator",
        Role::Viewer => "a viewer",
    },
    or: "or",
    and: "and",
    deadline: |when| format!("Until {when}"),
    overdue_since: |when| format!("Overdue: was due {when}"),
    stuck: "Nobody who may approve is left. Somebody who manages the chains has to name somebody else.",
    panel: "Approval",
    will_need: |steps| {
        let steps = steps.iter().map(|(name, who)| format!("{who} ({name})")).collect::<Vec<_>>();
        format!("Once you sign it off, this needs the approval of {}.", steps.join(", then "))
    },
    waiting: "Waits for approval",
    waits_for: |steps| format!("Waits for {steps}"),
    changes_requested: "Changes were requested. Change the text and sign it off again.",
    rejected: "It was rejected and does not go out. Change the text and sign it off again, or unschedule it.",
    approved: |names| match names {
        "" => "Approved".to_owned(),
        names => format!("Approved by {names}"),
    },
    overridden: |name| format!("{name} lets it go out without the approvals"),
    own_work: "Somebody else has to approve what you wrote.",
    reads_only: "You are a viewer here: you read posts and approve them where you are asked, and change none.",
    offline: "You are offline: what you decide is sent when you are online again, and counts only if the text is still the same.",
    said: "What was said",
    verdict: |verdict, who| {
        let who = who.unwrap_or("You");
        match verdict {
            Verdict::Approve => format!("{who} approved"),
            Verdict::RequestChanges => format!("{who} requested changes"),
            Verdict::Reject => format!("{who} rejected it"),
            Verdict::Override => format!("{who} overrode the chain"),
        }
    },
    earlier: "about an earlier text",
    approve: "Approve",
    request: "Request changes",
    reject: "Reject…",
    override_: "Override the chain…",
    withdraw: |verdict| match verdict {
        Verdict::Approve => "Withdraw my approval",
        Verdict::RequestChanges | Verdict::Reject | Verdict::Override => "Withdraw my decision",
    },
    more: "More decisions",
    ask_title: |verdict| match verdict {
        Verdict::Approve => "Approve",
        Verdict::RequestChanges => "Request changes",
        Verdict::Reject => "Reject",
        Verdict::Override => "Override the chain",
    },
    ask_what: |verdict| match verdict {
        Verdict::Approve => "",
        Verdict::RequestChanges => "The post goes back to its author with what you write here.",
        Verdict::Reject => "The post does not go out. Its author can change it and sign it off again.",
        Verdict::Override => {
            "The post goes out although not everybody has approved it. Your name and your reason are kept with it."
        }
    },
    note: |verdict| match verdict {
        Verdict::RequestChanges => "What should be different?",
        Verdict::Override => "Why?",
        Verdict::Approve | Verdict::Reject => "Note",
    },
    note_missing: "Write a word or two: the others see only this.",
    note_long: "This is too long. 2,000 characters are the most.",
    done: |verdict, subject| {
        let what = match subject {
            Subject::One("") => "Post".to_owned(),
            Subject::One(title) => format!("“{title}”"),
            Subject::Many(count) => counted(count as u64, "post", "posts"),
        };
        match verdict {
            Verdict::Approve => format!("{what} approved"),
            Verdict::RequestChanges => format!("Changes requested in {what}"),
            Verdict::Reject => format!("{what} rejected"),
            Verdict::Override => format!("{what} let through"),
        }
    },
    done_offline: "Sent when you are online; counts only if the text is still the same.",
    left: |count, title, why| match count {
        1 => format!("“{title}” stays as it is: {why}"),
        _ => format!("{} stay as they are, such as “{title}”: {why}", counted(count as u64, "post", "posts")),
    },
    withdrawn: "Your decision was withdrawn",
    not_saved: "What was typed is not saved yet. Try again in a moment.",
    mine: "Waits for you",
    others: "Waits for others",
    sent_back: "Sent back",
    to_approve: "For you to approve",
    list: "Posts that wait for approval",
    waits_for_me: |count| match count {
        0 => "Nothing waits for you".to_owned(),
        1 => "1 post waits for you".to_owned(),
        _ => format!("{} wait for you", counted(count as u64, "post", "posts")),
    },
    nothing: "Nothing waits for you",
    nothing_what: "Posts that need your approval before they go out appear here, those with the nearest deadline first.",
    no_chains: "Nobody has to approve anything",
    no_chains_what: "With an approval chain, posts go out only once the right people have approved them. Chains are made on the Team screen.",
    signed_by: |name| format!("by {name}"),
    signed_when: |name, when| format!("Signed off by {name}, {when}"),
    due: |when| format!("until {when}"),
    overdue: "overdue",
    changed: "changed",
    changed_since: |verdict, who| {
        let who = who.unwrap_or("you");
        match verdict {
            Some(Verdict::Approve) => format!("Changed since {who} approved it"),
            Some(Verdict::RequestChanges) => format!("Changed since {who} requested changes"),
            Some(Verdict::Reject) => format!("Changed since {who} rejected it"),
            Some(Verdict::Override) => format!("Changed since {who} overrode the chain"),
            None => "Changed since it was last decided".to_owned(),
        }
    },
    time_field: "Goes out",
    goes_out: |when| format!("Goes out {when}"),
    open: "Open in Compose",
    own_text: "own text",
    choose_one: "Choose a post on the left to read it.",
    picked: |count| format!("{} selected", counted(count as u64, "post", "posts")),
    picked_label: "What to do with the selected posts",
    pick_none: "Select nothing any more",
    approve_many: |count| format!("Approve {}?", counted(count as u64, "post", "posts")),
    approve_many_what: "Each counts for the text that stands in it now. This is not taken back as one: you would withdraw each by itself.",
};
