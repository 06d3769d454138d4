//! What each network says about what stands there: counters and broken rules, part by part. Asked again at every keystroke.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use domain::account::Account;
use domain::id::{AccountId, MediaId};
use domain::link_tags::LinkTags;
use domain::media::Media;
use domain::network::Network;
use domain::post::{Content, Draft, Outgoing};
use domain::text::fix::without_link;
use domain::text::{ImageFacts, Measure, NetworkRules, PartText, Rule, Violation, check, measure, measure_alt};

use super::edit::{Layer, own_text};

pub type MediaById = BTreeMap<MediaId, Media>;

/// A counter below a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gauge {
    pub network: Network,
    /// The server's name, where one network counts in several ways.
    pub server: Option<String>,
    pub measure: Measure,
}

/// A broken rule, and who minds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub network: Network,
    pub server: Option<String>,
    pub violation: Violation,
}

/// What stands below one part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartChecks {
    pub gauges: Vec<Gauge>,
    pub problems: Vec<Problem>,
    /// Something is wrong with it, and a link could be moved out of it.
    pub has_link: bool,
    /// The fewest images that any of these networks takes in one post.
    pub images_max: Option<u32>,
}

/// Accounts that count alike.
struct Group<'a> {
    rules: NetworkRules<'a>,
    server: Option<String>,
}

/// The accounts that get exactly what this layer shows: for the base, all that have no text of their own.
pub fn audience<'a>(draft: &Draft, layer: Layer, accounts: &'a [Account]) -> Vec<&'a Account> {
    let gets = |account: AccountId| match layer {
        Layer::Base => draft.content_for(account).is_some() && own_text(draft, account).is_none(),
        Layer::Account(only) => only == account,
    };
    accounts.iter().filter(|account| gets(account.id)).collect()
}

/// Counters and problems of each part that `layer` shows, then of its first comment if there is one.
pub fn part_checks(draft: &Draft, layer: Layer, accounts: &[Account], media: &MediaById) -> Vec<PartChecks> {
    let groups = groups(&audience(draft, layer, accounts));
    let content = layer.content(draft);
    let tags = draft.link_tags.as_ref();
    content.outgoing().map(|part| one_part(content, part, tags, &groups, media)).collect()
}

fn groups<'a>(accounts: &[&'a Account]) -> Vec<Group<'a>> {
    let mut different: Vec<&'a Account> = Vec::new();
    for account in accounts {
        if !different
            .iter()
            .any(|known| known.network == account.network && known.profile.limits == account.profile.limits)
        {
            different.push(account);
        }
    }
    let several = |network| different.iter().filter(|account| account.network == network).count() > 1;
    let name = |account: &Account| if account.is_by_hand() { account.full_handle() } else { account.host().to_owned() };
    let mut groups: Vec<Group<'a>> = different
        .iter()
        .map(|account| Group { rules: account.rules(), server: several(account.network).then(|| name(account)) })
        .collect();
    groups.sort_by(|one, other| (one.rules.network(), &one.server).cmp(&(other.rules.network(), &other.server)));
    groups
}

fn one_part(
    content: &Content,
    part: Outgoing<'_>,
    tags: Option<&LinkTags>,
    groups: &[Group<'_>],
    media: &MediaById,
) -> PartChecks {
    let images: Vec<ImageFacts<'_>> = part.images.iter().filter_map(|image| facts(image, media)).collect();
    let mut checks = PartChecks::default();
    for group in groups {
        let network = group.rules.network();
        let said = tags.map_or(Cow::Borrowed(part.text), |tags| tags.tagged_text(part.text, network));
        let content_warning = content.content_warning.as_str();
        let text = PartText { text: &said, content_warning, images: &images, is_comment: part.is_comment };
        for measure in measure(group.rules, text) {
            if measure.rule == Rule::ImagesPerPost {
                checks.images_max = Some(checks.images_max.map_or(measure.limit, |least| least.min(measure.limit)));
            }
            if worth_showing(&measure) {
                checks.gauges.push(Gauge { network, server: group.server.clone(), measure });
            }
        }
        checks.problems.extend(check(group.rules, text).into_iter().map(|violation| Problem {
            network,
            server: group.server.clone(),
            violation,
        }));
    }
    checks.has_link = !checks.problems.is_empty() && !part.is_comment && without_link(part.text).is_some();
    checks
}

/// The text is always counted; the rest only once it may run out. Images are counted beside their button.
fn worth_showing(measure: &Measure) -> bool {
    match measure.rule {
        Rule::TextLength => true,
        Rule::ImagesPerPost => false,
        _ => u64::from(measure.used) * 10 >= u64::from(measure.limit) * 8,
    }
}

fn facts<'a>(image: &'a domain::post::Image, media: &'a BTreeMap<MediaId, Media>) -> Option<ImageFacts<'a>> {
    let media = media.get(&image.media)?;
    Some(ImageFacts::of(media, &image.alt))
}

/// The tightest counter for an image description among those who get this layer.
pub fn alt_gauge(draft: &Draft, layer: Layer, accounts: &[Account], alt: &str) -> Option<Measure> {
    let audience = audience(draft, layer, accounts);
    audience.iter().filter_map(|account| measure_alt(account.rules(), alt)).min_by_key(Measure::left)
}

/// One thing that keeps a post from being scheduled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    pub layer: Layer,
    /// From 0.
    pub part: u32,
    pub problem: Problem,
}

/// Everything that keeps the draft from going out, once per text and kind of account.
pub fn blockers(draft: &Draft, accounts: &[Account], media: &MediaById) -> Vec<Blocker> {
    let mut layers: Vec<Layer> = vec![Layer::Base];
    layers.extend(
        draft.targets.iter().filter(|target| target.variant.is_some()).map(|target| Layer::Account(target.account)),
    );
    let mut found = Vec::new();
    for layer in layers {
        for (part, checks) in (0_u32..).zip(part_checks(draft, layer, accounts, media)) {
            found.extend(checks.problems.into_iter().map(|problem| Blocker { layer, part, problem }));
        }
    }
    found
}

/// Images that a reader who cannot see gets nothing of.
pub fn without_alt(draft: &Draft) -> usize {
    let variants = draft.targets.iter().filter_map(|target| target.variant.as_ref());
    let images =
        std::iter::once(&draft.base).chain(variants).flat_map(|content| &content.parts).flat_map(|part| &part.images);
    images.filter(|image| image.alt.trim().is_empty()).map(|image| image.media).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use domain::post::Target;
    use domain::text::mastodon::MastodonLimits;

    use super::*;
    use crate::screens::compose::sample::{account, bluesky, mastodon};

    fn post(text: &str, accounts: &[&Account]) -> Draft {
        let targets = accounts.iter().map(|account| Target { account: account.id, variant: None }).collect();
        Draft { base: Content::text(text), targets, ..Draft::default() }
    }

    #[test]
    fn each_way_of_counting_has_one_counter() {
        let accounts = [bluesky(1), bluesky(2), mastodon(3, "oslo.town", 500), mastodon(4, "wide.example", 5_000)];
        let all: Vec<&Account> = accounts.iter().collect();
        let draft = post("Bread", &all);
        let checks = part_checks(&draft, Layer::Base, &accounts, &MediaById::new());
        let shown: Vec<_> = checks[0]
            .gauges
            .iter()
            .map(|gauge| (gauge.network, gauge.server.as_deref(), gauge.measure.used, gauge.measure.limit))
            .collect();
        assert_eq!(
            shown,
            [
                (Network::Bluesky, None, 5, 300),
                (Network::Mastodon, Some("oslo.town"), 5, 500),
                (Network::Mastodon, Some("wide.example"), 5, 5_000),
            ]
        );
    }

    #[test]
    fn an_account_with_its_own_text_is_counted_there_and_not_in_the_base() {
        let accounts = [bluesky(1), mastodon(3, "oslo.town", 500)];
        let mut draft = post(&"a".repeat(400), &[&accounts[0], &accounts[1]]);
        assert_eq!(blockers(&draft, &accounts, &MediaById::new()).len(), 1);
        draft.targets[0].variant = Some(Content::text("short"));
        assert_eq!(blockers(&draft, &accounts, &MediaById::new()), []);
        let base = part_checks(&draft, Layer::Base, &accounts, &MediaById::new());
        assert!(base[0].gauges.iter().all(|gauge| gauge.network == Network::Mastodon));
        let own = part_checks(&draft, Layer::Account(account(1)), &accounts, &MediaById::new());
        assert_eq!(own[0].gauges[0].measure.used, 5);
    }

    #[test]
    fn bytes_are_shown_when_they_matter() {
        let accounts = [bluesky(1)];
        let family = "👨‍👩‍👧‍👧".repeat(110);
        let checks = part_checks(&post(&family, &[&accounts[0]]), Layer::Base, &accounts, &MediaById::new());
        assert!(checks[0].gauges.iter().any(|gauge| gauge.measure.rule == Rule::TextBytes));
    }

    #[test]
    fn limits_read_from_a_server_count() {
        let wide = mastodon(3, "wide.example", MastodonLimits::default().max_characters * 2);
        let draft = post(&"a".repeat(900), &[&wide]);
        assert_eq!(blockers(&draft, &[wide], &MediaById::new()), []);
    }
}
