use std::{borrow::Cow, fmt, path::Path, time::Duration};

use percent_encoding::percent_decode_str;
use tokio_postgres::{Config, config::SslMode};
use url::Url;

use super::{
    passwords::{self, Key},
    silence::{IsKnown, Silence},
};

/// Where a database of a server is, and who asks. What an address leaves out comes from the variables that PostgreSQL's own programs
/// read.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// A name or number of a machine, or the folder of a socket, with a slash first.
    host: String,
    port: u16,
    user: String,
    password: Option<String>,
    database: Option<String>,
    options: Option<String>,
    tls: TlsMode,
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

impl Address {
    /// Reads an address. `None` for what is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Self::read_with(text, &|name| std::env::var(name).ok())
    }

    fn read_with(text: &str, variables: Variables<'_>) -> Option<Self> {
        let url: Url = text.parse().ok()?;
        let mut address = Self::of_environment(variables);
        address.take_url(&url)?;
        for (key, value) in url.query_pairs() {
            address.take(&key, value.into_owned())?;
        }
        if address.host.is_empty() {
            address.host = usual_host(address.port);
        }
        if address.password.is_none() {
            let file = variables("PGPASSFILE");
            let port = address.port.to_string();
            let key: Key<'_> =
                [&address.host, &port, address.database.as_deref().unwrap_or_default(), &address.user];
            address.password = passwords::password(file, key);
        }
        Some(address)
    }

    /// What the environment says. The host is empty where it says nothing.
    fn of_environment(variables: Variables<'_>) -> Self {
        let user = variables("PGUSER").or_else(|| whoami::username().ok());
        Self {
            host: variables("PGHOSTADDR").or_else(|| variables("PGHOST")).unwrap_or_default(),
            port: variables("PGPORT").and_then(|port| port.parse().ok()).unwrap_or(5432),
            user: user.unwrap_or_else(|| "unknown".to_owned()),
            password: variables("PGPASSWORD"),
            database: variables("PGDATABASE"),
            options: variables("PGOPTIONS"),
            tls: variables("PGSSLMODE").and_then(|mode| TlsMode::read(&mode)).unwrap_or(TlsMode::Prefer),
            roots: variables("PGSSLROOTCERT"),
            certificate: variables("PGSSLCERT"),
            key: variables("PGSSLKEY"),
            silence: Silence::default(),
        }
    }

    /// What stands before the question mark.
    fn take_url(&mut self, url: &Url) -> Option<()> {
        if let Some(host) = url.host_str().filter(|host| !host.is_empty()) {
            decoded(host)?.trim_matches(['[', ']']).clone_into(&mut self.host);
        }
        if let Some(port) = url.port() {
            self.port = port;
        }
        if !url.username().is_empty() {
            self.user = decoded(url.username())?;
        }
        if let Some(password) = url.password() {
            self.password = Some(decoded(password)?);
        }
        let path = url.path().trim_start_matches('/');
        if !path.is_empty() {
            self.database = Some(decoded(path)?);
        }
        Some(())
    }

    /// One of what stands after the question mark. Keys that mean nothing here are passed over.
    fn take(&mut self, key: &str, value: String) -> Option<()> {
        match key {
            "host" | "hostaddr" => self.host = value,
            "port" => self.port = value.parse().ok()?,
            "dbname" => self.database = Some(value),
            "user" => self.user = value,
            "password" => self.password = Some(value),
            "sslmode" | "ssl-mode" => self.tls = TlsMode::read(&value)?,
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => self.roots = Some(value),
            "sslcert" | "ssl-cert" => self.certificate = Some(value),
            "sslkey" | "ssl-key" => self.key = Some(value),
            "options" => self.add_option(&value),
            other if self.silence.take(other, &value)? == IsKnown::Yes => {}
            other => {
                if let Some(name) = other.strip_prefix("options[").and_then(|rest| rest.strip_suffix(']')) {
                    self.add_option(&setting(name, &value));
                }
            }
        }
        Some(())
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

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

/// Where a server is reached that nobody says anything of: by its socket, if there is one.
fn usual_host(port: u16) -> String {
    let folders = ["/var/run/postgresql", "/private/tmp", "/tmp"];
    let has_socket = |folder: &&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    folders.into_iter().find(has_socket).unwrap_or("localhost").to_owned()
}

impl TlsMode {
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

    fn read_in(text: &str, variables: &[(&str, &str)]) -> Option<Address> {
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
            ("postgres://ola@x/d?hostaddr=10.0.0.1", "postgres://ola@10.0.0.1:5432/d"),
        ] {
            assert_eq!(read(text).to_string(), shown, "{text}");
        }
        for text in ["postgres://a@b:x/c", "postgres://a@b/c?port=x", "postgres://a@b/c?sslmode=perhaps"] {
            assert_eq!(read_in(text, &[]), None, "{text}");
        }
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
        std::fs::write(&file, "db:5432:samspill:ola:hemmelig").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let variables = [("PGPASSFILE", file.to_str().unwrap())];
        let password = |text: &str| read_in(text, &variables).unwrap().password;
        assert_eq!(password("postgres://ola@db/samspill").as_deref(), Some("hemmelig"));
        assert_eq!(password("postgres://ola:annet@db/samspill").as_deref(), Some("annet"));
    }
}
