//! The one file that speaks to the program behind the window.

use std::cell::Cell;

use contract::{ApiError, Code, Command};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = invoke)]
    async fn invoke(name: &str, payload: JsValue) -> Result<JsValue, JsValue>;
}

thread_local! {
    static CALLER: Cell<u64> = const { Cell::new(0) };
}

/// The number by which this window recognises the changes that it made itself: random, and exact in a JavaScript number.
pub fn caller() -> u64 {
    CALLER.with(|cell| {
        if cell.get() == 0 {
            // 2^53 - 1 is the largest integer that survives JSON on both sides
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "within 1..2^53 by construction"
            )]
            cell.set(1 + (js_sys::Math::random() * 9_007_199_254_740_990.0) as u64);
        }
        cell.get()
    })
}

/// Runs one command of the contract.
///
/// # Errors
/// What the program answered, or `Code::Internal` if the two ends do not understand each other.
pub async fn call<C: Command>(command: C) -> Result<C::Reply, ApiError> {
    let body = encode(&command)?;
    let answer = raw(C::NAME, &body).await?;
    decode(&answer)
}

/// The request of a command as JSON text.
pub(super) fn encode<C: Command>(command: &C) -> Result<String, ApiError> {
    serde_json::to_string(command).map_err(|error| misunderstanding(&error.to_string()))
}

/// The reply of a command from its JSON text.
pub(super) fn decode<T: DeserializeOwned>(answer: &str) -> Result<T, ApiError> {
    serde_json::from_str(answer).map_err(|error| misunderstanding(&error.to_string()))
}

/// Runs a command by name; body and answer are JSON texts.
pub(super) async fn raw(name: &'static str, body: &str) -> Result<String, ApiError> {
    let payload = js_sys::JSON::parse(&format!("{{\"body\":{body},\"caller\":{}}}", caller())).map_err(foreign)?;
    match invoke(name, payload).await {
        Ok(answer) => stringify(&answer),
        Err(error) => {
            Err(stringify(&error).and_then(|text| decode::<ApiError>(&text)).unwrap_or_else(|_| foreign(error)))
        }
    }
}

fn stringify(value: &JsValue) -> Result<String, ApiError> {
    if value.is_undefined() {
        return Ok("null".to_owned());
    }
    js_sys::JSON::stringify(value).map(String::from).map_err(foreign)
}

/// An error that is not one of the contract's: a fault of the bridge itself.
fn foreign(value: JsValue) -> ApiError {
    let text = value
        .as_string()
        .or_else(|| value.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message())))
        .unwrap_or_else(|| format!("{value:?}"));
    misunderstanding(&text)
}

fn misunderstanding(detail: &str) -> ApiError {
    let sentence = "The window cannot communicate with Sendoff. Restart Sendoff; nothing you wrote is lost.";
    ApiError::new(Code::Internal, sentence).with_detail(detail)
}

/// What can be done about a profile that does not open. The shell knows these, not the contract: without a profile there is
/// no engine to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    Retry,
    RestoreBackup,
    SetAside,
}

/// Tries to open the profile again, after the remedy.
///
/// # Errors
/// It still does not open.
pub async fn repair_profile(how: Remedy) -> Result<(), ApiError> {
    let body = serde_json::to_string(&Repair { how }).map_err(|error| misunderstanding(&error.to_string()))?;
    raw("repair_profile", &body).await.map(|_| ())
}

#[derive(Serialize)]
struct Repair {
    how: Remedy,
}

/// What happened lately.
#[derive(Debug, Deserialize)]
pub struct News {
    /// The number of the newest event.
    pub newest: u64,
    pub events: Vec<serde_json::Value>,
}

/// What happened after the event of this number, once something did; `None`: this page has just been loaded.
///
/// # Errors
/// The program could not be asked: try again later.
pub async fn next_events(after: Option<u64>) -> Result<News, ApiError> {
    let after = after.map_or_else(|| "null".to_owned(), |number| number.to_string());
    let answer = raw("next_events", &format!("{{\"after\":{after}}}")).await?;
    decode(&answer)
}
