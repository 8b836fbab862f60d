//! Files that look like tables to their owner, or are called like one, and are not: each is
//! refused by what it is, with how to make a table of it.

use crate::refusal::Refusal;

/// How far into a text its first tags are looked for.
const HEAD: usize = 4096;

const SAVE: &str = "Ouvrez-le dans votre tableur, enregistrez-le en XLSX, en ODS ou en CSV (Fichier → Enregistrer sous), puis importez ce fichier.";

fn not_a_table(what: &str, advice: &str) -> Refusal {
    Refusal::new("not-a-table", what).advising(advice)
}

/// Why these bytes are no text that could be a table.
pub(super) fn refuse_bytes(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::new("empty-file", "Le fichier est vide."));
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(super::workbook::refuse_compound(bytes));
    }
    if bytes.starts_with(b"%PDF") {
        return Err(not_a_table(
            "C’est un PDF, pas un tableau.",
            "Demandez le tableau d’où il vient : XLSX, ODS, CSV ou GeoJSON.",
        ));
    }
    Ok(())
}

/// Why an archive that is no workbook is not read, by the names of what is in it.
pub(super) fn refuse_archive(names: impl Iterator<Item = impl AsRef<str>>) -> Refusal {
    for name in names {
        let name = name.as_ref();
        if name.rsplit_once('.').is_some_and(|(_, kind)| kind == "iwa") {
            return not_a_table(
                "C’est un document Apple Numbers.",
                "Ouvrez-le dans Numbers, choisissez Fichier → Exporter vers → Excel, puis importez le fichier XLSX.",
            );
        }
        if name == "word/document.xml" {
            return not_a_table(
                "C’est un document Word, pas un tableur.",
                "Copiez son tableau dans un tableur, enregistrez-le en XLSX, puis importez ce fichier.",
            );
        }
    }
    not_a_table(
        "C’est une archive ZIP, pas un classeur.",
        "Ouvrez l’archive et importez le tableau qu’elle contient.",
    )
}

/// Why this text is no table: it is a page, a document of another program, or markup.
pub(super) fn refuse_text(text: &str) -> Result<(), Refusal> {
    let text = text.trim_start();
    let head: String = text.chars().take(HEAD).collect::<String>().to_lowercase();
    let has = |mark: &str| head.contains(mark);
    if is_sylk(text) {
        return Err(not_a_table("C’est un fichier SYLK (SLK) d’un tableur.", SAVE));
    }
    if has("{\\rtf") && head.starts_with('{') {
        return Err(not_a_table(
            "C’est un document RTF, pas un tableur.",
            "Copiez son tableau dans un tableur, enregistrez-le en XLSX, puis importez ce fichier.",
        ));
    }
    if head.starts_with("mime-version:") {
        return Err(not_a_table("C’est une page web enregistrée (MHTML), pas un tableau.", SAVE));
    }
    if !head.starts_with('<') {
        return Ok(());
    }
    if has("urn:oasis:names:tc:opendocument") {
        return Err(not_a_table("C’est un document ODS « à plat » (FODS), en XML.", SAVE));
    }
    if has("urn:schemas-microsoft-com:office:spreadsheet") || has("progid=\"excel.sheet\"") {
        return Err(not_a_table("C’est un classeur XML d’Excel 2003.", SAVE));
    }
    if ["<html", "<!doctype html", "<table", "<body", "<head", "<meta"].iter().any(|tag| has(tag)) {
        return Err(not_a_table(
            "C’est une page HTML, même si son nom est celui d’un tableau.",
            "Ouvrez-la dans votre tableur, enregistrez-la en XLSX, en ODS ou en CSV (Fichier → Enregistrer sous), puis importez ce fichier. Si elle vient d’un site, le téléchargement a peut-être donné une page d’erreur ou de connexion : lisez-la dans un navigateur.",
        ));
    }
    if has("<?xml") || text.trim_end().ends_with('>') {
        return Err(not_a_table(
            "C’est un fichier XML, pas un tableau.",
            "Demandez les mêmes données en XLSX, ODS, CSV ou GeoJSON, ou enregistrez-les ainsi depuis le programme d’où elles viennent.",
        ));
    }
    Ok(())
}

/// Whether a text is what spreadsheet programs once exchanged: a list may have titles that
/// begin so, but no cells that are numbered.
fn is_sylk(text: &str) -> bool {
    text.starts_with("ID;P") && text.lines().any(|line| line.starts_with("C;") && line.contains(";K"))
}

#[cfg(test)]
mod tests {
    use crate::import::ROWS;
    use crate::import::table::Table;

    #[test]
    fn what_is_called_a_table_and_is_none_is_named() {
        for (text, said) in [
            ("\n<!DOCTYPE html>\n<html><body><table><tr><td>Nom</td></tr></table>", "page HTML"),
            ("<TABLE BORDER=1><TR><TD>Nom;CP</TD></TR></TABLE>", "page HTML"),
            (
                "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>Nom;CP</td></tr>",
                "page HTML",
            ),
            ("MIME-Version: 1.0\nContent-Type: multipart/related\n\n<table>", "page web"),
            (
                "<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                "Excel 2003",
            ),
            (
                "<?xml version=\"1.0\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\">",
                "à plat",
            ),
            ("<?xml version=\"1.0\"?><kml><Placemark>", "fichier XML"),
            ("<lieux><lieu>A;B</lieu></lieux>\n", "fichier XML"),
            ("ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K\"Nom\"\r\nC;X2;K\"CP\"\r\nE\r\n", "SYLK"),
            ("{\\rtf1\\ansi Nom;CP}", "RTF"),
        ] {
            let refusal = Table::read(text.as_bytes(), ROWS).unwrap_err();
            assert_eq!(refusal.code, "not-a-table", "{text}");
            assert!(refusal.message.contains(said) && refusal.advice.is_some(), "{text}: {refusal}");
        }
        for text in ["ID;PRENOM;Nom\n1;A;B\n", "<Nom>;<CP>\nA;26000\n"] {
            assert!(Table::read(text.as_bytes(), ROWS).is_ok(), "{text}");
        }
    }
}
