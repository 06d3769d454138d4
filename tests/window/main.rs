//! The program through its real window: what a person sees and does, against real servers.
#![cfg(target_os = "linux")]

mod desk;
mod first_day;
mod started_again;
