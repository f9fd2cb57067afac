//! What a configuration says of the machine: whether it is so.

use std::{
    fmt::Display,
    fs,
    io::Write as _,
    net::{IpAddr, TcpListener},
    ops::Range,
    path::{Path, PathBuf},
};

use samspill_service::{audit::KeyRing, exchange::meaning::AddressBook};
use samspill_web::login::Login;

use super::{
    Loaded,
    mistake::{Code, Mistakes},
    secret::{Secret, SecretPlace},
    settings::{Config, LineConfig, WebConfig},
};
use crate::{
    door::check_tls,
    email,
    node::{address_book, channels, login},
};

/// Looks at what the configuration names: files, folders, the port, agreements, secrets. Adds what is wrong with it to the
/// mistakes. The store isn't opened, and no other machine is asked: that is what `/ready` is for.
///
/// A folder that isn't there is no mistake where the node makes it: `data`, and that of SQLite.
pub fn check_deep(loaded: Loaded) -> Loaded {
    let Loaded { config, mut mistakes, spans } = loaded;
    if let Some(config) = &config {
        let span = |path: &str| spans.spans.get(path).cloned().unwrap_or(0..0);
        let mut deep = Deep { mistakes: &mut mistakes, span: &span };
        deep.node(config);
        deep.channels(config);
        deep.files(config);
        deep.secrets(config);
        deep.parties(config);
        deep.port(config);
    }
    let mistakes = mistakes.sorted();
    Loaded { config: config.filter(|_| !mistakes.has_errors()), mistakes, spans }
}

struct Deep<'d> {
    mistakes: &'d mut Mistakes,
    span: &'d dyn Fn(&str) -> Range<usize>,
}

impl Deep<'_> {
    fn error(&mut self, code: Code, path: &str, says: String, help: &str) {
        self.mistakes.error(code, (self.span)(path), says, help.to_owned());
    }

    fn node(&mut self, config: &Config) {
        self.writable("node.data", &made(&config.node.data));
        if let Some(file) = config.store.place.strip_prefix("sqlite:") {
            self.writable("store.place", &made(Path::new(file).parent().unwrap_or(Path::new("."))));
        }
        for (at, name) in config.node.agreements.iter().enumerate() {
            self.agreement(&format!("node.agreements.{at}"), name);
        }
    }

    fn agreement(&mut self, path: &str, name: &str) {
        let found = match samspill_shelf::find(name) {
            Ok(found) if !found.is_empty() => found,
            Ok(_) => {
                return self.error(
                    Code::BadAgreement,
                    path,
                    format!("{name} holds no agreement"),
                    "name the folder of an agreement",
                );
            }
            Err(error) => return self.error(Code::BadAgreement, path, error.to_string(), "correct the name"),
        };
        for outcome in found.iter().map(samspill_shelf::Found::load) {
            if outcome.agreement.is_none() {
                let says = format!("{name} has {} mistakes", outcome.diagnostics.len());
                self.error(Code::BadAgreement, path, says, "see them with `samspill agreement check`");
            }
        }
    }

    fn channels(&mut self, config: &Config) {
        for (at, channel) in config.channels.iter().enumerate() {
            match &channel.line {
                LineConfig::Folder(folder) => {
                    self.writable(&format!("channel.{at}.inbox"), &folder.inbox);
                    self.writable(&format!("channel.{at}.outbox"), &folder.outbox);
                }
                LineConfig::Amqp(amqp) => {
                    if let Some(file) = &amqp.certificates {
                        self.readable(&format!("channel.{at}.certificates"), file);
                    }
                    self.secret(&format!("channel.{at}.password"), amqp.password.as_ref());
                }
                LineConfig::Edi(edi) => {
                    let path = format!("channel.{at}.key");
                    if self.secret(&path, Some(&edi.key)).is_some() {
                        self.used(&path, channels::key(&edi.key));
                    }
                }
            }
        }
    }

    fn files(&mut self, config: &Config) {
        if let Some(book) = &config.addresses.book
            && let Some(text) = self.readable("addresses.book", book)
            && let Err(error) = AddressBook::read(&text)
        {
            let says = format!("{} is no address book: {error}", book.display());
            self.error(Code::BadFile, "addresses.book", says, "correct the file");
        }
        if let Some(file) = &config.log.file {
            self.writable("log.file", file.parent().unwrap_or(Path::new(".")));
        }
        let Some(backup) = &config.backup else { return };
        self.writable("backup.folder", &backup.folder);
        if let Some(text) = self.readable("backup.recipients", &backup.recipients)
            && recipients(&text).is_empty()
        {
            let says = format!("{} holds no public key", backup.recipients.display());
            let help = "write one a line, as `age-keygen -y` prints them: age1…";
            self.error(Code::BadFile, "backup.recipients", says, help);
        }
    }

    fn secrets(&mut self, config: &Config) {
        self.secret("store.password", config.store.password.as_ref());
        self.person_keys("store.person_keys", config.store.person_keys.as_ref());
        self.mail(config);
        let Some(web) = &config.web else { return };
        let count = self.mistakes.errors();
        self.person_keys("web.person_keys", Some(&web.person_keys));
        if let (Some(place), true) =
            (&web.secrets, self.secret("web.secrets", web.secrets.as_ref()).is_some())
        {
            self.used("web.secrets", login::secrets(place));
        }
        if let Some(oidc) = &web.oidc {
            for (path, place) in
                [("web.oidc.key", Some(&oidc.key)), ("web.oidc.old_key", oidc.old_key.as_ref())]
            {
                if let (Some(place), true) = (place, self.secret(path, place).is_some()) {
                    self.used(path, login::key(place));
                }
            }
        }
        self.tls(web);
        // What is left is told by who uses it, as at the start.
        if self.mistakes.errors() == count
            && let Ok(settings) = login::settings(web, Vec::new())
        {
            self.used("web", Login::new(settings));
        }
    }

    fn person_keys(&mut self, path: &str, place: Option<&SecretPlace>) {
        if let Some(keys) = self.secret(path, place) {
            self.used(path, KeyRing::from_text(keys.reveal()));
        }
    }

    fn mail(&mut self, config: &Config) {
        let Some(mail) = &config.mail else { return };
        self.secret("mail.password", mail.password.as_ref());
        if let Some(file) = &mail.certificates
            && let Some(text) = self.readable("mail.certificates", file)
            && !email::are_certificates(&text)
        {
            let says = format!("{} holds no certificate", file.display());
            self.error(Code::BadFile, "mail.certificates", says, "put there what the server shows, as PEM");
        }
    }

    fn tls(&mut self, web: &WebConfig) {
        let key = self.secret("web.certificate_key", web.certificate_key.as_ref());
        let certificate = web.certificate.as_ref().and_then(|path| self.readable("web.certificate", path));
        if key.is_some() && certificate.is_some() {
            self.used("web.certificate", check_tls(web));
        }
    }

    /// What was read is what it should be.
    fn used<T>(&mut self, path: &str, used: Result<T, impl Display>) {
        if let Err(error) = used {
            let help = "put there what it should be; `samspill keys new` makes keys of our own";
            self.error(Code::BadSecret, path, error.to_string(), help);
        }
    }

    /// A secret that is there.
    fn secret(&mut self, path: &str, place: Option<&SecretPlace>) -> Option<Secret> {
        let place = place?;
        let secret = match place.read() {
            Ok(secret) => secret,
            Err(error) => {
                self.error(Code::NoSecret, path, error.to_string(), "put the secret there");
                return None;
            }
        };
        if let SecretPlace::File(file) = place
            && is_open_to_others(file)
        {
            let says = format!("everybody on this machine can read {}", file.display());
            let help = format!("take the right away: chmod o-rwx {}", file.display());
            self.mistakes.warning(Code::Exposed, (self.span)(path), says, help);
        }
        Some(secret)
    }

    /// Parties that the configuration names are in the address book.
    fn parties(&mut self, config: &Config) {
        let named =
            config.web.iter().filter_map(|web| web.oidc.as_ref()).flat_map(|oidc| &oidc.organisations);
        // An address book that can't be read is told of elsewhere.
        let Ok(book) = address_book(config) else { return };
        for (at, organisation) in named.enumerate() {
            if book.parties.iter().all(|party| party.name != organisation.party) {
                let says = format!("the address book has no party «{}»", organisation.party);
                let path = format!("web.oidc.organisation.{at}.party");
                self.error(Code::NoParty, &path, says, "write `navn` of a [[part]] there");
            }
        }
    }

    fn port(&mut self, config: &Config) {
        self.listens("http.port", (config.http.address, config.http.port));
        if let Some(web) = &config.web {
            self.listens("web.port", (web.address, web.port));
        }
    }

    fn listens(&mut self, path: &str, at: (IpAddr, u16)) {
        if let Err(error) = TcpListener::bind(at) {
            let says = format!("{}:{} can't be listened on: {error}", at.0, at.1);
            let help =
                "take another port, or stop what listens there (this may be the node itself, if it runs)";
            self.error(Code::PortTaken, path, says, help);
        }
    }

    fn readable(&mut self, path: &str, file: &Path) -> Option<String> {
        match fs::read_to_string(file) {
            Ok(text) => Some(text),
            Err(error) => {
                let says = format!("{} can't be read: {error}", file.display());
                self.error(
                    Code::NoPath,
                    path,
                    says,
                    "correct the path, or give this user the right to read it",
                );
                None
            }
        }
    }

    fn writable(&mut self, path: &str, folder: &Path) {
        if !folder.is_dir() {
            let says = format!("{} is no folder", folder.display());
            return self.error(Code::NoPath, path, says, "make it, or correct the path");
        }
        let probe = folder.join(format!(".samspill-{}", std::process::id()));
        let wrote = fs::File::create_new(&probe).and_then(|mut file| file.write_all(b"."));
        let removed = if wrote.is_ok() { fs::remove_file(&probe) } else { Ok(()) };
        if let Err(error) = wrote.and(removed) {
            let says = format!("{} can't be written to: {error}", folder.display());
            self.error(Code::NotWritable, path, says, "give this user the right to write there");
        }
    }
}

/// The public keys in a file: one a line; empty lines and those that begin with `#` are left out.
pub(crate) fn recipients(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

/// A folder that the node will make: itself where it is there, or else the first one above it that is.
fn made(folder: &Path) -> PathBuf {
    let mut ancestors = folder.ancestors();
    ancestors.find(|folder| folder.is_dir()).unwrap_or(folder).to_owned()
}

#[cfg(unix)]
fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).is_ok_and(|data| data.permissions().mode() & 0o007 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}
