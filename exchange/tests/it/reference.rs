//! What the tests start from: the communes of France and the directory that ships.

use shared::directory::Directory;
use shared::geography::Geography;
use std::sync::LazyLock;

pub(crate) const COMMUNES: &str = include_str!("../../../shared/data/communes.tsv");
pub(crate) const FORMER_COMMUNES: &str = include_str!("../../../shared/data/former-communes.tsv");

static FRANCE: LazyLock<Geography> =
    LazyLock::new(|| Geography::parse(COMMUNES, FORMER_COMMUNES, &|_| true).unwrap());
static SHIPPED: LazyLock<Directory> =
    LazyLock::new(|| Directory::from_json(include_bytes!("../../../shared/editions/2026.json")).unwrap());

/// Every commune of France.
pub(crate) fn geography() -> &'static Geography {
    &FRANCE
}

/// The directory that ships.
pub(crate) fn shipped() -> Directory {
    SHIPPED.clone()
}
