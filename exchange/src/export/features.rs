//! The collection of points: RFC 7946, with what open data says of itself as foreign
//! members (its section 6.1).

use super::columns::{COLUMNS, Kind, key};
use super::{LICENCE, LICENCE_ID, LICENCE_URL, about};
use serde_json::{Map, Value, json};
use shared::directory::{Directory, Structure};
use shared::geography::Geography;

pub(super) fn write(directory: &Directory, geography: &Geography, today: &str) -> Vec<u8> {
    let about = about(directory, today);
    let features: Vec<Value> = directory.structures.iter().map(|place| feature(place, geography)).collect();
    let collection = json!({
        "type": "FeatureCollection",
        "name": about.title,
        "description": about.edition,
        "licence": LICENCE,
        "licence_id": LICENCE_ID,
        "licence_url": LICENCE_URL,
        "date": today,
        "features": features,
    });
    collection.to_string().into_bytes()
}

fn feature(place: &Structure, geography: &Geography) -> Value {
    let properties: Map<String, Value> = COLUMNS
        .iter()
        .filter(|column| column.kind == Kind::Text)
        .map(|column| (key(column.title), (column.cell)(place, geography)))
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(key, cell)| (key, Value::from(cell)))
        .collect();
    // A place without a position of its own is an unlocated feature (section 3.2): the
    // centre of its commune is not where it is.
    let geometry = place.position.map(
        |position| json!({ "type": "Point", "coordinates": [exact(position.longitude), exact(position.latitude)] }),
    );
    json!({ "type": "Feature", "id": place.id, "geometry": geometry, "properties": properties })
}

/// A single-precision number as it is written: widened, 45.046 would be 45.04600143432617.
pub(super) fn exact(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}
