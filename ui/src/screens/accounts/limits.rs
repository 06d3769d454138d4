//! What an account's network accepts, in figures.

use domain::account::{Account, Limits};
use domain::text::Rule;

/// The limits that writers meet; none where the network has none that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub characters: Option<u32>,
    pub images: Option<u32>,
    pub image_bytes: Option<u32>,
    /// The server told, rather than the network's own rules.
    pub read_from_server: bool,
}

pub fn figures(account: &Account) -> Figures {
    let limit = |rule| account.rules().row(rule).map(|row| row.limit);
    Figures {
        characters: limit(Rule::TextLength),
        images: limit(Rule::ImagesPerPost),
        image_bytes: limit(Rule::ImageBytes),
        read_from_server: matches!(account.profile.limits, Limits::Mastodon(_)),
    }
}

/// Whole megabytes, or tenths below ten.
pub fn megabytes(bytes: u32) -> String {
    let tenths = bytes / 100_000;
    if tenths >= 100 || tenths.is_multiple_of(10) {
        format!("{}", tenths / 10)
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// The grace times that are offered, in seconds; one that was set otherwise stands among them.
pub fn grace_choices(current: u32) -> Vec<u32> {
    let mut choices = vec![0, 5 * 60, 15 * 60, 30 * 60, 3_600, 3 * 3_600, 12 * 3_600, 24 * 3_600];
    if !choices.contains(&current) {
        choices.push(current);
        choices.sort_unstable();
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(megabytes(2_000_000), "2");
        assert_eq!(megabytes(976_560), "0.9");
        assert_eq!(megabytes(16_777_216), "16");
    }

    #[test]
    fn the_set_grace_time_can_be_seen_and_kept() {
        assert_eq!(grace_choices(1_800).len(), 8);
        let choices = grace_choices(1_000);
        assert_eq!(choices.len(), 9);
        assert!(choices.is_sorted());
    }
}
