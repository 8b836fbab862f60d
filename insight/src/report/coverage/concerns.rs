//! What somebody has to look at before publishing: networks without a place or without a rule,
//! and people who lose the place that they had near them.

use super::{Coverage, Named, NetworkCoverage, named, of_network};
use shared::directory::{Directory, Network, Reach, Structure};
use shared::finding::Finding;
use shared::french::words;

/// How many points the share of the people whom a network reaches may fall between two versions
/// before somebody has to answer for it.
pub const FALL: u64 = 5;

/// The networks that a rule leads to in vain, and those that no rule names. None of this needs a
/// search: a network of which nobody can get a place is one by what its places say.
pub fn concerns(directory: &Directory, today: &str) -> Vec<Finding> {
    let networks = directory.edition.networks.iter().enumerate();
    networks.filter_map(|(rank, network)| Some(concern(directory, network, today)?.finding(rank))).collect()
}

/// What is wrong with a network.
struct Concern {
    code: &'static str,
    name: String,
    expected: String,
}

impl Concern {
    fn finding(self, rank: usize) -> Finding {
        Finding::warning(self.code, path(rank), self.name, self.expected)
    }
}

fn path(rank: usize) -> String {
    format!("edition.networks[{rank}]")
}

fn concern(directory: &Directory, network: &Network, today: &str) -> Option<Concern> {
    let places = of_network(directory, &network.id).count();
    let is_open = |place: &&Structure| network.reach != Reach::DeclaredOnly || place.competence.is_some();
    let open = of_network(directory, &network.id).filter(is_open).count();
    let (code, expected) = match (named(directory, network, today), places) {
        (Named::Picked, 0) if !network.has_contact() => (
            "network-out-of-reach",
            "un lieu, un site ou un téléphone : une règle mène à ce réseau, et personne ne peut le joindre".to_owned(),
        ),
        (Named::Picked, 0) => (
            "network-without-place",
            "au moins un lieu : une règle mène à ce réseau, et l’annuaire n’en donne que le site ou le téléphone"
                .to_owned(),
        ),
        (Named::Picked, places) if open == 0 => (
            "places-never-proposed",
            format!(
                "une compétence : ce réseau ne reçoit que les communes que ses lieux déclarent, et {}",
                if places == 1 {
                    "son lieu n’en déclare aucune".to_owned()
                } else {
                    format!("aucun de ses {places} lieux n’en déclare")
                }
            ),
        ),
        (Named::Never, 0) => {
            ("unused-network", "une règle qui le nomme : il n’est jamais proposé".to_owned())
        }
        (Named::Never, places) => (
            "unused-network",
            format!(
                "une règle qui le nomme : il n’est jamais proposé, ni {}",
                if places == 1 { "son lieu".to_owned() } else { format!("aucun de ses {places} lieux") }
            ),
        ),
        _ => return None,
    };
    Some(Concern { code, name: words(&network.name).to_owned(), expected })
}

/// What a directory makes worse than the one before, to be answered before it is published: the
/// concerns that the one before did not have, and each network that reaches fewer people near
/// them by more than [`FALL`] points.
pub fn losses(
    (old, before): (&Directory, &Coverage),
    (new, after): (&Directory, &Coverage),
    today: &str,
) -> Vec<Finding> {
    let mut losses = Vec::new();
    for (rank, (network, covered)) in new.edition.networks.iter().zip(&after.networks).enumerate() {
        let was = |id: &str| old.edition.networks.iter().zip(&before.networks).find(|(one, _)| one.id == id);
        let was = was(&network.id);
        let known = was.and_then(|(network, _)| concern(old, network, today)).map(|concern| concern.code);
        if let Some(concern) = concern(new, network, today)
            && known != Some(concern.code)
        {
            losses.push(concern.finding(rank));
        } else if let Some((_, was)) = was
            && falls((before, was), (after, covered))
        {
            losses.push(Finding::warning(
                "coverage-fall",
                path(rank),
                &covered.name,
                format!(
                    "autant de monde qu’avant près de ce réseau : {}\u{a0}% des habitants ont un de ses lieux à {}\u{a0}km ou moins, au lieu de {}\u{a0}%",
                    after.percent(covered),
                    after.near_km,
                    before.percent(was)
                ),
            ));
        }
    }
    losses
}

/// Whether a network that rules name reaches so many fewer people. In whole numbers: a region's
/// people times those of another are far from the largest.
fn falls((before, was): (&Coverage, &NetworkCoverage), (after, is): (&Coverage, &NetworkCoverage)) -> bool {
    matches!(is.named, Named::Picked | Named::Beside)
        && 100 * was.reached * after.inhabitants
            > 100 * is.reached * before.inhabitants + FALL * before.inhabitants * after.inhabitants
}
