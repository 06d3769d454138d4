//! The emoji picker: by name in both languages, by group, and what was used before.

use contract::emoji::{EmojiGroup, EmojiView, FindEmoji};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{Dialog, Glyph, Icon};
use crate::i18n::use_texts;
use crate::platform;

/// Under which the window keeps what was used.
const USED: &str = "emoji-used";
const USED_MAX: usize = 27;
/// As many as stand in a row; the styles know it too.
const COLUMNS: usize = 9;

/// What was used last, the newest first.
fn used() -> Vec<String> {
    platform::recall(USED).unwrap_or_default().split(' ').filter(|sign| !sign.is_empty()).map(str::to_owned).collect()
}

fn remember(sign: &str) {
    let mut signs = used();
    signs.retain(|other| other != sign);
    signs.insert(0, sign.to_owned());
    signs.truncate(USED_MAX);
    platform::remember(USED, &signs.join(" "));
}

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Gets the emoji; the dialog is closed by then and the focus is back where it was.
    pub onchoose: Callback<String>,
    pub onclose: Callback<()>,
}

#[component]
pub fn EmojiFinder(props: &Props) -> Html {
    let t = &use_texts().compose;
    let typed = use_state_eq(String::new);
    let recent = use_memo((), |()| used());
    // what was used first, if anything was
    let group = use_state_eq(|| recent.is_empty().then_some(EmojiGroup::Smileys));
    let active = use_state_eq(|| 0_usize);
    let searching = !typed.trim().is_empty();
    let only = if searching || group.is_some() { Vec::new() } else { (*recent).clone() };
    let found = use_query(FindEmoji {
        text: typed.trim().to_owned(),
        group: (*group).filter(|_| !searching),
        only,
        limit: FindEmoji::LIMIT_MAX,
    });
    let shown: Vec<EmojiView> = found.data.as_deref().cloned().unwrap_or_default();
    let count = shown.len();
    let at = (*active).min(count.saturating_sub(1));
    use_effect_with((at, count), |(at, _)| {
        let option = platform::document().and_then(|document| document.get_element_by_id(&format!("emoji-{at}")));
        if let Some(option) = option {
            platform::scroll_near(&option);
        }
    });
    let choose = {
        let (onchoose, onclose) = (props.onchoose.clone(), props.onclose.clone());
        Callback::from(move |sign: String| {
            remember(&sign);
            onclose.emit(());
            let onchoose = onchoose.clone();
            platform::after_dialog(move || onchoose.emit(sign));
        })
    };
    // Enter came before the answer: it means what that will be
    let asked = use_state_eq(|| false);
    {
        let (set_asked, choose) = (asked.setter(), choose.clone());
        let best = shown.get(at).map(|view| view.emoji.clone()).filter(|_| !found.previous);
        use_effect_with((*asked, best), move |(now, best)| {
            if let Some(sign) = best.as_ref().filter(|_| *now) {
                set_asked.set(false);
                choose.emit(sign.clone());
            }
        });
    }
    let oninput = {
        let (typed, active, asked) = (typed.setter(), active.setter(), asked.setter());
        Callback::from(move |event: InputEvent| {
            asked.set(false);
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            active.set(0);
        })
    };
    let onkeydown = {
        let (active, asked) = (active.setter(), asked.setter());
        let empty = typed.is_empty();
        Callback::from(move |event: KeyboardEvent| {
            let last = count.saturating_sub(1);
            match event.key().as_str() {
                // in a word that is typed the arrows move the caret
                "ArrowRight" if empty => active.set((at + 1).min(last)),
                "ArrowLeft" if empty => active.set(at.saturating_sub(1)),
                "ArrowDown" => active.set((at + COLUMNS).min(last)),
                "ArrowUp" => active.set(at.saturating_sub(COLUMNS)),
                "Enter" if !event.is_composing() => asked.set(true),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let tab = |what: Option<EmojiGroup>, name: &'static str, sign: &'static str| {
        let on = !searching && *group == what;
        let (group, active, typed) = (group.setter(), active.setter(), typed.setter());
        let onclick = move |_: MouseEvent| {
            group.set(what);
            active.set(0);
            typed.set(String::new());
            platform::focus_id("emoji-find");
        };
        html! {
            <button type="button" class={classes!("emoji-tab", on.then_some("on"))} aria-pressed={if on { "true" } else { "false" }} aria-label={name} title={name} {onclick}>{ sign }</button>
        }
    };
    let options = shown.iter().enumerate().map(|(here, view)| {
        let onclick = {
            let (choose, sign) = (choose.clone(), view.emoji.clone());
            move |_: MouseEvent| choose.emit(sign.clone())
        };
        html! {
            <li id={format!("emoji-{here}")} key={view.emoji.clone()} role="option" class={classes!("emoji", (here == at).then_some("active"))}
                aria-selected={if here == at { "true" } else { "false" }} aria-label={view.name.clone()} title={view.name.clone()} {onclick}>{ &view.emoji }</li>
        }
    });
    html! {
        <Dialog open=true title={t.emoji} onclose={props.onclose.clone()} class="palette">
            <div class="palette-search">
                <Glyph icon={Icon::Search} />
                <input id="emoji-find" type="text" role="combobox" aria-expanded="true" aria-controls="emoji-list" aria-autocomplete="list"
                    aria-activedescendant={(count > 0).then(|| format!("emoji-{at}"))} aria-label={t.emoji_hint} placeholder={t.emoji_hint}
                    autocomplete="off" spellcheck="false" dir="auto" autofocus=true value={(*typed).clone()} {oninput} {onkeydown} />
            </div>
            <div class="emoji-tabs" role="group" aria-label={t.emoji_groups}>
                if !recent.is_empty() { { tab(None, t.emoji_used, "🕘") } }
                { for EmojiGroup::ALL.into_iter().map(|group| tab(Some(group), (t.emoji_group)(group), sign(group))) }
            </div>
            <ul id="emoji-list" role="listbox" aria-label={t.emoji} class="emoji-grid">{ for options }</ul>
            if count == 0 && !found.fetching { <p class="palette-nothing">{ t.emoji_nothing }</p> }
            <footer class="palette-foot">
                <span class="cut">{ shown.get(at).map(|view| view.name.clone()).unwrap_or_default() }</span>
            </footer>
        </Dialog>
    }
}

const fn sign(group: EmojiGroup) -> &'static str {
    match group {
        EmojiGroup::Smileys => "😀",
        EmojiGroup::People => "👋",
        EmojiGroup::Nature => "🐻",
        EmojiGroup::Food => "🍞",
        EmojiGroup::Travel => "✈️",
        EmojiGroup::Activities => "🎉",
        EmojiGroup::Objects => "💡",
        EmojiGroup::Symbols => "❤️",
        EmojiGroup::Flags => "🏁",
    }
}
