//! The territories of a draft's directory: changing, adding and taking one away.

use super::desk::Desk;
use super::drafts::{Changed, Draft};
use crate::ledger::Kept;
use serving::problem::{Failure, Problem};
use shared::directory::{Directory, Territory};

/// What a directory has of a territory: how many communes, departments and places name it.
pub(crate) fn named_by(directory: &Directory, id: &str) -> Vec<String> {
    let places = directory.structures.iter().filter(|place| {
        let competence = place.competence.as_ref();
        competence.is_some_and(|competence| competence.territories.iter().any(|one| one == id))
    });
    let papers = directory.resources.iter().filter(|paper| paper.territory.as_deref() == Some(id));
    let papers = papers.map(|paper| format!("le document « {} »", shared::french::words(&paper.title)));
    places.map(|place| format!("la compétence de {}", place.name)).chain(papers).collect()
}

/// An id for something new, after its name, that is not taken; `unnamed` where the name has no letter.
pub(crate) fn new_id(name: &str, unnamed: &str, is_taken: &dyn Fn(&str) -> bool) -> String {
    let slug = shared::spelling::fold(name).replace(' ', "-");
    let base = if slug.is_empty() { unnamed.to_owned() } else { slug };
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| !is_taken(id)).unwrap_or(base)
}

impl Desk<'_> {
    /// Changes, adds or takes away one territory of a draft of the Region's.
    pub(crate) async fn change_territory(
        &self,
        draft: Kept<Draft>,
        id: &str,
        territory: Option<Territory>,
    ) -> Result<Kept<Draft>, Failure> {
        let mut directory = self.parse(&self.document(&draft.value).await?)?;
        let at = directory.territories.iter().position(|one| one.id == id);
        let detail = match (at, territory) {
            (Some(at), Some(territory)) => {
                let detail = format!("territoire modifié : {}", territory.name);
                directory.territories[at] = territory;
                detail
            }
            (None, Some(territory)) => {
                let detail = format!("territoire ajouté : {}", territory.name);
                directory.territories.push(territory);
                detail
            }
            (Some(at), None) => {
                let named = named_by(&directory, id);
                if !named.is_empty() {
                    let (some, more) = (named.len().min(5), if named.len() > 5 { "…" } else { "" });
                    let detail = format!(
                        "Ce territoire est encore nommé par {}{more}. Changez-les d’abord. Rien n’a été changé.",
                        named[..some].join(", ")
                    );
                    return Err(Problem::new(409, "territory-in-use", detail).into());
                }
                format!("territoire retiré : {}", directory.territories.remove(at).name)
            }
            (None, None) => return Err(unknown(id)),
        };
        self.replace(draft, &directory, Changed::to(detail)).await
    }
}

/// There is no such territory in the draft.
pub(crate) fn unknown(id: &str) -> Failure {
    let detail = format!("Le territoire « {id} » n’est pas dans ce brouillon.");
    Problem::new(404, "unknown-territory", detail).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> Directory {
        let mut directory =
            Directory::from_json(include_bytes!("../../../shared/examples/two-places.json")).unwrap();
        let territory = serde_json::json!({ "id": "pays-invente", "name": "Pays inventé" });
        directory.territories = vec![serde_json::from_value(territory).unwrap()];
        directory
    }

    #[test]
    fn a_new_territory_is_called_after_its_name() {
        let called = |name| new_id(name, "territoire", &|id| id == "pays-invente");
        assert_eq!(called("Drôme des Collines"), "drome-des-collines");
        assert_eq!(called("Pays inventé"), "pays-invente-2");
        assert_eq!(called("…"), "territoire");
    }

    #[test]
    fn what_names_a_territory_is_told() {
        let mut directory = directory();
        assert!(named_by(&directory, "pays-invente").is_empty());
        directory.structures[0].competence =
            serde_json::from_str(r#"{"territories":["pays-invente"]}"#).unwrap();
        let paper = r#"{"id":"p","kind":"diagnosis","title":{"fr":"Diagnostic"},"territory":"pays-invente"}"#;
        directory.resources = vec![serde_json::from_str(paper).unwrap()];
        let named = named_by(&directory, "pays-invente");
        assert_eq!(named.len(), 2, "{named:?}");
        assert!(named[1].contains("« Diagnostic »") && named_by(&directory, "other").is_empty());
    }
}
