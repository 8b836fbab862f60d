//! What data·inclusion calls the networks, for reading and for writing.

/// The table, read in both directions.
const NETWORKS: &str = include_str!("../data/inclusion-networks.tsv");

/// What said the same before version 1.
const OLDER: &str = include_str!("../data/inclusion-older.tsv");

/// Their code and our id, line by line.
pub(crate) fn networks() -> impl Iterator<Item = (&'static str, &'static str)> {
    pairs(NETWORKS)
}

/// The codes of before version 1 and our id: only for reading.
pub(crate) fn older_networks() -> impl Iterator<Item = (&'static str, &'static str)> {
    pairs(OLDER)
}

fn pairs(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

/// The name under which a structure's identifier there is kept.
pub(crate) const SOURCE: &str = "data-inclusion";

/// The name under which its establishment's number is kept.
pub(crate) const SIRET: &str = "siret";
