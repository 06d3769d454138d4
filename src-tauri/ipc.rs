//! Calls from a window.
//!
//! A call is `invoke(NAME, { body, caller })`: the request of the command, and the number by which the window knows its own changes
//! again. It comes here only if the window's capability grants the command. Tauri's own way, a function per command, would be a
//! second table beside the contract's.

use std::sync::Arc;

use contract::{ApiError, Code};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tauri::ipc::{Invoke, InvokeBody, InvokeError, InvokeMessage, InvokeResolver, Response};
use tauri::{AppHandle, Manager, Wry};

use crate::bounds;
use crate::commands::ShellCommand;
use crate::program::{Program, Remedy};
use crate::shell::Shell;

/// Answers one call; `false` if nobody here knows the command.
pub fn handle(invoke: Invoke<Wry>) -> bool {
    let Invoke { message, resolver, .. } = invoke;
    let name = message.command();
    if let Some(command) = ShellCommand::ALL.into_iter().find(|command| command.name() == name) {
        shell(command, &message, resolver);
    } else if let Some(row) = contract::TABLE.iter().find(|row| row.name == name) {
        call(row.name, &message, resolver);
    } else {
        return false;
    }
    true
}

fn shell(command: ShellCommand, message: &InvokeMessage<Wry>, resolver: InvokeResolver<Wry>) {
    let app = message.webview_ref().app_handle();
    match command {
        ShellCommand::NextEvents => next_events(app.clone(), message, resolver),
        ShellCommand::StartError => {
            let program = program(app);
            resolver.respond_async(async move { Ok(program.host().await.err()) });
        }
        ShellCommand::RepairProfile => repair(app.clone(), message, resolver),
    }
}

fn call(name: &'static str, message: &InvokeMessage<Wry>, resolver: InvokeResolver<Wry>) {
    let program = program(message.webview_ref().app_handle());
    match request::<Value>(name, message.payload()) {
        Ok(Request { body, caller }) => {
            resolver.respond_async(async move {
                program.call(name, body, caller).await.map(Response::new).map_err(InvokeError::from)
            });
        }
        Err(error) => resolver.reject(error),
    }
}

fn next_events(app: AppHandle, message: &InvokeMessage<Wry>, resolver: InvokeResolver<Wry>) {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct NextEvents {
        after: Option<u64>,
    }
    match request::<NextEvents>(ShellCommand::NextEvents.name(), message.payload()) {
        Ok(Request { body: NextEvents { after }, .. }) => {
            crate::window::ready(&app);
            resolver.respond_async(async move { Ok(app.state::<Shell>().happened.after(after).await) });
        }
        Err(error) => resolver.reject(error),
    }
}

fn repair(app: AppHandle, message: &InvokeMessage<Wry>, resolver: InvokeResolver<Wry>) {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Repair {
        how: Remedy,
    }
    match request::<Repair>(ShellCommand::RepairProfile.name(), message.payload()) {
        Ok(Request { body: Repair { how }, .. }) => resolver.respond_async(async move {
            let host = program(&app).remedy(how).await?;
            crate::events::forward(&app, &host);
            // commands wait for the engine to start, but not for a repair
            app.state::<Shell>().happened.add(crate::events::everything_changed());
            Ok(())
        }),
        Err(error) => resolver.reject(error),
    }
}

fn program(app: &AppHandle) -> Arc<Program> {
    Arc::clone(&app.state::<Shell>().program)
}

#[derive(Debug, Deserialize)]
struct Request<T> {
    body: T,
    caller: u64,
}

/// The request of a call, within bounds and of its form.
fn request<T: DeserializeOwned>(name: &str, payload: &InvokeBody) -> Result<Request<T>, ApiError> {
    if let InvokeBody::Json(value) = payload {
        bounds::check(name, value)?;
    }
    read(payload)
}

fn read<T: DeserializeOwned>(payload: &InvokeBody) -> Result<T, ApiError> {
    let InvokeBody::Json(value) = payload else { return Err(malformed()) };
    T::deserialize(value).map_err(|_| malformed())
}

fn malformed() -> ApiError {
    // says nothing of the contents, which may be a password
    ApiError::new(Code::BadRequest, "The request is not of the command's form.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_call_carries_a_body_and_the_number_of_its_window() {
        let payload = InvokeBody::Json(json!({ "body": { "x": 1 }, "caller": 9_007_199_254_740_991_u64 }));
        let request = request::<Value>("get_program", &payload).unwrap();
        assert_eq!((request.body, request.caller), (json!({ "x": 1 }), 9_007_199_254_740_991));
    }

    #[test]
    fn everything_else_is_refused_without_repeating_it() {
        let deep = (0..100).fold(json!("hunter2"), |inner, _| json!([inner]));
        for payload in [json!({}), json!([]), json!({ "body": {} }), json!({ "body": "hunter2", "caller": -1 }), deep] {
            let error = request::<Value>("unlock_vault", &InvokeBody::Json(payload)).unwrap_err();
            assert_eq!(error.code, Code::BadRequest);
            assert!(!format!("{error:?}").contains("hunter2"));
        }
        assert!(request::<Value>("get_program", &InvokeBody::Raw(b"{}".to_vec())).is_err());
    }
}
