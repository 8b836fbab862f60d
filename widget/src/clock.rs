//! What time it is where a place is. The browser knows the zones and their summer time.

use crate::texts::options;
use js_sys::{Date, Function, Reflect};
use shared::opening::{Day, Moment, time_zone};
use wasm_bindgen::{JsCast, JsValue};

/// The local time in a department; `None` where the browser does not know its zone: nothing
/// is then said of what is open.
pub(crate) fn now_in(department: &str) -> Option<Moment> {
    let options = options(&[("timeZone", time_zone(department)), ("hourCycle", "h23")]);
    let now = Date::new_0();
    // Through a call that may throw: a browser may know less of the world than the directory.
    let said: Function = Reflect::get(&now, &JsValue::from_str("toLocaleString")).ok()?.unchecked_into();
    // Sweden writes dates and times as ISO 8601 does, in every browser.
    Moment::read(&said.call2(&now, &JsValue::from_str("sv-SE"), &options).ok()?.as_string()?)
}

/// The local time of the visitor.
pub(crate) fn now_here() -> Moment {
    let now = Date::new_0();
    let number = |value: u32| i32::try_from(value).unwrap_or_default();
    let day = Day::new(number(now.get_full_year()), number(now.get_month()) + 1, number(now.get_date()));
    Moment { day, minute: u16::try_from(now.get_hours() * 60 + now.get_minutes()).unwrap_or_default() }
}
