//! The interface of Sendoff: a window on the program, without rules of its own.

mod app;
mod backend;
mod components;
mod events;
mod frame;
mod i18n;
mod platform;
mod route;
mod screens;
mod state;

fn main() {
    yew::Renderer::<app::App>::new().render();
}
