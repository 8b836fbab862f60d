//! What an effect says in French: the one place where it is worded.

use super::{Effect, Example, Kind, PublicEffect, Whereto};
use crate::report::diagnosis::page::km_of;
use shared::french::grouped;

/// How many effects a headline tells.
const HEADLINE: usize = 3;

/// The largest effects, at most three sentences: those that concern the most communes first.
pub fn headline(effect: &Effect) -> Vec<String> {
    if effect.publics.iter().all(|public| public.changed == 0 && public.moved == 0) {
        return vec!["Personne n’est envoyé ailleurs : le lieu principal reste le même partout.".to_owned()];
    }
    largest(effect).into_iter().take(HEADLINE).map(sentence).collect()
}

/// The publics for whom something changes, those in the most communes first.
pub fn largest(effect: &Effect) -> Vec<&PublicEffect> {
    let mut publics: Vec<&PublicEffect> = effect.publics.iter().collect();
    publics.sort_by_key(|public| std::cmp::Reverse((public.changed, public.moved)));
    publics
}

/// All of it in one sentence.
pub fn overall(effect: &Effect) -> String {
    let mut said = match effect.changed {
        0 => "Aucune commune n’a un autre lieu principal, pour personne.".to_owned(),
        changed => format!(
            "{} sur {} {} un autre lieu principal pour au moins une partie des personnes ; {} y {}.",
            communes(changed),
            count(effect.communes),
            has(changed),
            people(effect.inhabitants),
            if effect.inhabitants < 2 { "habite" } else { "habitent" },
        ),
    };
    if effect.questions_changed {
        said.push_str(" Les questions ont changé : la comparaison suit les nouvelles réponses.");
    }
    said
}

/// What changes for one public: « 1 240 communes ont un autre lieu principal pour … ».
pub fn sentence(public: &PublicEffect) -> String {
    let who = who(&public.who);
    if public.changed == 0 {
        let verb = if public.moved < 2 { "a son" } else { "ont leur" };
        return format!(
            "{} {verb} lieu principal ailleurs qu’avant, le même, pour {who}.",
            communes(public.moved)
        );
    }
    let mut parts = Vec::new();
    let mut part = |number: usize, said: String| {
        if number > 0 {
            parts.push(format!("{} {said}", count(number)));
        }
    };
    part(public.nearer, format!("plus près (de {} en moyenne)", km_of(public.mean_nearer)));
    part(public.farther, format!("plus loin (de {} en moyenne)", km_of(public.mean_farther)));
    let plural = |number: usize, one: &str, many: &str| (if number < 2 { one } else { many }).to_owned();
    part(public.gained, plural(public.gained, "qui n’avait aucun lieu", "qui n’avaient aucun lieu"));
    part(public.lost, plural(public.lost, "qui n’a plus de lieu", "qui n’ont plus de lieu"));
    let detail = if parts.is_empty() { String::new() } else { format!(" {}.", parts.join(", ")) };
    format!(
        "{} {} un autre lieu principal pour {who}.{detail}",
        communes(public.changed),
        has(public.changed)
    )
}

/// One commune: « Romans-sur-Isère : Mission locale (12 km) → Mission locale (3 km) ».
pub fn example(example: &Example) -> String {
    format!("{} : {} → {}", example.commune, whereto(&example.before), whereto(&example.after))
}

fn whereto(whereto: &Whereto) -> String {
    match (whereto.kind, whereto.distance) {
        (Kind::Place, Some(distance)) => format!("{} ({})", whereto.name, km_of(distance)),
        (Kind::Place, None) => whereto.name.clone(),
        (Kind::Network, _) => format!("{} (à distance, aucun lieu proche)", whereto.name),
        (Kind::Remote, _) => format!("{} (à distance)", whereto.name),
        (Kind::Nothing, _) => "hors de la région".to_owned(),
    }
}

fn communes(number: usize) -> String {
    format!("{} commune{}", count(number), if number < 2 { "" } else { "s" })
}

fn people(number: u64) -> String {
    format!("{} personne{}", grouped(number), if number < 2 { "" } else { "s" })
}

const fn has(number: usize) -> &'static str {
    if number < 2 { "a" } else { "ont" }
}

fn count(number: usize) -> String {
    grouped(u64::try_from(number).unwrap_or(u64::MAX))
}

/// A public after « pour »: one that the words of a question name keeps its capital.
fn who(who: &str) -> String {
    if who.starts_with(['«', '(']) {
        return who.to_owned();
    }
    for whole in ["Toutes", "Tout", "Les"] {
        if let Some(rest) = who.strip_prefix(whole).filter(|rest| rest.starts_with(' ')) {
            return whole.to_lowercase() + rest;
        }
    }
    format!("ce cas : {who}")
}
