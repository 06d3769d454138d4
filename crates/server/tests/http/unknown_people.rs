//! Nobody can find out who has an account: not by what a page says, not by its status, not by how long it takes.

use std::time::{Duration, Instant};

use server::people::hashing::Cost;

use crate::both;
use crate::stage::{Browser, Device, Mailbox, PASSWORD, Page, Stage, Store, address};

/// What differs between any two requests.
fn plain(page: &Page, email: &str, flow: &str) -> (u16, String) {
    let mut body = page.body.replace(email, "EMAIL").replace(flow, "FLOW");
    if body.contains("name=\"challenge\"") {
        let challenge = page.field("challenge");
        body = body.replace(&challenge, "CHALLENGE");
    }
    (page.status, body)
}

both!(the_pages_say_the_same_of_everybody, |store| {
    let stage = Stage::new(store).await;
    let (known, shut_out, unknown) = (address("ada"), address("ben"), address("cleo"));
    let Some(_) = stage.register(&known, PASSWORD).await else { return };
    stage.register(&shut_out, PASSWORD).await.unwrap();
    stage.execute("UPDATE person SET disabled_at = 1 WHERE email LIKE 'ben.%'").await;
    let mut seen = Vec::new();
    for email in [&known, &shut_out, &unknown] {
        let mut browser = stage.browser();
        let flow = Device::new("Laptop").begin(&stage, &mut browser).await.flow;
        let pages = [
            browser.sign_in(&flow, email, "not the right password").await,
            browser.register(&flow, "Somebody", email, PASSWORD).await,
            browser.reset(&flow, email).await,
        ];
        seen.push(pages.map(|page| plain(&page, email, &flow)));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    // and each gets what is for them, or nothing
    let mailbox = stage.mailbox();
    let mails = mailbox.wait(&known, 3).await;
    assert!(mails.iter().any(|mail| mail.contains("You have a Sendoff account already")));
    assert!(mails.iter().any(|mail| mail.contains("new Sendoff password")));
    let mails = mailbox.wait(&unknown, 1).await;
    assert!(mails[0].contains("Your code for Sendoff"));
    crate::stage::until("an empty outbox", async || {
        (stage.count("SELECT count(*) FROM mail").await == 0).then_some(())
    })
    .await;
    assert_eq!(mailbox.all(&unknown).len(), 1, "no mail about a password of nobody");
});

async fn time(browser: &mut Browser, work: impl AsyncFn(&mut Browser) -> Page) -> Duration {
    let began = Instant::now();
    work(browser).await;
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Interleaved, so that a busy machine is busy for all; the medians of known and unknown may differ by a twentieth.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_take_the_same_time_for_everybody() {
    const SAMPLES: usize = 120;
    let stage = Stage::with(Store::Sqlite, |config| config.hashing = Cost { parallel: 1, ..Cost::default() }).await;
    if Mailbox::try_new().is_none() {
        return;
    }
    let (known, shut_out) = (address("ada"), address("ben"));
    stage.register(&known, PASSWORD).await.unwrap();
    stage.register(&shut_out, PASSWORD).await.unwrap();
    stage.execute("UPDATE person SET disabled_at = 1 WHERE email LIKE 'ben.%'").await;
    let mut browser = stage.browser();
    let flow = Device::new("Laptop").begin(&stage, &mut browser).await.flow;
    // what is left out takes half the time and shows in every series; what else the machine does shows in some
    let mut seen = Vec::new();
    for _ in 0..3 {
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..SAMPLES {
            for (number, email) in [known.clone(), shut_out.clone(), address("nobody")].iter().enumerate() {
                let took =
                    time(&mut browser, async |browser| browser.sign_in(&flow, email, "not the right password").await);
                times[number].push(took.await);
            }
        }
        let [known, shut_out, unknown] = times.map(median).map(|time| time.as_secs_f64() * 1000.0);
        let said = format!("known {known:.2} ms, shut out {shut_out:.2} ms, unknown {unknown:.2} ms");
        println!("sign-in, median of {SAMPLES}: {said}");
        if [shut_out, unknown].iter().all(|other| (known - other).abs() / known < 0.05) {
            return;
        }
        seen.push(said);
    }
    panic!("{seen:?}");
}
