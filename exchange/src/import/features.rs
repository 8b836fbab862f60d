//! Reading a collection of features (`GeoJSON`) as a table.

use super::table::{COLUMNS, Format, Row, Table, too_wide};
use crate::refusal::Refusal;
use geojson::{GeoJson, GeometryValue};

/// Reads a feature collection.
pub(crate) fn read(text: &str) -> Result<Table, Refusal> {
    let unreadable = |why: &str| {
        Refusal::new(
            "not-geojson",
            format!("Ce fichier JSON n’est pas une collection GeoJSON lisible : {why}."),
        )
        .advising("Pour un annuaire déjà au bon format, utilisez « cargo spro validate » ou « publish ».")
    };
    let collection = match text.parse::<GeoJson>() {
        Ok(GeoJson::FeatureCollection(collection)) => collection,
        Ok(_) => return Err(unreadable("il faut une « FeatureCollection »")),
        Err(error) => return Err(unreadable(&error.to_string())),
    };
    let system =
        collection.foreign_members.as_ref().and_then(|members| members.get("crs")).map(ToString::to_string);
    if system.as_ref().is_some_and(|system| !system.contains("CRS84") && !system.contains("4326")) {
        return Err(unreadable("ses positions ne sont pas en degrés (WGS 84)"));
    }
    let mut titles: Vec<String> = Vec::new();
    for feature in &collection.features {
        for title in feature.properties.iter().flat_map(|properties| properties.keys()) {
            if !titles.contains(title) {
                titles.push(title.clone());
            }
            // Each feature may bring titles of its own: all of them for each would not fit.
            if titles.len() > COLUMNS {
                return Err(too_wide());
            }
        }
    }
    let rows = collection.features.iter().enumerate().map(|(index, feature)| Row {
        number: index + 1,
        cells: titles.iter().map(|title| feature.property(title).map_or_else(String::new, cell)).collect(),
        point: feature.geometry.as_ref().and_then(|geometry| match &geometry.value {
            GeometryValue::Point { coordinates } if coordinates.len() >= 2 => {
                Some((coordinates[1], coordinates[0]))
            }
            _ => None,
        }),
        fault: None,
        given: None,
    });
    let (rows, blank): (Vec<Row>, Vec<Row>) =
        rows.partition(|row| row.point.is_some() || row.cells.iter().any(|cell| !cell.trim().is_empty()));
    let blank_rows = blank.iter().map(|row| row.number).collect();
    Ok(Table { format: Format::GeoJson, titles, rows, blank_rows, above_titles: Vec::new() })
}

/// A property as a spreadsheet would have written it: mapping tools turn postcodes into
/// floating-point numbers.
fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
        }
        other => other.to_string(),
    }
}
