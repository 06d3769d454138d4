//! The steps of an approval, drawn as a chain.

use std::rc::Rc;

use contract::approvals::{ListChains, StepView};
use domain::approval::{Order, StepState};
use yew::prelude::*;

use super::{Glyph, Icon};
use crate::backend::use_query;
use crate::frame::context::{Clock, use_clock};
use crate::i18n::{Texts, use_texts};

/// One box of a drawn chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Which colour it has; its word says the same.
    pub class: &'static str,
    pub icon: Icon,
    pub name: AttrValue,
    /// Its state in a word; empty where nothing is asked yet.
    pub word: AttrValue,
    /// Below its name.
    pub lines: Vec<AttrValue>,
    /// A line that somebody should not overlook.
    pub warning: Option<AttrValue>,
}

#[derive(Properties, PartialEq)]
pub struct ChainProps {
    /// What it is called.
    pub label: AttrValue,
    pub links: Vec<Link>,
    /// None of them comes before another.
    #[prop_or_default]
    pub at_once: bool,
}

/// Boxes joined by arrows, or by plain lines where there is no order.
#[component]
pub fn ChainDrawing(props: &ChainProps) -> Html {
    let links = props.links.iter().enumerate().map(|(index, link)| {
        html! {
            <li key={index} class={classes!("chain-step", link.class)}>
                <span class="chain-head"><Glyph icon={link.icon} /><bdi class="chain-name">{ link.name.clone() }</bdi></span>
                if !link.word.is_empty() { <span class="chain-word xs">{ link.word.clone() }</span> }
                { for link.lines.iter().map(|line| html! { <span class="xs">{ line.clone() }</span> }) }
                if let Some(warning) = &link.warning { <span class="chain-warning xs"><Glyph icon={Icon::Warning} />{ warning.clone() }</span> }
            </li>
        }
    });
    html! { <ol class={classes!("chain", props.at_once.then_some("at-once"))} aria-label={props.label.clone()}>{ for links }</ol> }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub steps: Rc<Vec<StepView>>,
    /// Whoever looks has not said anything yet about what they are asked.
    pub asked: bool,
}

/// Where a post stands with those who have to agree: one row of boxes for each chain.
#[component]
pub fn ApprovalSteps(props: &Props) -> Html {
    let texts = use_texts();
    let clock = use_clock();
    let chains = use_query(ListChains {}).data;
    let groups: Vec<&[StepView]> = props.steps.chunk_by(|one, next| one.chain == next.chain).collect();
    let several = groups.len() > 1;
    let rows = groups.into_iter().filter_map(|steps| Some((steps.first()?, steps))).map(|(first, steps)| {
        let chain = chains.as_ref().and_then(|known| known.chains.iter().find(|chain| chain.id == first.chain));
        let at_once = chain.is_some_and(|chain| chain.text.order == Order::AtOnce);
        let links: Vec<Link> = steps.iter().map(|step| link(step, props.asked, texts, &clock)).collect();
        html! {
            <div key={first.chain.to_string()} class="approval-chain">
                if several { <bdi class="xs muted">{ &first.of }</bdi> }
                <ChainDrawing label={first.of.clone()} {links} {at_once} />
            </div>
        }
    });
    html! { <div class="approval-steps">{ for rows }</div> }
}

fn link(step: &StepView, asked: bool, texts: &Texts, clock: &Clock) -> Link {
    let t = &texts.approvals;
    let (class, icon) = match step.state {
        StepState::Met => ("met", Icon::Check),
        StepState::Open => ("open", Icon::Clock),
        StepState::Later => ("later", Icon::Hold),
        StepState::Stuck => ("stuck", Icon::Warning),
    };
    let mut lines: Vec<AttrValue> = Vec::new();
    if !step.approved.is_empty() {
        lines.push((t.approved_by)(&listed(&step.approved, t.and)).into());
    }
    if step.needed > 1 {
        lines.push((t.so_many)(step.approved.len(), step.needed).into());
    }
    if matches!(step.state, StepState::Open | StepState::Later) {
        lines.push((t.waits)(&who(step, texts)).into());
    }
    let due = step.deadline.map(|deadline| {
        let when = clock.both(deadline);
        if step.overdue { (t.overdue_since)(&when) } else { (t.deadline)(&when) }
    });
    let warning = match step.state {
        StepState::Stuck => Some(t.stuck.into()),
        _ if step.overdue => due.clone().map(AttrValue::from),
        _ => None,
    };
    lines.extend(due.filter(|_| !step.overdue).map(AttrValue::from));
    let word = if step.mine && asked { t.asks_you } else { (t.step_state)(step.state) };
    Link { class, icon, name: step.name.clone().into(), word: word.into(), lines, warning }
}

/// Whose word a step still needs: "Ben or Cara", "an approver", "2 of Ben, Cara and Dana".
pub fn who(step: &StepView, texts: &Texts) -> String {
    let t = &texts.approvals;
    let mut names = step.waits_for.clone();
    names.extend(step.roles.iter().map(|role| (t.of_role)(*role).to_owned()));
    let missing = (step.needed as usize).saturating_sub(step.approved.len()).max(1);
    match missing {
        1 => listed(&names, t.or),
        some if step.roles.is_empty() && some >= names.len() => listed(&names, t.and),
        some => (t.some_of)(some, &listed(&names, t.or)),
    }
}

/// "Ben, Cara or Dana"
pub fn listed<T: AsRef<str>>(names: &[T], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{ChainId, StepId};
    use domain::team::Role;
    use uuid::Uuid;

    use super::*;
    use crate::i18n::EN;

    #[test]
    fn whose_word_is_missing_is_said_in_few_words() {
        let step = |names: &[&str], roles: &[Role], needed: u32, approved: &[&str]| StepView {
            chain: ChainId::new(Uuid::nil()),
            of: "All".into(),
            step: StepId::new(Uuid::nil()),
            name: "Legal".into(),
            state: StepState::Open,
            needed,
            approved: approved.iter().map(|&name| name.into()).collect(),
            waits_for: names.iter().map(|&name| name.into()).collect(),
            roles: roles.to_vec(),
            deadline: None,
            overdue: false,
            mine: false,
        };
        for (step, said) in [
            (step(&["Ben", "Cara"], &[], 1, &[]), "Ben or Cara"),
            (step(&["Ben", "Cara"], &[], 2, &[]), "Ben and Cara"),
            (step(&["Cara"], &[], 2, &["Ben"]), "Cara"),
            (step(&["Ben", "Cara", "Dana"], &[], 2, &[]), "2 of Ben, Cara or Dana"),
            (step(&["Ben"], &[Role::Approver], 1, &[]), "Ben or an approver"),
            (step(&[], &[Role::Owner], 1, &[]), "an owner"),
        ] {
            assert_eq!(who(&step, &EN), said);
        }
    }
}
