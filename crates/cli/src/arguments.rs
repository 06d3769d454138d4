use std::path::PathBuf;

use clap::{Parser, Subcommand};

const AFTER: &str = "\
Exit codes:
  0  done; the reply is on standard output, as JSON
  1  the command answered an error; it is on standard error, as JSON: code, message, retry
  2  the call itself was wrong: an unknown command, a request that is no JSON
  3  the profile could not be opened; the reason is on standard error, as JSON

Environment:
  SENDOFF_PASSPHRASE  opens a vault that is protected by a passphrase
  SENDOFF_BROWSER     a program that is started with an address as its only argument, instead of the system's browser
  SENDOFF_LOG         how much is written to the log in the profile's folder: error, warn, info (standard), debug, trace

Examples:
  sendoff call get_today
  sendoff call import_image - < request.json
  sendoff --profile ~/work serve";

/// Draft, schedule and publish social posts without a window.
#[derive(Debug, Parser)]
#[command(name = "sendoff", version, after_help = AFTER)]
pub struct Arguments {
    /// Keep everything in this folder instead of the standard one
    #[arg(long, value_name = "DIR", global = true)]
    pub profile: Option<PathBuf>,
    /// Ask at the terminal for the passphrase of the vault, if it needs one
    #[arg(long, global = true)]
    pub ask_passphrase: bool,
    #[command(subcommand)]
    pub task: Task,
}

#[derive(Debug, Subcommand)]
pub enum Task {
    /// Run one command and print its reply as JSON
    Call {
        /// Its name, as `sendoff commands` lists it
        command: String,
        /// The request as JSON, `-` to read it from standard input (as anything secret should be); nothing means {}
        request: Option<String>,
    },
    /// Publish what is due, without a window, until interrupted; prints one line of JSON for each event
    ///
    /// The first line says what is being served. While another program publishes this profile, this one stands by.
    Serve,
    /// List every command with what it reads or changes, as JSON
    Commands,
    /// Make the profile a sample, with so many posts in it; nothing of it is ever published
    Demo {
        #[arg(long, default_value_t = 400, value_name = "N")]
        posts: usize,
    },
}
