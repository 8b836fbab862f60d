//! How a place belongs to a commune.

use crate::geography::Commune;
use serde::Serialize;

/// How a place belongs to a visitor's commune, the closest first.
///
/// Only networks of a territory ([`crate::directory::Reach::Territory`]) tell the middle ones
/// apart: of the others, a place that declares no competence is as good as it is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bond {
    /// It declares that it is there for the commune.
    Competent,
    /// It lies in the commune; a city with arrondissements is one.
    Commune,
    /// It lies in the commune's intercommunality, in the same department: where one reaches over
    /// a border, these networks do not.
    Intercommunality,
    /// It lies in the commune's department.
    Department,
    /// Nothing but its distance speaks for it.
    Distance,
}

impl Bond {
    /// Whether the place declares that it is there for the commune.
    pub fn is_competent(self) -> bool {
        self == Self::Competent
    }

    /// The bond between a commune and a place of a network of a territory that lies in another
    /// commune and declares nothing.
    pub fn between(here: &Commune, place: &Commune) -> Self {
        if here.department() != place.department() {
            Self::Distance
        } else if here.city() == place.city() {
            Self::Commune
        } else if !here.intercommunality.is_empty() && here.intercommunality == place.intercommunality {
            Self::Intercommunality
        } else {
            Self::Department
        }
    }
}
