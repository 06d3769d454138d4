//! Who speaks in the sample, and where: the five voices of Harbour & Co.

use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::id::{AccountId, PersonaId, QueueId};
use domain::job::plus;
use domain::link_tags::LinkTags;
use domain::network::Network;
use domain::people::{PersonaColor, PersonaText};
use domain::queue::{Day, QueueText, Slot};
use domain::text::mastodon::MastodonLimits;
use jiff::Timestamp;
use jiff::civil::Time;
use uuid::Uuid;

use super::texts::{self, Text};

const DAY_S: i64 = 24 * 60 * 60;
/// An account whose network ends the sign-in soon, and one whose network has ended it.
const ENDS_IN_DAYS: i64 = 6;
pub(super) const ENDED_S: i64 = 5 * 60 * 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    Bakery,
    Careers,
    Ines,
    Hamburg,
    Makhbaz,
}

impl Voice {
    pub(super) const ALL: [Self; 5] = [Self::Bakery, Self::Careers, Self::Ines, Self::Hamburg, Self::Makhbaz];

    pub(super) fn persona(self) -> PersonaId {
        PersonaId::new(fixed(b'p', self as u8))
    }

    pub(super) fn texts(self) -> &'static [Text] {
        match self {
            Self::Bakery => texts::bakery::TEXTS,
            Self::Careers => texts::careers::TEXTS,
            Self::Ines => texts::ines::TEXTS,
            Self::Hamburg => texts::hamburg::TEXTS,
            Self::Makhbaz => texts::makhbaz::TEXTS,
        }
    }

    pub(super) fn places(self) -> &'static [Place] {
        match self {
            Self::Bakery => &[Place::BakeryBluesky, Place::BakeryMastodon],
            Self::Careers => &[Place::CareersBluesky, Place::CareersMastodon],
            Self::Ines => &[Place::InesBluesky, Place::InesMastodon],
            Self::Hamburg => &[Place::HamburgBluesky, Place::HamburgMastodon],
            Self::Makhbaz => &[Place::MakhbazBluesky],
        }
    }

    /// Where the person behind the voice posts herself.
    fn by_hand(self) -> &'static [Place] {
        if self == Self::Ines { &[Place::InesLinkedIn] } else { &[] }
    }

    pub(super) fn text(self) -> PersonaText {
        let (name, color, voice, audience) = match self {
            Self::Bakery => (
                "Harbour Bakery",
                PersonaColor::Clay,
                "Warm, short, a little dry. We, never I. Bread first, jokes second, no exclamation marks in a row. \
                 Prices and allergens are said plainly. Never: artisanal, guilt-free, treat yourself.",
                "People who pass the harbour in the morning, and people who bake at home.",
            ),
            Self::Careers => (
                "Harbour Careers",
                PersonaColor::Fern,
                "Honest and specific. Pay in the first line. Say what is hard about the job before they ask.",
                "Bakers, baristas and people who have never worked in a kitchen and wonder.",
            ),
            Self::Ines => (
                "Ines Halvorsen",
                PersonaColor::Iris,
                "First person, calm, one thought per post. No lists of more than three. No hashtags.",
                "People who lead others and are tired.",
            ),
            Self::Hamburg => (
                "Harbour & Co. Bäckerei am Fischmarkt, Hamburg-Altona",
                PersonaColor::Sea,
                "Auf Deutsch, trocken, hanseatisch. Wir duzen. Wetter ist immer ein Thema.",
                "Nachbarschaft, Frühaufsteherinnen, Touristen mit Hunger.",
            ),
            Self::Makhbaz => (
                "مخبز الميناء",
                PersonaColor::Sun,
                "بالعربية الفصحى السهلة، بدفء وبلا مبالغة. أسماء الأماكن تبقى كما هي: Grünerløkka.",
                "الجيران والعائلات في أوسلو ومن يخبز في البيت.",
            ),
        };
        PersonaText {
            name: name.to_owned(),
            color,
            voice: voice.to_owned(),
            audience: audience.to_owned(),
            accounts: self.places().iter().chain(self.by_hand()).map(|place| place.account()).collect(),
            link_tags: self.link_tags(),
        }
    }

    pub(super) fn link_tags(self) -> Option<LinkTags> {
        let (source, medium) = (LinkTags::NETWORK.to_owned(), "social".to_owned());
        let campaign = match self {
            Self::Bakery => String::new(),
            Self::Careers => "jobs".to_owned(),
            Self::Ines | Self::Hamburg | Self::Makhbaz => return None,
        };
        Some(LinkTags { source, medium, campaign, ..LinkTags::default() })
    }
}

/// One account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    BakeryBluesky,
    BakeryMastodon,
    CareersBluesky,
    CareersMastodon,
    InesBluesky,
    InesMastodon,
    HamburgBluesky,
    HamburgMastodon,
    MakhbazBluesky,
    InesLinkedIn,
}

impl Place {
    pub(super) const ALL: [Self; 10] = [
        Self::BakeryBluesky,
        Self::BakeryMastodon,
        Self::CareersBluesky,
        Self::CareersMastodon,
        Self::InesBluesky,
        Self::InesMastodon,
        Self::HamburgBluesky,
        Self::HamburgMastodon,
        Self::MakhbazBluesky,
        Self::InesLinkedIn,
    ];

    pub(super) fn account(self) -> AccountId {
        AccountId::new(fixed(b'a', self as u8))
    }

    pub(super) const fn network(self) -> Network {
        match self {
            Self::BakeryMastodon | Self::CareersMastodon | Self::InesMastodon | Self::HamburgMastodon => {
                Network::Mastodon
            }
            Self::InesLinkedIn => Network::LinkedIn,
            _ => Network::Bluesky,
        }
    }

    const fn handle(self) -> &'static str {
        match self {
            Self::BakeryBluesky => "harbourbakery.example",
            Self::BakeryMastodon => "bakery",
            Self::CareersBluesky => "careers.harbour.example",
            Self::CareersMastodon => "jobs",
            Self::InesBluesky => "ines.halvorsen.example",
            Self::InesMastodon => "ines",
            Self::HamburgBluesky => "baeckerei-am-fischmarkt.hamburg.harbour.example",
            Self::HamburgMastodon => "hafen",
            Self::MakhbazBluesky => "makhbaz.harbour.example",
            Self::InesLinkedIn => "Ines Halvorsen",
        }
    }

    const fn display_name(self) -> &'static str {
        match self {
            Self::BakeryBluesky => "Harbour Bakery",
            Self::BakeryMastodon => "Harbour Bakery 🥐",
            Self::CareersBluesky | Self::CareersMastodon => "Harbour Careers",
            Self::InesBluesky | Self::InesLinkedIn => "Ines Halvorsen",
            Self::InesMastodon => "Ines Halvorsen (she/her) 🌊",
            Self::HamburgBluesky | Self::HamburgMastodon => "Harbour & Co. Bäckerei am Fischmarkt",
            Self::MakhbazBluesky => "مخبز الميناء 🫓",
        }
    }

    const fn server(self) -> &'static str {
        match self {
            Self::BakeryMastodon | Self::CareersMastodon => "https://oslo.example",
            Self::InesMastodon => "https://nordic.example",
            Self::HamburgMastodon => "https://hamburg.example",
            Self::InesLinkedIn => "",
            _ => "https://bsky.social",
        }
    }

    /// The account as the sample shows it.
    pub(super) fn shown(self, now: Timestamp) -> Account {
        let ended = Health::ReconnectNeeded { since: plus(now, -ENDED_S) };
        Account {
            health: if self == Self::CareersMastodon { ended } else { Health::Healthy },
            ends_at: (self == Self::InesBluesky).then(|| plus(now, ENDS_IN_DAYS * DAY_S)),
            checked_at: plus(now, -11 * 60),
            sample: true,
            ..self.working(now)
        }
    }

    /// The account as it was while its past deliveries went out.
    pub(super) fn working(self, now: Timestamp) -> Account {
        let (handle, server) = (self.handle(), self.server());
        // characters of one post: the default, and two servers that chose for themselves
        let max_characters = match self {
            Self::InesMastodon => 5_000,
            Self::HamburgMastodon => 1_000,
            _ => 500,
        };
        let number = 109_000_000_000_000_000_u64 + 7_919_000_000 * (1 + self as u64);
        let (remote_id, url, limits) = match self.network() {
            Network::Bluesky => (did(handle), format!("https://bsky.app/profile/{handle}"), Limits::Bluesky),
            Network::LinkedIn => {
                let url = "https://www.linkedin.com/in/ines-halvorsen-example".to_owned();
                (number.to_string(), url, Limits::Book { premium: false })
            }
            _ => (
                number.to_string(),
                format!("{server}/@{handle}"),
                Limits::Mastodon(MastodonLimits { max_characters, ..MastodonLimits::default() }),
            ),
        };
        Account {
            id: self.account(),
            network: self.network(),
            server: server.to_owned(),
            sign_in: match self {
                Self::HamburgBluesky => SignIn::AppPassword,
                Self::InesLinkedIn => SignIn::ByHand,
                _ => SignIn::OAuth,
            },
            profile: Profile {
                remote_id,
                handle: handle.to_owned(),
                display_name: self.display_name().to_owned(),
                url,
                limits,
            },
            health: Health::Healthy,
            ends_at: None,
            checked_at: now,
            grace_s: Account::GRACE_DEFAULT_S,
            removed: false,
            sample: false,
            // in the order of the list
            created_at: plus(now, -900 * DAY_S + 60 * i64::from(self as u8)),
        }
    }
}

/// A DID of the form that the PLC directory gives, made from the handle.
fn did(handle: &str) -> String {
    let digest = domain::id::MediaId::of(handle.as_bytes());
    let letters = digest.bytes().iter().take(24).map(|byte| base32(*byte));
    format!("did:plc:{}", letters.collect::<String>())
}

/// One digit of the base 32 that DIDs and content ids are written in.
pub(super) fn base32(byte: u8) -> char {
    char::from(b"abcdefghijklmnopqrstuvwxyz234567".get(usize::from(byte & 31)).copied().unwrap_or(b'a'))
}

/// The times of the week that the sample keeps free.
pub(super) fn queues(zone: &str) -> [(QueueId, QueueText); 3] {
    let queue = |number: u8, name: &str, voice: Voice, slots: &[(i8, i8, &[Day])]| {
        let slot = |(hour, minute, days): &(i8, i8, &[Day])| Slot {
            time: Time::constant(*hour, *minute, 0, 0),
            days: days.iter().copied().collect(),
        };
        let text = QueueText {
            name: name.to_owned(),
            persona: Some(voice.persona()),
            accounts: Vec::new(),
            zone: zone.to_owned(),
            slots: slots.iter().map(slot).collect(),
        };
        (QueueId::new(fixed(b'q', number)), text)
    };
    let workdays = &[Day::Mo, Day::Tu, Day::We, Day::Th, Day::Fr];
    [
        queue(1, "From the oven", Voice::Bakery, &[(7, 30, workdays), (8, 30, &[Day::Sa, Day::Su])]),
        queue(2, "Openings", Voice::Careers, &[(12, 0, &[Day::Tu, Day::Th])]),
        queue(3, "Notes on bread", Voice::Ines, &[(19, 0, &[Day::Su])]),
    ]
}

/// The same id in every sample: screens and tests may remember it.
pub(super) fn fixed(kind: u8, number: u8) -> Uuid {
    let mut bytes = *b"sendoff sample..";
    let [.., last_but_one, last] = &mut bytes;
    (*last_but_one, *last) = (kind, number);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
