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
    read(&said.call2(&now, &JsValue::from_str("sv-SE"), &options).ok()?.as_string()?)
}

/// The local time of the visitor.
pub(crate) fn now_here() -> Moment {
    let now = Date::new_0();
    let number = |value: u32| i32::try_from(value).unwrap_or_default();
    let day = Day::new(number(now.get_full_year()), number(now.get_month()) + 1, number(now.get_date()));
    Moment { day, minute: u16::try_from(now.get_hours() * 60 + now.get_minutes()).unwrap_or_default() }
}

/// Reads `2026-11-24 09:05:30`, whatever stands between the numbers.
fn read(said: &str) -> Option<Moment> {
    let mut numbers = said
        .split(|character: char| !character.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map_while(|digits| digits.parse::<u16>().ok());
    let mut next = || numbers.next();
    let (year, month, day, hour, minute) = (next()?, next()?, next()?, next()?, next()?);
    let day = Day::new(i32::from(year), i32::from(month), i32::from(day));
    (hour < 24 && minute < 60).then_some(Moment { day, minute: hour * 60 + minute })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_read() {
        let moment = |day: Day, minute| Some(Moment { day, minute });
        assert_eq!(read("2026-11-24 09:05:30"), moment(Day::new(2026, 11, 24), 545));
        assert_eq!(read("2026-03-29, 00:00"), moment(Day::new(2026, 3, 29), 0));
        for odd in ["", "2026-11-24", "2026-11-24 25:00", "2026-11-24 09:75", "hier"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
