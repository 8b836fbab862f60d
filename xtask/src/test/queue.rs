//! Jobs that wait for what they need and run a few at a time.

use super::report::{Outcome, Suite};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What a job may have to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Milestone {
    /// Element and worker are there, in the shipped form.
    Built,
    /// The native programs are there.
    Compiled,
}

/// Something to do.
pub(super) struct Job {
    /// What the report calls it where it could not be done.
    pub(super) name: String,
    /// What must be there first.
    pub(super) needs: Vec<Milestone>,
    /// What does it.
    pub(super) work: Box<dyn FnOnce() -> Done + Send>,
}

/// What a job leaves behind.
#[derive(Default)]
pub(super) struct Done {
    /// Its rows of the report.
    pub(super) suites: Vec<Suite>,
    /// What is there now.
    pub(super) reached: Option<Milestone>,
    /// What can be done now and was not known before.
    pub(super) next: Vec<Job>,
    /// What is to be tried again when nothing else is running.
    pub(super) again: Option<Job>,
}

impl From<Suite> for Done {
    fn from(suite: Suite) -> Self {
        Self { suites: vec![suite], ..Self::default() }
    }
}

#[derive(Default)]
struct State {
    waiting: Vec<Job>,
    running: usize,
    reached: Vec<Milestone>,
    suites: Vec<Suite>,
    again: Vec<Job>,
}

/// Runs the jobs, at most `at_once` together, in their order as far as what they need is there.
/// A job whose need never comes is a failure in the report.
pub(super) fn run(jobs: Vec<Job>, at_once: usize) -> Vec<Suite> {
    let state = Mutex::new(State { waiting: jobs, ..State::default() });
    let changed = Condvar::new();
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| while serve(&state, &changed) {});
        }
    });
    let mut state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    for job in state.again {
        println!("{} … again, alone", job.name);
        state.suites.extend((job.work)().suites);
    }
    for job in state.waiting {
        println!("{} … not run: what it needs could not be made", job.name);
        let outcome = Outcome::Check { right: false };
        state.suites.push(Suite { outcome, ..Suite::named(job.name) });
    }
    state.suites
}

/// Does the next job that can be done; false when there will be none.
fn serve(state: &Mutex<State>, changed: &Condvar) -> bool {
    let Some(job) = next(state, changed) else { return false };
    let done = (job.work)();
    let mut state = lock(state);
    state.running -= 1;
    state.reached.extend(done.reached);
    state.suites.extend(done.suites);
    state.again.extend(done.again);
    // Before what was known: it is what others wait for.
    state.waiting.splice(0..0, done.next);
    drop(state);
    changed.notify_all();
    true
}

/// Waits for a job that can be done; nothing when none is left, or none can be any more.
fn next(state: &Mutex<State>, changed: &Condvar) -> Option<Job> {
    let mut guard = lock(state);
    loop {
        let State { waiting, running, reached, .. } = &mut *guard;
        let can_be_done = |job: &Job| job.needs.iter().all(|need| reached.contains(need));
        if let Some(index) = waiting.iter().position(can_be_done) {
            *running += 1;
            return Some(waiting.remove(index));
        }
        if *running == 0 {
            return None;
        }
        guard = changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn job(
        name: &str,
        needs: &[Milestone],
        reached: Option<Milestone>,
        log: &Arc<Mutex<Vec<String>>>,
    ) -> Job {
        let (log, said) = (Arc::clone(log), name.to_owned());
        let work = Box::new(move || {
            log.lock().unwrap().push(said.clone());
            Done { reached, ..Suite::named(said).into() }
        });
        Job { name: name.to_owned(), needs: needs.to_vec(), work }
    }

    #[test]
    fn a_job_waits_for_what_it_needs() {
        use Milestone::{Built, Compiled};
        let log = Arc::default();
        let jobs = vec![
            job("needs both", &[Built, Compiled], None, &log),
            job("builds", &[], Some(Built), &log),
            job("compiles", &[Built], Some(Compiled), &log),
        ];
        assert_eq!(run(jobs, 2).len(), 3);
        assert_eq!(*log.lock().unwrap(), ["builds", "compiles", "needs both"]);
    }

    #[test]
    fn what_can_never_be_done_is_a_failure() {
        let log = Arc::default();
        let jobs = vec![job("browsers", &[Milestone::Built], None, &log), job("lints", &[], None, &log)];
        let suites = run(jobs, 3);
        let good: Vec<(&str, bool)> =
            suites.iter().map(|suite| (suite.name.as_str(), suite.good())).collect();
        assert_eq!(good, [("lints", true), ("browsers", false)]);
    }

    #[test]
    fn what_is_tried_again_is_tried_last_and_alone() {
        let log = Arc::default();
        let again = job("again", &[], None, &log);
        let work = Box::new(move || Done { again: Some(again), ..Done::default() });
        let first = Job { name: "first".to_owned(), needs: Vec::new(), work };
        assert_eq!(run(vec![first, job("another", &[], None, &log)], 2).len(), 2);
        assert_eq!(*log.lock().unwrap(), ["another", "again"]);
    }

    #[test]
    fn a_job_may_bring_others() {
        let log = Arc::default();
        let brought = job("brought", &[], None, &log);
        let work = Box::new(move || Done { next: vec![brought], ..Done::default() });
        let first = Job { name: "first".to_owned(), needs: Vec::new(), work };
        assert_eq!(run(vec![first], 1).len(), 1);
        assert_eq!(*log.lock().unwrap(), ["brought"]);
    }
}
