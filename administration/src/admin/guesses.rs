//! Guesses: a network that shows a wrong key or a wrong private link waits before the next one is
//! compared, longer and longer.

use crate::ledger::{Kept, Ledger, Log, Name, Read, Writing};
use protocol::trail::{Done, Trace};
use serde::{Deserialize, Serialize};
use serving::clock;
use serving::network::Network;
use serving::problem::{Failure, Problem};
use serving::runtime::Delay;
use std::collections::BTreeMap;
use std::time::Duration;

/// Wrong keys and wrong private links of late, in one record: what is older than an hour is not in it, and it does not
/// grow with those who guess.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Attempts {
    networks: BTreeMap<String, Wrong>,
    /// Lines that were written into the trail since `told_since`.
    told: u32,
    /// Milliseconds since 1970.
    told_since: f64,
}

/// Those that came from one network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Wrong {
    count: u32,
    /// Milliseconds since 1970.
    last: f64,
    /// Until when further ones are turned away unread.
    until: f64,
}

/// They are forgotten after this long without another, in milliseconds.
const FORGOTTEN_AFTER: f64 = 3_600_000.0;
/// So many are free of any wait: people mistype.
const FREE: u32 = 4;
/// The longest wait, in seconds.
const LONGEST_WAIT: u32 = 300;
/// The longest wait where nobody says which network a request comes from.
const UNKNOWN_WAIT: Duration = Duration::from_secs(2);
/// Nobody types so fast.
const A_BREATH: Duration = Duration::from_millis(200);
/// So many networks are remembered; of more, those that have guessed last.
const MOST_NETWORKS: usize = 256;
/// So many are written into the trail in an hour.
const MOST_TOLD: u32 = 60;

impl Wrong {
    /// One more, at a time.
    fn one_more(&self, now: f64) -> Self {
        let count = if now - self.last > FORGOTTEN_AFTER { 1 } else { self.count.saturating_add(1) };
        let wait = match count.checked_sub(FREE) {
            None | Some(0) => 0,
            Some(more) => 2_u32.checked_pow(more.min(16)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT),
        };
        Self { count, last: now, until: now + f64::from(wait) * 1000.0 }
    }
}

impl Attempts {
    /// How long a network waits, in milliseconds.
    fn wait(&self, from: &Network, now: f64) -> f64 {
        self.networks.get(from.name()).map_or(0.0, |wrong| (wrong.until - now).max(0.0))
    }

    /// One more, and its number where the trail tells it: the first ones of a network, then
    /// fewer and fewer.
    fn one_more(mut self, from: &Network, now: f64) -> (Self, Option<u32>) {
        self.networks.retain(|_, wrong| now - wrong.last <= FORGOTTEN_AFTER);
        let wrong = self.networks.entry(from.name().to_owned()).or_default();
        *wrong = wrong.one_more(now);
        let count = wrong.count;
        while self.networks.len() > MOST_NETWORKS {
            let oldest = self.networks.iter().min_by(|one, other| one.1.last.total_cmp(&other.1.last));
            let Some(name) = oldest.map(|(name, _)| name.clone()) else { break };
            self.networks.remove(&name);
        }
        if now - self.told_since > FORGOTTEN_AFTER {
            (self.told, self.told_since) = (0, now);
        }
        let is_told = (count <= FREE || count.is_power_of_two()) && self.told < MOST_TOLD;
        self.told += u32::from(is_told);
        (self, is_told.then_some(count))
    }
}

/// Makes a network that has guessed wrong before wait; where its name is known, refuses to compare
/// until then. Returns the attempts of late, for [`note`]. They must be among what was read.
pub(super) async fn hold(read: &Read, from: &Network) -> Result<Option<Kept<Attempts>>, Failure> {
    let attempts = read.get::<Attempts>(Name::Attempts)?;
    let wait = attempts.as_ref().map_or(0.0, |attempts| attempts.value.wait(from, clock::now()));
    match from {
        Network::Known(_) if wait > 0.0 => return Err(slow(wait)),
        Network::Known(_) => {}
        // Everybody is in it: nobody may lock the others out.
        Network::Unknown => Delay::from(Duration::from_secs_f64(wait / 1000.0).min(UNKNOWN_WAIT)).await,
    }
    Ok(attempts)
}

/// Records a wrong guess, and slows down the network that it came from.
pub(super) async fn note(ledger: &Ledger, before: Option<Kept<Attempts>>, from: &Network, done: Done) {
    let (revision, before) = before.map_or((0, Attempts::default()), |kept| (kept.revision, kept.value));
    let (attempts, told) = before.one_more(from, clock::now());
    let mut writing = Writing::default().expect(Name::Attempts, revision).put(Name::Attempts, &attempts);
    if let Some(count) = told {
        let trace = Trace {
            at: clock::timestamp(),
            by: None,
            done,
            subject: from.name().to_owned(),
            detail: format!("essai n° {count}"),
        };
        writing = writing.append(Log::Audit, &trace);
    }
    // Of two at once, one is counted: that is enough to slow both down.
    let _ = ledger.write(&writing).await;
    breathe().await;
}

/// Waits as long as every refusal does.
pub(super) async fn breathe() {
    Delay::from(A_BREATH).await;
}

fn slow(milliseconds: f64) -> Failure {
    let seconds = (milliseconds / 1000.0).ceil().max(1.0);
    let detail = format!(
        "Trop d’essais avec de mauvaises clés ou de mauvais liens. Attendez {seconds} s, puis réessayez."
    );
    Problem::new(429, "too-many-attempts", detail).header("retry-after", seconds.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_keys_wait_longer_and_longer_and_are_forgotten() {
        let mut wrong = Wrong::default();
        let mut waits = Vec::new();
        for _ in 0..14 {
            wrong = wrong.one_more(1000.0);
            waits.push((wrong.until - 1000.0) / 1000.0);
        }
        assert_eq!(waits[..8], [0.0, 0.0, 0.0, 0.0, 2.0, 4.0, 8.0, 16.0]);
        assert_eq!(waits[13..], [f64::from(LONGEST_WAIT)]);
        let later = wrong.one_more(1000.0 + FORGOTTEN_AFTER + 1.0);
        assert_eq!((later.count, later.until), (1, later.last));
        assert!(Wrong { count: u32::MAX, ..wrong }.one_more(1000.0).until > 0.0);
    }

    #[test]
    fn those_who_guess_leave_little_behind() {
        let mut attempts = Attempts::default();
        let mut told = 0;
        for number in 0..5000_u32 {
            let from = Network::Known(format!("{}.{}.0.0/24", number / 256, number % 256));
            let (after, is_told) = attempts.one_more(&from, f64::from(number));
            assert_eq!(after.networks.get(from.name()).map(|wrong| wrong.count), Some(1));
            attempts = after;
            told += u32::from(is_told.is_some());
        }
        assert_eq!((attempts.networks.len(), told), (MOST_NETWORKS, MOST_TOLD));
        let (later, is_told) = attempts.one_more(&Network::Unknown, 5000.0 + FORGOTTEN_AFTER + 1.0);
        assert_eq!((later.networks.len(), is_told), (1, Some(1)), "an hour later");
    }

    #[test]
    fn a_network_waits_alone() {
        let (one, other) = (Network::at(Some("192.0.2.77")), Network::at(Some("198.51.100.1")));
        let mut attempts = Attempts::default();
        for _ in 0..6 {
            attempts = attempts.one_more(&one, 1000.0).0;
        }
        assert!((3999.0..4001.0).contains(&attempts.wait(&one, 1000.0)));
        assert!(attempts.wait(&one, 6000.0) <= 0.0 && attempts.wait(&other, 1000.0) <= 0.0);
    }
}
