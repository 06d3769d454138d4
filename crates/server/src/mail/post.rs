//! Hands waiting mails to the mail server (SMTP), again and again until it takes them.

use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;

use crate::app::App;
use crate::config::{Smtp, SmtpSecurity};
use crate::error::one_line;
use crate::mail::outbox::{self, Waiting};

/// Of one conversation with the mail server.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How often mails are looked for that nobody woke us for: those of other processes, and those to be tried again.
const LOOK: Duration = Duration::from_secs(5);
const FIRST_WAIT_MS: i64 = 5_000;
const LONGEST_WAIT_MS: i64 = 10 * 60 * 1000;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

fn transport(smtp: &Smtp) -> Result<Transport, lettre::transport::smtp::Error> {
    let tls = match smtp.security {
        SmtpSecurity::Tls => Tls::Wrapper(TlsParameters::new(smtp.host.clone())?),
        SmtpSecurity::StartTls => Tls::Required(TlsParameters::new(smtp.host.clone())?),
        SmtpSecurity::None => Tls::None,
    };
    let mut builder = Transport::builder_dangerous(&smtp.host).port(smtp.port).tls(tls).timeout(Some(TIMEOUT));
    if let Some((user, password)) = &smtp.login {
        builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
    }
    Ok(builder.build())
}

/// Sends mails until it is dropped. Without a mail server there is nothing to do.
pub async fn deliver(app: App) {
    let Some(smtp) = app.config.mail.clone() else { return };
    let transport = match transport(&smtp) {
        Ok(transport) => transport,
        Err(error) => {
            tracing::error!(reason = %one_line(&error.to_string()), "no mail can be sent");
            return;
        }
    };
    loop {
        match outbox::claim(&app).await {
            Ok(waiting) if waiting.is_empty() => {
                // either way there may be something to do
                let _ = tokio::time::timeout(LOOK, app.mail_waits.notified()).await;
            }
            Ok(waiting) => {
                for mail in waiting {
                    if let Err(error) = send(&app, &smtp, &transport, mail).await {
                        tracing::warn!(reason = %one_line(&error.to_string()), "the outbox does not answer");
                    }
                }
            }
            Err(error) => {
                tracing::warn!(reason = %one_line(&error.to_string()), "the outbox does not answer");
                let _ = tokio::time::timeout(LOOK, app.mail_waits.notified()).await;
            }
        }
    }
}

async fn send(app: &App, smtp: &Smtp, transport: &Transport, mail: Waiting) -> Result<(), sqlx::Error> {
    let Some((to, letter)) = mail.content else {
        tracing::warn!(mail.id = %mail.id, "a mail was sealed with a key that is gone and is given up");
        app.metrics.mail("given_up");
        return outbox::done(app, mail.id).await;
    };
    let account = outbox::has_account(app, &to).await?;
    let Some(written) = letter.write(account, app.origin()) else {
        return outbox::done(app, mail.id).await;
    };
    let Some(message) = message(&smtp.from, &to, written) else {
        tracing::warn!(mail.id = %mail.id, "a mail has an address that no mail can go to and is given up");
        app.metrics.mail("given_up");
        return outbox::done(app, mail.id).await;
    };
    match transport.send(message).await {
        Ok(_) => {
            tracing::info!(mail.id = %mail.id, mail.kind = ?letter, "a mail was sent");
            app.metrics.mail("sent");
            outbox::done(app, mail.id).await
        }
        Err(error) if error.is_permanent() => {
            // what the server says may name the address
            tracing::warn!(mail.id = %mail.id, mail.status = ?error.status(), "the mail server refuses a mail for good");
            app.metrics.mail("refused");
            outbox::done(app, mail.id).await
        }
        Err(error) => {
            tracing::warn!(mail.id = %mail.id, mail.status = ?error.status(), attempts = mail.attempts, "a mail is tried again later");
            app.metrics.mail("put_off");
            let doubled = FIRST_WAIT_MS.saturating_mul(1 << mail.attempts.clamp(1, 10).saturating_sub(1));
            outbox::later(app, mail.id, doubled.min(LONGEST_WAIT_MS)).await
        }
    }
}

/// Addresses are typed, and the subject is one of ours: nothing of it can begin another header.
fn message(from: &Mailbox, to: &str, written: super::letter::Written) -> Option<Message> {
    let to = Mailbox::new(None, to.parse().ok()?);
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(written.subject)
        // asks out-of-office programs to be silent (RFC 3834)
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(written.text, written.html))
        .ok()
}

#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".into())
    }
}
