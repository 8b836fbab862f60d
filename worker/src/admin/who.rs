//! Recognising whoever asks: by a key in the `Authorization` field, by the cookie of a
//! signed-in browser, or by what Cloudflare Access vouches for.

use super::access;
use super::audit::{Done, Person, ROOT, Trace};
use super::keys::{Key, claimed_id, hash, is_same};
use super::rights::Role;
use super::session::{self, Session};
use crate::archive::unread;
use crate::clock;
use crate::header::bearer;
use crate::ledger::{Kept, Ledger, Log, Name, Reading, Writing};
use crate::problem::{Failure, Problem};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use web_sys::Request;
use worker::{Delay, Env};

/// How the person was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// By a key sent along: a program.
    Bearer,
    /// By a cookie, or Cloudflare Access: a browser, which another site could make ask.
    Browser,
}

/// What a request says of whoever sends it.
pub(crate) struct Caller {
    authorization: Option<String>,
    cookies: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) fetch_site: Option<String>,
    assertion: Option<String>,
    /// The network part of the address it came from.
    pub(crate) from: String,
    pub(crate) is_https: bool,
}

impl Caller {
    /// Reads it.
    pub(crate) fn of(request: &Request, origin: &str) -> Self {
        let header = |name: &str| request.headers().get(name).ok().flatten();
        Self {
            authorization: header("authorization"),
            cookies: header("cookie"),
            origin: header("origin"),
            fetch_site: header("sec-fetch-site"),
            assertion: header("cf-access-jwt-assertion"),
            from: network(header("cf-connecting-ip").as_deref()),
            is_https: origin.starts_with("https://"),
        }
    }

    /// The hash of the cookie's secret.
    pub(crate) fn session(&self) -> Option<String> {
        session::secret(self.cookies.as_deref(), self.is_https).map(hash)
    }
}

/// The network that an address is in: a whole address would say which person it was.
fn network(address: Option<&str>) -> String {
    let Some(address) = address else { return "réseau inconnu".to_owned() };
    match address.parse() {
        Ok(std::net::IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(std::net::IpAddr::V6(v6)) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
        Err(_) => "réseau inconnu".to_owned(),
    }
}

/// Whoever asks, or why nobody was recognised.
pub(crate) async fn recognise(env: &Env, ledger: &Ledger, caller: &Caller) -> Result<(Person, How), Failure> {
    let root = secret(env)?;
    if let Some(given) = bearer(caller.authorization.as_deref()) {
        let person = by_key(ledger, given, &root).await?;
        return match person {
            Some(person) => Ok((person, How::Bearer)),
            None => Err(refuse(ledger, &caller.from).await?),
        };
    }
    if let Some(hash) = caller.session() {
        let read = ledger.read(&Reading::default().name(Name::Session(&hash))).await.map_err(unread)?;
        if let Some(session) = read.get::<Session>(Name::Session(&hash))?
            && clock::now() < session.value.until
            && let Some(person) = by_id(ledger, &session.value.key).await?
        {
            return Ok((person, How::Browser));
        }
    }
    if let Some(email) = access::vouched(env, caller.assertion.as_deref()).await? {
        let person = by_email(ledger, &email).await?.ok_or_else(|| {
            let detail =
                "Votre adresse n’est pas connue ici. Demandez à la Région de l’ajouter à une clé d’accès.";
            Problem::new(403, "unknown-address", detail)
        })?;
        return Ok((person, How::Browser));
    }
    Err(nobody())
}

/// The secret of the installation.
pub(crate) fn secret(env: &Env) -> Result<String, Failure> {
    let secret = env.secret("ADMIN_TOKEN").map(|secret| secret.to_string()).unwrap_or_default();
    if secret.is_empty() {
        let detail = "L’administration n’est pas configurée ici : le secret ADMIN_TOKEN manque.";
        return Err(Problem::new(503, "no-secret", detail).into());
    }
    Ok(secret)
}

fn root() -> Person {
    Person { id: ROOT.to_owned(), name: "clé d’installation".to_owned(), role: Role::Region }
}

/// The person whose key this is.
pub(crate) async fn by_key(ledger: &Ledger, given: &str, secret: &str) -> Result<Option<Person>, Failure> {
    if is_same(given, secret) {
        return Ok(Some(root()));
    }
    let Some(id) = claimed_id(given) else { return Ok(None) };
    let key = key(ledger, id).await?;
    let is_it = key.as_ref().is_some_and(|key| key.value.is(given) && key.value.revoked.is_none());
    match key {
        Some(key) if is_it => {
            touch(ledger, &key).await;
            Ok(Some(key.value.person()))
        }
        _ => Ok(None),
    }
}

/// The person of a key that a session names: a key that was revoked meanwhile opens nothing.
async fn by_id(ledger: &Ledger, id: &str) -> Result<Option<Person>, Failure> {
    if id == ROOT {
        return Ok(Some(root()));
    }
    let Some(key) = key(ledger, id).await?.filter(|key| key.value.revoked.is_none()) else { return Ok(None) };
    touch(ledger, &key).await;
    Ok(Some(key.value.person()))
}

/// The person whom Cloudflare Access vouches for.
async fn by_email(ledger: &Ledger, email: &str) -> Result<Option<Person>, Failure> {
    let read = ledger.read(&Reading::default().all(Name::Key(""))).await.map_err(unread)?;
    let found = read.all::<Key>(Name::Key(""))?.into_iter().find(|key| {
        key.value.revoked.is_none()
            && key.value.email.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(email))
    });
    let Some(key) = found else { return Ok(None) };
    touch(ledger, &key).await;
    Ok(Some(key.value.person()))
}

async fn key(ledger: &Ledger, id: &str) -> Result<Option<Kept<Key>>, Failure> {
    ledger.read(&Reading::default().name(Name::Key(id))).await.map_err(unread)?.get(Name::Key(id))
}

/// Notes that a key was used today. Where that fails, the key works all the same.
async fn touch(ledger: &Ledger, key: &Kept<Key>) {
    let today = clock::today();
    if key.value.last_used_on.as_deref() == Some(&today) {
        return;
    }
    let name = Name::Key(&key.value.id);
    let used = Key { last_used_on: Some(today), ..key.value.clone() };
    let _ = ledger.write(&Writing::default().expect(name, key.revision).put(name, &used)).await;
}

/// Nobody was recognised, and nobody said who they are.
fn nobody() -> Failure {
    let detail = "Il faut une clé d’accès, dans l’en-tête Authorization: Bearer.";
    Problem::new(401, "unauthorised", detail)
        .header("www-authenticate", "Bearer realm=\"SPRO administration\"")
        .into()
}

/// Wrong keys that came from one network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Attempts {
    count: u32,
    /// Milliseconds since 1970.
    last: f64,
    /// Until when further ones are turned away unread.
    until: f64,
}

/// Wrong keys are forgotten after this long without another, in milliseconds.
const FORGOTTEN_AFTER: f64 = 3_600_000.0;
/// So many are free of any wait: people mistype.
const FREE: u32 = 4;
/// The longest wait, in seconds.
const LONGEST_WAIT: u32 = 300;
/// Nobody types so fast.
const A_BREATH: Duration = Duration::from_millis(200);

impl Attempts {
    /// One more, at a time.
    fn one_more(&self, now: f64) -> Self {
        let count = if now - self.last > FORGOTTEN_AFTER { 1 } else { self.count.saturating_add(1) };
        let wait = match count.checked_sub(FREE) {
            None | Some(0) => 0,
            Some(more) => 2_u32.checked_pow(more.min(16)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT),
        };
        Self { count, last: now, until: now + f64::from(wait) * 1000.0 }
    }

    /// Whether this one is written into the trail: the first ones, then fewer and fewer.
    const fn is_told(&self) -> bool {
        self.count <= FREE || self.count.is_power_of_two()
    }
}

/// Slows down whoever sends wrong keys, and records it. A right key is never held up.
pub(crate) async fn refuse(ledger: &Ledger, from: &str) -> Result<Failure, Failure> {
    let name = Name::Attempts(from);
    let now = clock::now();
    let read = ledger.read(&Reading::default().name(name)).await.map_err(unread)?;
    let (revision, before) =
        read.get::<Attempts>(name)?.map_or((0, Attempts::default()), |kept| (kept.revision, kept.value));
    if now < before.until {
        return Ok(slow(before.until - now));
    }
    let attempts = before.one_more(now);
    let mut writing = Writing::default().expect(name, revision).put(name, &attempts);
    if attempts.is_told() {
        let trace = Trace {
            at: clock::timestamp(),
            by: None,
            done: Done::WrongKey,
            subject: from.to_owned(),
            detail: format!("essai n° {}", attempts.count),
        };
        writing = writing.append(Log::Audit, &trace);
    }
    // Of two at once, one is counted: that is enough to slow both down.
    let _ = ledger.write(&writing).await;
    Delay::from(A_BREATH).await;
    let detail = "Cette clé d’accès n’est pas connue, ou a été retirée.";
    Ok(Problem::new(401, "unauthorised", detail)
        .header("www-authenticate", "Bearer realm=\"SPRO administration\"")
        .into())
}

fn slow(milliseconds: f64) -> Failure {
    let seconds = (milliseconds / 1000.0).ceil().max(1.0);
    let detail = format!("Trop d’essais avec de mauvaises clés. Attendez {seconds} s, puis réessayez.");
    Problem::new(429, "too-many-attempts", detail).header("retry-after", seconds.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_keys_wait_longer_and_longer_and_are_forgotten() {
        let mut attempts = Attempts::default();
        let mut waits = Vec::new();
        for _ in 0..14 {
            attempts = attempts.one_more(1000.0);
            waits.push((attempts.until - 1000.0) / 1000.0);
        }
        assert_eq!(waits[..8], [0.0, 0.0, 0.0, 0.0, 2.0, 4.0, 8.0, 16.0]);
        assert_eq!(waits[13..], [f64::from(LONGEST_WAIT)]);
        let later = attempts.one_more(1000.0 + FORGOTTEN_AFTER + 1.0);
        assert_eq!((later.count, later.until), (1, later.last));
        assert!(Attempts { count: u32::MAX, ..attempts }.one_more(1000.0).until > 0.0);
    }

    #[test]
    fn only_the_network_of_an_address_is_kept() {
        assert_eq!(network(Some("192.0.2.77")), "192.0.2.0/24");
        assert_eq!(network(Some("2001:db8:12:34::1")), "2001:db8:12::/48");
        assert_eq!(network(Some("x")), "réseau inconnu");
        assert_eq!(network(None), "réseau inconnu");
    }
}
