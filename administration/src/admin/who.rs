//! Recognising whoever asks: by a key in the `Authorization` field, by the cookie of a
//! signed-in browser, or by what Cloudflare Access vouches for.

use super::access;
use super::guesses::{self, Attempts};
use super::keys::{Key, claimed_id, hash, is_same};
use super::person::{Person, ROOT};
use super::session::{self, Session};
use crate::archive::unread;
use crate::ledger::{Kept, Ledger, Name, Reading, Writing};
use js_sys::Reflect;
use protocol::rights::Role;
use protocol::trail::Done;
use serving::clock;
use serving::header::bearer;
use serving::network::Network;
use serving::problem::{Failure, Problem};
use serving::runtime::Env;
use web_sys::Request;

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
    let attempts = guesses::hold(&read, from).await?;
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

/// Records a wrong key, and slows down whoever sent it.
async fn refuse(ledger: &Ledger, before: Option<Kept<Attempts>>, from: &Network) -> Failure {
    guesses::note(ledger, before, from, Done::WrongKey).await;
    let detail = "Cette clé d’accès n’est pas connue, ou a été retirée.";
    Problem::new(401, "unauthorised", detail)
        .header("www-authenticate", "Bearer realm=\"SPRO administration\"")
        .into()
}
