//! `sendoff`: everything that the program with the window does, from the command line.

mod arguments;
mod call;
mod demo;
mod outcome;
mod serve;
mod session;
mod sign_in;
mod unlock;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Task};
use crate::outcome::Outcome;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    adapters::protect_process();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return Outcome::Unusable(format!("The program could not be set up: {error}")).report(),
    };
    let outcome = runtime.block_on(run(arguments));
    // a keyring that does not answer keeps its thread, which must not keep this process
    runtime.shutdown_background();
    outcome.report()
}

async fn run(arguments: Arguments) -> Outcome {
    let Arguments { profile, ask_passphrase, task } = arguments;
    let place = match adapters::place(profile.as_deref()) {
        Ok(place) => place,
        Err(error) => return Outcome::Usage(error.to_string()),
    };
    match task {
        Task::Commands => call::list(),
        Task::Call { command, request } => call::run(place, ask_passphrase, &command, request.as_deref()).await,
        Task::Serve => serve::run(place, ask_passphrase).await,
        Task::Demo { posts } => demo::run(&place, posts).await,
    }
}
