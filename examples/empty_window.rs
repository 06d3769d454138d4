//! An empty window of the same web view under the same security settings: what `cargo xtask bench` compares the program with.
//!
//! It answers every command that the program's window may call with a list of so many bytes as the call asks for, and does
//! nothing else: what a call takes here is what the way through the web view takes.

use std::borrow::Cow;
use std::iter;

use tauri::ipc::{Invoke, InvokeBody};
use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{App, Assets, WebviewUrl, WebviewWindowBuilder, Wry};

const PAGE: &str = "<!doctype html><html><head><meta charset=\"utf-8\"><title>Empty</title></head><body><h1>Empty</h1><textarea></textarea></body></html>";

/// One page and nothing else.
struct Page;

impl Assets<Wry> for Page {
    fn setup(&self, _: &App<Wry>) {}

    fn get(&self, key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        (key.as_ref() == "/index.html").then_some(Cow::Borrowed(PAGE.as_bytes()))
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(iter::once((Cow::Borrowed("/index.html"), Cow::Borrowed(PAGE.as_bytes()))))
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(iter::empty())
    }
}

/// Texts of a hundred bytes, as many as the call's `body.bytes` asks for.
fn answer(invoke: Invoke<Wry>) -> bool {
    let bytes = match invoke.message.payload() {
        InvokeBody::Json(call) => call.pointer("/body/bytes").and_then(serde_json::Value::as_u64).unwrap_or_default(),
        InvokeBody::Raw(_) => 0,
    };
    let count = usize::try_from(bytes / 100).unwrap_or_default();
    invoke.resolver.respond_async(async move { Ok(vec!["x".repeat(97); count]) });
    true
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut context = tauri::generate_context!();
    context.set_assets(Box::new(Page));
    tauri::Builder::default()
        .invoke_handler(answer)
        .setup(|app| {
            let page = WebviewUrl::App("index.html".into());
            WebviewWindowBuilder::new(app, "main", page).inner_size(1280.0, 800.0).build()?;
            Ok(())
        })
        .run(context)?;
    Ok(())
}
