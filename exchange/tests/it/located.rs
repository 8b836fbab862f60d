//! Where the places of a file are: which commune, which position, and what is said of it.

use crate::reference;
use exchange::import::{Imported, Options, import};
use shared::directory::{Directory, Structure};

const TODAY: &str = "2026-11-24";

fn read_with(text: &str, base: Directory, options: &Options) -> Imported {
    import(text.as_bytes(), base, reference::geography(), options, TODAY).unwrap()
}

fn read(text: &str) -> Imported {
    let mut base = reference::shipped();
    base.structures.clear();
    let options = Options { file: "lieux.csv".into(), source: "lieux".into(), ..Options::default() };
    read_with(text, base, &options)
}

/// The place that a row became: rows are read from line 2 on.
fn place(imported: &Imported, row: usize) -> &Structure {
    let record = imported.report.records.iter().find(|record| record.row == row).unwrap();
    let id = record.id.as_deref().unwrap_or_else(|| panic!("line {row}: {:?}", record.reason));
    imported.directory.structures.iter().find(|structure| structure.id == id).unwrap()
}

#[test]
fn degrees_are_taken_where_metres_stand_beside_them() {
    let imported = read(
        "Nom;CP;Commune;x;y;lon;lat;Téléphone\n\
         CIO;26000;Valence;848800;6427400;4.8924;44.9334;04 75 00 00 01\n",
    );
    let position = place(&imported, 2).position.unwrap();
    assert_eq!((position.latitude, position.longitude), (44.9334, 4.8924));
    let ignored: Vec<_> = imported.report.columns.iter().map(|column| column.ignored.unwrap_or("")).collect();
    assert!(ignored[3].contains("Lambert 93") && ignored[4] == ignored[3] && ignored[5].is_empty());
    assert_eq!(imported.report.finding_count("position-unreadable"), 0);
}

#[test]
fn metres_alone_become_degrees_and_are_told_once() {
    let text = "Nom;CP;Commune;coord_x;coord_y;Téléphone\n\
         CIO;80000;Amiens;648952,58;6977867,25;03 22 00 00 01\n\
         CIO;80000;Amiens;648900;6977800;03 22 00 00 02\n";
    let imported = read(text);
    let position = place(&imported, 2).position.unwrap();
    assert!((position.latitude - 49.897_44).abs() < 1e-5 && (position.longitude - 2.290_084).abs() < 1e-5);
    assert_eq!(imported.report.repaired_count("position-metres"), 1);
    assert_eq!(imported.report.finding_count("position-unreadable"), 0);
}
