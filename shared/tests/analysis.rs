//! scratch
use shared::analysis::analyse;
use shared::directory::Directory;
#[test]
fn print() {
    for document in [&include_bytes!("../editions/2016.json")[..], include_bytes!("../editions/2026.json")] {
        for finding in analyse(&Directory::from_json(document).unwrap(), "2026-11-24") {
            println!("{} {finding}", finding.code);
        }
        println!("----");
    }
}
