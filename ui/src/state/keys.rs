//! Every command of the window, the keys that run it, and how key presses become commands.

/// Where a command's keys count. Keys of [`Scope::Everywhere`] count in every other scope as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Everywhere,
    Today,
    Compose,
    Calendar,
    Approvals,
    Ideas,
    Library,
    Accounts,
    Personas,
    Team,
    Settings,
}

/// One press: with the platform's main modifier (Ctrl, on a Mac Cmd), Alt, Shift, and the key as the browser names it.
/// Shift counts for named keys only; for letters and signs it is part of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    pub main: bool,
    pub alt: bool,
    pub shift: bool,
    pub key: &'static str,
}

const fn key(key: &'static str) -> Chord {
    Chord { main: false, alt: false, shift: false, key }
}

const fn main(key: &'static str) -> Chord {
    Chord { main: true, alt: false, shift: false, key }
}

const fn alt(key: &'static str) -> Chord {
    Chord { main: false, alt: true, shift: false, key }
}

const fn shift(key: &'static str) -> Chord {
    Chord { main: false, alt: false, shift: true, key }
}

macro_rules! commands {
    ($($name:ident: $scope:ident [$($chord:expr),*];)+) => {
        /// Every command of the window. Its title is in the catalogue of texts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Cmd {
            $($name),+
        }

        impl Cmd {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub const fn scope(self) -> Scope {
                match self {
                    $(Self::$name => Scope::$scope),+
                }
            }

            /// The presses that run it, one after the other; empty: only the palette runs it.
            pub const fn keys(self) -> &'static [Chord] {
                match self {
                    $(Self::$name => const { &[$($chord),*] }),+
                }
            }
        }
    };
}

commands! {
    // everywhere
    Palette: Everywhere [main("k")];
    Shortcuts: Everywhere [key("?")];
    UndoLast: Everywhere [key("z")];
    RedoLast: Everywhere [shift("z")];
    NewPost: Everywhere [key("c")];
    NewFromTemplate: Everywhere [shift("c")];
    GoToday: Everywhere [key("g"), key("t")];
    GoCompose: Everywhere [key("g"), key("w")];
    GoCalendar: Everywhere [key("g"), key("c")];
    GoApprovals: Everywhere [key("g"), key("v")];
    GoIdeas: Everywhere [key("g"), key("i")];
    GoLibrary: Everywhere [key("g"), key("l")];
    GoAccounts: Everywhere [key("g"), key("a")];
    GoPersonas: Everywhere [key("g"), key("p")];
    GoTeam: Everywhere [key("g"), key("m")];
    GoSettings: Everywhere [key("g"), key("s")];
    SwitchProfile: Everywhere [key("g"), key("o")];
    OpenProfile: Everywhere [];
    ShowSync: Everywhere [key("g"), key("x")];
    SyncNow: Everywhere [];
    ToggleSidebar: Everywhere [main("b")];
    PausePublishing: Everywhere [];
    ResumePublishing: Everywhere [];
    ThemeLight: Everywhere [];
    ThemeDark: Everywhere [];
    ThemeSystem: Everywhere [];
    LanguageEnglish: Everywhere [];
    LanguageGerman: Everywhere [];
    OpenSample: Everywhere [];
    LeaveSample: Everywhere [];
    ImportPosts: Everywhere [];
    ExportPosts: Everywhere [];
    ShowSeries: Everywhere [];
    ShowQueues: Everywhere [];
    ShowSnippets: Everywhere [];
    ExportAll: Everywhere [];
    OpenVault: Everywhere [];
    // today
    TodayNext: Today [key("j")];
    TodayPrevious: Today [key("k")];
    TodayOpen: Today [key("Enter")];
    // compose
    ComposeSchedule: Compose [main("Enter")];
    ComposePublishNow: Compose [];
    ComposeSignOff: Compose [key("a")];
    ComposeUnschedule: Compose [];
    ComposeHold: Compose [key("h")];
    ComposeQueue: Compose [alt("q")];
    ComposeAddPart: Compose [alt("Enter")];
    ComposeCard: Compose [alt("l")];
    ComposeFirstComment: Compose [alt("f")];
    ComposeUndo: Compose [main("z")];
    ComposeThread: Compose [main(".")];
    ComposeNumberedThread: Compose [];
    ComposeShorten: Compose [];
    ComposeMoveLink: Compose [alt("o")];
    ComposeFit: Compose [alt("m")];
    ComposeFitAll: Compose [];
    ComposeCrop: Compose [alt("x")];
    ComposeReencode: Compose [];
    ComposeCutVideo: Compose [];
    ComposeAddImage: Compose [main("i")];
    ComposeComment: Compose [alt("c")];
    ComposeNextComment: Compose [alt("n")];
    ComposeResolveComment: Compose [alt("r")];
    ComposeEmoji: Compose [main("e")];
    ComposeSnippet: Compose [main("j")];
    ComposeSignature: Compose [];
    ComposeSaveTemplate: Compose [];
    ComposeInsertSnippet: Compose [];
    ComposeFromLibrary: Compose [alt("i")];
    ComposePickTime: Compose [key("s")];
    ComposeEdit: Compose [key("e")];
    ComposeHistory: Compose [alt("h")];
    ComposeMerge: Compose [alt("g")];
    ComposeApprove: Compose [alt("a")];
    ComposeRequestChanges: Compose [alt("d")];
    ComposeReject: Compose [];
    ComposeOverride: Compose [];
    ComposeWithdrawReview: Compose [];
    ComposeDelete: Compose [];
    ComposeDuplicate: Compose [];
    ComposeBring: Compose [];
    ComposeNextAccount: Compose [alt("ArrowRight")];
    ComposePreviousAccount: Compose [alt("ArrowLeft")];
    ComposeJobLog: Compose [];
    // calendar
    CalendarToday: Calendar [key("t")];
    CalendarEarlier: Calendar [key("p")];
    CalendarLater: Calendar [key("n")];
    CalendarMonth: Calendar [key("1")];
    CalendarWeek: Calendar [key("2")];
    CalendarList: Calendar [key("3")];
    CalendarDrafts: Calendar [key("4")];
    CalendarFilter: Calendar [key("/")];
    CalendarBring: Calendar [];
    CalendarClearFilter: Calendar [];
    CalendarNext: Calendar [key("j")];
    CalendarPrevious: Calendar [key("k")];
    CalendarUp: Calendar [key("ArrowUp")];
    CalendarDown: Calendar [key("ArrowDown")];
    CalendarLeft: Calendar [key("ArrowLeft")];
    CalendarRight: Calendar [key("ArrowRight")];
    CalendarPick: Calendar [key("x")];
    CalendarPickAll: Calendar [main("a")];
    CalendarPickNone: Calendar [key("Escape")];
    CalendarExtendNext: Calendar [shift("j")];
    CalendarExtendPrevious: Calendar [shift("k")];
    CalendarExtendDown: Calendar [shift("ArrowDown")];
    CalendarExtendUp: Calendar [shift("ArrowUp")];
    CalendarEntry: Calendar [key("e")];
    CalendarMoveTo: Calendar [key("s")];
    CalendarDay: Calendar [key("d")];
    CalendarOpen: Calendar [key("Enter")];
    CalendarDelete: Calendar [key("Delete")];
    CalendarHold: Calendar [key("h")];
    CalendarUnschedule: Calendar [key("u")];
    CalendarDayEarlier: Calendar [shift("ArrowLeft")];
    CalendarDayLater: Calendar [shift("ArrowRight")];
    CalendarWeekEarlier: Calendar [alt("ArrowUp")];
    CalendarWeekLater: Calendar [alt("ArrowDown")];
    CalendarLegend: Calendar [];
    // approvals
    ApprovalNext: Approvals [key("j")];
    ApprovalPrevious: Approvals [key("k")];
    ApprovalDown: Approvals [key("ArrowDown")];
    ApprovalUp: Approvals [key("ArrowUp")];
    ApprovalOpen: Approvals [key("Enter")];
    ApprovalApprove: Approvals [key("a")];
    ApprovalRequestChanges: Approvals [key("r")];
    ApprovalReject: Approvals [];
    ApprovalOverride: Approvals [];
    ApprovalWithdraw: Approvals [];
    ApprovalPick: Approvals [key("x")];
    ApprovalPickAll: Approvals [main("a")];
    ApprovalPickNone: Approvals [key("Escape")];
    // ideas
    IdeaNew: Ideas [key("n")];
    IdeaFilter: Ideas [key("/")];
    IdeaNext: Ideas [key("j")];
    IdeaPrevious: Ideas [key("k")];
    IdeaUp: Ideas [key("ArrowUp")];
    IdeaDown: Ideas [key("ArrowDown")];
    IdeaLeft: Ideas [key("ArrowLeft")];
    IdeaRight: Ideas [key("ArrowRight")];
    IdeaEdit: Ideas [key("e")];
    IdeaWrite: Ideas [key("w")];
    IdeaMoveUp: Ideas [shift("ArrowUp")];
    IdeaMoveDown: Ideas [shift("ArrowDown")];
    IdeaMoveLeft: Ideas [shift("ArrowLeft")];
    IdeaMoveRight: Ideas [shift("ArrowRight")];
    IdeaDelete: Ideas [key("Delete")];
    // the library
    LibraryAdd: Library [key("n")];
    LibraryFilter: Library [key("/")];
    LibraryNext: Library [key("j")];
    LibraryPrevious: Library [key("k")];
    LibraryUp: Library [key("ArrowUp")];
    LibraryDown: Library [key("ArrowDown")];
    LibraryLeft: Library [key("ArrowLeft")];
    LibraryRight: Library [key("ArrowRight")];
    LibraryChoose: Library [key("x")];
    LibraryAll: Library [main("a")];
    LibraryEdit: Library [key("e")];
    LibraryCrop: Library [alt("x")];
    LibraryDelete: Library [key("Delete")];
    // accounts
    AccountConnectBluesky: Accounts [];
    AccountConnectMastodon: Accounts [];
    AccountConnect: Accounts [key("n")];
    AccountNext: Accounts [key("j")];
    AccountPrevious: Accounts [key("k")];
    AccountCheck: Accounts [key("r")];
    AccountReconnect: Accounts [];
    AccountRemove: Accounts [key("Delete")];
    // personas
    PersonaNew: Personas [key("n")];
    PersonaNext: Personas [key("j")];
    PersonaPrevious: Personas [key("k")];
    PersonaEdit: Personas [key("e")];
    PersonaDelete: Personas [key("Delete")];
    // the team
    TeamSignIn: Team [];
    TeamFound: Team [];
    TeamJoin: Team [];
    TeamInvite: Team [key("n")];
    TeamNext: Team [key("j")];
    TeamPrevious: Team [key("k")];
    TeamChange: Team [key("e")];
    TeamRemove: Team [key("Delete")];
    TeamRename: Team [];
    TeamChain: Team [];
    TeamLeave: Team [];
    // settings
    SettingsFilter: Settings [key("/")];
}

impl Cmd {
    /// Moves a selection by one, which is a thing for keys, or is offered once for each of many: lists of commands show it last.
    pub const fn is_step(self) -> bool {
        matches!(
            self,
            Self::TodayNext
                | Self::TodayPrevious
                | Self::CalendarNext
                | Self::CalendarPrevious
                | Self::CalendarUp
                | Self::CalendarDown
                | Self::CalendarLeft
                | Self::CalendarRight
                | Self::CalendarExtendNext
                | Self::CalendarExtendPrevious
                | Self::CalendarExtendDown
                | Self::CalendarExtendUp
                | Self::ApprovalNext
                | Self::ApprovalPrevious
                | Self::ApprovalDown
                | Self::ApprovalUp
                | Self::IdeaNext
                | Self::IdeaPrevious
                | Self::IdeaUp
                | Self::IdeaDown
                | Self::IdeaLeft
                | Self::IdeaRight
                | Self::LibraryNext
                | Self::LibraryPrevious
                | Self::LibraryUp
                | Self::LibraryDown
                | Self::LibraryLeft
                | Self::LibraryRight
                | Self::AccountNext
                | Self::AccountPrevious
                | Self::PersonaNext
                | Self::PersonaPrevious
                | Self::TeamNext
                | Self::TeamPrevious
                | Self::OpenProfile
                | Self::ComposeInsertSnippet
        )
    }
}

/// A key press as the browser reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// `KeyboardEvent.key`.
    pub key: String,
    pub ctrl: bool,
    pub meta: bool,
    pub alt: bool,
    pub shift: bool,
    /// The focus is where a person types text.
    pub typing: bool,
}

impl Chord {
    /// Whether this press is the chord. `mac` decides which modifier is the main one.
    pub fn matches(&self, press: &Press, mac: bool) -> bool {
        let (main, other) = if mac { (press.meta, press.ctrl) } else { (press.ctrl, press.meta) };
        let single = press.key.chars().count() == 1;
        let same_key = if single { press.key.to_lowercase() == self.key } else { press.key == self.key };
        // a capital letter is not the command of the small one; a sign needs Shift on one keyboard and not on another
        let letter = single && press.key.chars().all(char::is_alphabetic);
        let shift = if single && !letter { self.shift } else { press.shift };
        same_key && main == self.main && !other && press.alt == self.alt && shift == self.shift
    }

    fn needs_no_modifier(&self) -> bool {
        !self.main && !self.alt
    }

    /// What whoever types means for the text: all of it is selected.
    fn is_of_the_text(&self) -> bool {
        self.main && self.key == "a"
    }
}

/// Longest pause within a sequence such as `G T`, in milliseconds.
pub const SEQUENCE_MS: f64 = 1200.0;

/// What a press means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Run(Cmd),
    /// The first press of a sequence.
    Begun,
    Nothing,
}

/// Turns presses into commands; remembers the first press of a sequence.
#[derive(Debug, Default)]
pub struct Keyboard {
    first: Option<(Chord, f64)>,
}

impl Keyboard {
    /// `bound` are the commands that can run now, the most important first; `now` in milliseconds.
    pub fn press(&mut self, press: &Press, bound: &[Cmd], mac: bool, now: f64) -> Meaning {
        let first = self.first.take().filter(|(_, at)| now - at <= SEQUENCE_MS).map(|(chord, _)| chord);
        let usable = |chord: &Chord| !press.typing || !(chord.needs_no_modifier() || chord.is_of_the_text());
        if let Some(first) = first {
            let second = bound
                .iter()
                .find(|cmd| matches!(cmd.keys(), [a, b] if *a == first && b.matches(press, mac) && usable(b)));
            if let Some(cmd) = second {
                return Meaning::Run(*cmd);
            }
        }
        let direct = bound.iter().find(|cmd| matches!(cmd.keys(), [only] if only.matches(press, mac) && usable(only)));
        if let Some(cmd) = direct {
            return Meaning::Run(*cmd);
        }
        let begin = bound.iter().find_map(|cmd| match cmd.keys() {
            [a, _] if a.matches(press, mac) && usable(a) => Some(*a),
            _ => None,
        });
        match begin {
            Some(chord) => {
                self.first = Some((chord, now));
                Meaning::Begun
            }
            None => Meaning::Nothing,
        }
    }
}

/// What a language prints on the keys that have no sign of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyNames {
    pub control: &'static str,
    pub delete: &'static str,
}

/// How a chord is written on a key cap.
pub fn caps(chord: &Chord, mac: bool, names: KeyNames) -> Vec<String> {
    let mut caps = Vec::new();
    if chord.main {
        caps.push(if mac { "⌘" } else { names.control }.to_owned());
    }
    if chord.alt {
        caps.push(if mac { "⌥" } else { "Alt" }.to_owned());
    }
    if chord.shift {
        caps.push("⇧".to_owned());
    }
    caps.push(match chord.key {
        "Enter" => "↵".to_owned(),
        "ArrowLeft" => "←".to_owned(),
        "ArrowRight" => "→".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "Delete" => names.delete.to_owned(),
        "Escape" => "Esc".to_owned(),
        other => other.to_uppercase(),
    });
    caps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press {
        Press { key: key.into(), ctrl: false, meta: false, alt: false, shift: false, typing: false }
    }

    #[test]
    fn no_two_commands_of_one_scope_share_their_keys() {
        for (at, cmd) in Cmd::ALL.iter().enumerate() {
            for other in &Cmd::ALL[at + 1..] {
                let together = cmd.scope() == other.scope()
                    || cmd.scope() == Scope::Everywhere
                    || other.scope() == Scope::Everywhere;
                if together && !cmd.keys().is_empty() && !other.keys().is_empty() {
                    let shorter = cmd.keys().len().min(other.keys().len());
                    assert_ne!(cmd.keys()[..shorter], other.keys()[..shorter], "{cmd:?} and {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_sequence_runs_its_command_and_not_that_of_its_second_key() {
        let mut keyboard = Keyboard::default();
        let bound = [Cmd::NewPost, Cmd::GoCalendar, Cmd::GoToday];
        assert_eq!(keyboard.press(&press("g"), &bound, false, 0.0), Meaning::Begun);
        assert_eq!(keyboard.press(&press("c"), &bound, false, 300.0), Meaning::Run(Cmd::GoCalendar));
        assert_eq!(keyboard.press(&press("c"), &bound, false, 600.0), Meaning::Run(Cmd::NewPost));
    }

    #[test]
    fn a_sequence_is_forgotten_after_a_pause() {
        let mut keyboard = Keyboard::default();
        let bound = [Cmd::NewPost, Cmd::GoCalendar];
        assert_eq!(keyboard.press(&press("g"), &bound, false, 0.0), Meaning::Begun);
        assert_eq!(keyboard.press(&press("c"), &bound, false, SEQUENCE_MS + 1.0), Meaning::Run(Cmd::NewPost));
    }

    #[test]
    fn letters_that_are_typed_are_text() {
        let mut keyboard = Keyboard::default();
        let typed = Press { typing: true, ..press("c") };
        assert_eq!(keyboard.press(&typed, &[Cmd::NewPost], false, 0.0), Meaning::Nothing);
        let chord = Press { typing: true, ctrl: true, ..press("k") };
        assert_eq!(keyboard.press(&chord, &[Cmd::Palette], false, 0.0), Meaning::Run(Cmd::Palette));
    }

    #[test]
    fn whoever_types_selects_the_text_and_no_posts() {
        let all = Press { ctrl: true, ..press("a") };
        let mut keyboard = Keyboard::default();
        assert_eq!(keyboard.press(&all, &[Cmd::CalendarPickAll], false, 0.0), Meaning::Run(Cmd::CalendarPickAll));
        let typed = Press { typing: true, ..all };
        assert_eq!(keyboard.press(&typed, &[Cmd::CalendarPickAll], false, 0.0), Meaning::Nothing);
    }

    #[test]
    fn the_main_modifier_is_the_platforms() {
        let chord = Press { meta: true, ..press("k") };
        assert!(Cmd::Palette.keys()[0].matches(&chord, true));
        assert!(!Cmd::Palette.keys()[0].matches(&chord, false));
        assert!(!Cmd::Palette.keys()[0].matches(&Press { ctrl: true, ..chord }, true));
    }

    #[test]
    fn a_sign_counts_on_every_keyboard_and_a_capital_letter_is_another_key() {
        let german_question_mark = Press { shift: true, ..press("?") };
        assert!(Cmd::Shortcuts.keys()[0].matches(&german_question_mark, false));
        assert!(Cmd::Shortcuts.keys()[0].matches(&press("?"), false));
        assert!(!Cmd::NewPost.keys()[0].matches(&Press { shift: true, ..press("C") }, false));
        assert!(Cmd::NewPost.keys()[0].matches(&press("C"), false), "caps lock is no modifier");
    }

    #[test]
    fn shift_separates_the_arrows() {
        let mut keyboard = Keyboard::default();
        let bound = [Cmd::CalendarRight, Cmd::CalendarDayLater];
        let shifted = Press { shift: true, ..press("ArrowRight") };
        assert_eq!(keyboard.press(&shifted, &bound, false, 0.0), Meaning::Run(Cmd::CalendarDayLater));
        assert_eq!(keyboard.press(&press("ArrowRight"), &bound, false, 0.0), Meaning::Run(Cmd::CalendarRight));
    }
}
