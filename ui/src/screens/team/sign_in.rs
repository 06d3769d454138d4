//! Signing in at a server for teams, step by step: a pure reducer. The dialog shows it and runs its orders.

use contract::ApiError;
use contract::accounts::{ComeBack, ConnectFlow};
use contract::teams::{StartTeamSignIn, TeamSignIn};

use crate::screens::accounts::address::{self, Fault};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Form {
        busy: bool,
        fault: Option<Fault>,
        failure: Option<ApiError>,
    },
    /// The browser is open.
    Browser {
        flow: ConnectFlow,
        finishing: bool,
    },
    /// Signed in at this server.
    Done {
        server: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The address as it was typed.
    pub server: String,
    /// It is known at which: only the sign-in is new.
    pub fixed: bool,
    pub come_back: Option<ComeBack>,
    pub step: Step,
    /// Answers to an attempt that was given up are not taken.
    attempt: u32,
}

#[derive(Debug, Clone)]
pub enum Action {
    Server(String),
    Submit,
    /// Signs in anew with the other way back from the browser.
    Other(ComeBack),
    Started {
        attempt: u32,
        answer: Result<ConnectFlow, ApiError>,
    },
    Progress {
        attempt: u32,
        answer: Result<TeamSignIn, ApiError>,
    },
    Cancel,
}

#[derive(Debug, Clone)]
pub enum Order {
    Start { attempt: u32, request: StartTeamSignIn },
    Cancel { flow: u64 },
}

impl SignIn {
    pub const fn new() -> Self {
        Self { server: String::new(), fixed: false, come_back: None, step: idle(), attempt: 0 }
    }

    /// At a server that is known.
    pub const fn at(server: String) -> Self {
        Self { server, fixed: true, come_back: None, step: idle(), attempt: 0 }
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
            Action::Server(text) => {
                self.server = text;
                if let Step::Form { busy: false, fault, failure } = &mut self.step {
                    (*fault, *failure) = (None, None);
                }
            }
            Action::Submit => orders.extend(self.submit()),
            Action::Other(come_back) => {
                orders.extend(self.give_up());
                self.come_back = Some(come_back);
                orders.extend(self.submit());
            }
            Action::Cancel => orders.extend(self.give_up()),
            Action::Started { attempt, answer } if attempt == self.attempt => match answer {
                Ok(flow) => self.step = Step::Browser { flow, finishing: false },
                Err(error) => self.fail(error),
            },
            // it was given up while the browser was being opened
            Action::Started { answer: Ok(flow), .. } => orders.push(Order::Cancel { flow: flow.flow }),
            Action::Progress { attempt, answer } if attempt == self.attempt => self.progress(answer),
            Action::Started { .. } | Action::Progress { .. } => {}
        }
        (self, orders)
    }

    fn give_up(&mut self) -> Option<Order> {
        let order = self.flow().map(|flow| Order::Cancel { flow: flow.flow });
        self.attempt += 1;
        self.step = idle();
        order
    }

    fn submit(&mut self) -> Option<Order> {
        if !matches!(self.step, Step::Form { busy: false, .. }) {
            return None;
        }
        match address::server(&self.server) {
            Ok(server) => {
                self.attempt += 1;
                self.step = Step::Form { busy: true, fault: None, failure: None };
                let request = StartTeamSignIn { server, come_back: self.come_back };
                Some(Order::Start { attempt: self.attempt, request })
            }
            Err(fault) => {
                self.step = Step::Form { busy: false, fault: Some(fault), failure: None };
                None
            }
        }
    }

    fn progress(&mut self, answer: Result<TeamSignIn, ApiError>) {
        let Step::Browser { finishing, .. } = &mut self.step else { return };
        match answer {
            Ok(TeamSignIn::WaitingForBrowser { .. }) => {}
            Ok(TeamSignIn::Finishing) => *finishing = true,
            Ok(TeamSignIn::Done { server }) => self.step = Step::Done { server },
            Ok(TeamSignIn::Failed { error }) => self.fail(error),
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

#[cfg(test)]
mod tests {
    use contract::Code;
    use jiff::Timestamp;

    use super::*;

    fn flow(number: u64) -> ConnectFlow {
        ConnectFlow { flow: number, url: "https://teams.example/authorize".into(), expires_at: Timestamp::UNIX_EPOCH }
    }

    fn act(sign_in: &mut SignIn, action: Action) -> Vec<Order> {
        let (next, orders) = sign_in.clone().step(action);
        *sign_in = next;
        orders
    }

    #[test]
    fn a_typed_address_leads_to_the_browser_and_back() {
        let mut sign_in = SignIn::new();
        assert!(act(&mut sign_in, Action::Submit).is_empty());
        assert_eq!(sign_in.step, Step::Form { busy: false, fault: Some(Fault::Empty), failure: None });
        act(&mut sign_in, Action::Server("Teams.Example.org/".into()));
        let orders = act(&mut sign_in, Action::Submit);
        let [Order::Start { attempt, request }] = orders.as_slice() else { panic!("{orders:?}") };
        assert_eq!((request.server.as_str(), request.come_back), ("https://teams.example.org", None));
        // a second press while it begins does nothing
        assert!(act(&mut sign_in, Action::Submit).is_empty());
        act(&mut sign_in, Action::Started { attempt: *attempt, answer: Ok(flow(4)) });
        assert_eq!(sign_in.flow(), Some(&flow(4)));
        let silent = ApiError::new(Code::Unreachable, "no");
        act(&mut sign_in, Action::Progress { attempt: *attempt, answer: Err(silent) });
        act(&mut sign_in, Action::Progress { attempt: *attempt, answer: Ok(TeamSignIn::Finishing) });
        assert_eq!(sign_in.step, Step::Browser { flow: flow(4), finishing: true });
        let done = TeamSignIn::Done { server: "https://teams.example.org".into() };
        act(&mut sign_in, Action::Progress { attempt: *attempt, answer: Ok(done) });
        assert_eq!(sign_in.step, Step::Done { server: "https://teams.example.org".into() });
    }

    #[test]
    fn the_other_way_back_gives_up_the_first_browser() {
        let mut sign_in = SignIn::at("http://localhost:4000".into());
        act(&mut sign_in, Action::Submit);
        let first = sign_in.attempt();
        act(&mut sign_in, Action::Started { attempt: first, answer: Ok(flow(1)) });
        let orders = act(&mut sign_in, Action::Other(ComeBack::Loopback));
        let [Order::Cancel { flow: 1 }, Order::Start { request, .. }] = orders.as_slice() else { panic!("{orders:?}") };
        assert_eq!(request.come_back, Some(ComeBack::Loopback));
        // what the first one says does not count any more
        let failed = TeamSignIn::Failed { error: ApiError::new(Code::SignInEnded, "over") };
        act(&mut sign_in, Action::Progress { attempt: first, answer: Ok(failed) });
        assert_eq!(sign_in.step, Step::Form { busy: true, fault: None, failure: None });
        // and one that opens after it was cancelled is cancelled
        let second = sign_in.attempt();
        act(&mut sign_in, Action::Cancel);
        let orders = act(&mut sign_in, Action::Started { attempt: second, answer: Ok(flow(2)) });
        assert!(matches!(orders.as_slice(), [Order::Cancel { flow: 2 }]), "{orders:?}");
    }
}
