//! Nothing is asked in vain: whoever is asked a question finds somebody who answers it otherwise, says
//! the same of everything else, and is led elsewhere, or told why in other words, in some commune.
//!
//! `shared::asking` decides of whom a question is asked, and reads the rules alone. Here the engine
//! has decided, in every kind of surroundings that the directory's places make.

use super::check::{Case, Checked, Led};
use super::counter::{CounterExample, Kind, person};
use shared::recommend::plan;
use shared::snapshot::Guide;
use std::collections::HashMap;

/// What the search for a difference needs, and what it has found.
pub(super) struct Vain<'a> {
    case: &'a Case<'a>,
    /// Where each group is led in each of its kinds of surroundings.
    led: &'a [Vec<Led>],
    /// The guide without its dates, where it has some: who is asked does not depend on the day.
    undated: Option<Guide>,
    day: &'a str,
    /// Whether two groups are led differently, the lower first.
    known: HashMap<(usize, usize), bool>,
}

impl<'a> Vain<'a> {
    pub(super) fn new(case: &'a Case<'a>, led: &'a [Vec<Led>], day: &'a str) -> Self {
        let mut undated = Guide::clone(case.guide);
        for rule in &mut undated.rules {
            (rule.valid_from, rule.valid_until) = (None, None);
        }
        for network in &mut undated.networks {
            (network.valid_from, network.valid_until) = (None, None);
        }
        for service in &mut undated.remote_services {
            (service.valid_from, service.valid_until) = (None, None);
        }
        let undated = (undated != **case.guide).then_some(undated);
        Self { case, led, undated, day, known: HashMap::new() }
    }

    /// Goes through every question that somebody is asked, with what they have answered before it.
    /// Returns how many there are.
    pub(super) fn nothing_is_asked_in_vain(&mut self) -> Checked<usize> {
        let sets = self.case.people.sets();
        let mut asked = 0;
        for question in 0..self.case.guide.questions.len() {
            let mut from = 0;
            while from < sets.len() {
                let is_alike = |set: usize| sets.row(set)[..question] == sets.row(from)[..question];
                let until = from + (from..sets.len()).take_while(|set| is_alike(*set)).count();
                if sets.asked(question).has(from) {
                    asked += 1;
                    self.decides(question, (from, until))?;
                }
                from = until;
            }
        }
        Ok(asked)
    }

    /// Whether a question decides something for those who answer as these sets do before it.
    fn decides(&mut self, question: usize, (from, until): (usize, usize)) -> Checked<()> {
        let choices = self.parts(question, (from, until));
        let first = choices[0];
        if choices[1..].iter().any(|other| self.differ(question + 1, first, *other)) {
            return Ok(());
        }
        let Case { guide, people, .. } = self.case;
        let mut answers = people.sets().answers(from);
        let asked = guide.wording(&guide.questions[question], &answers).to_owned();
        for later in &guide.questions[question..] {
            answers.remove(&later.id);
        }
        let expected = format!("une question dont une réponse change quelque chose, et non « {asked} »");
        let mut counter = CounterExample::new(Kind::AskedInVain, expected);
        counter.person = person(guide, &answers);
        Err(counter)
    }

    /// Sets that are alike before a question, by their answer to it.
    fn parts(&self, question: usize, (from, until): (usize, usize)) -> Vec<(usize, usize)> {
        let sets = self.case.people.sets();
        let mut parts: Vec<(usize, usize)> = Vec::new();
        for set in from..until {
            match parts.last_mut() {
                Some((first, end)) if sets.row(*first)[question] == sets.row(set)[question] => *end = set + 1,
                _ => parts.push((set, set + 1)),
            }
        }
        parts
    }

    /// Whether two people who say the same from a question on are led differently. What only one of
    /// them is asked, the other does not say.
    fn differ(&mut self, question: usize, one: (usize, usize), two: (usize, usize)) -> bool {
        let sets = self.case.people.sets();
        if question == self.case.guide.questions.len() {
            return self.are_led_differently(one.0, two.0);
        }
        let (ones, twos) = (self.parts(question, one), self.parts(question, two));
        let is_asked = |part: (usize, usize)| sets.asked(question).has(part.0);
        match (is_asked(one), is_asked(two)) {
            (true, true) => ones.into_iter().zip(twos).any(|(one, two)| self.differ(question + 1, one, two)),
            (true, false) => ones.into_iter().any(|one| self.differ(question + 1, one, two)),
            (false, _) => twos.into_iter().any(|two| self.differ(question + 1, one, two)),
        }
    }

    fn are_led_differently(&mut self, one: usize, two: usize) -> bool {
        let people = self.case.people;
        let groups = (people.group(one).min(people.group(two)), people.group(one).max(people.group(two)));
        if groups.0 == groups.1 {
            return self.will_be(one, two);
        }
        if let Some(known) = self.known.get(&groups) {
            return *known;
        }
        let (firsts, seconds) = (self.case.kinds(groups.0), self.case.kinds(groups.1));
        let led = |commune: usize| {
            let kind = |of: &[u16]| usize::from(of[commune]);
            (&self.led[groups.0][kind(&firsts.of)], &self.led[groups.1][kind(&seconds.of)])
        };
        let communes = 0..firsts.of.len();
        let differ = communes.into_iter().any(|commune| {
            let (first, second) = led(commune);
            !first.is_told_as(second) || self.case.are_sent_elsewhere(groups, commune, first)
        }) || self.will_be(one, two);
        self.known.insert(groups, differ);
        differ
    }

    /// Whether they were, or will be, on another day.
    fn will_be(&self, one: usize, two: usize) -> bool {
        let Some(undated) = &self.undated else { return false };
        let sets = self.case.people.sets();
        let plans = [one, two].map(|set| {
            let answers = sets.answers(set);
            (plan(undated, &answers, self.day), plan(self.case.guide, &answers, self.day))
        });
        // What no date concerns is decided today.
        plans.iter().any(|(any, today)| any != today) && plans[0].0 != plans[1].0
    }
}
