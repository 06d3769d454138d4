//! A stored image, shown small.

use contract::posts::{GetImage, ImageSize};
use domain::id::MediaId;
use yew::prelude::*;

use crate::backend::use_query;

#[derive(Properties, PartialEq)]
pub struct PictureProps {
    pub media: MediaId,
    /// Empty where the description stands beside it.
    pub alt: AttrValue,
    #[prop_or(ImageSize::Preview)]
    pub size: ImageSize,
}

#[component]
pub fn Picture(props: &PictureProps) -> Html {
    let query = use_query(GetImage { media: props.media, size: props.size });
    match (&query.data, &query.error) {
        (Some(image), _) => {
            html! { <img class="picture" src={format!("data:{};base64,{}", image.mime, image.data)} alt={props.alt.clone()} draggable="false" /> }
        }
        (None, Some(error)) => {
            html! { <span class="picture broken" title={error.message.clone()} aria-hidden="true">{ "⚠" }</span> }
        }
        (None, None) => html! { <span class="picture skeleton" aria-hidden="true" /> },
    }
}
