//! The drawings that stand beside the name of a network or the words of a choice.

use serde::{Deserialize, Serialize};

/// A drawing of ours, never alone: whoever does not see it misses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Pictogram {
    /// An open book: school, a training.
    Book,
    /// The square hat of a graduate: studies, a diploma.
    Hat,
    /// A briefcase: work.
    Briefcase,
    /// A magnifying glass: to look for work.
    Glass,
    /// One person.
    Person,
    /// Several people: a family, somebody whom one accompanies.
    People,
    /// A house: to be at home.
    House,
    /// An armchair: retired.
    Armchair,
    /// A signpost: guidance, a choice to make.
    Signpost,
    /// A hammer: a craft, an apprenticeship.
    Hammer,
    /// A shop: trade, a business.
    Shop,
    /// A leaf: farming.
    Leaf,
    /// Columns under a roof: a public service.
    Columns,
    /// Somebody in a wheelchair: disability.
    Wheelchair,
    /// A coin: what pays.
    Coin,
    /// A globe: abroad, another country.
    Globe,
    /// A question mark: not known, not said.
    Question,
}

impl Pictogram {
    /// Its lines, as SVG path data in a square of 24, two wide with round ends, nothing filled.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Book => "M12 6v14C9 18 6 18 3 19V5c3-1 6-1 9 1 3-2 6-2 9-1v14c-3-1-6-1-9 1",
            Self::Hat => "M2 10l10-5 10 5-10 5zM6 12v5c3 3 9 3 12 0v-5M22 10v6",
            Self::Briefcase => "M3 8h18v12H3zM8 8V4h8v4M3 13h18",
            Self::Glass => "M16 10a6 6 0 1 0-12 0 6 6 0 0 0 12 0M14.5 14.5L21 21",
            Self::Person => "M15 7a3 3 0 1 0-6 0 3 3 0 0 0 6 0M5 21v-1c0-8 14-8 14 0v1",
            Self::People => {
                "M12 7a3 3 0 1 0-6 0 3 3 0 0 0 6 0M2 21v-1c0-8 14-8 14 0v1M16 4a3 3 0 0 1 0 6M18 14c3 1 4 3 4 7"
            }
            Self::House => "M3 11l9-8 9 8M6 9v12h12V9M10 21v-6h4v6",
            Self::Armchair => "M6 11V4h12v7M8 15v-4H3v7h18v-7h-5v4zM5 18v3M19 18v3",
            Self::Signpost => "M12 2v20M8 4h9l3 3-3 3H8zM16 13H7l-3 3 3 3h9z",
            Self::Hammer => "M4 21l9-9M9 7l5-4 7 7-4 5z",
            Self::Shop => "M5 11v10h14V11M3 11l2-7h14l2 7zM10 21v-6h4v6",
            Self::Leaf => "M5 19C4 9 10 4 20 4c0 10-5 16-15 15zM4 20l9-9",
            Self::Columns => "M3 9l9-6 9 6zM5 13v4M10 13v4M14 13v4M19 13v4M3 21h18",
            Self::Wheelchair => "M9 3v.01M9 7v7h6l3 6h2M9 10h5M6 11a5.5 5.5 0 1 0 8 7",
            Self::Coin => "M21 12a9 9 0 1 0-18 0 9 9 0 0 0 18 0M15 8c-6-3-6 11 0 8M7 11h5M7 13h5",
            Self::Globe => "M21 12a9 9 0 1 0-18 0 9 9 0 0 0 18 0zH3M12 3c-5 5-5 13 0 18 5-5 5-13 0-18",
            Self::Question => "M8 8c0-5 8-5 8 0 0 4-4 3-4 7M12 20v.01",
        }
    }
}
