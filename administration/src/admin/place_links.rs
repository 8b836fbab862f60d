//! The private links of places: the people of a place see its record through theirs, without an
//! account, and say that it is still true or correct it ([`super::place_answer`]).
//!
//! A place has one link at most: another one replaces it. What opens it is random and is shown
//! once; the ledger has its hash. It ends after its days (`lasts_days`), when an administrator revokes
//! it, and with the secret of the installation.

use super::desk::Desk;
use super::guesses;
use super::keys::{hash, is_same};
use super::territory::stands_in;
use crate::archive::{storage, unread};
use crate::ledger::{Kept, Ledger, Log, Name, Reading, Writing, Written};
use crate::random;
use protocol::place_links::{Answered, LinkState};
use protocol::trail::{Done, Trace};
use protocol::{Revoked, Who};
use serde::{Deserialize, Serialize};
use serving::network::Network;
use serving::problem::{Failure, Problem};
use serving::runtime::Env;
use serving::{clock, shipped};
use shared::directory::{Directory, Structure};
use std::collections::{BTreeMap, BTreeSet};

/// How long a link opens after its day, in days. The variable `PLACE_LINK_DAYS` says another number; 0
/// opens none.
const LASTS_DAYS: u32 = 30;
/// The most that the variable may say.
const MOST_DAYS: u32 = 365;
/// How many answers one link takes.
pub(crate) const MOST_ANSWERS: u32 = 20;
/// How many links one request makes.
pub(crate) const MOST_AT_ONCE: usize = 200;
const SECRET_BYTES: usize = 24;
const DAY: f64 = 86_400_000.0;

/// The private link of a place, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PlaceLink {
    /// The id of the place.
    pub(crate) place: String,
    /// What the place was called then.
    pub(crate) name: String,
    /// SHA-256 of what opens it, hexadecimal.
    pub(crate) hash: String,
    /// RFC 3339, UTC.
    pub(crate) made_at: String,
    pub(crate) made_by: Who,
    /// The territory of the key that made it, whose drafts take the answers; the Region's where
    /// there is none.
    pub(crate) territory: Option<String>,
    /// The last day on which it opens, an ISO date.
    pub(crate) until: String,
    /// The mark of the installation's secret at that time.
    pub(crate) mark: String,
    #[serde(default)]
    pub(crate) revoked: Option<Revoked>,
    /// The last day on which it was opened.
    #[serde(default)]
    pub(crate) opened_on: Option<String>,
    /// How many answers came by it.
    #[serde(default)]
    pub(crate) answers: u32,
    /// The last answer of the place, which may have come by the link before.
    #[serde(default)]
    pub(crate) answered: Option<Answered>,
}

/// A new link: what is kept, and the path that is shown once.
pub(crate) struct Made {
    pub(crate) link: PlaceLink,
    pub(crate) path: String,
}

impl PlaceLink {
    /// Makes a link to the record of a place, in the place of the one before.
    fn make(place: &Structure, before: Option<&Self>, of: &Of<'_>) -> Made {
        let secret = random::hexadecimal::<SECRET_BYTES>();
        let path = path(&place.id, &secret);
        Made { link: Self::with(place, before, of, hash(&secret)), path }
    }

    fn with(place: &Structure, before: Option<&Self>, of: &Of<'_>, hash: String) -> Self {
        Self {
            place: place.id.clone(),
            name: place.name.clone(),
            hash,
            made_at: of.at.to_owned(),
            made_by: of.by.clone(),
            territory: of.territory.map(str::to_owned),
            until: of.until.to_owned(),
            mark: of.mark.to_owned(),
            revoked: None,
            opened_on: None,
            answers: 0,
            answered: before.and_then(|before| before.answered.clone()),
        }
    }

    /// Whether it opens on a day, an ISO date, under the secret of a mark.
    pub(crate) fn opens(&self, today: &str, mark: &str) -> LinkState {
        match self {
            Self { revoked: Some(_), .. } => LinkState::Revoked,
            Self { mark: own, .. } if own != mark => LinkState::Suspended,
            Self { until, .. } if today > until.as_str() => LinkState::Expired,
            _ => LinkState::Open,
        }
    }
}

/// The last day of links that open for so many days; long ago where they open for none.
fn last_day(days: u32) -> String {
    if days == 0 { "1970-01-01".to_owned() } else { clock::day_in(days) }
}

/// How many days links open here.
pub(crate) fn lasts_days(env: &Env) -> u32 {
    let said = env.variable("PLACE_LINK_DAYS").and_then(|days| days.parse::<u32>().ok());
    said.unwrap_or(LASTS_DAYS).min(MOST_DAYS)
}

/// What the links of one request have in common.
struct Of<'a> {
    by: Who,
    territory: Option<&'a str>,
    at: &'a str,
    until: &'a str,
    mark: &'a str,
}

/// The address of a link, without its origin.
pub(crate) fn path(place: &str, secret: &str) -> String {
    format!("/place/{place}/{secret}")
}

/// Whether a text is what opens a link, or would open it if there were one. Takes the same time
/// whether or not there is one, and wherever the two differ.
fn is_it(link: Option<&PlaceLink>, secret: &str) -> bool {
    is_same(link.map_or("", |link| link.hash.as_str()), &hash(secret))
}

/// The same answer for a link that was never made, that is over, that was revoked or that is
/// another place's.
pub(crate) fn nothing() -> Failure {
    let detail =
        "Ce lien n’ouvre rien : il a expiré, il a été remplacé ou retiré, ou il n’a pas été copié en entier.";
    Problem::new(404, "nothing-here", detail).into()
}

/// The link that a secret opens. A network that has guessed wrong before waits before this one is
/// compared.
pub(crate) async fn open(
    ledger: &Ledger,
    place: &str,
    secret: &str,
    mark: &str,
    from: &Network,
) -> Result<Kept<PlaceLink>, Failure> {
    let reading = Reading::default().name(Name::Attempts).name(Name::PlaceLink(place));
    let read = ledger.read(&reading).await.map_err(unread)?;
    let attempts = guesses::hold(&read, from).await?;
    let link: Option<Kept<PlaceLink>> = read.get(Name::PlaceLink(place))?;
    if !is_it(link.as_ref().map(|link| &link.value), secret) {
        guesses::note(ledger, attempts, from, Done::WrongLink).await;
        return Err(nothing());
    }
    if let Some(link) = link.filter(|link| link.value.opens(&clock::today(), mark) == LinkState::Open) {
        return Ok(link);
    }
    // A right secret is no guess; its answer comes as late as that of a wrong one.
    guesses::breathe().await;
    Err(nothing())
}

impl Desk<'_> {
    /// The links that the person may see, the newest first: a territory's editor those of the places
    /// that stand in their territory now.
    pub(crate) async fn place_links(&self) -> Result<Vec<PlaceLink>, Failure> {
        let read = self.ledger.read(&Reading::default().all(Name::PlaceLink(""))).await.map_err(unread)?;
        let kept: Vec<Kept<PlaceLink>> = read.all(Name::PlaceLink(""))?;
        let mut links: Vec<PlaceLink> = kept.into_iter().map(|kept| kept.value).collect();
        if let Some(own) = self.person.role.territory() {
            let directory = self.parse(&self.live_document().await?)?;
            let own = places_of(&directory, own)?;
            links.retain(|link| own.contains(link.place.as_str()));
        }
        links.sort_by(|one, other| other.made_at.cmp(&one.made_at).then_with(|| one.place.cmp(&other.place)));
        Ok(links)
    }

    /// Makes a link to each of these live places, all of them or none. The paths that are returned
    /// are shown once, and kept nowhere.
    pub(crate) async fn make_place_links(
        &self,
        directory: &Directory,
        places: &[String],
    ) -> Result<Vec<Made>, Failure> {
        let wanted: BTreeSet<&str> = places.iter().map(String::as_str).collect();
        if wanted.is_empty() || wanted.len() > MOST_AT_ONCE {
            let detail = format!("Il faut au moins un lieu, et {MOST_AT_ONCE} au plus à la fois.");
            return Err(Problem::new(422, "how-many-places", detail).into());
        }
        let known: BTreeMap<&str, &Structure> =
            directory.structures.iter().map(|place| (place.id.as_str(), place)).collect();
        let unknown: Vec<&str> = wanted.iter().copied().filter(|id| !known.contains_key(id)).collect();
        if let Some(id) = unknown.first() {
            let detail =
                format!("Le lieu « {id} » n’est pas dans l’annuaire en ligne. Aucun lien n’a été créé.");
            return Err(Problem::new(422, "unknown-place", detail).into());
        }
        if let Some(own) = self.person.role.territory() {
            let own = places_of(directory, own)?;
            if wanted.iter().any(|id| !own.contains(id)) {
                self.forbidden("place-links").await;
                let detail = "Une clé de territoire ne crée de liens que pour les lieux de son territoire. Aucun lien n’a été créé.";
                return Err(Problem::new(403, "outside-territory", detail).into());
            }
        }
        let (at, until) = (clock::timestamp(), last_day(lasts_days(self.host.env)));
        let of = Of {
            by: self.person.who(),
            territory: self.person.role.territory(),
            at: &at,
            until: &until,
            mark: self.secret.mark(),
        };
        loop {
            let read = wanted.iter().fold(Reading::default(), |read, id| read.name(Name::PlaceLink(id)));
            let read = self.ledger.read(&read).await.map_err(unread)?;
            let (mut made, mut writing) = (Vec::new(), Writing::default());
            for id in &wanted {
                let Some(place) = known.get(id) else { continue };
                let before: Option<Kept<PlaceLink>> = read.get(Name::PlaceLink(id))?;
                let link = PlaceLink::make(place, before.as_ref().map(|before| &before.value), &of);
                let detail = format!("{}, jusqu’au {}", place.name, shared::french::day(&until));
                writing = writing
                    .expect(Name::PlaceLink(id), before.map_or(0, |before| before.revision))
                    .put(Name::PlaceLink(id), &link.link)
                    .append(Log::Audit, &self.trace(Done::LinkMade, id, &detail));
                made.push(link);
            }
            // A conflict: one of them was opened or answered at this very moment.
            if let Written::Done(_) = self.ledger.write(&writing).await.map_err(storage)? {
                return Ok(made);
            }
        }
    }

    /// Revokes the link of a place: it opens nothing from now on. What came by it stays.
    pub(crate) async fn revoke_place_link(&self, place: &str) -> Result<PlaceLink, Failure> {
        if let Some(own) = self.person.role.territory() {
            let directory = self.parse(&self.live_document().await?)?;
            if !places_of(&directory, own)?.contains(place) {
                return Err(unknown_link());
            }
        }
        loop {
            let name = Name::PlaceLink(place);
            let read = self.ledger.read(&Reading::default().name(name)).await.map_err(unread)?;
            let link: Kept<PlaceLink> = read.get(name)?.ok_or_else(unknown_link)?;
            if link.value.revoked.is_some() {
                return Ok(link.value);
            }
            let revoked = Some(Revoked { at: clock::timestamp(), by: self.person.who() });
            let value = PlaceLink { revoked, ..link.value };
            let writing = Writing::default()
                .expect(name, link.revision)
                .put(name, &value)
                .append(Log::Audit, &self.trace(Done::LinkRevoked, place, &value.name));
            if let Written::Done(_) = self.ledger.write(&writing).await.map_err(storage)? {
                return Ok(value);
            }
        }
    }
}

/// Notes that a link was opened today; the trail has a line the first time of a day. Where that
/// fails, the link opens all the same.
pub(crate) async fn touch(ledger: &Ledger, link: Kept<PlaceLink>, by: Who) -> Kept<PlaceLink> {
    let today = clock::today();
    if link.value.opened_on.as_deref() == Some(&today) {
        return link;
    }
    let (place, detail) = (link.value.place.clone(), link.value.name.clone());
    let used = PlaceLink { opened_on: Some(today), ..link.value.clone() };
    let trace = Trace {
        at: clock::timestamp(),
        by: Some(by),
        done: Done::LinkOpened,
        subject: place.clone(),
        detail,
    };
    let name = Name::PlaceLink(&place);
    let writing = Writing::default().expect(name, link.revision).put(name, &used).append(Log::Audit, &trace);
    match ledger.write(&writing).await {
        Ok(Written::Done(revisions)) => {
            Kept { revision: revisions.first().copied().unwrap_or(link.revision), value: used }
        }
        _ => link,
    }
}

fn unknown_link() -> Failure {
    Problem::new(404, "unknown-place-link", "Ce lieu n’a pas de lien privé, ou n’est pas à vous.").into()
}

/// The ids of the places that stand in a territory.
fn places_of<'a>(directory: &'a Directory, territory: &str) -> Result<BTreeSet<&'a str>, Failure> {
    let geography = shipped::geography()?;
    let own = stands_in(territory, directory, &geography);
    Ok(directory.structures.iter().filter(|place| own(place)).map(|place| place.id.as_str()).collect())
}

/// How many days ago a moment was.
pub(crate) fn days_since(moment: &str) -> u32 {
    let then = clock::at(moment);
    if then.is_nan() {
        return 0;
    }
    // Days since a link was made: neither negative nor many.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a few years")]
    let days = ((clock::now() - then) / DAY).clamp(0.0, 10_000.0) as u32;
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::place_links::Said;

    const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";

    fn link(secret: &str, before: Option<&PlaceLink>) -> PlaceLink {
        let place = Structure { id: "cio-26".into(), name: "CIO".into(), ..Structure::default() };
        let by = Who { id: "k".into(), name: "La Région".into() };
        let at = "2026-11-30T10:00:00.000Z";
        let of = Of { by, territory: None, at, until: "2026-12-30", mark: "m" };
        PlaceLink::with(&place, before, &of, hash(secret))
    }

    #[test]
    fn a_link_opens_for_its_days_under_its_secret_until_it_is_revoked() {
        let link = link(SECRET, None);
        for (today, mark, expected) in [
            ("2026-11-30", "m", LinkState::Open),
            ("2026-12-30", "m", LinkState::Open),
            ("2026-12-31", "m", LinkState::Expired),
            ("2027-01-01", "m", LinkState::Expired),
            ("2026-11-30", "other", LinkState::Suspended),
        ] {
            assert_eq!(link.opens(today, mark), expected, "{today} {mark}");
        }
        let revoked = Some(Revoked { at: String::new(), by: link.made_by.clone() });
        assert_eq!(PlaceLink { revoked, ..link }.opens("2026-11-30", "m"), LinkState::Revoked);
    }

    #[test]
    fn only_its_own_secret_opens_it_and_none_opens_what_is_not_there() {
        let link = link(SECRET, None);
        assert!(is_it(Some(&link), SECRET));
        for wrong in ["", "0", &SECRET[1..], &SECRET.to_uppercase(), link.hash.as_str()] {
            assert!(!is_it(Some(&link), wrong), "{wrong}");
        }
        assert!(!is_it(None, SECRET) && !is_it(None, ""));
    }

    #[test]
    fn what_is_kept_does_not_hold_the_secret() {
        let kept = serde_json::to_string(&link(SECRET, None)).unwrap();
        assert!(!kept.contains(SECRET) && kept.contains(&hash(SECRET)), "{kept}");
        assert_eq!(serde_json::from_str::<PlaceLink>(&kept).unwrap(), link(SECRET, None));
        // 192 bits: nobody guesses it.
        assert_eq!(SECRET.len(), 2 * SECRET_BYTES);
    }

    #[test]
    fn another_link_forgets_all_of_the_one_before_but_the_answer() {
        let answered =
            Some(Answered { at: String::new(), said: Said::Corrected, draft: "0123456789".into() });
        let revoked = Some(Revoked { at: String::new(), by: Who { id: "k".into(), name: String::new() } });
        let before =
            PlaceLink { answers: MOST_ANSWERS, answered: answered.clone(), revoked, ..link("x", None) };
        let after = link(SECRET, Some(&before));
        assert_eq!((after.answers, after.answered, after.revoked), (0, answered, None));
        assert_ne!(after.hash, before.hash);
    }
}
