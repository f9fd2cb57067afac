use std::{borrow::Borrow, fmt, ops::Deref};

/// A typed name: two kinds of name can't be mixed up.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The name as written in the agreement.
            pub fn new(name: impl Into<String>) -> Self { Self(name.into()) }
            /// The name as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str { &self.0 }
        }
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str { &self.0 }
        }
        impl From<&str> for $name {
            fn from(name: &str) -> Self { Self(name.to_owned()) }
        }
    )*};
}

names! {
    /// An agreement or a law, all versions of it: `unn`.
    AgreementId;
    /// A named set of open hours: `kontortid`.
    CalendarId;
    /// A duty: `svar-utskrivningsklar`.
    DutyId;
    /// A fact of a case: `fagomrade`.
    FactName;
    /// A kind of entry: `utskrivningsklar`.
    KindId;
    /// A meter: `betalingsdogn`.
    MeterId;
    /// A party in its role: `sykehus`.
    PartyId;
    /// A phase of a case: `inneliggende`.
    PhaseId;
    /// Any other rule: a requirement, a window, a content rule, a waiver, a mark.
    RuleId;
    /// A dated value: `dognpris`.
    ValueId;
}
