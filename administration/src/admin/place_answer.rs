//! What a place says by its private link, put into a draft for an administrator. Nothing here
//! publishes: visitors see what a place says once an administrator has published it.
//!
//! Answers gather in one draft, which is brought up to what is live as each comes, for as long as
//! only places have written into it. Once an administrator checks, changes or proposes it, the next
//! answer begins another.

use super::desk::Desk;
use super::drafts::{Changed, Draft, DraftState, LONGEST_TITLE};
use super::person::Person;
use super::place_links::{MOST_ANSWERS, PlaceLink};
use super::territory::stands_in;
use crate::archive::{storage, unread};
use crate::ledger::{Kept, Name, Reading, Writing, Written};
use insight::compare::diff;
use protocol::Who;
use protocol::place_links::{Answered, Said};
use protocol::rights::Role;
use serde_json::{Map, Value};
use serving::problem::{Failure, Problem};
use serving::{clock, shipped};
use shared::directory::{Directory, Structure};
use shared::fields;

/// What a person of a place is called in the ids of the records.
const PLACE: &str = "place/";

/// The person that a link stands for: it may see, and nothing else.
pub(crate) fn person(link: &PlaceLink) -> Person {
    Person {
        id: format!("{PLACE}{}", link.place),
        name: format!("{} (par son lien privé)", link.name),
        role: Role::Reader,
    }
}

/// Whether a place has written something, by its link.
pub(crate) fn is_place(who: &Who) -> bool {
    who.id.starts_with(PLACE)
}

/// The record of a place as its people see it.
pub(crate) struct Seen {
    /// The directory that it is in: what is live, or the draft with their last answer.
    pub(crate) directory: Directory,
    pub(crate) place: Structure,
    /// Their last answer, where it waits for an administrator.
    pub(crate) waiting: Option<Answered>,
}

/// Whether only places have written into a draft, and more of them may.
fn gathers(draft: &Draft) -> bool {
    draft.of_places
        && draft.state == DraftState::Open
        && draft.check.is_none()
        && (is_place(&draft.changed_by))
}

/// Whether a draft is neither published nor given up.
const fn waits(draft: &Draft) -> bool {
    matches!(draft.state, DraftState::Open | DraftState::Proposed)
}

/// Whether another writer came between: trying again sees what they wrote.
fn is_overtaken(failure: &Failure) -> bool {
    matches!(failure, Failure::Problem(problem) if problem.is("draft-changed"))
}

impl Desk<'_> {
    /// The record that a link shows: the one of the draft that holds the last answer, while it
    /// waits; else the live one. Nothing where the place is not live any more, or has left the
    /// territory whose key made the link.
    pub(crate) async fn seen_by(&self, link: &PlaceLink) -> Result<Option<Seen>, Failure> {
        let live = self.parse(&self.live_document().await?)?;
        let Some(place) = own(link, &live)? else { return Ok(None) };
        if let Some(answered) = &link.answered
            && let Some(draft) = self.any_draft(&answered.draft).await?
            && waits(&draft.value)
        {
            let directory = self.parse(&self.document(&draft.value).await?)?;
            if let Some(place) = find(&directory, &link.place).cloned() {
                return Ok(Some(Seen { directory, place, waiting: Some(answered.clone()) }));
            }
        }
        Ok(Some(Seen { place: place.clone(), directory: live, waiting: None }))
    }

    /// A draft, whether or not the person may open it.
    async fn any_draft(&self, id: &str) -> Result<Option<Kept<Draft>>, Failure> {
        self.ledger
            .read(&Reading::default().name(Name::Draft(id)))
            .await
            .map_err(unread)?
            .get(Name::Draft(id))
    }

    /// Takes an answer: the record as the people of the place want it, in a draft.
    pub(crate) async fn take_answer(
        &self,
        link: Kept<PlaceLink>,
        before: &Structure,
        after: Structure,
        said: Said,
    ) -> Result<(), Failure> {
        if *before == after {
            // They have said so before.
            return Ok(());
        }
        let link = self.count_answer(link).await?;
        let detail = told(before, &after, said);
        let mut tries = 0;
        let draft = loop {
            match self.gather(&link.value, (before, &after), &detail).await {
                Err(failure) if is_overtaken(&failure) && tries < 4 => tries += 1,
                other => break other?,
            }
        };
        let answered = Answered { at: clock::timestamp(), said, draft: draft.value.id };
        loop {
            let name = Name::PlaceLink(&link.value.place);
            let read = self.ledger.read(&Reading::default().name(name)).await.map_err(unread)?;
            let Some(kept) = read.get::<PlaceLink>(name)? else { return Ok(()) };
            let value = PlaceLink { answered: Some(answered.clone()), ..kept.value };
            let writing = Writing::default().expect(name, kept.revision).put(name, &value);
            if let Written::Done(_) = self.ledger.write(&writing).await.map_err(storage)? {
                return Ok(());
            }
        }
    }

    /// Counts an answer before anything is written for it: a link takes [`MOST_ANSWERS`], one at a
    /// time.
    async fn count_answer(&self, link: Kept<PlaceLink>) -> Result<Kept<PlaceLink>, Failure> {
        if link.value.answers >= MOST_ANSWERS {
            let detail = format!(
                "Ce lien a déjà envoyé {MOST_ANSWERS} réponses. Demandez-en un autre à qui vous l’a envoyé. Votre dernière réponse est gardée."
            );
            return Err(Problem::new(429, "too-many-answers", detail).into());
        }
        let value = PlaceLink { answers: link.value.answers + 1, ..link.value };
        let name = Name::PlaceLink(&value.place);
        let writing = Writing::default().expect(name, link.revision).put(name, &value);
        match self.ledger.write(&writing).await.map_err(storage)? {
            Written::Done(revisions) => {
                Ok(Kept { revision: revisions.first().copied().unwrap_or_default(), value })
            }
            Written::Conflict => {
                let detail = "Une autre réponse arrive en ce moment par ce lien. La vôtre n’est pas enregistrée : relisez la fiche, puis envoyez de nouveau.";
                Err(Problem::new(409, "answered-meanwhile", detail).into())
            }
        }
    }

    /// Writes the record of a place into the draft that gathers the answers; begins one where there
    /// is none.
    async fn gather(
        &self,
        link: &PlaceLink,
        (before, after): (&Structure, &Structure),
        detail: &str,
    ) -> Result<Kept<Draft>, Failure> {
        let read = self.ledger.read(&Reading::default().all(Name::Draft(""))).await.map_err(unread)?;
        let drafts: Vec<Kept<Draft>> = read.all(Name::Draft(""))?;
        let gathering = drafts
            .into_iter()
            .filter(|draft| gathers(&draft.value) && draft.value.territory == link.territory)
            .max_by(|one, other| one.value.begun_at.cmp(&other.value.begun_at));
        let draft = match gathering {
            Some(draft) => self.bring_up_to_date(draft).await?.0,
            None => self.begin_for(&title(), link.territory.clone(), true).await?,
        };
        let mut directory = self.parse(&self.document(&draft.value).await?)?;
        let place = directory.structures.iter_mut().find(|place| place.id == link.place);
        let place = place.ok_or_else(super::place_links::nothing)?;
        *place = onto(before, after, place);
        self.replace(draft, &directory, Changed::to(detail)).await
    }
}

/// A record with what an answer changes of the one that its people saw: what others have changed
/// since stays.
fn onto(before: &Structure, after: &Structure, now: &Structure) -> Structure {
    fn merge(before: &Map<String, Value>, after: &Map<String, Value>, now: &mut Map<String, Value>) {
        for name in before.keys().chain(after.keys()) {
            let [was, is] = [before, after].map(|fields| fields.get(name).unwrap_or(&Value::Null));
            if was == is {
                continue;
            }
            let mut inner = now.get(name).cloned().unwrap_or_default();
            match (was, is, &mut inner) {
                // Each correction is one field's.
                (Value::Object(was), Value::Object(is), Value::Object(inner)) if name == "corrections" => {
                    merge(was, is, inner);
                }
                _ => inner = is.clone(),
            }
            now.insert(name.clone(), inner);
        }
        now.retain(|_, value| !value.is_null());
    }
    if before == now {
        return after.clone();
    }
    let mut merged = fields::of(now);
    merge(&fields::of(before), &fields::of(after), &mut merged);
    // What is made of the fields of three records is one.
    fields::read(&Value::Object(merged)).unwrap_or_else(|_| after.clone())
}

fn title() -> String {
    let title = format!("Réponses des lieux, depuis le {}", shared::french::day(&clock::today()));
    title.chars().take(LONGEST_TITLE).collect()
}

fn find<'a>(directory: &'a Directory, id: &str) -> Option<&'a Structure> {
    directory.structures.iter().find(|place| place.id == id)
}

/// The live place of a link, where the key that made it may still have its answers.
fn own<'a>(link: &PlaceLink, live: &'a Directory) -> Result<Option<&'a Structure>, Failure> {
    let place = find(live, &link.place);
    let Some(territory) = &link.territory else { return Ok(place) };
    let geography = shipped::geography()?;
    Ok(place.filter(|place| stands_in(territory, live, &geography)(place)))
}

/// What a place said, in plain French, without the day of the check, which every answer changes.
fn told(before: &Structure, after: &Structure, said: Said) -> String {
    let fields = diff::changed(before, after).map(|changed| changed.fields).unwrap_or_default();
    let names: Vec<&str> = fields
        .iter()
        .map(|field| field.name.as_str())
        .filter(|name| !matches!(*name, "checked_on" | "corrections"))
        .map(shared::fields::french)
        .collect();
    match said {
        Said::StillTrue => format!("{}, par son lien privé : toujours juste", after.name),
        Said::Corrected => {
            format!("{}, par son lien privé : {} ({})", after.name, said.french(), names.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft(of_places: bool, by: &str, state: &DraftState) -> Draft {
        let who = json!({ "id": by, "name": "x" });
        let mut draft: Draft = serde_json::from_value(json!({
            "id": "a", "title": "t", "territory": null, "begun_by": who, "begun_at": "",
            "changed_by": who, "changed_at": "", "base": "0123456789abcdef0123456789abcdef",
            "document": null, "token": "t", "state": state,
        }))
        .unwrap();
        draft.of_places = of_places;
        draft
    }

    #[test]
    fn answers_gather_until_somebody_takes_the_draft_over() {
        let open = DraftState::Open;
        assert!(gathers(&draft(true, "place/cio", &open)));
        assert!(!gathers(&draft(true, "0123456789", &open)), "an administrator has changed it");
        assert!(!gathers(&draft(false, "place/cio", &open)));
        for state in [DraftState::Proposed, DraftState::Published(3), DraftState::Abandoned] {
            assert!(!gathers(&draft(true, "place/cio", &state)), "{state:?}");
        }
    }

    #[test]
    fn no_key_is_taken_for_a_place() {
        let who = |id: &str| Who { id: id.to_owned(), name: String::new() };
        assert!(is_place(&who("place/cio")));
        assert!(!is_place(&who("0123456789")) && !is_place(&who("installation")));
    }

    #[test]
    fn an_answer_leaves_what_somebody_else_changed_meanwhile() {
        let mut before = Structure { id: "cio".into(), name: "CIO".into(), ..Structure::default() };
        before.phones = vec!["04 75 00 00 01".into()];
        before.hours_note = Some("Le matin".into());
        let mut after = before.clone();
        (after.website, after.hours_note) = (Some("https://exemple.fr".into()), None);
        after.correct(Some(&before), "2026-11-30");
        let mut now = before.clone();
        now.phones = vec!["04 75 00 00 02".into()];
        now.position =
            Some(shared::geography::Position { latitude: 45.046, longitude: 5.052, approximate: false });
        now.correct(Some(&before), "2026-11-29");
        let merged = onto(&before, &after, &now);
        assert_eq!((&merged.phones, merged.position), (&now.phones, now.position));
        assert_eq!((&merged.website, &merged.hours_note), (&after.website, &None));
        let corrected: Vec<&str> = merged.corrections.keys().map(String::as_str).collect();
        assert_eq!(corrected, ["hours_note", "phones", "position", "website"]);
        assert_eq!(onto(&before, &after, &before), after);
    }

    #[test]
    fn an_answer_is_told_by_what_it_changes() {
        let before = Structure { name: "CIO".into(), ..Structure::default() };
        let mut after = before.clone();
        after.checked_on = Some("2026-11-30".into());
        assert_eq!(told(&before, &after, Said::StillTrue), "CIO, par son lien privé : toujours juste");
        after.phones = vec!["04 75 00 00 01".into()];
        after.correct(Some(&before), "2026-11-30");
        assert_eq!(told(&before, &after, Said::Corrected), "CIO, par son lien privé : corrigé (téléphones)");
    }
}
