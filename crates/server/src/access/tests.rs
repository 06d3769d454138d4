use super::*;
use crate::clock::SystemClock;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

const ISSUER: &str = "https://sendoff.example";

#[derive(Debug)]
struct Later(i64);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_secs(self.0)
    }
}

fn keys() -> Keys {
    let folder = tempfile::tempdir().unwrap();
    Keys::open(&folder.path().join("key"), true).unwrap()
}

fn somebody() -> Signed {
    let id = |n: u8| Uuid::from_bytes([n; 16]);
    Signed { person: PersonId::new(id(1)), device: DeviceId::new(id(2)), session: SessionId::new(id(3)) }
}

/// Signs anything, as somebody who has the key would.
fn signed(keys: &Keys, header: &Value, claims: &Value) -> String {
    let head = format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()));
    let (_, key) = keys.current(Use::AccessToken);
    let tag = hs256(key.as_slice()).unwrap().try_sign(head.as_bytes()).unwrap();
    format!("{head}.{}", B64.encode(tag))
}

fn good(keys: &Keys) -> (Value, Value) {
    let now = SystemClock.now().as_second();
    let id = |n: u8| Uuid::from_bytes([n; 16]);
    let header = json!({ "typ": "at+jwt", "alg": "HS256", "kid": keys.current(Use::AccessToken).0 });
    let claims = json!({
        "iss": ISSUER, "aud": ISSUER, "sub": id(1), "sid": id(3), "device": id(2), "jti": id(4), "iat": now, "exp": now + 600,
    });
    (header, claims)
}

#[test]
fn a_token_is_read_for_ten_minutes_by_the_server_that_made_it() {
    let keys = keys();
    let tokens = AccessTokens::new(&keys, ISSUER.into()).unwrap();
    let made = tokens.make(&somebody(), &SystemClock).unwrap();
    let text = made.expose_secret();
    assert_eq!(tokens.read(text, &SystemClock), Some(somebody()));
    assert_eq!(tokens.read(text, &Later(LIFETIME + LEEWAY - 2)), Some(somebody()));
    assert_eq!(tokens.read(text, &Later(LIFETIME + LEEWAY + 1)), None);
    assert_eq!(tokens.read(text, &Later(-LEEWAY - 2)), None, "made in the future");
    let elsewhere = AccessTokens::new(&keys, "https://other.example".into()).unwrap();
    assert_eq!(elsewhere.read(text, &SystemClock), None);
    let other_keys = AccessTokens::new(&self::keys(), ISSUER.into()).unwrap();
    assert_eq!(other_keys.read(text, &SystemClock), None);
}

#[test]
fn what_is_signed_by_the_key_and_is_not_as_it_must_be_is_refused() {
    let keys = keys();
    let tokens = AccessTokens::new(&keys, ISSUER.into()).unwrap();
    let (header, claims) = good(&keys);
    assert_eq!(tokens.read(&signed(&keys, &header, &claims), &SystemClock), Some(somebody()));
    let now = SystemClock.now().as_second();

    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", json!("refresh+jwt")),
        ("typ", Value::Null),
        ("kid", json!("0000000000000000")),
        ("kid", Value::Null),
        ("alg", json!("none")),
        ("alg", json!("HS512")),
        ("alg", json!("RS256")),
        ("alg", json!("EdDSA")),
        ("jku", json!("https://eve.example/keys")),
        ("x5u", json!("https://eve.example/cert")),
        ("x5c", json!(["AAAA"])),
        ("jwk", json!({ "kty": "oct", "k": "AAAA" })),
        ("crit", json!(["exp"])),
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
        ("unknown", json!(1)),
    ] {
        let mut wrong = header.clone();
        wrong[name] = value.clone();
        assert_eq!(tokens.read(&signed(&keys, &wrong, &claims), &SystemClock), None, "{name}: {value}");
    }
    for (name, value) in [
        ("iss", json!("https://eve.example")),
        ("iss", Value::Null),
        ("aud", json!("https://eve.example")),
        ("aud", json!([ISSUER, "https://eve.example"])),
        ("aud", Value::Null),
        ("sub", json!("somebody")),
        ("sub", Value::Null),
        ("sid", Value::Null),
        ("device", json!(1)),
        ("jti", Value::Null),
        ("iat", json!(now + 3600)),
        ("iat", json!("now")),
        ("exp", json!(now - 3600)),
        ("exp", json!(now + 601)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", Value::Null),
        ("role", json!("owner")),
    ] {
        let mut wrong = claims.clone();
        wrong[name] = value.clone();
        assert_eq!(tokens.read(&signed(&keys, &header, &wrong), &SystemClock), None, "{name}: {value}");
    }
    for name in ["iss", "aud", "sub", "sid", "device", "jti", "iat", "exp"] {
        let mut wrong = claims.clone();
        wrong.as_object_mut().unwrap().remove(name);
        assert_eq!(tokens.read(&signed(&keys, &header, &wrong), &SystemClock), None, "without {name}");
    }
}

#[test]
fn whatever_is_done_to_a_token_nothing_panics_and_nothing_is_let_in() {
    let keys = keys();
    let tokens = AccessTokens::new(&keys, ISSUER.into()).unwrap();
    let good = tokens.make(&somebody(), &SystemClock).unwrap().expose_secret().to_owned();
    let [head, body, tag]: [&str; 3] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let none = B64.encode(r#"{"typ":"at+jwt","alg":"none"}"#);
    let deep = B64.encode(format!("{}{}", "[".repeat(700), "]".repeat(700)));
    for wrong in [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{head}.{body}.{tag}."),
        format!("{head}.{body}.{tag}.x"),
        format!("{none}.{body}."),
        format!("{none}.{body}.{tag}"),
        format!("{deep}.{body}.{tag}"),
        format!(" {good}"),
        format!("{good}="),
        format!("{head}.{body}.{}", B64.encode([0; 32])),
        format!("{head}.{body}.{}", B64.encode([])),
        "\u{1F98A}".repeat(100),
        "a".repeat(1_000_000),
    ] {
        assert_eq!(tokens.read(&wrong, &SystemClock), None, "{wrong:.80}");
    }
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let text = String::from_utf8(bytes).unwrap();
        // the last letter of base64 has bits that mean nothing; a decoder that is strict refuses them too
        assert_eq!(tokens.read(&text, &SystemClock), None, "letter {at}");
    }
}
