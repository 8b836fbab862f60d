//! How many reports are too many. It is counted in the memory of an isolate, by the network of the
//! client where the server in front names it, and forgotten after some minutes.

use std::collections::BTreeMap;

/// How long counts last, in milliseconds.
const WINDOW: f64 = 600_000.0;
/// The most of one network in that time.
const OF_ONE: u32 = 10;
/// The most of all.
const OF_ALL: u32 = 100;

/// What came since the window began.
#[derive(Debug, Default)]
pub(super) struct Flood {
    began: f64,
    all: u32,
    /// By the network of the client; no more than `OF_ALL`.
    each: BTreeMap<String, u32>,
}

impl Flood {
    /// Takes one more, now, in milliseconds; the error is after how many seconds to try again.
    pub(super) fn take(&mut self, client: Option<String>, now: f64) -> Result<(), u32> {
        if now >= self.began + WINDOW || now < self.began {
            *self = Self { began: now, ..Self::default() };
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some minutes")]
        let left = ((self.began + WINDOW - now) / 1000.0).ceil().max(1.0) as u32;
        if self.all >= OF_ALL {
            return Err(left);
        }
        if let Some(client) = client {
            let count = self.each.entry(client).or_default();
            if *count >= OF_ONE {
                return Err(left);
            }
            *count += 1;
        }
        self.all += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some moment, in milliseconds.
    const NOW: f64 = 1_795_000_000_000.0;

    fn take(flood: &mut Flood, client: &str, now: f64) -> Result<(), u32> {
        flood.take(Some(client.to_owned()), now)
    }

    #[test]
    fn one_network_does_not_use_up_what_others_may_send() {
        let mut flood = Flood::default();
        for _ in 0..OF_ONE {
            assert_eq!(take(&mut flood, "a", NOW), Ok(()));
        }
        assert_eq!(take(&mut flood, "a", NOW), Err(600));
        assert_eq!(take(&mut flood, "a", NOW + 599_500.0), Err(1));
        assert_eq!(take(&mut flood, "b", NOW + 599_500.0), Ok(()));
        assert_eq!(take(&mut flood, "a", NOW + 600_000.0), Ok(()), "another window");
    }

    #[test]
    fn all_together_have_a_limit_too() {
        let mut flood = Flood::default();
        for number in 0..OF_ALL {
            assert_eq!(take(&mut flood, &number.to_string(), NOW), Ok(()));
        }
        assert_eq!(take(&mut flood, "new", NOW + 300_000.0), Err(300));
        assert_eq!(flood.take(None, NOW + 300_000.0), Err(300));
        assert!(flood.each.len() <= OF_ALL as usize);
        // A clock that was set back does not lock anybody out.
        assert_eq!(flood.take(None, NOW - 1.0), Ok(()));
    }

    #[test]
    fn where_nobody_names_the_client_only_all_are_counted() {
        let mut flood = Flood::default();
        for _ in 0..OF_ALL {
            assert_eq!(flood.take(None, NOW), Ok(()));
        }
        assert_eq!(flood.take(None, NOW), Err(600));
    }
}
