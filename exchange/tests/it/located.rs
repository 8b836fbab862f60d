//! Where the places of a file are: which commune, which position, and what is said of it.

use crate::reference;
use exchange::import::decision::Decision;
use exchange::import::{Imported, Options, import};
use shared::directory::{Directory, Structure};

const TODAY: &str = "2026-11-24";

fn read_with(text: &str, base: Directory, options: &Options) -> Imported {
    import(text.as_bytes(), base, crate::communes(), options, TODAY).unwrap()
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

/// What is to look at in a row, of one group.
fn findings<'a>(imported: &'a Imported, code: &str, row: usize) -> Vec<&'a str> {
    let group = imported.report.findings.iter().find(|group| group.code == code);
    group
        .map_or(&[][..], |group| &group.rows[..])
        .iter()
        .filter(|one| one.row == row)
        .map(|one| one.expected.as_str())
        .collect()
}

#[test]
fn a_box_beside_the_town_goes_to_the_address() {
    let imported = read(
        "Nom;Voie;CP;Ville;Téléphone\n\
         CIO;5 rue du Lac;38019;GRENOBLE CEDEX 1 BP 40;04 76 00 00 01\n\
         CIO;BP 12;07006;PRIVAS CEDEX BP 12;04 75 00 00 02\n",
    );
    let address = &place(&imported, 2).address;
    assert_eq!(address.lines, ["5 rue du Lac", "BP 40"]);
    assert_eq!((address.postcode.as_str(), address.town.as_deref()), ("38019", Some("Grenoble Cedex 01")));
    assert_eq!(place(&imported, 3).address.lines, ["BP 12"], "once is enough");
    assert_eq!(imported.report.finding_count("commune-guessed"), 0);
}

#[test]
fn a_postcode_and_a_town_in_one_cell_are_two_things() {
    let imported = read(
        "Nom;Adresse 1;Adresse 2;Adresse 3;CP - Ville;Téléphone\n\
         Mission locale;Immeuble Le Lac;12 avenue du Parc;BP 40;26021 VALENCE CEDEX 9;04 75 00 00 01\n\
         CIO;;3 rue du Parc;;38 024 Grenoble Cedex;04 76 00 00 02\n\
         Mission locale;;;;F-74000 ANNECY;04 50 00 00 03\n",
    );
    let valence = place(&imported, 2);
    assert_eq!((valence.commune.as_str(), valence.address.postcode.as_str()), ("26362", "26021"));
    assert_eq!(valence.address.lines, ["Immeuble Le Lac", "12 avenue du Parc", "BP 40"]);
    assert_eq!(
        (place(&imported, 3).commune.as_str(), place(&imported, 4).commune.as_str()),
        ("38185", "74010")
    );
    // Where another cell says it too, it is said once; where it says another one, nothing is cut.
    let imported = read(
        "Nom;CP;Commune;Téléphone\nCIO;26000;26000 Valence;04 75 00 00 01\nCIO;;07000 Privas;04 75 00 00 02\n",
    );
    let told: Vec<&str> = [2, 3].map(|row| place(&imported, row).commune.as_str()).into();
    assert_eq!((told, imported.report.finding_count("commune-mismatch")), (vec!["26362", "07186"], 0));
}

#[test]
fn a_code_that_contradicts_the_row_is_told_and_not_followed() {
    let imported = read(
        "Nom;Code postal;Commune;Code INSEE;Téléphone\n\
         Mission locale;;Bron;69500;04 78 00 00 01\n\
         Mission locale;42000;Saint-Étienne;42005;04 77 00 00 02\n\
         Mission locale;26000;Valence;26362;04 75 00 00 03\n",
    );
    assert_eq!(place(&imported, 2).commune, "69029");
    assert_eq!(
        findings(&imported, "commune-mismatch", 2),
        ["ce n’est pas un code INSEE de commune : c’est le code postal de Bron"]
    );
    assert_eq!(place(&imported, 3).commune, "42218");
    assert_eq!(
        findings(&imported, "commune-mismatch", 3),
        [
            "la fiche est de Saint-Étienne, dont le code INSEE est 42218 : 42005 est celui d’Andrézieux-Bouthéon"
        ]
    );
    assert_eq!(place(&imported, 4).commune, "26362");
    assert_eq!(findings(&imported, "commune-mismatch", 4), [""; 0]);
}

#[test]
fn a_file_without_postcodes_takes_none_away() {
    let first = read("Nom;Voie;CP;Commune;Téléphone\nCIO;5 rue du Lac;07000;Privas;04 75 00 00 01\n");
    let options = Options { checked_on: Some("2026-11-20".into()), ..Options::default() };
    let later = "Nom;Voie;Commune;Téléphone\nCIO;9 rue du Parc;Privas;04 75 00 00 01\n";
    let moved = read_with(later, first.directory, &options);
    let [place] = &moved.directory.structures[..] else { panic!("one place: {:?}", moved.report.records) };
    assert_eq!(
        (&place.address.lines[..], place.address.postcode.as_str()),
        (&["9 rue du Parc".into()][..], "07000")
    );
}

#[test]
fn of_communes_of_one_name_the_region_s_is_meant_and_it_is_said_why() {
    let imported = read("Nom;Commune;Téléphone\nMission locale;Die;\nCIO;Châtillon;\n");
    assert_eq!(findings(&imported, "commune-guessed", 2), [""; 0], "there is only one Die");
    let why = findings(&imported, "commune-guessed", 3);
    let place = place(&imported, 3);
    let own = reference::geography().commune(&place.commune).unwrap();
    let region = &imported.directory.edition.region.departments;
    assert!(region.iter().any(|one| one.code == own.department()), "{}", place.commune);
    assert!(why[0].contains("communes portent ce nom") && !why[0].contains("position"), "{why:?}");
}

#[test]
fn the_phones_of_other_places_speak_for_one_of_several_communes() {
    let imported = read(
        "Nom;CP;Commune;Téléphone\n\
         CIO;07000;Privas;04 75 00 00 01\n\
         CIO;07200;Aubenas;04 75 00 00 02\n\
         CIO;69003;Lyon;04 78 00 00 03\n\
         Mission locale;;Saint-Priest;04 75 00 00 04\n\
         Mission locale;;Saint-Priest;04 78 00 00 05\n",
    );
    assert_eq!(
        (place(&imported, 5).commune.as_str(), place(&imported, 6).commune.as_str()),
        ("07288", "69290")
    );
    let why = findings(&imported, "commune-guessed", 5);
    assert!(why[0].contains("le téléphone est du département 07"), "{why:?}");
}

#[test]
fn a_point_is_in_the_town_that_reaches_so_far_and_neighbours_are_named() {
    let imported = read(
        "Nom;Latitude;Longitude;Téléphone\n\
         Mission locale;45.0452;5.0560;04 75 00 00 01\n\
         CIO;45.0466;5.0390;04 75 00 00 02\n\
         CIO de Bourg-de-Péage;45.0466;5.0390;04 75 00 00 03\n",
    );
    assert_eq!(place(&imported, 2).commune, "26281");
    let why = findings(&imported, "commune-guessed", 3);
    assert!(why[0].contains("entre Romans-sur-Isère (26) et Bourg-de-Péage (26)"), "{why:?}");
    assert_eq!(place(&imported, 4).commune, "26057", "the row names it");
}

#[test]
fn a_postcode_in_the_address_says_more_than_the_point() {
    let imported = read(
        "Nom;Adresse;Latitude;Longitude;Téléphone\n\
         Mission locale;5 rue de Privas 26300 Bourg-de-Péage;45.0466;5.0410;04 75 00 00 01\n",
    );
    assert_eq!(place(&imported, 2).commune, "26057");
    let why = findings(&imported, "commune-guessed", 2);
    assert!(why[0].starts_with("déduite du texte de la ligne"), "{why:?}");
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
    let mut options = Options::default();
    options.decisions.decide("outside-region", Decision::Accept);
    let imported = read_with(text, Directory { structures: Vec::new(), ..reference::shipped() }, &options);
    let position = place(&imported, 2).position.unwrap();
    assert!((position.latitude - 49.897_44).abs() < 1e-5 && (position.longitude - 2.290_084).abs() < 1e-5);
    assert_eq!(imported.report.repaired_count("position-metres"), 1);
    assert_eq!(imported.report.finding_count("position-unreadable"), 0);
}
