use std::rc::Rc;

use contract::personas::PersonaView;
use contract::posts::PostLine;
use jiff::civil::Date;
use yew::prelude::*;

use crate::components::{Dialog, PostRow};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct DayDialogProps {
    /// Open while there is one.
    pub day: Option<Date>,
    pub lines: Vec<PostLine>,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    pub onclose: Callback<()>,
}

/// All posts of one day.
#[component]
pub fn DayDialog(props: &DayDialogProps) -> Html {
    let (t, clock, _) = use_frame();
    let title = props.day.map(|day| t.time.long_day(day, clock.today())).unwrap_or_default();
    html! {
        <Dialog open={props.day.is_some()} {title} onclose={props.onclose.clone()} wide=true class="day-dialog">
            <ul class="card list">
                { for props.lines.iter().map(|line| html! {
                    <PostRow key={line.post.to_string()} line={line.clone()} personas={props.personas.clone()} within_day=true />
                }) }
            </ul>
        </Dialog>
    }
}
