//! The words of the composer.

mod de;
mod en;

use contract::emoji::EmojiGroup;
use domain::network::Network;
use domain::text::{Fix, Rule, Step, Unfit};

pub use de::DE;
pub use en::EN;

pub struct Texts {
    // the header
    pub new_post: &'static str,
    pub rename: &'static str,
    pub title: &'static str,
    pub title_hint: &'static str,
    pub blank: &'static str,
    pub saving: &'static str,
    pub saved: fn(&str) -> String,
    pub saved_plain: &'static str,
    pub not_saved_short: &'static str,
    pub conflict_short: &'static str,
    pub more: &'static str,
    pub schedule: &'static str,
    pub move_to: &'static str,
    pub sign_off: &'static str,
    pub change_time: &'static str,
    pub decide: &'static str,
    pub write_again: &'static str,
    pub publish_now: &'static str,
    pub publish_now_what: fn(usize) -> String,
    pub said_scheduled: fn(&str) -> String,
    pub said_publishing: &'static str,
    pub said_settled: &'static str,
    pub said_signed: &'static str,
    pub said_unscheduled: &'static str,
    pub said_deleted: &'static str,
    pub said_duplicated: &'static str,
    // saving
    pub not_saved: &'static str,
    pub retried: &'static str,
    pub kept_here: &'static str,
    pub unsaved: fn(usize) -> String,
    pub save_as_new: &'static str,
    pub not_done: &'static str,
    pub conflict: &'static str,
    pub conflict_what: &'static str,
    pub version_mine: &'static str,
    pub version_theirs: &'static str,
    pub keep_mine: &'static str,
    pub take_theirs: &'static str,
    pub keep_both: &'static str,
    /// Names of those who have the post open, at least one.
    pub here_too: fn(&[&str]) -> String,
    pub merge_by: fn(&str) -> String,
    pub merge_by_me: &'static str,
    pub merge_by_somebody: &'static str,
    pub merge_check: &'static str,
    /// On a post in a list.
    pub merged_mark: &'static str,
    pub merge_compare: &'static str,
    pub merge_title: &'static str,
    pub merge_what: &'static str,
    pub merge_unchanged: &'static str,
    pub merge_as_before: &'static str,
    pub merge_right: &'static str,
    pub merge_take_theirs: &'static str,
    pub merge_take_mine: fn(own: bool) -> &'static str,
    pub merge_first: &'static str,
    pub version_of: fn(&str) -> String,
    pub version_last: &'static str,
    pub version_theirs_was: &'static str,
    pub version_now: &'static str,
    pub in_review: &'static str,
    pub on_hold: &'static str,
    pub locked_published: &'static str,
    pub locked_publishing: &'static str,
    pub taken_part: &'static str,
    pub taken_comment: &'static str,
    pub taken_image: &'static str,
    pub taken_account: &'static str,
    pub taken_own: &'static str,
    pub taken_joined: &'static str,
    pub taken_divided: fn(usize) -> String,
    pub taken_shortened: &'static str,
    pub taken_fitted: &'static str,
    pub taken_fitted_own: &'static str,
    pub taken_video: &'static str,
    // accounts and their texts
    pub accounts: &'static str,
    pub account: &'static str,
    pub no_accounts: &'static str,
    pub connect_account: &'static str,
    pub choose_accounts: &'static str,
    pub note_own: &'static str,
    pub note_own_images: &'static str,
    pub note_reconnect: &'static str,
    pub note_removed: &'static str,
    pub layers: &'static str,
    pub layer_base: &'static str,
    pub inherits: fn(&str) -> String,
    pub differs: fn(&str) -> String,
    pub differs_in_images: fn(&str) -> String,
    pub follow_base: &'static str,
    // parts
    pub write_here: &'static str,
    pub write_reply: &'static str,
    pub text_label: fn(usize) -> String,
    pub part_label: fn(usize, usize) -> String,
    pub part_place: fn(usize, usize) -> String,
    pub part_short: fn(u32) -> String,
    pub of_part: fn(&str, usize) -> String,
    pub part_add: &'static str,
    pub part_drag: &'static str,
    pub part_up: &'static str,
    pub part_down: &'static str,
    pub part_join: &'static str,
    pub part_remove: &'static str,
    pub wait: fn(u32) -> String,
    pub waits: &'static str,
    pub wait_label: fn(usize) -> String,
    pub first_comment: &'static str,
    pub first_comment_hint: &'static str,
    pub first_comment_when: &'static str,
    pub first_comment_remove: &'static str,
    pub copy_comment: &'static str,
    pub card_read: &'static str,
    pub card_reading: &'static str,
    pub card_remove: &'static str,
    pub taken_card: &'static str,
    pub taken_link: &'static str,
    pub cards: &'static str,
    pub people: &'static str,
    pub people_known: &'static str,
    pub people_silent: fn(&str) -> String,
    pub leave_rest_out: &'static str,
    pub rest_left_out: &'static str,
    pub link_tags: &'static str,
    pub part_empty: &'static str,
    pub fix: fn(Fix) -> &'static str,
    pub cannot_fix: fn(Fix) -> &'static str,
    /// What is done with images, and the networks that get them alone; none: all.
    pub fit: fn(&[Step], &[Network]) -> String,
    pub fit_all: &'static str,
    pub unfit: fn(Unfit) -> String,
    pub bytes: &'static str,
    pub title_of_text: &'static str,
    pub hashtags: &'static str,
    pub mentions: &'static str,
    pub rule: fn(Rule, Network, u32, u32) -> String,
    // emoji
    pub emoji: &'static str,
    pub emoji_hint: &'static str,
    pub emoji_nothing: &'static str,
    pub emoji_used: &'static str,
    pub emoji_groups: &'static str,
    pub emoji_group: fn(EmojiGroup) -> &'static str,
    // images
    pub image_add: &'static str,
    pub image_add_hint: &'static str,
    pub image_number: fn(usize, usize) -> String,
    pub image_short: fn(u32) -> String,
    pub video_short: fn(u32) -> String,
    pub of_image: fn(&str, usize) -> String,
    pub image_earlier: &'static str,
    pub image_later: &'static str,
    pub image_remove: &'static str,
    pub alt_is: fn(&str) -> String,
    pub alt_missing: &'static str,
    pub alt_label: fn(usize) -> String,
    pub alt_hint: &'static str,
    pub alt_why: &'static str,
    pub alt_done: &'static str,
    pub drop_here: &'static str,
    pub upload_reading: fn(&str) -> String,
    pub upload_storing: &'static str,
    pub upload_fitting: &'static str,
    pub upload_no_image: &'static str,
    pub upload_too_large: &'static str,
    pub upload_unreadable: &'static str,
    pub video_too_large: &'static str,
    pub encoding: fn(u32) -> String,
    // only on Mastodon
    pub mastodon_only: &'static str,
    pub warning: &'static str,
    pub warning_hint: &'static str,
    pub warning_placeholder: &'static str,
    pub visibility: &'static str,
    pub visibility_public: &'static str,
    pub visibility_unlisted: &'static str,
    pub visibility_private: &'static str,
    pub visibility_public_is: &'static str,
    pub visibility_unlisted_is: &'static str,
    pub visibility_private_is: &'static str,
    // when
    pub when: &'static str,
    pub pick_time: &'static str,
    pub no_time: &'static str,
    pub unschedule: &'static str,
    pub date: &'static str,
    pub time: &'static str,
    pub zone: &'static str,
    pub quick_hour: &'static str,
    pub quick_evening: &'static str,
    pub quick_tomorrow: &'static str,
    pub quick_monday: &'static str,
    pub time_unfinished: &'static str,
    pub time_past: &'static str,
    pub time_range: &'static str,
    pub zone_unknown: fn(&str) -> String,
    pub your_time: fn(&str) -> String,
    pub gap: fn(&str, &str) -> String,
    pub fold: fn(&str) -> String,
    pub fold_first: &'static str,
    pub fold_second: &'static str,
    // before it goes out
    pub inspector: &'static str,
    pub before_out: &'static str,
    pub all_clear: &'static str,
    pub blocked_accounts: &'static str,
    pub blocked_gone: &'static str,
    pub blocked_rules: fn(usize) -> String,
    pub reconnect_first: fn(&str) -> String,
    /// The account, the other post's title and time, and whether that is still to come.
    pub repeat: fn(&str, &str, &str, bool) -> String,
    pub without_alt: fn(usize) -> String,
    // the preview
    pub preview: &'static str,
    pub preview_account: &'static str,
    pub preview_nothing: &'static str,
    pub preview_empty: &'static str,
    pub preview_now: &'static str,
    pub preview_more: &'static str,
    pub preview_less: &'static str,
    pub bsky_reply: &'static str,
    pub bsky_repost: &'static str,
    pub bsky_like: &'static str,
    pub masto_reply: &'static str,
    pub masto_boost: &'static str,
    pub masto_favourite: &'static str,
    // versions
    pub history: &'static str,
    pub history_version: fn(u32) -> String,
    pub history_against: &'static str,
    pub history_before: &'static str,
    pub history_newest: &'static str,
    pub history_same: &'static str,
    pub history_wait: &'static str,
    pub history_restore: fn(u32) -> String,
    pub history_characters: fn(u32) -> String,
    pub said_restored: fn(u32) -> String,
    pub mark_scheduled: &'static str,
    pub mark_signed: &'static str,
    pub mark_published: &'static str,
    pub mark_restored: &'static str,
    pub text_of_post: &'static str,
    pub images_of_part: &'static str,
    // the persona
    pub persona: &'static str,
    pub persona_none_yet: &'static str,
    pub persona_add: &'static str,
    pub voice: &'static str,
    pub audience: &'static str,
    // deliveries
    pub deliveries: &'static str,
    pub account_gone: &'static str,
    pub parts_out: fn(usize, usize) -> String,
    pub open_profile: &'static str,
    pub opened_in_browser: &'static str,
    pub it_is_there: &'static str,
    pub it_is_there_what: &'static str,
    // by hand
    pub it_is_there_by_hand: &'static str,
    pub by_hand_now: fn(&str) -> String,
    pub copy_text: &'static str,
    pub copy_part: fn(usize) -> String,
    pub copy_alt: fn(usize) -> String,
    pub save_images: fn(usize) -> String,
    pub images_saved: fn(usize, &str) -> String,
    pub open_network: fn(&str) -> String,
    pub link_of_post: &'static str,
    pub link_of_post_hint: &'static str,
    pub marked_there: &'static str,
    pub not_there_send: &'static str,
    pub send_again_hint: &'static str,
    pub publish_it_now: &'static str,
    pub sent_again: &'static str,
    pub skip: &'static str,
    pub skipped: &'static str,
}

/// Behind one another; the first as it is, the others in small letters where they do not begin with a name.
fn listed(steps: impl Iterator<Item = String>) -> String {
    let mut all = String::new();
    for step in steps {
        if all.is_empty() {
            all = step;
            continue;
        }
        all.push_str(", ");
        let mut letters = step.chars();
        all.extend(letters.next().into_iter().flat_map(char::to_lowercase));
        all.push_str(letters.as_str());
    }
    all
}

fn names(networks: &[Network]) -> String {
    networks.iter().map(|network| network.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use domain::media::MediaType;

    use super::*;

    #[test]
    fn a_broken_rule_is_told_with_its_figures_in_both_languages() {
        for texts in [&EN, &DE] {
            let steps = [Step::Crop(800), Step::Scale(1_080), Step::Encode, Step::Convert(MediaType::Jpeg)];
            let said = (texts.fit)(&steps, &[Network::Instagram]);
            for figure in ["4:5", "080", "JPEG", "Instagram"] {
                assert!(said.contains(figure), "{said}");
            }
            assert!(!(texts.fit)(&steps, &[]).contains("Instagram"));
            for rule in Rule::ALL {
                let sentence = (texts.rule)(rule, Network::Bluesky, 312, 300);
                assert!(!sentence.is_empty());
                let own = matches!(rule, Rule::ImageBytes | Rule::ImageTooWide | Rule::VideoWithImages);
                let numbers = !rule.is_plain() && !own && !rule.is_least() && !rule.is_of_video();
                if numbers {
                    assert!(sentence.contains("12") && sentence.contains("300"), "{sentence}");
                }
            }
        }
    }
}
