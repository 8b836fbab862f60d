//! A counter-example: a person, a place, what they get and what they should.

use serde::Serialize;
use shared::geography::Commune;
use shared::recommend::{Card, Recommendation, Target};
use shared::snapshot::LocalizedGuide;
use std::fmt;

/// What is wrong with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Nothing of level One, or nothing at all, is open to the person.
    DeadEnd,
    /// The person is sent to what does not certainly serve them, or not to the right place.
    WrongDoor,
    /// A guarantee of the edition is not kept.
    BrokenGuarantee,
    /// A card does not say why, what is offered, or when it was checked.
    Unexplained,
    /// A piece of the snapshot cannot be read, or does not say what the directory says.
    Unreadable,
    /// There are too many sets of answers to go through.
    TooMany,
    /// No answer to a question changes anything for the person who is asked it.
    AskedInVain,
}

impl Kind {
    /// What is wrong, in French.
    pub const fn told(self) -> &'static str {
        match self {
            Self::DeadEnd => "impasse",
            Self::WrongDoor => "mauvaise porte",
            Self::BrokenGuarantee => "garantie non tenue",
            Self::Unexplained => "recommandation sans explication",
            Self::Unreadable => "instantané illisible",
            Self::TooMany => "trop de questions",
            Self::AskedInVain => "question posée pour rien",
        }
    }
}

/// One answer, in the words of the guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The question, as it was put to the person.
    pub question: String,
    /// The choice.
    pub answer: String,
}

/// A commune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Town {
    /// INSEE code.
    pub code: String,
    /// Official name.
    pub name: String,
}

/// The first case that must not be. Its sentences are French, for administrators.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CounterExample {
    /// What is wrong.
    pub kind: Kind,
    /// What the person answered; empty where it does not matter.
    pub person: Vec<Said>,
    /// Where they live, where it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commune: Option<Town>,
    /// The places that were imagined for a guarantee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imagined: Option<String>,
    /// What they are recommended, the main place first.
    pub recommended: Vec<String>,
    /// What was expected.
    pub expected: String,
    /// The guarantee that is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Promise>,
}

/// A guarantee, as its edition words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// Its id.
    pub id: String,
    /// Its sentence.
    pub text: String,
    /// The page that it comes from.
    pub source: String,
}

impl CounterExample {
    pub(super) fn new(kind: Kind, expected: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            kind,
            person: Vec::new(),
            commune: None,
            imagined: None,
            recommended: Vec::new(),
            expected: expected.into(),
            guarantee: None,
        })
    }

    pub(super) fn unreadable(piece: &str) -> Box<Self> {
        Self::new(Kind::Unreadable, format!("une partie « {piece} » entière et lisible"))
    }

    pub(super) fn too_many() -> Box<Self> {
        Self::new(Kind::TooMany, "moins d’un million de jeux de réponses : posez moins de questions")
    }

    /// Where in the document to look first.
    pub fn path(&self) -> &'static str {
        match self.kind {
            Kind::BrokenGuarantee => "edition.guarantees",
            Kind::TooMany | Kind::AskedInVain => "edition.questions",
            Kind::DeadEnd | Kind::WrongDoor | Kind::Unexplained | Kind::Unreadable => "edition.rules",
        }
    }

    /// The case in one sentence, for a list of findings.
    pub fn sentence(&self) -> String {
        let said: Vec<&str> = self.person.iter().map(|said| said.answer.as_str()).collect();
        let person = if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) };
        let commune = self.commune.as_ref().map_or_else(String::new, |town| format!(", {}", town.name));
        let promise = self.guarantee.as_ref().map_or_else(String::new, |promise| format!(" {}", promise.id));
        format!("{}{promise}{person}{commune} ; attendu : {}", self.kind.told(), self.expected)
    }
}

impl fmt::Display for CounterExample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Contre-exemple : {}.", self.kind.told())?;
        if let Some(promise) = &self.guarantee {
            writeln!(f, "  Garantie {} : {}\n  Source : {}", promise.id, promise.text, promise.source)?;
        }
        if !self.person.is_empty() {
            writeln!(f, "  La personne répond :")?;
            for said in &self.person {
                writeln!(f, "    {} → {}", said.question, said.answer)?;
            }
        }
        if let Some(town) = &self.commune {
            writeln!(f, "  Commune : {} ({})", town.name, town.code)?;
        }
        if let Some(imagined) = &self.imagined {
            writeln!(f, "  Lieux imaginés : {imagined}")?;
        }
        if !self.person.is_empty() && self.kind != Kind::AskedInVain {
            let nothing = ["rien".to_owned()];
            let cards = if self.recommended.is_empty() { &nothing[..] } else { &self.recommended };
            writeln!(f, "  Recommandé : {}", cards.join(" ; "))?;
        }
        writeln!(f, "  Attendu : {}", self.expected)
    }
}

/// What a set of answers says, in the words of the guide.
pub(super) fn person(guide: &LocalizedGuide, answers: &shared::condition::Answers) -> Vec<Said> {
    guide
        .questions
        .iter()
        .filter_map(|question| {
            let answer = answers.get(&question.id)?;
            let choice = question.choices().iter().find(|choice| choice.id == *answer)?;
            let (question, answer) = (guide.wording(question, answers), guide.text(choice.text));
            Some(Said { question: question.to_owned(), answer: answer.to_owned() })
        })
        .collect()
}

pub(super) fn town(commune: &Commune) -> Town {
    Town { code: commune.code.clone(), name: commune.name.clone() }
}

/// What was recommended. `place` names the place of a card.
pub(super) fn recommended(
    guide: &LocalizedGuide,
    found: &Recommendation,
    place: &dyn Fn(&Card) -> Option<String>,
) -> Vec<String> {
    let name = |service: usize| guide.text(guide.remote_services[service].name).to_owned();
    let cards = found.cards().map(|card| match card.target {
        Target::Remote(service) => name(service),
        Target::Network | Target::Place(_) => {
            let network = card.network(guide).map_or("", |network| guide.name_of(network));
            match (place(card), card.target) {
                (Some(place), _) => format!("{network} ({place})"),
                (None, Target::Network) => format!("{network} (site ou téléphone)"),
                (None, _) => network.to_owned(),
            }
        }
    });
    let remote = found.remote_services.iter().map(|service| name(*service));
    cards.chain(remote).collect()
}
