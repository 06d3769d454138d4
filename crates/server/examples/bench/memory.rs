//! What the program takes that nobody uses, and what each adds who only listens.

use std::io::{BufRead as _, BufReader};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use http::Method;

use crate::crowd::{Desk, Serving, organisation};
use crate::tell;

/// Streams that are open at the same time: below what the program lets in, as with the next two.
const LISTENERS: usize = 900;
/// Of one address of this machine; the program allows 64.
const EACH: usize = 60;
/// Of one person; the program allows 16.
const OF_ONE: usize = 15;

/// The program beside this example.
fn program() -> PathBuf {
    let examples = std::env::current_exe().unwrap();
    examples.parent().and_then(Path::parent).unwrap().join("sendoff-server")
}

fn resident(program: &Child) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap() / 1024.0
}

pub async fn measures() {
    let program = program();
    if !program.exists() || !cfg!(target_os = "linux") {
        println!("the program is not built beside this one: its memory is not measured");
        return;
    }
    // people first, then the program on what they have left
    let serving = Serving::start(None, 64).await;
    let (org, members) = organisation(&serving.app, LISTENERS.div_ceil(OF_ONE)).await;
    let origin = serving.origin.clone();
    let listen = origin.strip_prefix("http://").unwrap().to_owned();
    let folder = serving.end().await;
    let mut child = Command::new(program)
        .arg("--data")
        .arg(folder.path().join("data"))
        .args(["--listen", &listen])
        .env("SENDOFF_LOG", "warn,sendoff_server=info")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines.by_ref().map_while(Result::ok).find(|line| line.contains("serving")).expect("it serves");
    let drains = std::thread::spawn(move || lines.map_while(Result::ok).count());
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = resident(&child);
    let mut open = Vec::new();
    for n in 0..LISTENERS {
        let from = Ipv4Addr::new(127, 0, 1, 1 + u8::try_from(n / EACH).unwrap());
        let http = reqwest::Client::builder().local_address(IpAddr::V4(from)).build().unwrap();
        let desk = Desk::new(&http, &origin, org, &members[n % members.len()]);
        let answer = desk.asks(Method::GET, "live").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{}", answer.text().await.unwrap());
        open.push(answer);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let listened = resident(&child);
    child.kill().unwrap();
    child.wait().unwrap();
    drains.join().unwrap();
    tell("the program, idle", format!("{idle:.1} MB"), "<= 60 MB", "");
    let each = (listened - idle) * 1024.0 / LISTENERS as f64;
    tell(&format!("each of {LISTENERS} who only listen"), format!("{each:.1} kB"), "<= 25 kB", "");
}
