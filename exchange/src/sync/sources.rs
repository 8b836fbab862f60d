//! The file of sources: what administrators write to have their sources followed.

use crate::import::Options;
use crate::import::columns::{Field, Mapping};
use crate::import::decision::Decisions;
use crate::import::repair;
use crate::import::wanted::Wanted;
use crate::refusal::Refusal;
use serde::Deserialize;
use shared::spelling::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Every source, and what may be published without a person.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// The sources, in the order in which they are read: a later one completes the earlier ones.
    #[serde(default, rename = "source")]
    pub sources: Vec<Source>,
    /// The limits of a publication without a person; absent, nothing is published.
    #[serde(default)]
    pub publish: Option<Limits>,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What people call it; it is the `source` of its places, and must stay the same.
    pub name: String,
    /// An `http` or `https` address, or the path of a file from the folder of the file of sources.
    pub address: String,
    /// The licence under which it is published.
    #[serde(default)]
    pub licence: Option<String>,
    /// How often it is fetched.
    #[serde(default)]
    pub every: Every,
    /// The format that it must have, as the report of an import names it: `csv`, `dila`…
    #[serde(default)]
    pub format: Option<String>,
    /// Ids of the networks whose places are taken; those of every network where none is named.
    #[serde(default)]
    pub networks: Vec<String>,
    /// Codes of the departments whose places are taken; those of the region where none is named.
    #[serde(default)]
    pub departments: Vec<String>,
    /// The network of all its places, by id or name, where it does not say it.
    #[serde(default)]
    pub network: Option<String>,
    /// The title of the column that identifies the places.
    #[serde(default)]
    pub key: Option<String>,
    /// Title of a column → what it holds, as people call it; an empty text leaves it out.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// A value of its network column, or the name of a place → the network, by id or name.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// What was decided about its repairs and proposals.
    #[serde(default)]
    pub decisions: Decisions,
    /// How many seconds it may take to send everything.
    #[serde(default = "a_minute")]
    pub timeout: u64,
    /// How many mebibytes it may have.
    #[serde(default = "large")]
    pub largest: u64,
    /// How many of a hundred places of the last time must still be there; with fewer, it is not
    /// believed.
    #[serde(default = "half")]
    pub least: usize,
}

/// How often a source is fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Each time that somebody asks for it.
    #[default]
    Time,
    /// Once a day.
    Day,
    /// Once in seven days.
    Week,
    /// Once in thirty days.
    Month,
}

impl Every {
    /// For how many days what was fetched is good.
    pub const fn days(self) -> i64 {
        match self {
            Self::Time => 0,
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
        }
    }
}

/// What a publication without a person may change at most.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// How many of a hundred places may be added, changed or gone.
    #[serde(default = "tenth")]
    pub changed: usize,
    /// In how many communes a public may lose its main place.
    #[serde(default)]
    pub communes: usize,
}

const fn a_minute() -> u64 {
    60
}

const fn large() -> u64 {
    256
}

const fn half() -> usize {
    50
}

const fn tenth() -> usize {
    10
}

/// The formats that a source may be asked to have.
const FORMATS: [&str; 8] = ["csv", "xlsx", "ods", "json", "geojson", "inclusion", "dila", "directory"];

impl Sources {
    /// Looks at what no reader of TOML sees.
    ///
    /// # Errors
    /// The first thing that is wrong, with the name of its source.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.sources.is_empty() {
            return Err(refused("aucune source n’y est décrite").advising(
                "Commencez chaque source par une ligne [[source]], puis « name » et « address ».",
            ));
        }
        let mut slugs = BTreeSet::new();
        for source in &self.sources {
            source.check()?;
            if !slugs.insert(source.slug()) {
                return Err(refused(format!("deux sources s’appellent « {} »", source.name))
                    .advising("Donnez à chacune un nom à elle."));
            }
        }
        let share = self.publish.as_ref().map_or(0, |limits| limits.changed);
        if share > 100 {
            return Err(refused(format!("« changed = {share} » n’est pas une part de cent")));
        }
        Ok(())
    }
}

fn refused(why: impl AsRef<str>) -> Refusal {
    Refusal::new("sources", format!("Le fichier des sources ne peut pas servir : {}.", why.as_ref()))
}

impl Source {
    fn check(&self) -> Result<(), Refusal> {
        let of = |why: String| refused(format!("« {} », {why}", self.name));
        if self.slug().is_empty() {
            return Err(refused("une source n’a pas de nom"));
        }
        if self.address.trim().is_empty() {
            return Err(of("« address » est vide".to_owned()));
        }
        if let Some((scheme, _)) = self.address.split_once("://")
            && !self.is_online()
        {
            return Err(of(format!("« {scheme}:// » n’est pas lu")).advising(
                "Une adresse commence par https:// ou http:// ; sinon, écrivez le chemin d’un fichier.",
            ));
        }
        if let Some(format) = self.format.as_deref().filter(|format| !FORMATS.contains(format)) {
            return Err(of(format!("le format « {format} » n’existe pas"))
                .advising(format!("Les formats : {}.", FORMATS.join(", "))));
        }
        if let Some((title, name)) =
            self.columns.iter().find(|(_, name)| !name.trim().is_empty() && Field::parse(name).is_none())
        {
            let names: Vec<&str> = Field::all().map(Field::label).collect();
            return Err(of(format!("la colonne « {title} » : « {name} » n’est pas un champ"))
                .advising(format!("Les champs : {}.", names.join(", "))));
        }
        let decided = self.decisions.groups.keys().chain(self.decisions.items.keys());
        for code in decided.map(|id| id.split(':').next().unwrap_or_default()) {
            if !repair::is_code(code) {
                return Err(of(format!("« {code} » n’est le code de rien"))
                    .advising("Les codes sont entre crochets dans le compte rendu d’un import."));
            }
        }
        for (name, number, is_fine) in [
            ("timeout", self.timeout, (1..=3600).contains(&self.timeout)),
            ("largest", self.largest, (1..=4096).contains(&self.largest)),
            ("least", self.least as u64, self.least <= 100),
        ] {
            if !is_fine {
                return Err(of(format!("« {name} = {number} » ne convient pas")).advising(
                    "timeout : de 1 à 3600 secondes ; largest : de 1 à 4096 Mio ; least : de 0 à 100.",
                ));
            }
        }
        Ok(())
    }

    /// Whether it is fetched from an address; else it is a file.
    pub fn is_online(&self) -> bool {
        self.address.starts_with("https://") || self.address.starts_with("http://")
    }

    /// Its name as part of a file's name.
    pub fn slug(&self) -> String {
        fold(&self.name).replace(' ', "-")
    }

    /// How its columns are read.
    pub fn mapping(&self) -> Mapping {
        Mapping {
            columns: self.columns.iter().map(|(title, name)| (title.clone(), Field::parse(name))).collect(),
            network: self.network.clone(),
            networks: self.values.clone(),
        }
    }

    /// How the importer reads it, `as_of` the day for which it speaks.
    pub fn options(&self, as_of: &str) -> Options {
        Options {
            file: self.address.clone(),
            source: self.name.clone(),
            as_of: Some(as_of.to_owned()),
            licence: self.licence.clone(),
            wanted: Wanted { networks: self.networks.clone(), departments: self.departments.clone() },
            mapping: self.mapping(),
            key: self.key.clone(),
            decisions: self.decisions.clone(),
            report_missing: true,
            keep_given: true,
            ..Options::default()
        }
    }
}
