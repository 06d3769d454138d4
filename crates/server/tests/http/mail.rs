//! Mails over a real mail server: what is in them, that they survive, and that nobody can write their own.

use std::time::Duration;

use crate::both;
use crate::stage::{Device, Mailbox, PASSWORD, Stage, Store, address, until};

both!(a_mail_is_plain_and_simple_and_holds_nothing_that_was_typed, |store| {
    let stage = Stage::new(store).await;
    let Some(mailbox) = Mailbox::try_new() else { return };
    let ada = address("ada");
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    browser.register(&begun.flow, "Win money at eve.example", &ada, PASSWORD).await;
    let mail = mailbox.wait(&ada, 1).await.remove(0);
    for header in [
        "From: Sendoff <sendoff@example.com>",
        &format!("To: {ada}"),
        "Subject: Your code for Sendoff",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Date: ",
    ] {
        assert!(mail.lines().any(|line| line.starts_with(header)), "{header}: {mail}");
    }
    assert!(mail.contains("text/plain; charset=utf-8") && mail.contains("text/html; charset=utf-8"));
    for never in ["Win money", "eve.example", PASSWORD, "<img", "<script", "href"] {
        assert!(!mail.contains(never), "{never}: {mail}");
    }
});

both!(an_address_cannot_begin_another_header_or_recipient, |store| {
    let stage = Stage::new(store).await;
    if Mailbox::try_new().is_none() {
        return;
    }
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    let eve = address("eve");
    for bad in [
        format!("ada@example.com\r\nBcc: {eve}"),
        format!("ada@example.com\n{eve}"),
        format!("ada@example.com,{eve}"),
        format!("ada@example.com> RCPT TO:<{eve}"),
        format!("\"{eve}\"@example.com"),
        format!("Ada <{eve}>"),
        format!("{eve}\0"),
    ] {
        let page = browser.register(&begun.flow, "Ada", &bad, PASSWORD).await;
        assert!(page.says("no e-mail address"), "{bad:?}");
        assert!(browser.reset(&begun.flow, &bad).await.says("no e-mail address"), "{bad:?}");
    }
    assert_eq!(stage.count("SELECT count(*) FROM mail").await, 0);
    assert_eq!(stage.count("SELECT count(*) FROM email_challenge").await, 0);
});

/// Waits until the mail server has refused a mail for the moment.
async fn put_off(stage: &Stage) {
    let counted = "sendoff_mails_total{outcome=\"put_off\"} 1";
    until("a first try", async || stage.app.metrics.text().contains(counted).then_some(())).await;
}

both!(a_mail_that_is_not_taken_survives_a_restart_and_goes_out_once, |store| {
    let stage = Stage::new(store).await;
    let Some(mailbox) = Mailbox::try_new() else { return };
    let ada = address("ada");
    mailbox.refuse(&ada, true);
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    browser.register(&begun.flow, "Ada", &ada, PASSWORD).await;
    put_off(&stage).await;
    assert!(mailbox.all(&ada).is_empty());

    let stage = stage.restart(|_| {}).await;
    assert_eq!(stage.count("SELECT count(*) FROM mail").await, 1);
    mailbox.refuse(&ada, false);
    stage.clock.advance(Duration::from_secs(3 * 60));
    // the outbox is looked at every five seconds
    mailbox.wait(&ada, 1).await;
    until("an empty outbox", async || (stage.count("SELECT count(*) FROM mail").await == 0).then_some(())).await;
    assert_eq!(mailbox.all(&ada).len(), 1);
});

both!(a_mail_whose_code_is_too_old_is_not_sent, |store| {
    let stage = Stage::new(store).await;
    let Some(mailbox) = Mailbox::try_new() else { return };
    let ada = address("ada");
    mailbox.refuse(&ada, true);
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    browser.register(&begun.flow, "Ada", &ada, PASSWORD).await;
    put_off(&stage).await;
    mailbox.refuse(&ada, false);
    stage.clock.advance(Duration::from_secs(31 * 60));
    until("an empty outbox", async || (stage.count("SELECT count(*) FROM mail").await == 0).then_some(())).await;
    assert!(mailbox.all(&ada).is_empty());
});

#[tokio::test]
async fn what_waits_in_the_database_cannot_be_read_there() {
    let stage = Stage::new(Store::Sqlite).await;
    let Some(mailbox) = Mailbox::try_new() else { return };
    let ada = address("ada");
    mailbox.refuse(&ada, true);
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    browser.register(&begun.flow, "Ada", &ada, PASSWORD).await;
    put_off(&stage).await;
    let named = "SELECT count(*) FROM mail WHERE instr(sealed, CAST('kind' AS BLOB)) > 0 OR instr(sealed, CAST('@' AS BLOB) || CAST('example.com' AS BLOB)) > 0";
    assert_eq!(stage.count(named).await, 0);
}

#[tokio::test]
async fn without_a_mail_server_the_pages_say_so() {
    let stage = Stage::with(Store::Sqlite, |config| config.mail = None).await;
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    assert!(browser.register(&begun.flow, "Ada", &address("ada"), PASSWORD).await.says("sends no mail"));
    assert!(browser.reset(&begun.flow, &address("ada")).await.says("sends no mail"));
}
