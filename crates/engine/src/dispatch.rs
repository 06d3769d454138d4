//! From a wire name and JSON to a handler and back. The table in [`contract`] is expanded here: a command without a
//! handler does not compile.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use contract::{Access, ApiError, Changed, Code, Command, Event, Origin};
use futures::FutureExt;
use serde_json::Value;

use crate::engine::Engine;
use crate::host::Host;

/// One call: who asks, and which profile is open.
#[derive(Debug, Clone)]
pub struct Call {
    pub(crate) host: Host,
    pub(crate) engine: Arc<Engine>,
    pub(crate) caller: u64,
}

/// Does what a command says.
pub trait Handle<C: Command> {
    fn handle(&self, command: C) -> impl Future<Output = Result<C::Reply, ApiError>> + Send;
}

/// JSON nested deeper than this is no request of ours.
const DEPTH_MAX: usize = 32;

impl Call {
    /// Runs one command by its wire name; the answer is JSON text.
    pub(crate) async fn by_name(&self, name: &str, body: Value) -> Result<String, ApiError> {
        if depth(&body) > DEPTH_MAX {
            return Err(ApiError::new(Code::BadRequest, "The request is nested too deeply."));
        }
        macro_rules! dispatch {
            ($($module:ident :: $command:ident => $reply:ty, $name:literal, $access:ident [$($tag:ident),*];)+) => {
                match name {
                    // on the heap: together they are larger than the stack of a thread
                    $($name => write(&Box::pin(self.run(read::<contract::$module::$command>(body)?)).await?),)+
                    _ => Err(ApiError::new(Code::UnknownCommand, "There is no such command.")),
                }
            };
        }
        contract::commands!(dispatch)
    }

    /// Runs one command; a panic in it becomes an error reply, and what it changed is announced.
    pub(crate) async fn run<C: Command>(&self, command: C) -> Result<C::Reply, ApiError>
    where
        Self: Handle<C>,
    {
        let reply = AssertUnwindSafe(self.handle(command)).catch_unwind().await.unwrap_or_else(|panic| {
            let what = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
            tracing::error!(command = C::NAME, panic = what.unwrap_or("unknown"), "a command panicked");
            Err(ApiError::new(
                Code::Internal,
                "Something went wrong in Sendoff. Nothing was lost. Try again; if that does not help, restart Sendoff.",
            ))
        })?;
        if let Access::Writes(tags) = C::ACCESS
            && !tags.is_empty()
        {
            self.host.announce(Event::Changed(Changed {
                tags: tags.to_vec(),
                origin: Origin::Call { caller: self.caller },
            }));
        }
        Ok(reply)
    }
}

fn read<C: Command>(body: Value) -> Result<C, ApiError> {
    let malformed = || ApiError::new(Code::BadRequest, "The request is not of the form that this command takes.");
    // a list would be read as the fields in their order
    if !body.is_object() {
        return Err(malformed());
    }
    serde_json::from_value(body).map_err(|error| malformed().with_detail(error.to_string()))
}

fn write<R: serde::Serialize>(reply: &R) -> Result<String, ApiError> {
    serde_json::to_string(reply).map_err(|error| {
        ApiError::new(Code::Internal, "The answer could not be written.").with_detail(error.to_string())
    })
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 1,
    }
}
