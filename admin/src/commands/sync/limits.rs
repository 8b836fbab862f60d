//! Whether what came may be published without a person.

use super::{Counted, Delivery, plural};
use crate::commands::validate::counted;
use exchange::sync::sources::Limits;
use insight::compare::review::review;
use insight::verify::examine::{Examined, examine};
use shared::validate::validate;

impl Delivery<'_> {
    /// Why a person has to look first, each reason a French sentence; nothing where everything is
    /// within the limits.
    pub(super) fn beyond(&self, limits: &Limits) -> Vec<String> {
        let mut why = Vec::new();
        let Counted { added, changed, .. } = Counted::of(self.difference);
        let touched = added + changed + self.difference.removed.len();
        let places = self.base.structures.len();
        if touched * 100 > places * limits.changed {
            let touched = plural(touched, "lieu ajouté ou changé", "lieux ajoutés ou changés");
            why.push(format!("{touched}, sur {places} : c’est plus de {} sur cent.", limits.changed));
        }
        if self.twins > 0 {
            let twins = plural(self.twins, "nouveau lieu", "nouveaux lieux");
            why.push(format!("{twins} peut-être déjà dans l’annuaire."));
        }
        let after = match examine(self.after.clone(), self.geography, self.today) {
            Ok(Examined { directory, snapshot, .. }) => (directory, snapshot),
            Err(refusal) => {
                why.push(match &refusal.counter_example {
                    Some(found) => {
                        format!("Une personne rencontrerait une impasse ou une mauvaise porte. {found}")
                    }
                    None => format!("L’annuaire obtenu a des erreurs : {}.", counted(&refusal.findings)),
                });
                return why;
            }
        };
        let Ok(before) = validate(self.base.clone(), self.geography, self.today) else {
            why.push(
                "L’annuaire en ligne a des erreurs aujourd’hui : rien ne dit ce qui changerait.".to_owned(),
            );
            return why;
        };
        let review = review((&before, None), (&after.0, Some(&after.1)), self.geography, self.today);
        why.extend(
            review.losses.iter().map(|loss| format!("{} : il faudrait {}.", loss.value, loss.expected)),
        );
        match &review.effect {
            None => why.push("L’effet sur les personnes n’a pas pu être calculé.".to_owned()),
            Some(effect) => {
                let losing = effect.publics.iter().filter(|public| public.lost > limits.communes);
                why.extend(losing.map(|public| {
                    let communes = plural(public.lost, "commune", "communes");
                    format!("{} : le lieu principal disparaît dans {communes}.", public.who)
                }));
            }
        }
        why
    }
}
