//! Whose turn it is: the doctor reads pages of others, as few at once as nobody notices.

use serving::network::Network;
use serving::problem::Problem;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How many pages are read at once, in an isolate.
const AT_ONCE: usize = 8;
/// How many of those for one network, where it is known.
const FOR_ONE: usize = 2;

thread_local! {
    static UNDER_WAY: RefCell<BTreeMap<String, usize>> = RefCell::default();
}

/// A page that is being read. It ends when dropped.
pub(super) struct Turn(String);

impl Turn {
    /// Takes a turn for a network.
    pub(super) fn take(network: &Network) -> Result<Self, Problem> {
        let name = network.name().to_owned();
        let most = if *network == Network::Unknown { AT_ONCE } else { FOR_ONE };
        UNDER_WAY.with_borrow_mut(|under_way| {
            let all: usize = under_way.values().sum();
            let own = under_way.get(&name).copied().unwrap_or_default();
            if all >= AT_ONCE || own >= most {
                let detail =
                    "D’autres pages sont en cours d’examen. Attendez quelques secondes, puis recommencez.";
                return Err(Problem::new(429, "busy", detail).header("retry-after", "10"));
            }
            *under_way.entry(name.clone()).or_default() += 1;
            Ok(())
        })?;
        Ok(Self(name))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        UNDER_WAY.with_borrow_mut(|under_way| {
            if let Some(own) = under_way.get_mut(&self.0) {
                *own -= 1;
                if *own == 0 {
                    under_way.remove(&self.0);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_at_once_in_all_and_for_one() {
        let at = |last: u8| Network::at(Some(&format!("192.0.{last}.1")));
        let one = [Turn::take(&at(0)), Turn::take(&at(0))];
        assert!(one.iter().all(Result::is_ok) && Turn::take(&at(0)).is_err());
        let others: Vec<_> = (1..7).map(|last| Turn::take(&at(last))).collect();
        assert!(others.iter().all(Result::is_ok));
        assert!(Turn::take(&at(7)).is_err() && Turn::take(&Network::Unknown).is_err());
        drop(others);
        let unknown: Vec<_> = (0..6).map(|_| Turn::take(&Network::Unknown)).collect();
        assert!(unknown.iter().all(Result::is_ok) && Turn::take(&Network::Unknown).is_err());
        drop((one, unknown));
        assert!(Turn::take(&at(0)).is_ok());
    }
}
