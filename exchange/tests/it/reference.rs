//! What the tests start from: the communes of France and the directory that ships.

use shared::directory::Directory;
use shared::geography::Geography;

/// Every commune of France.
pub(crate) fn geography() -> Geography {
    let communes = include_str!("../../../shared/data/communes.tsv");
    let former = include_str!("../../../shared/data/former-communes.tsv");
    Geography::parse(communes, former, &|_| true).unwrap()
}

/// The directory that ships.
pub(crate) fn shipped() -> Directory {
    Directory::from_json(include_bytes!("../../../shared/editions/2026.json")).unwrap()
}
