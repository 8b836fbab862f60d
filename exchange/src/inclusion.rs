//! What data·inclusion calls the networks, for reading and for writing.

/// The table, read in both directions.
const NETWORKS: &str = include_str!("../data/inclusion-networks.tsv");

/// Their code and our id, line by line.
pub(crate) fn networks() -> impl Iterator<Item = (&'static str, &'static str)> {
    NETWORKS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

/// The name under which a structure's identifier there is kept.
pub(crate) const SOURCE: &str = "data-inclusion";

/// The name under which its establishment's number is kept.
pub(crate) const SIRET: &str = "siret";
