//! All words of the window, in a typed catalogue: a text that one language lacks does not compile.
//!
//! Texts of one screen lie beside the screen; here are those of the frame and of the whole program.

mod de;
mod en;
mod frame;

use std::fmt;

use contract::program::Language;
use contract::{ApiError, Code};
use domain::job::{JobState, Reason};
use domain::network::Network;
use domain::post::PostStatus;
use yew::prelude::*;

pub use frame::Frame;

use crate::screens;
use crate::state::keys::{Cmd, Scope};
use crate::state::rhythm::RhythmWords;
use crate::state::time::TimeWords;

/// The words of one language.
pub struct Texts {
    /// BCP 47, for `lang`.
    pub code: &'static str,
    pub time: TimeWords,
    pub rhythm: RhythmWords,
    pub frame: Frame,
    pub command: fn(Cmd) -> &'static str,
    pub scope: fn(Scope) -> &'static str,
    pub status: fn(PostStatus) -> &'static str,
    pub job_state: fn(JobState) -> &'static str,
    /// A sentence for an error; the program's own sentence in English.
    pub error: fn(&ApiError) -> String,
    /// A short name for what went wrong.
    pub error_title: fn(Code) -> &'static str,
    /// What happened to a delivery and what to do, in a sentence or two.
    pub reason: fn(&Reason, JobState, Network) -> String,
    pub many: crate::frame::many::Texts,
    pub bring: crate::frame::bring::Texts,
    pub today: screens::today::texts::Texts,
    pub calendar: screens::calendar::texts::Texts,
    pub export: screens::export::texts::Texts,
    pub import: screens::import::texts::Texts,
    pub series: screens::series::texts::Texts,
    pub queues: screens::queues::texts::Texts,
    pub comments: screens::compose::comments::texts::Texts,
    pub snippets: screens::snippets::texts::Texts,
    pub zones: screens::zones::texts::Texts,
    pub ideas: screens::ideas::texts::Texts,
    pub library: screens::library::texts::Texts,
    pub crop: screens::crop::texts::Texts,
    pub settings: screens::settings::texts::Texts,
    pub welcome: screens::welcome::texts::Texts,
    pub vault: screens::vault::texts::Texts,
    pub start_error: screens::start_error::texts::Texts,
    pub compose: screens::compose::texts::Texts,
    pub accounts: screens::accounts::texts::Texts,
    pub personas: screens::personas::texts::Texts,
    pub team: screens::team::texts::Texts,
    pub approvals: screens::approvals::texts::Texts,
    pub chains: screens::team::chains::texts::Texts,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.code).finish()
    }
}

/// One catalogue per language, so the address tells them apart.
impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

pub use de::DE;
pub use en::EN;

pub fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => &EN,
        Language::German => &DE,
    }
}

/// The words of the language that is set.
#[hook]
pub fn use_texts() -> &'static Texts {
    use_context::<&'static Texts>().unwrap_or(&EN)
}

/// "1 post" or "3 posts".
pub fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(count)) }
}

/// 12345 as "12,345": thin enough to read, the same in both languages would be wrong, so the separator is the caller's.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            // a narrow no-break space is the separator of ISO 31-0: right in every language
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_command_has_a_title_of_its_own_in_both_languages() {
        for texts in [&EN, &DE] {
            let titles: BTreeSet<_> = Cmd::ALL.iter().map(|cmd| (cmd.scope(), (texts.command)(*cmd))).collect();
            assert_eq!(titles.len(), Cmd::ALL.len(), "{}", texts.code);
            assert!(titles.iter().all(|(_, title)| !title.is_empty()));
        }
    }

    #[test]
    fn every_state_has_a_word_of_its_own() {
        for texts in [&EN, &DE] {
            let words: BTreeSet<_> = PostStatus::ALL.iter().map(|status| (texts.status)(*status)).collect();
            assert_eq!(words.len(), PostStatus::ALL.len(), "{}", texts.code);
        }
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_284), "1\u{202f}284");
        assert_eq!(grouped(10_000_000), "10\u{202f}000\u{202f}000");
        assert_eq!(counted(1, "post", "posts"), "1 post");
    }
}
