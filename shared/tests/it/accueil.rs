//! Sixty people, each with the answer that an experienced adviser of the place would give: the
//! table `shared/tests/cases/accueil.tsv`, in French, for advisers to read and to correct.
//!
//! Each row is answered by the engine, on the pieces of the shipped directory. A row that does not
//! hold says who came instead. `docs/sixty-people.md` is written from the same rows.

#![expect(clippy::disallowed_methods, reason = "`shared` reads no file; the table to compare with is one")]

use crate::asking::questions_asked;
use crate::people::{PAGE_2026, Published};
use crate::shipped::{DIRECTORY_2026, REGION_2026};
use shared::condition::Answers;
use shared::decision::GuideQuestionKind;
use shared::guide::walk;
use shared::recommend::{Card, Recommendation, Target};
use shared::snapshot::DepartmentPiece;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const TABLE: &str = include_str!("../cases/accueil.tsv");

/// The networks that the guide leads nobody to, and why.
const NOT_PROPOSED: [(&str, &str); 2] = [
    ("autre-partenaire", "its source says not to propose it by default"),
    (
        "cite-des-metiers",
        "the directory has no place of it, and its site comes behind every place that receives people",
    ),
];

/// One person, as a row of the table says.
struct Person {
    number: usize,
    who: &'static str,
    commune: (&'static str, &'static str),
    answers: Vec<(&'static str, &'static str)>,
    language: &'static str,
    first: &'static str,
    received: &'static str,
    also: Vec<&'static str>,
    never_first: Vec<&'static str>,
    why: &'static str,
    source: &'static str,
}

fn list(cell: &'static str) -> Vec<&'static str> {
    cell.split(", ").filter(|item| !item.is_empty()).collect()
}

fn people() -> Vec<Person> {
    let mut rows = TABLE.lines();
    let head = "n°\tpersonne\tcommune\tcode\tréponses\tlangue\tpremier\têtre reçu\taussi\tjamais en premier\tpourquoi\tsource";
    assert_eq!(rows.next(), Some(head));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let [number, who, name, code, answers, language, first, received, also, never_first, why, source] =
            cells[..]
        else {
            panic!("twelve cells, and not those of « {row} »")
        };
        Person {
            number: number.parse().unwrap(),
            who,
            commune: (name, code),
            answers: list(answers).into_iter().map(|answer| answer.split_once('=').unwrap()).collect(),
            language,
            first,
            received,
            also: list(also),
            never_first: list(never_first),
            why,
            source,
        }
    })
    .collect()
}

/// A card as the table names it: the id of a place, or that of a network with a site or a phone.
fn named(page: &Published, piece: &DepartmentPiece, card: &Card) -> String {
    match card.target {
        Target::Place(chosen) => piece.places[chosen.place].id.clone(),
        Target::Network => format!("réseau {}", network(page, card)),
        Target::Remote(service) => format!("service {}", page.guide.remote_services[service].id),
    }
}

fn network<'a>(page: &'a Published, card: &Card) -> &'a str {
    card.network(&page.guide).map_or("", |network| network.id.as_str())
}

/// What the guide answers to a person, and the answers that it asked for.
struct Answered {
    found: Recommendation,
    piece: &'static DepartmentPiece,
    asked: Vec<&'static str>,
}

impl Person {
    /// Plays the guide: it asks, the person answers. An answer that nobody asks for is an error of
    /// the table, and so is a question that has none.
    fn visit(&self, page: &'static Published) -> Result<Answered, String> {
        let mut given = Answers::new();
        let mut asked = Vec::new();
        while let Some(question) = walk(&page.guide, &given).next {
            let answer = match question.kind {
                GuideQuestionKind::Commune => self.commune.1,
                GuideQuestionKind::Choices(_) => {
                    let answer = self.answers.iter().find(|(id, _)| *id == question.id);
                    answer.ok_or_else(|| format!("« {} » n’a pas de réponse", question.id))?.1
                }
            };
            if !question.accepts(answer) {
                return Err(format!("« {answer} » n’est pas une réponse à « {} »", question.id));
            }
            asked.push(question.id.as_str());
            given.insert(question.id.clone(), answer.to_owned());
        }
        if let Some((id, _)) = self.answers.iter().find(|(id, _)| !asked.contains(id)) {
            return Err(format!("« {id} » n’est pas demandé"));
        }
        let piece = page
            .departments
            .iter()
            .find(|piece| piece.commune(self.commune.1).is_some())
            .ok_or_else(|| format!("{} n’est pas une commune de la région", self.commune.1))?;
        Ok(Answered { found: page.decide(&given, self.commune.1).found, piece, asked })
    }

    /// What does not hold, in French.
    fn wrong(&self, page: &'static Published) -> Vec<String> {
        let Answered { found, piece, .. } = match self.visit(page) {
            Ok(answered) => answered,
            Err(why) => return vec![why],
        };
        let name = |card: &Card| named(page, piece, card);
        let mut wrong = Vec::new();
        let main = name(&found.main);
        if main != self.first {
            wrong.push(format!("premier : {} attendu, {main} obtenu", self.first));
        }
        let received = found.reception.as_ref().map(name).unwrap_or_default();
        if received != self.received {
            wrong.push(format!("être reçu : « {} » attendu, « {received} » obtenu", self.received));
        }
        for also in &self.also {
            if !found.cards().any(|card| network(page, card) == *also || name(card) == *also) {
                let all: Vec<String> = found.cards().map(name).collect();
                wrong.push(format!("aussi : {also} attendu parmi {}", all.join(", ")));
            }
        }
        if self.never_first.contains(&network(page, &found.main)) {
            wrong.push(format!("jamais en premier : {}", network(page, &found.main)));
        }
        wrong
    }
}

#[test]
fn each_of_the_sixty_is_answered_as_an_adviser_would() {
    let wrong: Vec<String> = people()
        .iter()
        .flat_map(|person| {
            let found = person.wrong(&PAGE_2026).into_iter();
            found.map(|why| format!("{} {}, {} : {why}", person.number, person.who, person.commune.0))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_row_that_does_not_hold_says_what_came_instead() {
    let wrong = |change: fn(&mut Person)| {
        let mut person = people().swap_remove(3);
        change(&mut person);
        person.wrong(&PAGE_2026).join(" ; ")
    };
    assert_eq!(wrong(|_| ()), "");
    assert_eq!(
        wrong(|person| person.first = "réseau mife"),
        "premier : réseau mife attendu, réseau avenir-actifs obtenu"
    );
    assert!(wrong(|person| person.received = "").contains("obtenu"));
    assert!(wrong(|person| person.also.push("cidff")).contains("aussi : cidff attendu parmi"));
    assert!(wrong(|person| person.never_first.push("avenir-actifs")).contains("jamais en premier"));
    assert!(wrong(|person| person.answers.push(("track", "school"))).contains("n’est pas demandé"));
    assert!(wrong(|person| person.answers.truncate(2)).contains("n’a pas de réponse"));
}

#[test]
fn the_sixty_are_of_every_row_network_department_and_language() {
    let people = people();
    assert_eq!(people.len(), 60);
    assert!(people.iter().enumerate().all(|(index, person)| person.number == index + 1));
    for person in &people {
        let commune = REGION_2026.commune(person.commune.1).unwrap();
        assert_eq!(commune.name, person.commune.0, "{}", person.number);
        assert!(!person.who.is_empty() && !person.why.is_empty() && !person.source.is_empty());
    }
    let edition = &DIRECTORY_2026.edition;
    for department in &edition.region.departments {
        let here = people.iter().filter(|person| person.commune.1.starts_with(&department.code));
        assert!(here.count() > 0, "nobody of {}", department.name);
    }
    for language in &edition.languages {
        assert!(people.iter().any(|person| person.language == language.tag), "nobody reads {}", language.tag);
    }
    let population =
        |person: &Person| REGION_2026.commune(person.commune.1).map_or(0, |commune| commune.population);
    let small = people.iter().filter(|person| population(person) < 3_000).count();
    assert!(small >= 10 && people.iter().any(|person| population(person) > 100_000), "{small} of villages");
    for row in [
        "R1", "R1b", "R2", "R3", "R3b", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13",
        "R14", "R15",
    ] {
        let of_row = |person: &&Person| person.source.split([' ', ';']).any(|source| source == row);
        assert!(people.iter().any(|person| of_row(&person)), "nobody of {row}");
    }
    let named: BTreeSet<&str> = people
        .iter()
        .flat_map(|person| {
            let Answered { found, .. } = person.visit(&PAGE_2026).unwrap_or_else(|why| panic!("{why}"));
            found.cards().map(|card| network(&PAGE_2026, card)).collect::<Vec<_>>()
        })
        .collect();
    for network in &edition.networks {
        let reason = NOT_PROPOSED.iter().find(|(id, _)| *id == network.id);
        assert_eq!(named.contains(network.id.as_str()), reason.is_none(), "{}", network.id);
    }
}

/// What they read is said in their language.
#[test]
fn the_sixty_read_their_reasons_in_their_own_language() {
    for person in people() {
        let guide = shared::compile::localized(&DIRECTORY_2026, person.language);
        let Answered { found, .. } = person.visit(&PAGE_2026).unwrap_or_else(|why| panic!("{why}"));
        for rule in found.cards().filter_map(|card| card.rule) {
            let reason = guide.text(guide.rules[rule].reason);
            assert!(!guide.is_untranslated(reason), "{} : {reason}", person.number);
            assert_eq!(
                person.language == "fr",
                reason == PAGE_2026.guide.text(PAGE_2026.guide.rules[rule].reason),
                "{reason}"
            );
        }
    }
}

/// The table of `docs`, compared with the file; `SPRO_BLESS=1` writes it.
#[test]
fn the_table_of_the_sixty_is_written() {
    let page = &*PAGE_2026;
    let mut table = String::from(
        "# Soixante personnes, et où le guide les envoie\n\n\
         Écrit par `SPRO_BLESS=1 cargo test -p spro-shared --test it accueil` à partir de\n\
         `shared/tests/cases/accueil.tsv`, où chaque ligne dit ce qu’un conseiller répondrait et pourquoi.\n\
         Les distances sont à vol d’oiseau, depuis le centre de la commune. « Site ou téléphone » : aucun lieu du\n\
         réseau ne passe avant. Ce qu’aucune source ne confirme est marqué unverified.\n\
         Les douze premières sont celles dont les réponses ont fait revoir les règles.\n\n",
    );
    let counts = questions_asked(page);
    let _ = write!(
        table,
        "Nombre de questions, commune comprise, sur les {} suites de réponses possibles : {} en médiane, {} au\n\
         plus.\n\n\
         | n° | personne | commune | premier | où être reçu | questions | pourquoi | source |\n\
         |---|---|---|---|---|---|---|---|\n",
        counts.len(),
        counts[counts.len() / 2],
        counts[counts.len() - 1],
    );
    for person in people() {
        let Answered { found, piece, asked } = person.visit(page).unwrap_or_else(|why| panic!("{why}"));
        let said = |card: &Card| match card.target {
            Target::Place(chosen) => {
                let place = &piece.places[chosen.place];
                let km = f64::from(chosen.distance.0) / 1000.0;
                format!("{}, {km:.1} km", place.name).replace('.', ",")
            }
            Target::Network => {
                let network = card.network(&page.guide).map_or("", |network| page.guide.name_of(network));
                format!("{network} (site ou téléphone)")
            }
            Target::Remote(service) => page.guide.text(page.guide.remote_services[service].name).to_owned(),
        };
        let received = found.reception.as_ref().map(said).unwrap_or_default();
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {received} | {} | {} | {} |",
            person.number,
            person.who,
            person.commune.0,
            said(&found.main),
            asked.len(),
            person.why,
            person.source
        );
    }
    table.push_str(
        "\nAucune question n’est posée pour rien : `cargo spro prove` cherche, pour chaque question et tout ce qui a \
         été répondu avant elle, deux réponses qui ne mènent pas au même résultat.\n",
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/sixty-people.md");
    if std::env::var_os("SPRO_BLESS").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == table, "docs/sixty-people.md: SPRO_BLESS=1 writes it");
}
