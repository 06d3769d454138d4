//! Settings: from the command line, the environment and a file, checked once before anything is opened.

mod media;

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use egress::Exception;
use ipnet::IpNet;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::keys::readable_by_others;
use crate::limits::Quotas;
use crate::people::hashing::Cost;

pub use media::{Media, MediaPlace, S3};

const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// Of the settings file and of files that hold one secret.
const FILE_MAX: u64 = 64 * 1024;
const PROVIDERS_MAX: usize = 8;

/// The server for teams that use Sendoff.
///
/// Every option can also stand in the file given by --config (TOML, same names with `_`); the command line goes before the
/// environment, the environment before the file.
#[derive(Debug, Default, Parser, Deserialize)]
#[command(name = "sendoff-server", version, about)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    #[command(subcommand)]
    #[serde(skip)]
    pub command: Option<Command>,
    /// A file with settings, for its owner alone if it holds a secret.
    #[arg(long, env = "SENDOFF_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// The data folder. Default: `sendoff-server` in the system's folder for data of programs.
    #[arg(long, env = "SENDOFF_DATA")]
    pub data: Option<PathBuf>,
    /// postgres://user@host/name instead of SQLite in the data folder. With a password in it, rather in the environment or the
    /// file: others on this machine see command lines.
    #[arg(long, env = "SENDOFF_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,
    /// The same database as the owner of its tables: for migrations alone, before serving begins. Without it the tables must be of this
    /// version already. The role of --database-url owns nothing.
    #[arg(long, env = "SENDOFF_DATABASE_OWNER_URL", hide_env_values = true)]
    pub database_owner_url: Option<SecretString>,
    /// Address and port to serve at. Default: 127.0.0.1:8080.
    #[arg(long, env = "SENDOFF_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The address by which browsers and programs reach this server, such as https://sendoff.example.com.
    #[arg(long, env = "SENDOFF_PUBLIC_URL")]
    pub public_url: Option<Url>,
    /// Certificate chain (PEM).
    #[arg(long, env = "SENDOFF_TLS_CERTIFICATE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// Its private key (PEM), readable by its owner alone.
    #[arg(long, env = "SENDOFF_TLS_KEY", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// Networks of proxies that end TLS in front of this server; only their forwarding headers count. Repeatable.
    #[arg(long, env = "SENDOFF_BEHIND_PROXY", value_delimiter = ',')]
    pub behind_proxy: Vec<IpNet>,
    /// Where GET /metrics is served; an address of this machine or of a private network.
    #[arg(long, env = "SENDOFF_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// The file with the server's keys. Default: server.key in the data folder, made at the first start.
    #[arg(long, env = "SENDOFF_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// Memory of one password hash in KiB.
    #[arg(long, env = "SENDOFF_PASSWORD_MEMORY_KIB")]
    pub password_memory_kib: Option<u32>,
    /// Passes of one password hash.
    #[arg(long, env = "SENDOFF_PASSWORD_PASSES")]
    pub password_passes: Option<u32>,
    /// Passwords hashed at the same time. Default: one for each core.
    #[arg(long, env = "SENDOFF_PASSWORD_PARALLEL")]
    pub password_parallel: Option<usize>,
    /// The mail server: smtps://user@host:465 or smtp://user@host:587 (STARTTLS).
    #[arg(long, env = "SENDOFF_SMTP_URL")]
    pub smtp_url: Option<Url>,
    /// The file with the password for the mail server.
    #[arg(long, env = "SENDOFF_SMTP_PASSWORD_FILE")]
    pub smtp_password_file: Option<PathBuf>,
    /// The sender of mails, such as "Sendoff <sendoff@example.com>".
    #[arg(long, env = "SENDOFF_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// The folder for files of organisations. Default: media in the data folder.
    #[arg(long, env = "SENDOFF_MEDIA")]
    pub media: Option<PathBuf>,
    /// A bucket of S3 for them instead.
    #[arg(long, env = "SENDOFF_S3_BUCKET")]
    pub s3_bucket: Option<String>,
    /// Default: us-east-1.
    #[arg(long, env = "SENDOFF_S3_REGION")]
    pub s3_region: Option<String>,
    /// The address of an S3 that is not Amazon's.
    #[arg(long, env = "SENDOFF_S3_ENDPOINT")]
    pub s3_endpoint: Option<Url>,
    #[arg(long, env = "SENDOFF_S3_ACCESS_KEY_ID")]
    pub s3_access_key_id: Option<String>,
    /// The file with the secret of that key.
    #[arg(long, env = "SENDOFF_S3_SECRET_ACCESS_KEY_FILE")]
    pub s3_secret_access_key_file: Option<PathBuf>,
    /// Files of one organisation, in GiB. Default: 20.
    #[arg(long, env = "SENDOFF_MEDIA_QUOTA_GIB")]
    pub media_quota_gib: Option<u32>,
    /// Identity providers; in the file alone: `[[provider]]`.
    #[arg(skip)]
    pub provider: Vec<ProviderSettings>,
}

/// What to do instead of serving.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Brings the tables of PostgreSQL to this version, as their owner, and ends.
    Migrate,
    /// Copies the databases and the key file of the data folder while the server runs. Files of media are copied afterwards, by hand.
    Backup {
        /// A folder that is empty or not there.
        #[arg(long)]
        to: PathBuf,
    },
    /// Looks at the histories of organisations.
    #[command(subcommand)]
    Audit(AuditCommand),
}

/// What is done with the histories.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Follows the chain of every organisation and prints a line of JSON for each. On SQLite the server must not run; a backup can be
    /// looked at instead. Fails if one of them is not what it should be.
    Verify {
        /// What an earlier run printed: finds what was cut off or written anew since then.
        #[arg(long)]
        heads: Option<PathBuf>,
        /// Judges every line again by the rules of this version and compares what comes of it with what is stored.
        #[arg(long)]
        judge: bool,
    },
}

/// One `[[provider]]` of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// Stands in addresses: letters, digits and `-`.
    pub name: String,
    /// What people read on the button.
    pub title: String,
    pub issuer: Url,
    pub client_id: String,
    pub client_secret_file: PathBuf,
    /// Networks and ports inside private networks that this provider lies in, such as `10.0.0.5/32:443`.
    #[serde(default)]
    pub allow: Vec<Exception>,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

fn refused<T>(sentence: impl Into<String>) -> Result<T, Refused> {
    Err(Refused(sentence.into()))
}

/// Settings that were checked.
#[derive(Debug, Clone)]
pub struct Config {
    pub data: PathBuf,
    /// PostgreSQL; SQLite in the data folder if absent.
    pub database_url: Option<SecretString>,
    /// The owner of the tables, for migrations.
    pub database_owner_url: Option<SecretString>,
    pub listen: SocketAddr,
    /// Scheme, host and port alone.
    pub public_url: Url,
    /// Certificate chain and private key.
    pub tls: Option<(PathBuf, PathBuf)>,
    pub proxies: Vec<IpNet>,
    pub metrics_listen: Option<SocketAddr>,
    pub key_file: Option<PathBuf>,
    pub hashing: Cost,
    pub quotas: Quotas,
    pub mail: Option<Smtp>,
    pub media: Media,
    pub providers: Vec<Provider>,
}

/// How mail goes out.
#[derive(Debug, Clone)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub security: SmtpSecurity,
    pub login: Option<(String, SecretString)>,
    pub from: lettre::message::Mailbox,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS, and nothing is sent without it.
    StartTls,
    /// Only to a mail server on this very machine.
    None,
}

/// An identity provider.
#[derive(Debug, Clone)]
pub struct Provider {
    pub name: String,
    pub title: String,
    /// Exactly as its tokens name it.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: SecretString,
    pub allow: Vec<Exception>,
}

impl Settings {
    /// Fills what is not set from the file named by `config`.
    ///
    /// # Errors
    /// The file cannot be read, or has an entry that no setting has. Its content is in no error.
    pub fn with_file(self) -> Result<Self, Refused> {
        let Some(path) = self.config.clone() else { return Ok(self) };
        let text = read_small(&path)?;
        let file: Self = toml::from_str(&text).map_err(|error| {
            let at = error.span().map_or(0, |span| text.get(..span.start).unwrap_or_default().lines().count());
            Refused(format!("{} is not a settings file, near line {at}: {}", path.display(), error.message()))
        })?;
        if (file.database_url.is_some() || file.database_owner_url.is_some())
            && readable_by_others(&path).unwrap_or(true)
        {
            return refused(format!(
                "{} names a database and can be read by others: allow it to its owner alone (chmod 600)",
                path.display()
            ));
        }
        Ok(Self {
            command: self.command,
            config: self.config,
            data: self.data.or(file.data),
            database_url: self.database_url.or(file.database_url),
            database_owner_url: self.database_owner_url.or(file.database_owner_url),
            listen: self.listen.or(file.listen),
            public_url: self.public_url.or(file.public_url),
            tls_certificate: self.tls_certificate.or(file.tls_certificate),
            tls_key: self.tls_key.or(file.tls_key),
            behind_proxy: if self.behind_proxy.is_empty() { file.behind_proxy } else { self.behind_proxy },
            metrics_listen: self.metrics_listen.or(file.metrics_listen),
            key_file: self.key_file.or(file.key_file),
            password_memory_kib: self.password_memory_kib.or(file.password_memory_kib),
            password_passes: self.password_passes.or(file.password_passes),
            password_parallel: self.password_parallel.or(file.password_parallel),
            smtp_url: self.smtp_url.or(file.smtp_url),
            smtp_password_file: self.smtp_password_file.or(file.smtp_password_file),
            mail_from: self.mail_from.or(file.mail_from),
            media: self.media.or(file.media),
            s3_bucket: self.s3_bucket.or(file.s3_bucket),
            s3_region: self.s3_region.or(file.s3_region),
            s3_endpoint: self.s3_endpoint.or(file.s3_endpoint),
            s3_access_key_id: self.s3_access_key_id.or(file.s3_access_key_id),
            s3_secret_access_key_file: self.s3_secret_access_key_file.or(file.s3_secret_access_key_file),
            media_quota_gib: self.media_quota_gib.or(file.media_quota_gib),
            provider: file.provider,
        })
    }

    /// The safe start: refuses what would run, and run unsafely.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn check(self) -> Result<Config, Refused> {
        let data = match &self.data {
            Some(data) => data.clone(),
            None => match dirs::data_dir() {
                Some(folder) => folder.join("sendoff-server"),
                None => return refused("this system has no folder for data of programs: give one with --data"),
            },
        };
        let media = media::checked(&self, &data)?;
        let listen = self.listen.unwrap_or(LISTEN);
        let tls = self.tls_certificate.zip(self.tls_key);
        if !listen.ip().is_loopback() && tls.is_none() && self.behind_proxy.is_empty() {
            return refused(format!(
                "{listen} can be reached by others, and passwords would cross the network in the clear: give --tls-certificate \
                 and --tls-key, or say with --behind-proxy which network the proxy is in that ends TLS"
            ));
        }
        if let Some(wide) =
            self.behind_proxy.iter().find(|net| net.prefix_len() < if net.addr().is_ipv4() { 8 } else { 16 })
        {
            return refused(format!("--behind-proxy {wide} is too wide: name the network of the proxy alone"));
        }
        if let Some((_, key)) = &tls {
            for_owner_alone(key, "the private key")?;
        }
        let public_url = public_url(self.public_url, listen, tls.is_some())?;
        let public = |metrics: SocketAddr| egress::is_public(metrics.ip()) || metrics.ip().is_unspecified();
        if self.metrics_listen.is_some_and(public) {
            return refused(
                "--metrics-listen must be an address of this machine or of a private network, and not all of them",
            );
        }
        if let Some(file) = &self.key_file {
            for_owner_alone(file, "the key file")?;
        }
        let mut hashing = Cost::default();
        hashing.memory_kib = self.password_memory_kib.unwrap_or(hashing.memory_kib);
        hashing.passes = self.password_passes.unwrap_or(hashing.passes);
        hashing.parallel = self.password_parallel.unwrap_or(hashing.parallel);
        hashing.safe().map_err(Refused)?;
        let mail = smtp(self.smtp_url, self.smtp_password_file.as_deref(), self.mail_from.as_deref())?;
        Ok(Config {
            data,
            database_url: self.database_url,
            database_owner_url: self.database_owner_url,
            listen,
            public_url,
            tls,
            proxies: self.behind_proxy,
            metrics_listen: self.metrics_listen,
            key_file: self.key_file,
            hashing,
            quotas: Quotas::default(),
            mail,
            media,
            providers: providers(self.provider)?,
        })
    }
}

impl Config {
    /// A server on this machine alone, on SQLite in `data`, at a port of the system's choice.
    ///
    /// # Errors
    /// Never with these settings.
    pub fn local(data: PathBuf) -> Result<Self, Refused> {
        Settings { data: Some(data), listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))), ..Settings::default() }
            .check()
    }

    /// What tokens name as their issuer and audience: the public address without a slash at its end.
    pub fn issuer(&self) -> String {
        self.public_url.as_str().trim_end_matches('/').to_owned()
    }

    /// Whether browsers speak TLS with this server or a proxy in front of it.
    pub fn https(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

fn public_url(given: Option<Url>, listen: SocketAddr, tls: bool) -> Result<Url, Refused> {
    let Some(url) = given else {
        if !listen.ip().is_loopback() {
            return refused("say with --public-url by which address this server is reached");
        }
        let scheme = if tls { "https" } else { "http" };
        return Url::parse(&format!("{scheme}://{listen}")).map_err(|error| Refused(error.to_string()));
    };
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() || url.host().is_none() {
        return refused("--public-url takes scheme, host and port alone, such as https://sendoff.example.com");
    }
    let local = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if local => Ok(url),
        _ => refused("--public-url must begin with https://, except for 127.0.0.1 and [::1]"),
    }
}

fn smtp(url: Option<Url>, password_file: Option<&Path>, from: Option<&str>) -> Result<Option<Smtp>, Refused> {
    let Some(url) = url else { return Ok(None) };
    if url.password().is_some() {
        return refused(
            "--smtp-url must not hold the password: put it into a file and name it with --smtp-password-file",
        );
    }
    let Some(host) = url.host_str() else { return refused("--smtp-url names no host") };
    let local = matches!(host, "127.0.0.1" | "[::1]" | "localhost");
    let (security, port) = match url.scheme() {
        "smtps" => (SmtpSecurity::Tls, 465),
        "smtp" if local => (SmtpSecurity::None, 25),
        "smtp" => (SmtpSecurity::StartTls, 587),
        _ => return refused("--smtp-url must begin with smtps:// or smtp://"),
    };
    let Some(from) = from else { return refused("say with --mail-from who sends the mails") };
    let from = from.parse().map_err(|_| Refused("--mail-from is not of the form `Name <name@host>`".into()))?;
    let login = match (url.username(), password_file) {
        ("", None) => None,
        ("", Some(_)) => return refused("--smtp-password-file needs a user in --smtp-url"),
        (_, None) => {
            return refused("the user in --smtp-url needs a password: name its file with --smtp-password-file");
        }
        (user, Some(file)) => Some((user.to_owned(), secret_of(file, "the password file")?)),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    Ok(Some(Smtp { host, port: url.port().unwrap_or(port), security, login, from }))
}

fn providers(all: Vec<ProviderSettings>) -> Result<Vec<Provider>, Refused> {
    if all.len() > PROVIDERS_MAX {
        return refused(format!("at most {PROVIDERS_MAX} providers"));
    }
    let mut known: Vec<Provider> = Vec::new();
    for one in all {
        let name = &one.name;
        if name.is_empty() || name.len() > 32 || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return refused(format!("the name of a provider has letters, digits and `-` alone: {name:?}"));
        }
        let issuer = one.issuer.as_str();
        if one.issuer.scheme() != "https" && one.allow.is_empty() {
            return refused(format!("the issuer of {name} must begin with https://"));
        }
        // discovery compares letter by letter; the parser adds a slash to a bare host that the provider may not have
        let issuer = if one.issuer.path() == "/" { issuer.trim_end_matches('/') } else { issuer };
        if known.iter().any(|before| before.name == *name || before.issuer == issuer) {
            return refused(format!("the provider {name} or its issuer is there twice"));
        }
        known.push(Provider {
            client_secret: secret_of(&one.client_secret_file, "the client secret")?,
            issuer: issuer.to_owned(),
            name: one.name,
            title: one.title,
            client_id: one.client_id,
            allow: one.allow,
        });
    }
    Ok(known)
}

fn for_owner_alone(path: &Path, what: &str) -> Result<(), Refused> {
    match readable_by_others(path) {
        Ok(false) => Ok(()),
        Ok(true) => {
            refused(format!("{what} {} can be read by others: allow it to its owner alone (chmod 600)", path.display()))
        }
        Err(error) => refused(format!("{what} {} cannot be read: {error}", path.display())),
    }
}

fn secret_of(path: &Path, what: &str) -> Result<SecretString, Refused> {
    for_owner_alone(path, what)?;
    let text = read_small(path)?;
    let text = text.trim();
    if text.is_empty() {
        return refused(format!("{what} {} is empty", path.display()));
    }
    Ok(text.to_owned().into())
}

fn read_small(path: &Path) -> Result<String, Refused> {
    let unreadable = |error| Refused(format!("{} cannot be read: {error}", path.display()));
    if fs::metadata(path).map_err(unreadable)?.len() > FILE_MAX {
        return refused(format!("{} is larger than {FILE_MAX} bytes", path.display()));
    }
    fs::read_to_string(path).map_err(unreadable)
}

#[cfg(test)]
mod tests;
