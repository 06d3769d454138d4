//! Connecting an account, step by step: a pure reducer. The dialog shows it, the driver runs its orders.

use contract::accounts::{AddByHand, ComeBack, ConnectFlow, ConnectState, ConnectWithPassword, StartConnect};
use contract::vault::Secret;
use contract::{ApiError, Code};
use domain::account::{Account, Limits, SignIn};
use domain::id::AccountId;
use domain::network::Network;
use jiff::Timestamp;

use super::address::{self, Fault};

/// How an account signs in: Bluesky knows both, Mastodon the browser only, and where nobody signs in a person posts by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Browser,
    AppPassword,
    ByHand,
}

/// What was typed. The password leaves this place only in the request and is wiped with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Form {
    pub network: Network,
    pub way: Way,
    pub handle: String,
    pub server: String,
    pub password: String,
    /// By hand: where the account is read, and whether it pays for more.
    pub profile: String,
    pub premium: bool,
    pub come_back: Option<ComeBack>,
    pub reconnect: Option<AccountId>,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form").field("network", &self.network).field("way", &self.way).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Handle,
    Server,
    Password,
    Profile,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    ChooseNetwork,
    Form {
        busy: bool,
        fault: Option<(Field, Fault)>,
        failure: Option<ApiError>,
    },
    /// The browser is open.
    Browser {
        flow: ConnectFlow,
        finishing: bool,
    },
    Done {
        account: AccountId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    pub form: Form,
    pub step: Step,
    /// Answers to an attempt that was given up are not taken.
    attempt: u32,
}

#[derive(Debug, Clone)]
pub enum Action {
    Choose(Network),
    Back,
    Way(Way),
    Handle(String),
    Server(String),
    Password(String),
    Profile(String),
    Premium(bool),
    Submit,
    /// Signs in anew with the other way back from the browser.
    Other(ComeBack),
    Started {
        attempt: u32,
        answer: Result<ConnectFlow, ApiError>,
    },
    Signed {
        attempt: u32,
        answer: Result<AccountId, ApiError>,
    },
    Progress {
        attempt: u32,
        answer: Result<ConnectState, ApiError>,
    },
    Cancel,
}

#[derive(Debug, Clone)]
pub enum Order {
    Start { attempt: u32, request: StartConnect },
    SignIn { attempt: u32, request: ConnectWithPassword },
    AddByHand { attempt: u32, request: AddByHand },
    CancelFlow { flow: u64 },
}

impl Connect {
    pub fn new() -> Self {
        let form = Form {
            network: Network::Bluesky,
            way: Way::Browser,
            handle: String::new(),
            server: String::new(),
            password: String::new(),
            profile: String::new(),
            premium: false,
            come_back: None,
            reconnect: None,
        };
        Self { form, step: Step::ChooseNetwork, attempt: 0 }
    }

    /// Signs in an account again that is known, the way it signed in before.
    pub fn again(account: &Account) -> Self {
        let mut connect = Self::new();
        connect.form.network = account.network;
        connect.form.way = match account.sign_in {
            SignIn::AppPassword => Way::AppPassword,
            SignIn::OAuth => Way::Browser,
            SignIn::ByHand => Way::ByHand,
        };
        if connect.form.way == Way::ByHand {
            connect.form.profile.clone_from(&account.profile.url);
            connect.form.premium = account.profile.limits == (Limits::Book { premium: true });
        }
        connect.form.handle.clone_from(&account.profile.handle);
        connect.form.server.clone_from(&account.server);
        connect.form.reconnect = Some(account.id);
        connect.step = idle();
        connect
    }

    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    pub const fn flow(&self) -> Option<&ConnectFlow> {
        match &self.step {
            Step::Browser { flow, .. } => Some(flow),
            _ => None,
        }
    }

    /// The next state, and what has to be done.
    #[must_use]
    pub fn step(mut self, action: Action) -> (Self, Vec<Order>) {
        let mut orders = Vec::new();
        match action {
            Action::Choose(network) => {
                self.form.network = network;
                self.form.way = if Network::PUBLISHED.contains(&network) { Way::Browser } else { Way::ByHand };
                self.step = idle();
            }
            Action::Back | Action::Cancel => {
                if let Step::Browser { flow, .. } = &self.step {
                    orders.push(Order::CancelFlow { flow: flow.flow });
                }
                self.attempt += 1;
                self.step = match self.step {
                    Step::Form { busy: false, .. } if self.form.reconnect.is_none() => Step::ChooseNetwork,
                    _ => idle(),
                };
            }
            Action::Way(way) => {
                self.form.way = way;
                self.step = idle();
            }
            Action::Handle(text) => self.typed(Field::Handle, text),
            Action::Server(text) => self.typed(Field::Server, text),
            Action::Password(text) => self.typed(Field::Password, text),
            Action::Profile(text) => self.typed(Field::Profile, text),
            Action::Premium(premium) => self.form.premium = premium,
            Action::Submit => orders.extend(self.submit()),
            Action::Other(come_back) => {
                if let Step::Browser { flow, .. } = &self.step {
                    orders.push(Order::CancelFlow { flow: flow.flow });
                }
                self.form.come_back = Some(come_back);
                self.step = idle();
                orders.extend(self.submit());
            }
            Action::Started { attempt, answer } if attempt == self.attempt => match answer {
                Ok(flow) => self.step = Step::Browser { flow, finishing: false },
                Err(error) => self.fail(error),
            },
            // the sign-in was given up while the browser was being opened
            Action::Started { answer: Ok(flow), .. } => orders.push(Order::CancelFlow { flow: flow.flow }),
            Action::Signed { attempt, answer } if attempt == self.attempt => {
                // one that was not judged may be sent again
                if answer.as_ref().map_or_else(|error| remedy(error.code) == Remedy::Retype, |_| true) {
                    self.form.password.clear();
                }
                match answer {
                    Ok(account) => self.step = Step::Done { account },
                    Err(error) => self.fail(error),
                }
            }
            Action::Progress { attempt, answer } if attempt == self.attempt => self.progress(answer),
            Action::Started { .. } | Action::Signed { .. } | Action::Progress { .. } => {}
        }
        (self, orders)
    }

    fn typed(&mut self, field: Field, text: String) {
        match field {
            Field::Handle => self.form.handle = text,
            Field::Server => self.form.server = text,
            Field::Password => self.form.password = text,
            Field::Profile => self.form.profile = text,
        }
        if let Step::Form { busy: false, fault, failure } = &mut self.step {
            if fault.is_some_and(|(at, _)| at == field) {
                *fault = None;
            }
            *failure = None;
        }
    }

    fn submit(&mut self) -> Option<Order> {
        if !matches!(self.step, Step::Form { busy: false, .. }) {
            return None;
        }
        match self.request() {
            Ok(order) => {
                self.step = Step::Form { busy: true, fault: None, failure: None };
                Some(order)
            }
            Err(fault) => {
                self.step = Step::Form { busy: false, fault: Some(fault), failure: None };
                None
            }
        }
    }

    fn request(&mut self) -> Result<Order, (Field, Fault)> {
        let form = &self.form;
        if form.way == Way::ByHand {
            let handle = form.handle.trim().to_owned();
            if handle.is_empty() {
                return Err((Field::Handle, Fault::Empty));
            }
            let url = address::profile(&form.profile).map_err(|fault| (Field::Profile, fault))?;
            let (network, premium, account) = (form.network, form.premium, form.reconnect);
            self.attempt += 1;
            let request = AddByHand { network, handle, url, premium, account };
            return Ok(Order::AddByHand { attempt: self.attempt, request });
        }
        let bluesky = form.network == Network::Bluesky;
        let handle = match bluesky {
            true => address::handle(&form.handle).map_err(|fault| (Field::Handle, fault))?,
            false => String::new(),
        };
        let server = match bluesky && form.server.trim().is_empty() {
            true => String::new(),
            false => address::server(&form.server).map_err(|fault| (Field::Server, fault))?,
        };
        let (network, reconnect) = (form.network, form.reconnect);
        if bluesky && form.way == Way::AppPassword {
            if form.password.trim().is_empty() {
                return Err((Field::Password, Fault::Empty));
            }
            let password = Secret(form.password.trim().to_owned());
            self.attempt += 1;
            let request = ConnectWithPassword { network, server, handle, password, reconnect };
            return Ok(Order::SignIn { attempt: self.attempt, request });
        }
        self.attempt += 1;
        let request = StartConnect { network, server, handle, come_back: self.form.come_back, reconnect };
        Ok(Order::Start { attempt: self.attempt, request })
    }

    fn progress(&mut self, answer: Result<ConnectState, ApiError>) {
        let Step::Browser { finishing, .. } = &mut self.step else { return };
        match answer {
            Ok(ConnectState::WaitingForBrowser { .. }) => {}
            Ok(ConnectState::Finishing) => *finishing = true,
            Ok(ConnectState::Done { account }) => self.step = Step::Done { account },
            Ok(ConnectState::Failed { error }) => self.fail(error),
            // one unanswered question says nothing about the sign-in
            Err(error) if error.retry => {}
            Err(error) => self.fail(error),
        }
    }

    fn fail(&mut self, error: ApiError) {
        self.step = Step::Form { busy: false, fault: None, failure: Some(error) };
    }
}

const fn idle() -> Step {
    Step::Form { busy: false, fault: None, failure: None }
}

/// Begun minutes that are left, at least one, until a sign-in ends.
pub fn minutes_left(expires_at: Timestamp, now: Timestamp) -> i64 {
    (expires_at.as_second() - now.as_second() + 59).div_euclid(60).max(1)
}

/// What helps after a failed sign-in, beside what the error says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    Again,
    /// The password has to be typed anew.
    Retype,
    /// The address has to be allowed in the settings.
    Allow,
    OpenVault,
}

pub const fn remedy(code: Code) -> Remedy {
    match code {
        Code::WrongCredentials => Remedy::Retype,
        Code::AddressNotAllowed => Remedy::Allow,
        Code::VaultMissing | Code::VaultLocked | Code::KeyringUnavailable | Code::KeyringDenied | Code::WrongKey => {
            Remedy::OpenVault
        }
        _ => Remedy::Again,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn flow(number: u64) -> ConnectFlow {
        ConnectFlow { flow: number, url: "https://oslo.town/oauth".into(), expires_at: Timestamp::UNIX_EPOCH }
    }

    fn run(connect: Connect, actions: impl IntoIterator<Item = Action>) -> (Connect, Vec<Order>) {
        actions.into_iter().fold((connect, Vec::new()), |(connect, _), action| connect.step(action))
    }

    fn at_browser() -> Connect {
        let (connect, orders) = run(
            Connect::new(),
            [Action::Choose(Network::Mastodon), Action::Server("oslo.town".into()), Action::Submit],
        );
        let [Order::Start { attempt, request }] = orders.as_slice() else { panic!("{orders:?}") };
        assert_eq!((request.server.as_str(), request.handle.as_str()), ("https://oslo.town", ""));
        let attempt = *attempt;
        connect.step(Action::Started { attempt, answer: Ok(flow(1)) }).0
    }

    #[test]
    fn a_mastodon_account_goes_through_the_browser() {
        let connect = at_browser();
        let attempt = connect.attempt();
        let finishing = Action::Progress { attempt, answer: Ok(ConnectState::Finishing) };
        let account = AccountId::new(Uuid::from_u128(1));
        let done = Action::Progress { attempt, answer: Ok(ConnectState::Done { account }) };
        let (connect, _) = connect.step(finishing);
        assert_eq!(connect.step, Step::Browser { flow: flow(1), finishing: true });
        assert_eq!(connect.step(done).0.step, Step::Done { account });
    }

    #[test]
    fn giving_up_cancels_the_sign_in_and_ignores_its_late_answer() {
        let connect = at_browser();
        let attempt = connect.attempt();
        let (connect, orders) = connect.step(Action::Cancel);
        assert!(matches!(orders.as_slice(), [Order::CancelFlow { flow: 1 }]));
        let account = AccountId::new(Uuid::from_u128(1));
        let late = Action::Progress { attempt, answer: Ok(ConnectState::Done { account }) };
        assert_eq!(connect.step(late).0.step, idle());
    }

    #[test]
    fn a_browser_that_opens_after_giving_up_is_closed_again() {
        let (connect, orders) =
            run(Connect::new(), [Action::Choose(Network::Bluesky), Action::Handle("ada".into()), Action::Submit]);
        let [Order::Start { attempt, .. }] = orders.as_slice() else { panic!("{orders:?}") };
        let (connect, _) = connect.step(Action::Cancel);
        let (_, orders) = connect.step(Action::Started { attempt: *attempt, answer: Ok(flow(2)) });
        assert!(matches!(orders.as_slice(), [Order::CancelFlow { flow: 2 }]));
    }

    #[test]
    fn an_app_password_is_sent_once_and_forgotten() {
        let (connect, orders) = run(
            Connect::new(),
            [
                Action::Choose(Network::Bluesky),
                Action::Way(Way::AppPassword),
                Action::Handle("@ada.bsky.social".into()),
                Action::Password(" abcd-efgh-ijkl-mnop ".into()),
                Action::Submit,
            ],
        );
        let [Order::SignIn { attempt, request }] = orders.as_slice() else { panic!("{orders:?}") };
        assert_eq!(request.password.0, "abcd-efgh-ijkl-mnop");
        assert_eq!(request.server, "");
        assert!(!format!("{connect:?}{orders:?}").contains("abcd"), "a secret shows in Debug");
        let wrong = ApiError::new(Code::WrongCredentials, "no");
        let (connect, _) = connect.step(Action::Signed { attempt: *attempt, answer: Err(wrong.clone()) });
        assert_eq!(connect.form.password, "");
        assert_eq!(connect.step, Step::Form { busy: false, fault: None, failure: Some(wrong) });
    }

    #[test]
    fn a_sign_in_that_reached_nobody_can_be_tried_again_as_it_is() {
        let typed = [
            Action::Choose(Network::Bluesky),
            Action::Way(Way::AppPassword),
            Action::Handle("ada.bsky.social".into()),
            Action::Password("abcd-efgh-ijkl-mnop".into()),
            Action::Submit,
        ];
        let (connect, orders) = run(Connect::new(), typed);
        let [Order::SignIn { attempt, .. }] = orders.as_slice() else { panic!("{orders:?}") };
        let away = Err(ApiError::new(Code::Unreachable, "away"));
        let (connect, _) = connect.step(Action::Signed { attempt: *attempt, answer: away });
        let (_, orders) = connect.step(Action::Submit);
        let [Order::SignIn { request, .. }] = orders.as_slice() else { panic!("{orders:?}") };
        assert_eq!(request.password.0, "abcd-efgh-ijkl-mnop");
    }

    #[test]
    fn an_entry_that_cannot_work_is_named_and_the_word_goes_with_the_next_letter() {
        let (connect, orders) = run(Connect::new(), [Action::Choose(Network::Mastodon), Action::Submit]);
        assert!(orders.is_empty());
        let fault = Some((Field::Server, Fault::Empty));
        assert_eq!(connect.step, Step::Form { busy: false, fault, failure: None });
        assert_eq!(connect.step(Action::Server("o".into())).0.step, idle());
    }

    #[test]
    fn the_other_way_back_starts_anew() {
        let (_, orders) = at_browser().step(Action::Other(ComeBack::Loopback));
        let [Order::CancelFlow { flow: 1 }, Order::Start { request, .. }] = orders.as_slice() else {
            panic!("{orders:?}")
        };
        assert_eq!(request.come_back, Some(ComeBack::Loopback));
    }

    #[test]
    fn a_question_that_is_not_answered_ends_no_sign_in() {
        let connect = at_browser();
        let attempt = connect.attempt();
        let lost = Action::Progress { attempt, answer: Err(ApiError::new(Code::Unreachable, "")) };
        assert!(matches!(connect.step(lost).0.step, Step::Browser { .. }));
    }
}
