use contract::posts::{FindPosts, Hit, SnippetPart};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::context::{Bound, Offers, use_clock};
use crate::backend::use_query_if;
use crate::components::{Dialog, Glyph, Icon, Keys, Status, use_pace};
use crate::i18n::use_texts;
use crate::platform::{after_dialog, document};
use crate::route::{Route, use_go};
use crate::state::fuzzy;
use crate::state::keys::{Cmd, Scope};

/// Posts are searched at most this often while somebody types, in milliseconds.
const SEARCH_EVERY_MS: u32 = 80;
const COMMANDS_MAX: usize = 40;
const POSTS_MAX: u32 = 20;

#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    pub open: bool,
    pub onclose: Callback<()>,
    pub offers: Offers,
}

/// Everything by its name: commands with their keys, and posts.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let t = use_texts();
    html! {
        <Dialog open={props.open} title={t.frame.palette_label} onclose={props.onclose.clone()} class="palette">
            <PaletteList onclose={props.onclose.clone()} offers={props.offers.clone()} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct PaletteListProps {
    onclose: Callback<()>,
    offers: Offers,
}

/// One line of the palette.
#[derive(Clone)]
enum Line {
    Command(Bound, AttrValue),
    Post(Hit),
}

#[component]
fn PaletteList(props: &PaletteListProps) -> Html {
    let t = use_texts();
    let clock = use_clock();
    let go = use_go();
    let typed = use_state_eq(String::new);
    let searched = use_pace(&typed.trim().to_owned(), SEARCH_EVERY_MS);
    let active = use_state_eq(|| 0_usize);
    let input = use_node_ref();
    {
        let input = input.clone();
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.focus().ok();
            }
        });
    }
    let request = (searched.chars().count() >= 2).then(|| FindPosts { text: searched.clone(), limit: POSTS_MAX });
    let posts = use_query_if(request);

    let mut bounds: Vec<(Bound, AttrValue)> = props
        .offers
        .all()
        .into_iter()
        .filter(|bound| bound.cmd != Cmd::Palette)
        .map(|bound| {
            let title = bound.title.clone().unwrap_or_else(|| (t.command)(bound.cmd).into());
            (bound, title)
        })
        .collect();
    bounds.sort_by_key(|(bound, _)| bound.cmd.is_step());
    let ranked = fuzzy::rank(&typed, bounds.iter().map(|(_, title)| title.as_str()), COMMANDS_MAX);
    let commands: Vec<(Bound, AttrValue)> = ranked.into_iter().filter_map(|index| bounds.get(index).cloned()).collect();
    // what belongs to this screen comes first; while searching, the best comes first whatever it belongs to
    let (here, everywhere): (Vec<_>, Vec<_>) =
        commands.into_iter().partition(|(bound, _)| bound.cmd.scope() != Scope::Everywhere && !bound.cmd.is_step());
    let found_posts: Vec<Hit> =
        if typed.trim().is_empty() { Vec::new() } else { posts.data.map(|hits| hits.to_vec()).unwrap_or_default() };
    let groups: Vec<(&'static str, Vec<Line>)> = [
        (t.frame.palette_here, here.into_iter().map(|(bound, title)| Line::Command(bound, title)).collect::<Vec<_>>()),
        (t.frame.palette_commands, everywhere.into_iter().map(|(bound, title)| Line::Command(bound, title)).collect()),
        (t.frame.palette_posts, found_posts.into_iter().map(Line::Post).collect()),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .collect();
    let lines: Vec<Line> = groups.iter().flat_map(|(_, lines)| lines.iter().cloned()).collect();
    let count = lines.len();
    let at = (*active).min(count.saturating_sub(1));

    use_effect_with((at, count), |(at, _)| {
        if let Some(element) = document().and_then(|document| document.get_element_by_id(&format!("palette-{at}"))) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });

    let run = {
        let (onclose, go) = (props.onclose.clone(), go.clone());
        Callback::from(move |line: Line| {
            onclose.emit(());
            match line {
                Line::Command(bound, _) => {
                    // the command may move the focus
                    let run = bound.run;
                    after_dialog(move || run.emit(()));
                }
                Line::Post(hit) => go.emit(Route::Post { post: hit.line.post }),
            }
        })
    };
    let oninput = {
        let (typed, active) = (typed.clone(), active.clone());
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            active.set(0);
        })
    };
    let onkeydown = {
        let (active, run, lines) = (active.clone(), run.clone(), lines.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = count.saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => active.set(if at >= last { 0 } else { at + 1 }),
                "ArrowUp" => active.set(if at == 0 { last } else { at - 1 }),
                "PageDown" => active.set((at + 8).min(last)),
                "PageUp" => active.set(at.saturating_sub(8)),
                "Enter" if !event.is_composing() => {
                    if let Some(line) = lines.get(at) {
                        run.emit(line.clone());
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let mut index = 0;
    let draw_group = |(name, lines): &(&'static str, Vec<Line>)| {
        let options = lines.iter().map(|line| {
            let here = index;
            index += 1;
            let choose = {
                let (run, line) = (run.clone(), line.clone());
                move |_: MouseEvent| run.emit(line.clone())
            };
            let inner = match line {
                Line::Command(bound, title) => html! {
                    <><span class="cut grow">{ title.clone() }</span><Keys cmd={bound.cmd} /></>
                },
                Line::Post(Hit { line, snippet }) => html! {
                    <>
                        <span class="grow option-post">
                            <bdi class="cut">{ &line.title }</bdi>
                            if !snippet.is_empty() {
                                <bdi class="cut xs muted">{ for snippet.iter().map(piece) }</bdi>
                            }
                        </span>
                        if let Some(due) = line.due_at {
                            <time class="muted xs">{ clock.moment(due) }</time>
                        }
                        <Status status={line.status} />
                    </>
                },
            };
            html! {
                <li
                    id={format!("palette-{here}")}
                    role="option"
                    class={classes!("option", (here == at).then_some("active"))}
                    aria-selected={if here == at { "true" } else { "false" }}
                    onclick={choose}
                >
                    { inner }
                </li>
            }
        });
        let options: Vec<Html> = options.collect();
        html! {
            <li role="presentation" key={*name}>
                <ul role="group" aria-label={*name}>
                    <li class="option-group" role="presentation" aria-hidden="true">{ *name }</li>
                    { for options }
                </ul>
            </li>
        }
    };
    let drawn: Vec<Html> = groups.iter().map(draw_group).collect();
    html! {
        <>
            <div class="palette-search">
                <Glyph icon={Icon::Search} />
                <input
                    ref={input}
                    type="text"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-autocomplete="list"
                    aria-activedescendant={(count > 0).then(|| format!("palette-{at}"))}
                    aria-label={t.frame.palette_hint}
                    placeholder={t.frame.palette_hint}
                    autocomplete="off"
                    spellcheck="false"
                    dir="auto"
                    value={(*typed).clone()}
                    {oninput}
                    {onkeydown}
                />
            </div>
            <ul id="palette-list" role="listbox" aria-label={t.frame.palette_label} class="palette-list">
                { for drawn }
            </ul>
            if count == 0 {
                <p class="palette-nothing">{ (t.frame.palette_nothing)(typed.trim()) }</p>
            }
            <footer class="palette-foot">
                <span>{ t.frame.palette_keys }</span>
                <span role="status">{ (t.frame.palette_count)(count) }</span>
            </footer>
        </>
    }
}

/// A piece of a post's text; the words that were looked for stand out.
fn piece(part: &SnippetPart) -> Html {
    if part.hit {
        html! { <mark>{ &part.text }</mark> }
    } else {
        html! { { &part.text } }
    }
}
