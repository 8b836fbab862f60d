//! What an administrator decided about repairs and proposals: one by one, or by group.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A decision about one repair, one proposal, or all of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is made.
    Accept,
    /// It is not made.
    Refuse,
}

/// What was decided. Without a decision, what is certain is mended and what is only
/// proposed is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// By code, such as `phone-spelling`.
    #[serde(default)]
    pub groups: BTreeMap<String, Decision>,
    /// By the id of a repair or a doubt, such as `phone-spelling:3:TEL`. It counts more
    /// than its group's.
    #[serde(default)]
    pub items: BTreeMap<String, Decision>,
}

impl Decisions {
    /// The decision about an item of a group, where there is one.
    pub fn of(&self, code: &str, id: &str) -> Option<Decision> {
        self.items.get(id).or_else(|| self.groups.get(code)).copied()
    }

    /// Adds a decision about what people name: an id holds a colon, a code none.
    pub fn decide(&mut self, code_or_id: &str, decision: Decision) {
        let list = if code_or_id.contains(':') { &mut self.items } else { &mut self.groups };
        list.insert(code_or_id.to_owned(), decision);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_counts_more_than_its_group() {
        let mut decisions = Decisions::default();
        decisions.decide("capitals", Decision::Refuse);
        decisions.decide("capitals:2:NOM", Decision::Accept);
        assert_eq!(decisions.of("capitals", "capitals:2:NOM"), Some(Decision::Accept));
        assert_eq!(decisions.of("capitals", "capitals:3:NOM"), Some(Decision::Refuse));
        assert_eq!(decisions.of("siret", "siret:3:NOM"), None);
    }
}
