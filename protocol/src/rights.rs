//! Who may do what: one table.

use serde::{Deserialize, Serialize};

/// What a key is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// The Region: everything.
    Region,
    /// The editor of a territory: its own places.
    Territory {
        /// The territory's id.
        territory: String,
        /// Whether it publishes its places itself, or proposes them to the Region.
        #[serde(default)]
        may_publish: bool,
    },
    /// Somebody who follows: reads, and changes nothing.
    Reader,
}

/// Something that may be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// To read what is live, its diagnosis, its versions, what has to be checked again.
    See,
    /// To write drafts, check them, and see what they would change.
    Draft,
    /// To publish a draft that changes places of one's own territory only.
    PublishOwnPlaces,
    /// To publish anything.
    PublishAll,
    /// To bring another version back.
    GoBack,
    /// To see, make and revoke access keys.
    Keys,
    /// To read the audit trail.
    Audit,
}

impl Right {
    #[cfg(test)]
    const ALL: [Self; 7] = [
        Self::See,
        Self::Draft,
        Self::PublishOwnPlaces,
        Self::PublishAll,
        Self::GoBack,
        Self::Keys,
        Self::Audit,
    ];
}

impl Role {
    /// Whether it has a right.
    pub const fn may(&self, right: Right) -> bool {
        match self {
            Self::Region => true,
            Self::Territory { may_publish, .. } => match right {
                Right::See | Right::Draft => true,
                Right::PublishOwnPlaces => *may_publish,
                Right::PublishAll | Right::GoBack | Right::Keys | Right::Audit => false,
            },
            Self::Reader => matches!(right, Right::See),
        }
    }

    /// The territory whose places are its own; `None` where it is not bound to one.
    pub fn territory(&self) -> Option<&str> {
        match self {
            Self::Territory { territory, .. } => Some(territory),
            Self::Region | Self::Reader => None,
        }
    }

    /// Whether it may open a draft of this territory; `None` is a draft of the Region.
    pub fn opens(&self, draft_of: Option<&str>) -> bool {
        match self {
            Self::Region => true,
            Self::Territory { territory, .. } => draft_of == Some(territory.as_str()),
            Self::Reader => false,
        }
    }

    /// As people read it.
    pub const fn french(&self) -> &'static str {
        match self {
            Self::Region => "Région : tout",
            Self::Territory { may_publish: true, .. } => "Territoire : publie ses lieux",
            Self::Territory { may_publish: false, .. } => "Territoire : propose ses lieux",
            Self::Reader => "Lecture seule",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn territory(may_publish: bool) -> Role {
        Role::Territory { territory: "a".to_owned(), may_publish }
    }

    /// The table of rights, as ARCHITECTURE.md has it.
    #[test]
    fn each_role_has_its_rights_and_no_other() {
        for (role, rights) in [
            (Role::Region, &[true; 7]),
            (territory(true), &[true, true, true, false, false, false, false]),
            (territory(false), &[true, true, false, false, false, false, false]),
            (Role::Reader, &[true, false, false, false, false, false, false]),
        ] {
            assert_eq!(Right::ALL.map(|right| role.may(right)), *rights, "{role:?}");
        }
    }

    #[test]
    fn nobody_opens_the_drafts_of_another() {
        for (role, of_nobody, own, of_another) in [
            (Role::Region, true, true, true),
            (territory(true), false, true, false),
            (Role::Reader, false, false, false),
        ] {
            assert_eq!(
                (role.opens(None), role.opens(Some("a")), role.opens(Some("b"))),
                (of_nobody, own, of_another),
                "{role:?}"
            );
        }
    }

    #[test]
    fn a_role_is_stored_with_what_it_is_bound_to() {
        let stored = r#"{"role":"territory","territory":"a","may_publish":true}"#;
        assert_eq!(serde_json::to_string(&territory(true)).unwrap(), stored);
        assert_eq!(serde_json::from_str::<Role>(stored).unwrap(), territory(true));
        let without = r#"{"role":"territory","territory":"a"}"#;
        assert_eq!(serde_json::from_str::<Role>(without).unwrap(), territory(false), "never by omission");
    }
}
