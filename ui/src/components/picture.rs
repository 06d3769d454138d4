//! A stored image, shown small; a video with the sign of one, how long it is, and its picture where there is one.

use contract::posts::{FilmFace, GetImage, ImageData, ImageSize};
use domain::id::MediaId;
use yew::prelude::*;

use super::{Glyph, Icon};
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
        (Some(image), _) => match &image.film {
            Some(face) => film(face, image, &props.alt),
            None => picture(image, &props.alt),
        },
        (None, Some(error)) => {
            html! { <span class="picture broken" title={error.message.clone()} aria-hidden="true">{ "⚠" }</span> }
        }
        (None, None) => html! { <span class="picture skeleton" aria-hidden="true" /> },
    }
}

fn picture(image: &ImageData, alt: &AttrValue) -> Html {
    html! { <img class="picture" src={format!("data:{};base64,{}", image.mime, image.data)} {alt} draggable="false" /> }
}

fn film(face: &FilmFace, image: &ImageData, alt: &AttrValue) -> Html {
    html! {
        <span class="film">
            if image.data.is_empty() {
                <span class="picture film-card" role={(!alt.is_empty()).then_some("img")} aria-label={(!alt.is_empty()).then(|| alt.clone())}>
                    <bdi class="film-name cut">{ &face.name }</bdi>
                </span>
            } else {
                { picture(image, alt) }
            }
            <span class="film-play" aria-hidden="true"><Glyph icon={Icon::Play} /></span>
            <span class="film-time xs num">{ face.video.clock() }</span>
        </span>
    }
}
