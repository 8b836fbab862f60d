//! The only place that knows what time it is. `shared` gets dates as arguments.

use js_sys::Date;

/// Milliseconds since 1970. At the edge, time stands still between two operations on the
/// network.
pub fn now() -> f64 {
    Date::now()
}

/// Now, as RFC 3339 writes it, in UTC.
pub fn timestamp() -> String {
    iso(now())
}

/// A moment that RFC 3339 writes, in milliseconds since 1970; not a number where it is none.
pub fn at(moment: &str) -> f64 {
    Date::new(&moment.into()).get_time()
}

/// Today's date in UTC, as ISO 8601 writes it.
pub fn today() -> String {
    day(now())
}

/// The date in so many days, in UTC.
pub fn day_in(days: u32) -> String {
    day(now() + f64::from(days) * 86_400_000.0)
}

fn day(time: f64) -> String {
    let mut text = iso(time);
    text.truncate(10);
    text
}

fn iso(time: f64) -> String {
    Date::new(&time.into()).to_iso_string().into()
}

/// The clock on the wall of the administrators' offices.
const ZONE: &str = "Europe/Paris";

/// A moment as people write it, on the clock of metropolitan France: « 24 novembre 2026 à
/// 14:05 ». The runtime knows the zones and their summer time.
pub fn told(moment: &str) -> String {
    let date = Date::new(&moment.into());
    if date.get_time().is_nan() {
        return moment.to_owned();
    }
    let options = crate::brotli::object(&[
        ("timeZone", ZONE.into()),
        ("dateStyle", "long".into()),
        ("timeStyle", "short".into()),
    ]);
    date.to_locale_string("fr-FR", &options).into()
}
