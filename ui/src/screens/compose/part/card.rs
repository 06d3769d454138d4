//! The card below a text with a link: read by itself a moment after the link is written, and taken away by one press.

use std::cell::RefCell;
use std::collections::BTreeSet;

use contract::cards::ReadCard;
use domain::post::Card;
use domain::text::bluesky::{Feature, facets};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::call;
use crate::components::{Button, Icon, IconButton, Look, Picture};
use crate::frame::context::use_frame;
use crate::platform;
use crate::screens::compose::edit::Change;
use crate::screens::compose::insert;
use crate::state::keys::Cmd;

/// A link is written whole by then, in milliseconds.
const QUIET_MS: u32 = 1_200;

thread_local! {
    /// Links whose cards somebody took away, or whose pages could not be read: they are not asked again by themselves.
    static LEFT: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub part: usize,
    pub text: AttrValue,
    pub card: Option<Card>,
    /// Some network shows what the post brings along, nothing else stands in its place, and the text is not another's.
    pub wanted: bool,
    pub locked: bool,
    pub on_change: Callback<Change>,
}

/// Of the button that adds or removes the card.
pub fn id(part: usize) -> String {
    format!("link-card-{part}")
}

/// The first link of a text, as a card is made of it.
pub fn link(text: &str) -> Option<String> {
    let mut facets = facets(text).into_iter();
    facets.find_map(|facet| match facet.feature {
        Feature::Link { uri } => Some(uri),
        _ => None,
    })
}

#[component]
pub fn LinkCard(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.compose;
    let part = props.part;
    let reading = use_state_eq(|| false);
    let found = use_memo(props.text.clone(), |text| link(text));
    let wanted = (*found).clone().filter(|_| props.wanted && !props.locked && props.card.is_none());
    let read = {
        let (reading, on_change, toaster) = (reading.setter(), props.on_change.clone(), toaster.clone());
        move |url: String, by_hand: bool| {
            let (reading, on_change, toaster) = (reading.clone(), on_change.clone(), toaster.clone());
            spawn_local(async move {
                reading.set(true);
                match call(ReadCard { url: url.clone() }).await {
                    Ok(card) => on_change.emit(Change::CardRead { part, card, by_itself: !by_hand }),
                    Err(error) => {
                        LEFT.with_borrow_mut(|left| left.insert(url));
                        // nobody asked for it by itself: the link goes out all the same
                        if by_hand {
                            toaster.fail(&error);
                        }
                    }
                }
                reading.set(false);
            });
        }
    };
    {
        let read = read.clone();
        use_effect_with(wanted.clone(), move |wanted| {
            // only while somebody writes here: what was signed off without a card is not changed by being looked at
            let writes = insert::field(part).is_some_and(|field| platform::focused().as_ref() == Some(field.as_ref()));
            let url = wanted.clone().filter(|url| writes && LEFT.with_borrow(|left| !left.contains(url)));
            let timer = url.map(|url| Timeout::new(QUIET_MS, move || read(url, false)));
            move || drop(timer)
        });
    }
    let by_hand = wanted.clone().map(|url| Callback::from(move |()| read(url.clone(), true)));
    let remove = {
        let (on_change, url) = (props.on_change.clone(), props.card.as_ref().map(|card| card.url.clone()));
        Callback::from(move |()| {
            LEFT.with_borrow_mut(|left| left.extend(url.clone()));
            on_change.emit(Change::Card { part, card: None });
        })
    };
    match (&props.card, by_hand) {
        (Some(card), _) => html! {
            <div class={classes!("link-card", (!props.wanted).then_some("idle"))}>
                { face(card) }
                if !props.locked {
                    <IconButton id={id(part)} icon={Icon::Trash} label={t.card_remove} onclick={remove.reform(|_: MouseEvent| ())} />
                }
            </div>
        },
        (None, Some(by_hand)) => html! {
            <Button id={id(part)} look={Look::Quiet} icon={Icon::Link} keys={Cmd::ComposeCard} busy={*reading} onclick={by_hand.reform(|_: MouseEvent| ())}>{ if *reading { t.card_reading } else { t.card_read } }</Button>
        },
        (None, None) => Html::default(),
    }
}

/// As Bluesky shows it.
pub fn face(card: &Card) -> Html {
    let host = card.url.split_once("://").map_or(card.url.as_str(), |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default().trim_start_matches("www.").to_owned();
    html! {
        <div class="card-face">
            if let Some(media) = card.picture { <Picture {media} alt="" /> }
            <div class="card-words">
                <b class="cut" dir="auto">{ &card.title }</b>
                if !card.description.is_empty() { <p class="sm muted" dir="auto">{ &card.description }</p> }
                <span class="xs muted" dir="ltr">{ host }</span>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_link_makes_the_card() {
        assert_eq!(link("See ada.com/rye and https://b.example").as_deref(), Some("https://ada.com/rye"));
        assert_eq!(link("No link, @ada.example #tag"), None);
    }
}
