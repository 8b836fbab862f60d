//! Reading a collection of features (`GeoJSON`) as a table: the properties of each are its
//! cells.

use super::json::{Record, table};
use super::table::{Format, Table};
use crate::refusal::Refusal;
use serde_json::Value;

/// Reads a feature collection.
pub(super) fn read(collection: &Value) -> Result<Table, Refusal> {
    let unreadable = |why: &str| {
        Refusal::new("not-geojson", format!("Cette collection GeoJSON ne peut pas être lue : {why}."))
    };
    let system = collection["crs"].to_string();
    if !(collection["crs"].is_null() || system.contains("CRS84") || system.contains("4326")) {
        return Err(unreadable("ses positions ne sont pas en degrés (WGS 84)"));
    }
    let Some(features) = collection["features"].as_array() else {
        return Err(unreadable("elle n’a pas de liste « features »"));
    };
    table(Format::GeoJson, features.iter().map(record).collect())
}

fn record(feature: &Value) -> Record {
    let properties = feature["properties"].as_object().into_iter().flatten();
    let fields = properties.map(|(name, value)| (name.clone(), value.clone())).collect();
    let (point, fault) = match point(&feature["geometry"]) {
        Ok(point) => (point, None),
        Err(fault) => (None, Some(fault)),
    };
    let fault = if feature["type"] == "Feature" {
        fault
    } else {
        Some("cet élément de la collection n’est pas une « Feature » GeoJSON".to_owned())
    };
    Record { fields, point, fault }
}

/// Latitude and longitude, where the geometry is a point.
fn point(geometry: &Value) -> Result<Option<(f64, f64)>, String> {
    let coordinates = match &geometry["coordinates"] {
        Value::Array(numbers) if geometry["type"] == "Point" => numbers,
        _ => return Ok(None),
    };
    match coordinates.iter().map(Value::as_f64).collect::<Vec<_>>()[..] {
        [] => Ok(None),
        [Some(east), Some(north), ..] => Ok(Some((north, east))),
        _ => Err(format!("la position {} n’est pas faite de deux nombres", geometry["coordinates"])),
    }
}
