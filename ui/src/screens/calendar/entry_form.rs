use contract::entries::{DeleteEntry, EntrySaved, SaveEntry};
use domain::entry::{Entry, EntryKind, EntryText};
use domain::id::EntryId;
use domain::people::PersonaColor;
use jiff::civil::Date;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::{Button, Dialog, Field, Icon, Look, Segmented, TextArea, TextInput};
use crate::frame::context::{Undoable, use_frame};

impl Undoable for EntrySaved {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

/// What stands in the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// `None`: a new one.
    pub entry: Option<EntryId>,
    kind: EntryKind,
    title: String,
    from: String,
    to: String,
    color: PersonaColor,
    note: String,
}

impl Form {
    pub fn on(day: Date) -> Self {
        Self {
            entry: None,
            kind: EntryKind::Note,
            title: String::new(),
            from: day.to_string(),
            to: day.to_string(),
            color: PersonaColor::Sun,
            note: String::new(),
        }
    }

    pub fn of(entry: &Entry) -> Self {
        let EntryText { kind, title, from, to, color, note } = entry.text.clone();
        Self { entry: Some(entry.id), kind, title, from: from.to_string(), to: to.to_string(), color, note }
    }

    /// What it says, or which field is wrong.
    fn text(&self) -> Result<EntryText, Fault> {
        let title = self.title.trim().to_owned();
        if title.is_empty() {
            return Err(Fault::NoTitle);
        }
        let from: Date = self.from.parse().map_err(|_| Fault::Days)?;
        let to: Date = self.to.parse().map_err(|_| Fault::Days)?;
        let days = from.until(to).map_or(-1, |span| i64::from(span.get_days()));
        if !(0..i64::try_from(Entry::DAYS_MAX).unwrap_or(0)).contains(&days) {
            return Err(Fault::Days);
        }
        Ok(EntryText { kind: self.kind, title, from, to, color: self.color, note: self.note.trim().to_owned() })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    NoTitle,
    Days,
}

#[derive(Properties, PartialEq)]
pub struct EntryFormProps {
    /// Open while there is one.
    pub start: Option<Form>,
    pub onclose: Callback<()>,
}

/// A holiday, a launch or a note of the calendar: written, moved, deleted.
#[component]
pub fn EntryForm(props: &EntryFormProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.calendar;
    let form = use_state_eq(|| None::<Form>);
    let tried = use_state_eq(|| false);
    {
        let (form, tried) = (form.setter(), tried.setter());
        use_effect_with(props.start.clone(), move |start| {
            form.set(start.clone());
            tried.set(false);
        });
    }
    let Some(now) = (*form).clone().filter(|_| props.start.is_some()) else {
        return html! { <Dialog open=false title={t.entry_new} onclose={props.onclose.clone()} /> };
    };
    let fault = now.text().err().filter(|_| *tried);
    let change = |change: fn(&mut Form, String)| {
        let (form, now) = (form.setter(), now.clone());
        Callback::from(move |text: String| {
            let mut next = now.clone();
            change(&mut next, text);
            form.set(Some(next));
        })
    };
    let typed =
        |to: Callback<String>| to.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let save = {
        let (now, tried, toaster, onclose) = (now.clone(), tried.setter(), toaster.clone(), props.onclose.clone());
        Callback::from(move |()| match now.text() {
            Ok(text) => {
                let (onclose, said) = (onclose.clone(), (t.entry_saved)(&text.title));
                toaster.run_then(SaveEntry { entry: now.entry, text }, said, move |saved: Option<&EntrySaved>| {
                    if saved.is_some() {
                        onclose.emit(());
                    }
                });
            }
            Err(_) => tried.set(true),
        })
    };
    let delete = now.entry.map(|entry| {
        let (toaster, onclose, said) = (toaster.clone(), props.onclose.clone(), (t.deleted)(&now.title));
        Callback::from(move |_: MouseEvent| {
            toaster.run(DeleteEntry { entry }, said.clone());
            onclose.emit(());
        })
    });
    let onkeydown = {
        let save = save.clone();
        Callback::from(move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && matches!(event.key().as_str(), "Enter" | "s" | "S") {
                event.prevent_default();
                event.stop_propagation();
                save.emit(());
            }
        })
    };
    let kinds = EntryKind::ALL.into_iter().map(|kind| (kind.wire().into(), (t.entry_kind)(kind).into()));
    let on_kind = {
        let (form, now) = (form.setter(), now.clone());
        Callback::from(move |key: AttrValue| {
            let kind = EntryKind::ALL.into_iter().find(|kind| kind.wire() == key.as_str()).unwrap_or_default();
            form.set(Some(Form { kind, ..now.clone() }));
        })
    };
    let chosen = now.color;
    let colors = PersonaColor::ALL.into_iter().map(|color| {
        let (form, now) = (form.setter(), now.clone());
        let onchange = Callback::from(move |_: Event| form.set(Some(Form { color, ..now.clone() })));
        let (checked, name) = (chosen == color, (texts.personas.color_name)(color));
        html! {
            <label class={classes!("swatch", format!("persona-{}", color.wire()))} title={name}>
                <input type="radio" name="entry-color" {checked} {onchange} aria-label={name} />
            </label>
        }
    });
    let title = if now.entry.is_some() { t.entry_edit } else { t.entry_new };
    let footer = html! {
        <>
            if let Some(delete) = delete {
                <Button id="delete-entry" look={Look::Quiet} icon={Icon::Trash} onclick={delete}>{ texts.frame.delete }</Button>
                <span class="grow"></span>
            }
            <Button look={Look::Quiet} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="save-entry" look={Look::Go} onclick={save.reform(|_: MouseEvent| ())}>{ t.entry_save }</Button>
        </>
    };
    let no_title = (fault == Some(Fault::NoTitle)).then(|| AttrValue::from(t.entry_no_title));
    html! {
        <Dialog open=true {title} sticky={Some(&now) != props.start.as_ref()} onclose={props.onclose.clone()} {footer}>
            <div class="stack entry-form" {onkeydown}>
                <Segmented label={t.entry_what} options={kinds.collect::<Vec<_>>()} value={now.kind.wire()} onchange={on_kind} />
                <Field id="entry-title" label={t.entry_title} error={no_title.clone()}>
                    <TextInput id="entry-title" value={now.title.clone()} oninput={change(|form, text| form.title = text)} autofocus=true wrong={no_title.is_some()} maxlength={200} onenter={save.clone()} />
                </Field>
                <div class="fields">
                    <label>{ t.entry_from }<input type="date" id="entry-from" value={now.from.clone()} oninput={typed(change(|form, text| { if form.to == form.from || form.to < text { form.to.clone_from(&text); } form.from = text; }))} /></label>
                    <label>{ t.entry_to }<input type="date" id="entry-to" value={now.to.clone()} oninput={typed(change(|form, text| form.to = text))} /></label>
                </div>
                if fault == Some(Fault::Days) { <p class="field-error" role="alert">{ t.entry_days_wrong }</p> }
                <fieldset class="colors"><legend>{ texts.personas.color }</legend><div class="row wrap">{ for colors }</div></fieldset>
                <Field id="entry-note" label={t.entry_note} optional=true>
                    <TextArea id="entry-note" value={now.note.clone()} oninput={change(|form, text| form.note = text)} />
                </Field>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_entry_needs_a_title_and_days_in_their_order() {
        let day = date(2026, 12, 24);
        let form = Form { title: " Christmas ".into(), ..Form::on(day) };
        let text = form.text().unwrap();
        assert_eq!((text.title.as_str(), text.from, text.to), ("Christmas", day, day));
        assert_eq!(Form::on(day).text(), Err(Fault::NoTitle));
        assert_eq!(Form { to: "2026-12-23".into(), ..form.clone() }.text(), Err(Fault::Days));
        assert_eq!(Form { to: "2028-01-01".into(), ..form.clone() }.text(), Err(Fault::Days));
        assert_eq!(Form { from: String::new(), ..form }.text(), Err(Fault::Days));
    }
}
