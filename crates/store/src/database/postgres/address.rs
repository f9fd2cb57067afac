use std::{fmt, net::IpAddr, path::Path, time::Duration};

use tokio_postgres::{
    Config,
    config::{ChannelBinding, SslMode},
};

use super::{
    passwords::{self, Key},
    silence::{IsKnown, Silence},
    uri::Uri,
};
use crate::StoreError;

/// Where a database of a server is, and who asks. What an address leaves out comes from the variables that PostgreSQL's own programs
/// read.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// A name or number of a machine, or the folder of a socket, with a slash first.
    host: String,
    /// The machine's number, where its name needn't be looked up.
    number: Option<IpAddr>,
    port: u16,
    user: String,
    password: Option<String>,
    database: Option<String>,
    options: Option<String>,
    tls: TlsMode,
    binding: ChannelBinding,
    /// Whom to believe that the server is who it says. A file, or the certificates themselves in PEM.
    roots: Option<String>,
    /// The certificate that this program shows, and its key; each a file, or PEM.
    certificate: Option<String>,
    key: Option<String>,
    silence: Silence,
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TlsMode {
    /// Not at all.
    Off,
    /// If the server can, and whoever it is.
    Prefer,
    /// Whoever the server is.
    Require,
    /// By a server with a certificate that somebody believed has signed.
    VerifyCa,
    /// The same, and the certificate must be this server's.
    VerifyFull,
}

/// Reads a variable of the environment.
type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What an address can't say, with what to write instead. Nothing of a value is in it: it may be a password in the wrong place.
type Refused = String;

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// What is no address, a key that isn't known, and a value that its key, or a variable of the environment, can't have.
    pub(crate) fn read(text: &str) -> Result<Self, StoreError> {
        Self::read_with(text, &|name| std::env::var(name).ok()).map_err(StoreError::Address)
    }

    fn read_with(text: &str, variables: Variables<'_>) -> Result<Self, Refused> {
        let uri = Uri::read(text).ok_or(
            "it is none: write postgres://<user>@<host>/<database>, with a percent sign and two digits for what has a meaning of its own (%40 for @, %2F for /, %3F for ?)",
        )?;
        let mut address = Self::of_environment(variables)?;
        address.take_uri(&uri)?;
        for (key, value) in uri.keys {
            address.take(&key, value)?;
        }
        address.fill_in(variables);
        address.checked()
    }

    /// What the environment says. The host is empty where it says nothing.
    fn of_environment(variables: Variables<'_>) -> Result<Self, Refused> {
        let user = variables("PGUSER").or_else(|| whoami::username().ok());
        let mut address = Self {
            host: String::new(),
            number: None,
            port: 5432,
            user: user.unwrap_or_else(|| "unknown".to_owned()),
            password: variables("PGPASSWORD"),
            database: variables("PGDATABASE"),
            options: variables("PGOPTIONS"),
            tls: TlsMode::Prefer,
            binding: ChannelBinding::Prefer,
            roots: variables("PGSSLROOTCERT"),
            certificate: variables("PGSSLCERT"),
            key: variables("PGSSLKEY"),
            silence: Silence::default(),
        };
        for (variable, key) in [
            ("PGHOST", "host"),
            ("PGHOSTADDR", "hostaddr"),
            ("PGPORT", "port"),
            ("PGSSLMODE", "sslmode"),
            ("PGCHANNELBINDING", "channel_binding"),
            ("PGCONNECT_TIMEOUT", "connect_timeout"),
        ] {
            if let Some(value) = variables(variable).filter(|value| !value.is_empty()) {
                let wrong = |says| format!("the variable {variable} stands for a key of it, and {says}");
                address.take(key, value).map_err(wrong)?;
            }
        }
        Ok(address)
    }

    /// What stands before the question mark.
    fn take_uri(&mut self, uri: &Uri) -> Result<(), Refused> {
        if !uri.host.is_empty() {
            // The number was another's.
            self.number = None;
            self.take("host", uri.host.clone())?;
        }
        if !uri.port.is_empty() {
            self.take("port", uri.port.clone())?;
        }
        if !uri.user.is_empty() {
            self.user.clone_from(&uri.user);
        }
        if uri.password.is_some() {
            self.password.clone_from(&uri.password);
        }
        if !uri.database.is_empty() {
            self.database = Some(uri.database.clone());
        }
        Ok(())
    }

    /// One of what stands after the question mark.
    fn take(&mut self, key: &str, value: String) -> Result<(), Refused> {
        let wrong = |write: &str| format!("«{key}» can't have the value that it has: write {write}");
        match key {
            "host" if value.contains([',', '@']) => {
                return Err(wrong("one host, and a port of its own after a colon"));
            }
            "host" => self.host = value,
            "hostaddr" => self.number = Some(value.parse().map_err(|_| wrong("one number of a machine"))?),
            "port" => self.port = value.parse().map_err(|_| wrong("a number from 1 to 65535"))?,
            "dbname" => self.database = Some(value),
            "user" => self.user = value,
            "password" => self.password = Some(value),
            "sslmode" | "ssl-mode" => {
                self.tls = TlsMode::read(&value).ok_or_else(|| wrong(TlsMode::WORDS))?;
            }
            "channel_binding" => {
                self.binding = binding(&value).ok_or_else(|| wrong("disable, prefer or require"))?;
            }
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => self.roots = Some(value),
            "sslcert" | "ssl-cert" => self.certificate = Some(value),
            "sslkey" | "ssl-key" => self.key = Some(value),
            "options" => self.add_option(&value),
            // It is always the same.
            "application_name" => {}
            other => self.take_other(other, &value)?,
        }
        Ok(())
    }

    fn take_other(&mut self, key: &str, value: &str) -> Result<(), Refused> {
        if let Some(name) = key.strip_prefix("options[").and_then(|rest| rest.strip_suffix(']')) {
            self.add_option(&setting(name, value));
            return Ok(());
        }
        match self.silence.take(key, value) {
            Some(IsKnown::Yes) => Ok(()),
            Some(IsKnown::No) => Err(format!("«{key}» is no key that the store knows: write one of {KEYS}")),
            None => Err(format!("«{key}» can't have the value that it has: write a whole number")),
        }
    }

    /// What neither the address nor the environment says.
    fn fill_in(&mut self, variables: Variables<'_>) {
        if self.host.is_empty() {
            self.host = self.number.map_or_else(|| usual_host(self.port), |number| number.to_string());
        }
        if self.password.is_none() {
            let port = self.port.to_string();
            // In the file, a server that is reached by the usual socket is called that.
            let host = if SOCKETS.contains(&self.host.as_str()) { "localhost" } else { &self.host };
            let key: Key<'_> = [host, &port, self.database.as_ref().unwrap_or(&self.user), &self.user];
            self.password = passwords::password(variables("PGPASSFILE"), key);
        }
    }

    /// Refuses what would only seem to be safe. Whoever names an authority wants the server to be signed by it.
    fn checked(mut self) -> Result<Self, Refused> {
        if self.roots.is_none() {
            return Ok(self);
        }
        match self.tls {
            TlsMode::Off | TlsMode::Prefer => {
                return Err("sslrootcert says whom to believe, and nobody is asked: write sslmode=verify-full with it, or verify-ca where the certificate has another name".to_owned());
            }
            TlsMode::Require => self.tls = TlsMode::VerifyCa,
            TlsMode::VerifyCa | TlsMode::VerifyFull => {}
        }
        Ok(self)
    }

    fn add_option(&mut self, option: &str) {
        let options = self.options.get_or_insert_default();
        if !options.is_empty() {
            options.push(' ');
        }
        options.push_str(option);
    }

    /// For the driver. `wait` is how long a lock is waited for.
    pub(super) fn config(&self, wait: Duration) -> Config {
        let mut own = self.clone();
        own.add_option(&setting("lock_timeout", &wait.as_millis().max(1).to_string()));
        own.add_option(&setting("idle_in_transaction_session_timeout", "60000"));
        let mut config = Config::new();
        config.host(&own.host).port(own.port).user(&own.user).application_name("samspill");
        config.channel_binding(own.binding);
        if let Some(number) = own.number {
            config.hostaddr(number);
        }
        config.options(own.options.unwrap_or_default()).ssl_mode(own.tls.of_driver());
        if let Some(password) = own.password {
            config.password(password);
        }
        if let Some(database) = own.database {
            config.dbname(database);
        }
        own.silence.tell(&mut config);
        config
    }

    /// How the connection is encrypted.
    pub(super) fn tls(&self) -> TlsMode {
        self.tls
    }

    /// Whom to believe, where not those whom all believe; the certificate to show; its key.
    pub(super) fn certificates(&self) -> [Option<&str>; 3] {
        [self.roots.as_deref(), self.certificate.as_deref(), self.key.as_deref()]
    }
}

/// A setting of the server for one connection. A space or backslash of it isn't the end of it.
fn setting(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace(' ', "\\ ");
    format!("-c {name}={value}")
}

/// What may stand after the question mark, and `options[<setting>]`.
const KEYS: &str = "host, hostaddr, port, dbname, user, password, sslmode, sslrootcert, sslcert, sslkey, channel_binding, options, \
    application_name, connect_timeout, tcp_user_timeout, keepalives, keepalives_idle, keepalives_interval, keepalives_count";

fn binding(text: &str) -> Option<ChannelBinding> {
    match text {
        "disable" => Some(ChannelBinding::Disable),
        "prefer" => Some(ChannelBinding::Prefer),
        "require" => Some(ChannelBinding::Require),
        _ => None,
    }
}

/// Folders in which a server on this machine has its socket.
const SOCKETS: [&str; 3] = ["/var/run/postgresql", "/private/tmp", "/tmp"];

/// Where a server is reached that nobody says anything of: by its socket, if there is one.
fn usual_host(port: u16) -> String {
    let has_socket = |folder: &&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    SOCKETS.into_iter().find(has_socket).unwrap_or("localhost").to_owned()
}

impl TlsMode {
    const WORDS: &str = "disable, prefer, require, verify-ca or verify-full";

    fn read(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "disable" | "allow" => Some(Self::Off),
            "prefer" => Some(Self::Prefer),
            "require" => Some(Self::Require),
            "verify-ca" => Some(Self::VerifyCa),
            "verify-full" => Some(Self::VerifyFull),
            _ => None,
        }
    }

    fn of_driver(self) -> SslMode {
        match self {
            Self::Off => SslMode::Disable,
            Self::Prefer => SslMode::Prefer,
            Self::Require | Self::VerifyCa | Self::VerifyFull => SslMode::Require,
        }
    }
}

/// Without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, user, database, .. } = self;
        write!(f, "postgres://{user}@{host}:{port}/{}", database.as_ref().unwrap_or(user))
    }
}

/// Without the password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::Host;

    use super::*;

    fn read(text: &str) -> Address {
        read_in(text, &[]).unwrap()
    }

    fn read_in(text: &str, variables: &[(&str, &str)]) -> Result<Address, Refused> {
        let found = |name: &str| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        };
        Address::read_with(text, &|name| found(name).or_else(|| (name == "PGUSER").then(|| "meg".to_owned())))
    }

    #[test]
    fn addresses_are_read_as_postgresql_reads_them() {
        for (text, shown) in [
            ("postgres://ola:x@db.example:5433/samspill", "postgres://ola@db.example:5433/samspill"),
            ("postgresql://db.example", "postgres://meg@db.example:5432/meg"),
            ("postgres://ola@db.example/a%20b?dbname=c&user=kari&port=1", "postgres://kari@db.example:1/c"),
            ("postgres:///d?host=/run/pg&user=ola", "postgres://ola@/run/pg:5432/d"),
            ("postgres://ola@%2Frun%2Fpg/d", "postgres://ola@/run/pg:5432/d"),
            ("postgres://ola@[::1]:7/d", "postgres://ola@::1:7/d"),
            ("postgres://ola@x/d?hostaddr=10.0.0.1", "postgres://ola@x:5432/d"),
            ("postgres://ola@/d?hostaddr=10.0.0.1", "postgres://ola@10.0.0.1:5432/d"),
            ("postgres://ola@x/d+e?dbname=f+g", "postgres://ola@x:5432/f+g"),
        ] {
            assert_eq!(read(text).to_string(), shown, "{text}");
        }
        let told = read("postgres://ola@x/d?hostaddr=10.0.0.1").config(Duration::from_secs(5));
        assert_eq!((told.get_hosts().len(), told.get_hostaddrs().len()), (1, 1));
    }

    #[test]
    fn what_cannot_be_followed_is_refused_and_no_value_shown() {
        for (text, says) in [
            ("postgres://a@b:hemmelig/c", "«port»"),
            ("postgres://a@b/c?port=hemmelig", "«port»"),
            ("postgres://a@b/c?sslmode=hemmelig", "verify-full"),
            ("postgres://a@b/c?sslmode=verify_full", "verify-full"),
            ("postgres://a@b/c?sslmod=hemmelig", "«sslmod» is no key"),
            ("postgres://a@b/c?target_session_attrs=hemmelig", "is no key"),
            ("postgres://a@b/c?channel_binding=hemmelig", "disable, prefer or require"),
            ("postgres://a@b/c?keepalives_idle=hemmelig", "a whole number"),
            ("postgres://a@b/c?hostaddr=hemmelig", "«hostaddr»"),
            ("postgres://a@b,hemmelig/c", "one host"),
            ("postgres://a@b/c?host=b,hemmelig", "one host"),
            ("postgres://a:1/hemmelig@b/c", "%40 for @"),
            ("postgres://a@b/c?sslrootcert=hemmelig", "sslmode=verify-full"),
            ("postgres://a@b/c?sslrootcert=hemmelig&sslmode=disable", "sslmode=verify-full"),
        ] {
            let refused = read_in(text, &[]).unwrap_err();
            assert!(refused.contains(says) && !refused.contains("hemmelig"), "{text}: {refused}");
        }
        for variable in ["PGPORT", "PGSSLMODE", "PGHOSTADDR", "PGCHANNELBINDING", "PGCONNECT_TIMEOUT"] {
            let refused = read_in("postgres://a@b/c", &[(variable, "hemmelig")]).unwrap_err();
            assert!(refused.contains(variable) && !refused.contains("hemmelig"), "{refused}");
        }
        assert!(read_in("postgres://a@b/c", &[("PGSSLROOTCERT", "own.pem")]).is_err());
    }

    #[test]
    fn whoever_names_an_authority_wants_it_to_have_signed() {
        let tls = |asked: &str| read(&format!("postgres://a@b/c?sslrootcert=own.pem&sslmode={asked}")).tls;
        assert_eq!(tls("require"), TlsMode::VerifyCa);
        assert_eq!(tls("verify-ca"), TlsMode::VerifyCa);
        assert_eq!(tls("verify-full"), TlsMode::VerifyFull);
        assert_eq!(read("postgres://a@b/c?sslmode=require").tls, TlsMode::Require);
    }

    #[test]
    fn a_socket_is_a_socket_and_a_name_a_name() {
        let wait = Duration::from_secs(5);
        let hosts = |text: &str| read(text).config(wait).get_hosts().to_vec();
        assert_eq!(hosts("postgres:///d?host=/run/pg"), [Host::Unix("/run/pg".into())]);
        assert_eq!(hosts("postgres://db.example/d"), [Host::Tcp("db.example".to_owned())]);
    }

    #[test]
    fn options_of_the_address_stand_before_those_of_the_store() {
        let address = read("postgres://a@b/c?options=-c%20search_path%3Dnord&options[work_mem]=1%20MB");
        let config = address.config(Duration::from_millis(1500));
        assert_eq!(
            config.get_options(),
            Some(
                "-c search_path=nord -c work_mem=1\\ MB -c lock_timeout=1500 \
                 -c idle_in_transaction_session_timeout=60000"
            )
        );
    }

    #[test]
    fn what_an_address_leaves_out_comes_from_the_environment() {
        let variables = [
            ("PGHOST", "db.example"),
            ("PGPORT", "6000"),
            ("PGUSER", "ola"),
            ("PGPASSWORD", "hemmelig"),
            ("PGDATABASE", "samspill"),
            ("PGSSLMODE", "verify-full"),
            ("PGOPTIONS", "-c a=b"),
        ];
        let address = read_in("postgres://", &variables).unwrap();
        assert_eq!(address.to_string(), "postgres://ola@db.example:6000/samspill");
        assert_eq!((address.password.as_deref(), address.tls), (Some("hemmelig"), TlsMode::VerifyFull));
        let address =
            read_in("postgres://kari:annet@x:1/y?sslmode=disable&options=-c%20d=e", &variables).unwrap();
        assert_eq!(address.to_string(), "postgres://kari@x:1/y");
        assert_eq!((address.password.as_deref(), address.tls), (Some("annet"), TlsMode::Off));
        assert_eq!(address.options.as_deref(), Some("-c a=b -c d=e"));
        assert!(!format!("{address:?}").contains("annet"));
    }

    #[test]
    fn a_password_file_is_asked_last() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwords");
        let lines = "db:5432:samspill:ola:hemmelig\ndb:5432:ola:ola:hennes\nlocalhost:5432:d:ola:her\n/run/pg:5432:d:ola:der";
        std::fs::write(&file, lines).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let variables = [("PGPASSFILE", file.to_str().unwrap())];
        let password = |text: &str| read_in(text, &variables).unwrap().password;
        assert_eq!(password("postgres://ola@db/samspill").as_deref(), Some("hemmelig"));
        assert_eq!(password("postgres://ola:annet@db/samspill").as_deref(), Some("annet"));
        assert_eq!(password("postgres://ola@db").as_deref(), Some("hennes"));
        assert_eq!(password("postgres://ola@/d?host=/var/run/postgresql").as_deref(), Some("her"));
        assert_eq!(password("postgres://ola@/d?host=/run/pg").as_deref(), Some("der"));
    }
}
