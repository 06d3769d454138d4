#![cfg_attr(all(not(debug_assertions), windows), windows_subsystem = "windows")]

//! The program with a window. Everything is in the library, where tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    sendoff_shell::run(std::env::args())
}
