//! The formats in which a directory is published as open data: their names, files and media types.
//! What writes them is `exchange`; what serves the stored files need not know it.

/// What a directory can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A table in text. RFC 4180 in all but its semicolons, with a byte order mark and
    /// decimal commas: what opens right by a double click in a French spreadsheet program.
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// A workbook of `LibreOffice`.
    Ods,
    /// A collection of points (RFC 7946).
    GeoJson,
    /// The structures and services of data·inclusion's schema, version 1.
    Inclusion,
    /// The whole document, as it is published.
    Json,
}

impl Format {
    /// Every format, the ones for people first.
    pub const ALL: [Self; 6] = [Self::Csv, Self::Xlsx, Self::Ods, Self::GeoJson, Self::Inclusion, Self::Json];

    /// The stable name: what a URL and the command line say.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::GeoJson => "geojson",
            Self::Inclusion => "inclusion",
            Self::Json => "json",
        }
    }

    /// The format of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What a file's name ends with, without its dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Inclusion => "json",
            other => other.name(),
        }
    }

    /// The media type, for an HTTP answer.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::GeoJson => "application/geo+json",
            Self::Inclusion | Self::Json => "application/json",
        }
    }

    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Csv => "Tableau CSV",
            Self::Xlsx => "Classeur Excel (XLSX)",
            Self::Ods => "Classeur LibreOffice (ODS)",
            Self::GeoJson => "Carte (GeoJSON)",
            Self::Inclusion => "data·inclusion (JSON)",
            Self::Json => "Annuaire complet (JSON)",
        }
    }

    /// The name of the file that is served, at the end of its address.
    pub fn file(self) -> String {
        let stem = match self {
            Self::Inclusion => "data-inclusion",
            Self::Json => "directory",
            Self::Csv | Self::Xlsx | Self::Ods | Self::GeoJson => "places",
        };
        format!("{stem}.{}", self.extension())
    }

    /// The format of a served file of this name.
    pub fn of_file(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.file() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_has_a_file_of_its_own() {
        let files = Format::ALL.map(Format::file);
        assert_eq!(
            files,
            [
                "places.csv",
                "places.xlsx",
                "places.ods",
                "places.geojson",
                "data-inclusion.json",
                "directory.json"
            ]
        );
        for (name, format) in files.iter().zip(Format::ALL) {
            assert_eq!(Format::of_file(name), Some(format));
        }
        assert_eq!(Format::of_file("places.pdf"), None);
    }
}
