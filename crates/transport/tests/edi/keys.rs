//! Keys for tests, made anew each time.

use aws_lc_rs::{
    encoding::{AsBigEndian, AsDer, EcPrivateKeyBin, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

/// A key as it is written, and the public part of it.
pub(crate) struct Made {
    pub(crate) private: String,
    pub(crate) public: Value,
}

/// An elliptic key: as JWK, and as PEM.
pub(crate) fn elliptic() -> (Made, Made) {
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref()).unwrap();
    let point = pair.public_key().as_ref();
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let public = json!({ "kty": "EC", "crv": "P-256", "x": text(&point[1..33]), "y": text(&point[33..]) });
    let mut private = public.clone();
    let d: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().unwrap();
    private["d"] = json!(text(d.as_ref()));
    private["kid"] = json!("elliptic-1");
    (
        Made { private: private.to_string(), public: public.clone() },
        Made { private: pem(der.as_ref()), public },
    )
}

/// An RSA key: as JWK, and as PEM.
pub(crate) fn rsa() -> (Made, Made) {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let numbers = numbers(der.as_ref());
    let text = |place: usize| URL_SAFE_NO_PAD.encode(&numbers[place]);
    let public = json!({ "kty": "RSA", "n": text(1), "e": text(2) });
    let mut private = public.clone();
    for (place, name) in [(3, "d"), (4, "p"), (5, "q"), (6, "dp"), (7, "dq"), (8, "qi")] {
        private[name] = json!(text(place));
    }
    private["kid"] = json!("rsa-1");
    (
        Made { private: private.to_string(), public: public.clone() },
        Made { private: pem(der.as_ref()), public },
    )
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
    format!("{begin}\n{}\n{end}\n", lines.join("\n"))
}

/// The numbers of the PKCS #1 key in a PKCS #8 one, without the zero that keeps them positive.
fn numbers(der: &[u8]) -> Vec<Vec<u8>> {
    let mut outer = Der(Der(der).next().unwrap().1);
    let key = outer.find(|(tag, _)| *tag == 4).unwrap().1;
    let inner = Der(Der(key).next().unwrap().1);
    inner
        .map(|(_, number)| {
            number.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(number).to_vec()
        })
        .collect()
}

/// The values of a run of DER, with their tags.
struct Der<'a>(&'a [u8]);

impl<'a> Iterator for Der<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (tag, length) = (*self.0.first()?, usize::from(*self.0.get(1)?));
        let more = if length < 0x80 { 0 } else { length & 0x7F };
        let digits = &self.0[2..2 + more];
        let length = if more == 0 {
            length
        } else {
            digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit))
        };
        let (value, rest) = self.0[2 + more..].split_at(length);
        self.0 = rest;
        Some((tag, value))
    }
}
