//! Recognising whoever asks: by a key in the `Authorization` field, by the cookie of a
//! signed-in browser, or by what Cloudflare Access vouches for.

use super::access;
use super::audit::{Done, Person, ROOT, Trace};
use super::keys::{Key, claimed_id, hash, is_same};
use super::rights::Role;
use super::session::{self, Session};
use crate::archive::unread;
use crate::ledger::{Kept, Ledger, Log, Name, Reading, Writing};
use js_sys::Reflect;
use serde::{Deserialize, Serialize};
use serving::clock;
use serving::header::bearer;
use serving::network::Network;
use serving::problem::{Failure, Problem};
use std::collections::BTreeMap;
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
    pub(crate) from: Network,
    pub(crate) is_https: bool,
}

impl Caller {
    /// Reads it.
    pub(crate) fn of(env: &Env, request: &Request, origin: &str) -> Self {
        let header = |name: &str| request.headers().get(name).ok().flatten();
        Self {
            authorization: header("authorization"),
            cookies: header("cookie"),
            origin: header("origin"),
            fetch_site: header("sec-fetch-site"),
            assertion: header("cf-access-jwt-assertion"),
            from: Network::of(env, request),
            is_https: origin.starts_with("https://"),
        }
    }

    /// The hash of the cookie's secret.
    pub(crate) fn session(&self) -> Option<String> {
        session::secret(self.cookies.as_deref(), self.is_https).map(hash)
    }
}

/// Whoever asks, or why nobody was recognised.
pub(crate) async fn recognise(
    env: &Env,
    ledger: &Ledger,
    caller: &Caller,
    secret: &Secret,
) -> Result<(Person, How), Failure> {
    if let Some(given) = bearer(caller.authorization.as_deref()) {
        return Ok((by_key(ledger, given, secret, &caller.from).await?, How::Bearer));
    }
    if let Some(hash) = caller.session() {
        let read = ledger.read(&Reading::default().name(Name::Session(&hash))).await.map_err(unread)?;
        if let Some(session) = read.get::<Session>(Name::Session(&hash))?
            && session.value.is_open(clock::now(), secret.mark())
            && let Some(person) = by_id(ledger, &session.value.key, secret).await?
        {
            return Ok((person, How::Browser));
        }
    }
    if let Some(email) = access::vouched(env, caller.assertion.as_deref()).await? {
        let person = by_email(ledger, &email, secret).await?.ok_or_else(|| {
            let detail =
                "Votre adresse n’est pas connue ici. Demandez à la Région de l’ajouter à une clé d’accès.";
            Problem::new(403, "unknown-address", detail)
        })?;
        return Ok((person, How::Browser));
    }
    Err(nobody())
}

/// The secret of the installation: the first access key. It is never stored; what was opened
/// while it held carries its mark, and ends when it is changed.
pub(crate) struct Secret {
    text: String,
    mark: String,
}

/// The shortest secret, in characters: half of what `openssl rand -hex 32` prints, and more
/// than anybody guesses.
const SHORTEST_SECRET: usize = 32;

impl Secret {
    /// Reads it from the binding `ADMIN_TOKEN`. Without a good one there is no administration,
    /// whatever else is there.
    pub(crate) fn of(env: &Env) -> Result<Self, Failure> {
        // Not `Env::secret`: a variable that is not set is bound as `null`.
        let text = Reflect::get(env, &"ADMIN_TOKEN".into()).ok().and_then(|value| value.as_string());
        let refused = |code, what: &str| {
            let detail = format!(
                "L’administration n’est pas ouverte ici : {what}. La personne qui installe le guide en fait un avec : openssl rand -hex 32"
            );
            Problem::new(503, code, detail)
        };
        match text.unwrap_or_default() {
            text if text.is_empty() => Err(refused("no-secret", "le secret ADMIN_TOKEN manque").into()),
            text if text.chars().count() < SHORTEST_SECRET => {
                let what = format!("le secret ADMIN_TOKEN a moins de {SHORTEST_SECRET} caractères");
                Err(refused("weak-secret", &what).into())
            }
            text => Ok(Self { mark: hash(&format!("mark of {text}"))[..32].to_owned(), text }),
        }
    }

    fn is(&self, given: &str) -> bool {
        is_same(given, &self.text)
    }

    /// What stands for it in the ledger.
    pub(crate) fn mark(&self) -> &str {
        &self.mark
    }
}

fn root() -> Person {
    Person { id: ROOT.to_owned(), name: "clé d’installation".to_owned(), role: Role::Region }
}

/// The person whose key this is, or why it is refused. Whoever has guessed wrong before waits
/// before this one is compared.
pub(crate) async fn by_key(
    ledger: &Ledger,
    given: &str,
    secret: &Secret,
    from: &Network,
) -> Result<Person, Failure> {
    let id = claimed_id(given);
    let mut reading = Reading::default().name(Name::Attempts);
    if let Some(id) = id {
        reading = reading.name(Name::Key(id));
    }
    let read = ledger.read(&reading).await.map_err(unread)?;
    let attempts = read.get::<Attempts>(Name::Attempts)?;
    let wait = attempts.as_ref().map_or(0.0, |attempts| attempts.value.wait(from, clock::now()));
    match from {
        Network::Known(_) if wait > 0.0 => return Err(slow(wait)),
        Network::Known(_) => {}
        // Everybody is in it: nobody may lock the others out.
        Network::Unknown => Delay::from(Duration::from_secs_f64(wait / 1000.0).min(UNKNOWN_WAIT)).await,
    }
    if secret.is(given) {
        return Ok(root());
    }
    if let Some(id) = id
        && let Some(key) = read.get::<Key>(Name::Key(id))?
        && key.value.is(given)
        && key.value.revoked.is_none()
    {
        if !key.value.is_of(secret.mark()) {
            let detail = "Le secret de l’installation a changé : cette clé d’accès est suspendue. La Région peut la confirmer, à la page « Clés d’accès ».";
            return Err(Problem::new(401, "suspended-key", detail).into());
        }
        touch(ledger, &key).await;
        return Ok(key.value.person());
    }
    Err(refuse(ledger, attempts, from).await)
}

/// The person of a key that a session names: a key that was revoked meanwhile opens nothing.
async fn by_id(ledger: &Ledger, id: &str, secret: &Secret) -> Result<Option<Person>, Failure> {
    if id == ROOT {
        return Ok(Some(root()));
    }
    let Some(key) = key(ledger, id).await?.filter(|key| key.value.opens(secret.mark())) else {
        return Ok(None);
    };
    touch(ledger, &key).await;
    Ok(Some(key.value.person()))
}

/// The person whom Cloudflare Access vouches for.
async fn by_email(ledger: &Ledger, email: &str, secret: &Secret) -> Result<Option<Person>, Failure> {
    let read = ledger.read(&Reading::default().all(Name::Key(""))).await.map_err(unread)?;
    let found = read.all::<Key>(Name::Key(""))?.into_iter().find(|key| {
        key.value.opens(secret.mark())
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

/// Wrong keys of late, in one record: what is older than an hour is not in it, and it does not
/// grow with those who guess.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Attempts {
    networks: BTreeMap<String, Wrong>,
    /// Lines that were written into the trail since `told_since`.
    told: u32,
    /// Milliseconds since 1970.
    told_since: f64,
}

/// Wrong keys that came from one network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Wrong {
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
/// The longest wait where nobody says which network a request comes from.
const UNKNOWN_WAIT: Duration = Duration::from_secs(2);
/// Nobody types so fast.
const A_BREATH: Duration = Duration::from_millis(200);
/// So many networks are remembered; of more, those that have guessed last.
const MOST_NETWORKS: usize = 256;
/// So many wrong keys are written into the trail in an hour.
const MOST_TOLD: u32 = 60;

impl Wrong {
    /// One more, at a time.
    fn one_more(&self, now: f64) -> Self {
        let count = if now - self.last > FORGOTTEN_AFTER { 1 } else { self.count.saturating_add(1) };
        let wait = match count.checked_sub(FREE) {
            None | Some(0) => 0,
            Some(more) => 2_u32.checked_pow(more.min(16)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT),
        };
        Self { count, last: now, until: now + f64::from(wait) * 1000.0 }
    }
}

impl Attempts {
    /// How long a network waits, in milliseconds.
    fn wait(&self, from: &Network, now: f64) -> f64 {
        self.networks.get(from.name()).map_or(0.0, |wrong| (wrong.until - now).max(0.0))
    }

    /// One more, and its number where the trail tells it: the first ones of a network, then
    /// fewer and fewer.
    fn one_more(mut self, from: &Network, now: f64) -> (Self, Option<u32>) {
        self.networks.retain(|_, wrong| now - wrong.last <= FORGOTTEN_AFTER);
        let wrong = self.networks.entry(from.name().to_owned()).or_default();
        *wrong = wrong.one_more(now);
        let count = wrong.count;
        while self.networks.len() > MOST_NETWORKS {
            let oldest = self.networks.iter().min_by(|one, other| one.1.last.total_cmp(&other.1.last));
            let Some(name) = oldest.map(|(name, _)| name.clone()) else { break };
            self.networks.remove(&name);
        }
        if now - self.told_since > FORGOTTEN_AFTER {
            (self.told, self.told_since) = (0, now);
        }
        let is_told = (count <= FREE || count.is_power_of_two()) && self.told < MOST_TOLD;
        self.told += u32::from(is_told);
        (self, is_told.then_some(count))
    }
}

/// Records a wrong key, and slows down whoever sent it.
async fn refuse(ledger: &Ledger, before: Option<Kept<Attempts>>, from: &Network) -> Failure {
    let (revision, before) = before.map_or((0, Attempts::default()), |kept| (kept.revision, kept.value));
    let (attempts, told) = before.one_more(from, clock::now());
    let mut writing = Writing::default().expect(Name::Attempts, revision).put(Name::Attempts, &attempts);
    if let Some(count) = told {
        let trace = Trace {
            at: clock::timestamp(),
            by: None,
            done: Done::WrongKey,
            subject: from.name().to_owned(),
            detail: format!("essai n° {count}"),
        };
        writing = writing.append(Log::Audit, &trace);
    }
    // Of two at once, one is counted: that is enough to slow both down.
    let _ = ledger.write(&writing).await;
    Delay::from(A_BREATH).await;
    let detail = "Cette clé d’accès n’est pas connue, ou a été retirée.";
    Problem::new(401, "unauthorised", detail)
        .header("www-authenticate", "Bearer realm=\"SPRO administration\"")
        .into()
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
        let mut wrong = Wrong::default();
        let mut waits = Vec::new();
        for _ in 0..14 {
            wrong = wrong.one_more(1000.0);
            waits.push((wrong.until - 1000.0) / 1000.0);
        }
        assert_eq!(waits[..8], [0.0, 0.0, 0.0, 0.0, 2.0, 4.0, 8.0, 16.0]);
        assert_eq!(waits[13..], [f64::from(LONGEST_WAIT)]);
        let later = wrong.one_more(1000.0 + FORGOTTEN_AFTER + 1.0);
        assert_eq!((later.count, later.until), (1, later.last));
        assert!(Wrong { count: u32::MAX, ..wrong }.one_more(1000.0).until > 0.0);
    }

    #[test]
    fn those_who_guess_leave_little_behind() {
        let mut attempts = Attempts::default();
        let mut told = 0;
        for number in 0..5000_u32 {
            let from = Network::Known(format!("{}.{}.0.0/24", number / 256, number % 256));
            let (after, is_told) = attempts.one_more(&from, f64::from(number));
            assert_eq!(after.networks.get(from.name()).map(|wrong| wrong.count), Some(1));
            attempts = after;
            told += u32::from(is_told.is_some());
        }
        assert_eq!((attempts.networks.len(), told), (MOST_NETWORKS, MOST_TOLD));
        let (later, is_told) = attempts.one_more(&Network::Unknown, 5000.0 + FORGOTTEN_AFTER + 1.0);
        assert_eq!((later.networks.len(), is_told), (1, Some(1)), "an hour later");
    }

    #[test]
    fn a_network_waits_alone() {
        let (one, other) = (Network::at(Some("192.0.2.77")), Network::at(Some("198.51.100.1")));
        let mut attempts = Attempts::default();
        for _ in 0..6 {
            attempts = attempts.one_more(&one, 1000.0).0;
        }
        assert!((3999.0..4001.0).contains(&attempts.wait(&one, 1000.0)));
        assert!(attempts.wait(&one, 6000.0) <= 0.0 && attempts.wait(&other, 1000.0) <= 0.0);
    }
}
