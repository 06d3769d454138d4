//! What this machine can do at best, in the same run: everything else is compared with it.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use server::app::App;
use server::on;

use crate::crowd::fresh;

/// How often a second a block of 4 KiB at the end of a file reaches the disk.
pub fn disk(folder: &Path, time: Duration) -> f64 {
    let mut file = File::create(folder.join("disk")).unwrap();
    let (begun, mut done) = (Instant::now(), 0_u32);
    while begun.elapsed() < time {
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        done += 1;
    }
    f64::from(done) / begun.elapsed().as_secs_f64()
}

/// Rows a second that so many tasks put into a bare table of the server's own database, a transaction of its own for each.
pub async fn inserts(app: &App, tasks: usize, time: Duration) -> f64 {
    let end = Instant::now() + time;
    let one = |app: App| async move {
        let mut done = 0_u32;
        while Instant::now() < end {
            let mut tx = app.database.write().await.unwrap();
            let sql = "INSERT INTO person (id, display_name, created_at) VALUES ($1, 'Bare', 0)";
            on!(&mut tx, c => sqlx::query(sql).bind(fresh()).execute(c).await.map(drop)).unwrap();
            tx.commit().await.unwrap();
            done += 1;
        }
        done
    };
    let begun = Instant::now();
    let tasks: Vec<_> = (0..tasks).map(|_| tokio::spawn(one(app.clone()))).collect();
    let mut all = 0;
    for task in tasks {
        all += task.await.unwrap();
    }
    f64::from(all) / begun.elapsed().as_secs_f64()
}

/// Requests a second that so many callers get an empty answer to.
pub async fn hello(http: &reqwest::Client, origin: &str, callers: usize, time: Duration) -> f64 {
    let end = Instant::now() + time;
    let one = |http: reqwest::Client, place: String| async move {
        let mut done = 0_u32;
        while Instant::now() < end {
            assert_eq!(http.get(&place).send().await.unwrap().status().as_u16(), 204);
            done += 1;
        }
        done
    };
    let begun = Instant::now();
    let callers: Vec<_> = (0..callers).map(|_| tokio::spawn(one(http.clone(), format!("{origin}/healthz")))).collect();
    let mut all = 0;
    for caller in callers {
        all += caller.await.unwrap();
    }
    f64::from(all) / begun.elapsed().as_secs_f64()
}
