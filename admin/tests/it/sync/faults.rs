//! What a source may do to the directory: nothing.

use super::site::{Page, Site};
use super::{TABLE, desk, one, read, remembered, sync};
use crate::desk::Desk;
use serde_json::{Value, json};

/// A hundred places, so that a tenth of them is no list of two.
fn long_table() -> String {
    (0..100).fold(TABLE.to_owned(), |rows, number| {
        rows + &format!("CIO {number};{number} rue des Saules;26000;Valence;04 75 01 00 {number:02}\n")
    })
}

/// A list that was read once; nothing that comes in its place may change anything.
struct Followed {
    desk: Desk,
    site: Site,
    more: &'static str,
    before: (Value, Vec<(String, String)>),
}

impl Followed {
    fn new() -> Self {
        Self::with("")
    }

    fn with(more: &'static str) -> Self {
        let (desk, site) = (desk(), Site::new());
        desk.write("sources.toml", one(&format!("{}/a.csv", site.address), more));
        site.put("/a.csv", Page::File(long_table().into(), "\"a\""));
        desk.json(0, &sync("2026-12-01", &[]));
        let before = (read(&desk, "base.json"), remembered(&desk));
        Self { desk, site, more, before }
    }

    fn is_not_changed_by(&self, page: Page, code: &str, said: &str) {
        self.site.put("/a.csv", page);
        let report = self.desk.json(1, &sync("2026-12-02", &[]));
        let source = &report["sources"][0];
        assert_eq!(
            (&source["contact"], &source["failure"]["code"]),
            (&json!("failed"), &json!(code)),
            "{report}"
        );
        let message = source["failure"]["message"].as_str().unwrap();
        assert!(message.contains(said), "{message}");
        assert_eq!(read(&self.desk, "base.json"), self.before.0, "{code}");
        assert!(remembered(&self.desk) == self.before.1, "{code}");
    }

    /// What came last comes of nothing where it is the first that comes.
    fn nor_is_taken_the_first_time(&self) {
        let first = desk();
        first.write("sources.toml", one(&format!("{}/a.csv", self.site.address), self.more));
        let report = first.succeeds_with(1, &sync("2026-12-02", &[]));
        assert!(report.contains("Rien n’a été pris de cette source"), "{report}");
        assert_eq!(read(&first, "base.json")["structures"], json!([]));
    }
}

#[test]
fn a_file_that_is_cut() {
    let followed = Followed::new();
    let table = long_table().into_bytes();
    let at = table.len() / 2;
    followed.is_not_changed_by(Page::Cut(table, "\"b\"", at), "cut-source", "octets sont venus, sur");
    followed.nor_is_taken_the_first_time();
}

#[test]
fn a_file_that_is_cut_without_anybody_saying_so() {
    let followed = Followed::new();
    let table = long_table();
    let at = table.rfind("rue").unwrap();
    followed.is_not_changed_by(
        Page::Endless(table.as_bytes()[..at].into()),
        "cut-source",
        "au milieu d’une fiche",
    );
    followed.nor_is_taken_the_first_time();
}

#[test]
fn a_file_that_is_empty() {
    let followed = Followed::new();
    followed.is_not_changed_by(Page::Lying(Vec::new(), 0), "empty-source", "est vide");
    followed.nor_is_taken_the_first_time();
}

#[test]
fn a_page_instead_of_data() {
    let followed = Followed::new();
    let page = b"<!DOCTYPE html>\n<html><body>Connectez-vous</body></html>\n";
    followed.is_not_changed_by(Page::Lying(page.into(), page.len()), "page-instead-of-data", "une page web");
    followed.nor_is_taken_the_first_time();
}

#[test]
fn a_tenth_of_yesterdays() {
    let followed = Followed::new();
    let tenth: String = long_table().split_inclusive('\n').take(11).collect();
    let length = tenth.len();
    followed.is_not_changed_by(
        Page::Lying(tenth.into(), length),
        "shrunk-source",
        "que 10 fiches ; il en avait 102",
    );
}

#[test]
fn another_schema() {
    let followed = Followed::new();
    let other = long_table().replacen("TEL", "NOTE", 1);
    let length = other.len();
    followed.is_not_changed_by(Page::Lying(other.into(), length), "another-schema", "« TEL »");
    let json = "[{\"nom\": \"CIO\", \"code_postal\": \"26000\", \"commune\": \"Valence\"}]";
    followed.is_not_changed_by(
        Page::Lying(json.into(), json.len()),
        "another-schema",
        "« csv » était attendu",
    );
}

#[test]
fn slower_than_it_may_be() {
    let followed = Followed::with("timeout = 1");
    // The server never answers, or begins and never goes on.
    followed.is_not_changed_by(Page::Silent(Vec::new()), "too-slow", "en 1 secondes");
    let begun = b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\nNOM;CP\n";
    followed.is_not_changed_by(Page::Silent(begun.into()), "too-slow", "en 1 secondes");
    followed.nor_is_taken_the_first_time();
}

#[test]
fn larger_than_its_limit() {
    let followed = Followed::with("largest = 1");
    let rows = "CIO;1 rue des Saules;26000;Valence;04 75 00 00 02\n".repeat(1 << 15);
    let large = format!("{TABLE}{rows}");
    let length = large.len();
    assert!(length > 1 << 20);
    // It says how long it is, or it does not.
    followed.is_not_changed_by(Page::Lying(large.clone().into(), length), "too-large", "1 Mio");
    followed.is_not_changed_by(Page::Endless(large.into()), "too-large", "1 Mio");
    followed.nor_is_taken_the_first_time();
}

#[test]
fn lying_about_its_length() {
    let followed = Followed::new();
    let table = long_table();
    // More is announced than comes, or less.
    let more = Page::Lying(table.clone().into(), table.len() + 100);
    followed.is_not_changed_by(more, "cut-source", "annoncés");
    let at = table.rfind("rue").unwrap();
    followed.is_not_changed_by(Page::Lying(table.into(), at), "cut-source", "au milieu d’une fiche");
    followed.nor_is_taken_the_first_time();
}

#[test]
fn behind_a_redirect_to_a_private_address() {
    let followed = Followed::new();
    for target in [
        "http://10.0.0.1/a.csv",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/a.csv",
        "http://localhost/a.csv",
        "http://intranet.local/a.csv",
        // Another door of the very machine that the source is on.
        "http://127.0.0.1:9/a.csv",
    ] {
        let page = Page::Status(302, format!("Location: {target}\r\n"));
        followed.is_not_changed_by(page, "redirect-inside", "à l’intérieur d’un réseau");
    }
    followed.nor_is_taken_the_first_time();
}

#[test]
fn a_server_that_says_no_or_sends_to_and_fro() {
    let followed = Followed::new();
    followed.is_not_changed_by(Page::Status(404, String::new()), "source-gone", "404");
    followed.is_not_changed_by(Page::Status(403, String::new()), "source-forbidden", "403");
    followed.is_not_changed_by(Page::Status(500, String::new()), "source-ailing", "500");
    followed.is_not_changed_by(Page::Status(301, "Location: /a.csv\r\n".into()), "redirect-loop", "sans fin");
    followed.is_not_changed_by(
        Page::Status(301, "Location: file:///etc/hosts\r\n".into()),
        "malformed-address",
        "adresse",
    );
    followed.nor_is_taken_the_first_time();
}

#[test]
fn a_redirect_on_the_same_server_is_followed() {
    let (desk, site) = (desk(), Site::new());
    desk.write("sources.toml", one(&format!("{}/old", site.address), ""));
    site.put("/old", Page::Status(301, "Location: /a.csv\r\n".into()));
    site.put("/a.csv", Page::File(TABLE.into(), "\"a\""));
    assert_eq!(desk.json(0, &sync("2026-12-01", &[]))["added"], 2);
}

#[test]
fn one_source_that_fails_does_not_stop_the_others() {
    let (desk, site) = (desk(), Site::new());
    let good = "[[source]]\nname = \"Autre\"\naddress = \"autre.csv\"\n";
    desk.write("autre.csv", TABLE);
    desk.write("sources.toml", one(&format!("{}/none", site.address), "") + good);
    let report = desk.json(1, &sync("2026-12-01", &[]));
    assert_eq!(report["added"], 2);
    assert_eq!(read(&desk, "base.json")["structures"].as_array().unwrap().len(), 2);
}

#[test]
fn a_file_of_sources_that_is_none_is_said_with_its_line() {
    let desk = desk();
    desk.write("sources.toml", "[[source]]\nname = \"Liste\"\naddress = \"a.csv\"\nnetwrok = \"cio\"\n");
    let err = desk.fails_with(1, &sync("2026-12-01", &[]));
    assert!(err.contains("ligne 4") && err.contains("netwrok") && err.contains("docs/sources.md"), "{err}");
    desk.write("sources.toml", one("a.csv", "networks = [\"cyo\"]"));
    assert!(desk.fails_with(2, &sync("2026-12-01", &[])).contains("« cyo » n’est pas un réseau"));
    desk.write("sources.toml", "");
    assert!(desk.fails_with(1, &sync("2026-12-01", &[])).contains("aucune source"));
    let err = desk.fails_with(1, &["sync", "none.toml", "--shipped", "--out", "a.json"]);
    assert!(err.contains("n’existe pas"), "{err}");
    assert!(!desk.path(".spro-sync").exists());
}
