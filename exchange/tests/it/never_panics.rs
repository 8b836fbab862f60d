//! Whatever bytes come in, something comes out: a refusal, or a report that adds up.

use crate::reference::{self, COMMUNES, FORMER_COMMUNES};
use exchange::import::decision::{Decision, Decisions};
use exchange::import::typed::Communes;
use exchange::import::{Options, import};
use proptest::prelude::*;
use shared::directory::Directory;
use shared::geography::Geography;
use std::sync::LazyLock;

static GEOGRAPHY: LazyLock<Geography> = LazyLock::new(|| {
    // One department: hundreds of cases, in a program that is not optimised.
    Geography::parse(COMMUNES, FORMER_COMMUNES, &|department| department == "26").unwrap()
});

static DROME: LazyLock<Communes<'static>> = LazyLock::new(|| Communes::new(&GEOGRAPHY));

/// One place in twenty is enough to merge into, hundreds of times.
static BASE: LazyLock<Directory> = LazyLock::new(|| {
    let mut directory = reference::shipped();
    directory.structures = directory.structures.into_iter().step_by(20).collect();
    directory
});

fn check(bytes: &[u8], options: &Options) {
    if let Ok(imported) = import(bytes, BASE.clone(), &DROME, options, "2026-11-24") {
        let report = &imported.report;
        let left_out: usize = report.left_out.values().sum();
        assert_eq!(report.read, report.kept + report.merged + report.refused + left_out);
        assert_eq!(report.read, report.records.len() + left_out);
        let again = import(bytes, BASE.clone(), &DROME, options, "2026-11-24").unwrap();
        assert_eq!(again.report, imported.report, "the same again gives the same again");
        let _ = report.to_text(true);
    }
}

fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[0-9 .+/-]{0,16}",
        "[a-zé]{1,6}@[a-z,.]{1,8}",
        "(lundi|mardi|Mo|Tu)( au |-|, )(jeudi|Fr) [0-9]{1,2}h[0-9]{0,2}( à |-)[0-9]{1,2}:?[0-9]{0,2}",
        "(MISSION LOCALE|CIO|POINT INFORMATION JEUNESSE)[A-ZÉ' ]{0,12}",
        Just("VALENCE".to_owned()),
        Just("26000".to_owned()),
        Just("#N/A".to_owned()),
        Just("<p>9h-12h</p> sur rdv".to_owned()),
        "(mardi )?[0-9]{1,2}h-[0-9]{1,2}h( / [0-9]{1,2}h-[0-9]{1,2}h){1,3}",
        Just("05/07/2026".to_owned()),
    ]
}

fn any_table() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(prop::collection::vec(any_cell(), TITLES.len()), 1..8)
}

const TITLES: [&str; 15] = [
    "NOM",
    "RESEAU",
    "ADR 1",
    "CP",
    "COMMUNE",
    "TEL",
    "MAIL",
    "LATITUDE",
    "HORAIRES",
    "LUNDI",
    "MARDI",
    "ADRESSE",
    "NUMERO DE RUE",
    "NOM DE RUE",
    "REMARQUES",
];

fn any_decisions() -> impl Strategy<Value = Decisions> {
    let codes = prop::sample::select(vec![
        "stray-space",
        "capitals",
        "glued-words",
        "phone-spelling",
        "commune-spelling",
        "conflict",
        "possible-duplicate",
        "network-unknown",
        "email-unreadable",
        "address-form",
        "encoding",
        "cedex",
    ]);
    let decision = prop_oneof![Just(Decision::Accept), Just(Decision::Refuse)];
    prop::collection::btree_map(codes.prop_map(str::to_owned), decision, 0..6)
        .prop_map(|groups| Decisions { groups, ..Decisions::default() })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(32, 192), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..400), head in 0..5_usize) {
        let heads: [&[u8]; 5] = [b"", b"PK\x03\x04", b"{\"type\": ", b"NOM;CP\n", b"\xd0\xcf\x11\xe0"];
        check(&[heads[head], &bytes].concat(), &Options::default());
    }

    #[test]
    fn any_table_adds_up(table in any_table(), decisions in any_decisions(), keyed in any::<bool>()) {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        writer.write_record(TITLES).unwrap();
        for row in &table {
            writer.write_record(row).unwrap();
        }
        let key = keyed.then(|| "TEL".to_owned());
        let options = Options { source: "s".into(), decisions, key, report_missing: true, ..Options::default() };
        check(&writer.into_inner().unwrap(), &options);
    }

    #[test]
    fn a_workbook_with_wrong_bytes_is_refused_or_read(place in 0..8_000_usize, byte in any::<u8>()) {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (column, title) in (0..).zip(TITLES) {
            sheet.write(0, column, title).unwrap();
            sheet.write(1, column, "26000").unwrap();
        }
        let mut bytes = book.save_to_buffer().unwrap();
        let length = bytes.len();
        bytes[place % length] = byte;
        check(&bytes, &Options::default());
    }
}
