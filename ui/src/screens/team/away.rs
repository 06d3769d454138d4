//! Somebody decides for a member who is away.

use std::rc::Rc;

use contract::approvals::GoAway;
use contract::teams::{MemberView, Team};
use domain::id::PersonId;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use yew::prelude::*;

use crate::components::{Button, Dialog, Field, Look, Select, TextInput};
use crate::frame::context::{Clock, use_frame};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub team: Rc<Team>,
    pub onclose: Callback<()>,
}

/// Who else is there.
pub fn deputies(team: &Team) -> impl Iterator<Item = &MemberView> {
    team.members.iter().filter(|member| member.person != team.me)
}

/// The end of a day by the clock on the wall; `None` for no day, or one that has passed.
fn end_of(day: &str, clock: &Clock) -> Option<Timestamp> {
    let day: Date = day.parse().ok()?;
    let until = day.tomorrow().ok()?.to_zoned(clock.zone.clone()).ok()?.timestamp();
    (until > clock.now).then_some(until)
}

#[component]
pub fn AwayDialog(props: &Props) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.team;
    let first = deputies(&props.team).next().map(|member| member.person.to_string()).unwrap_or_default();
    let deputy = use_state_eq(|| first);
    let last = use_state_eq(|| {
        let week = clock.today().checked_add(Span::new().days(7)).unwrap_or_else(|_| clock.today());
        week.to_string()
    });
    let tried = use_state_eq(|| false);
    let until = end_of(&last, &clock);
    let save = {
        let (onclose, tried, deputy) = (props.onclose.clone(), tried.setter(), deputy.parse::<PersonId>().ok());
        Callback::from(move |_: MouseEvent| {
            tried.set(true);
            let (Some(until), Some(deputy)) = (until, deputy) else { return };
            onclose.emit(());
            toaster.run(GoAway { until, deputy }, t.said_away);
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="away-save" look={Look::Go} onclick={save}>{ t.save }</Button>
        </>
    };
    let options: Vec<(AttrValue, AttrValue)> =
        deputies(&props.team).map(|member| (member.person.to_string().into(), member.name.clone().into())).collect();
    let error = (*tried && until.is_none()).then(|| AttrValue::from(t.away_day_wrong));
    html! {
        <Dialog open=true title={t.away_title} onclose={props.onclose.clone()} {footer}>
            <div class="stack">
                <p>{ t.away_what }</p>
                <Field id="away-deputy" label={t.deputy}>
                    <Select id="away-deputy" {options} value={(*deputy).clone()} onchange={let deputy = deputy.setter(); Callback::from(move |key: AttrValue| deputy.set(key.to_string()))} />
                </Field>
                <Field id="away-last" label={t.away_last} {error}>
                    <TextInput id="away-last" kind="date" value={(*last).clone()} oninput={let last = last.setter(); Callback::from(move |day| last.set(day))} />
                </Field>
            </div>
        </Dialog>
    }
}
