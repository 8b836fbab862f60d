//! `/embed/doctor`: what keeps the element out of a page, and the exact line that lets it in.

use super::address::Address;
use super::advice::{Change, Examination, Need, Rung, examine};
use super::pasted::{Fault, Pasted, look};
use super::policy::Policy;
use super::reach::{Reached, Unreached, reach};
use super::said;
use super::tags::Tag;
use super::turn::Turn;
use maud::{Markup, html};
use serving::body::Incoming;
use serving::form::Form;
use serving::host::Host;
use serving::network::Network;
use serving::problem::{Failure, Problem};
use serving::{assets, site};
use web_sys::Response;

/// What was asked.
#[derive(Default)]
struct Asked {
    address: String,
    policy: String,
}

/// Answers with the form, and what was found where something was sent.
pub(crate) async fn answer(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    origin: &str,
    is_post: bool,
) -> Result<Response, Failure> {
    if !is_post {
        return site::send(200, &whole(&Asked::default(), None, &html! {}), false, true);
    }
    if incoming.header("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        let detail = "Cette demande vient d’un autre site. Ouvrez la page du diagnostic et recommencez.";
        return Err(Problem::new(403, "foreign-page", detail).into());
    }
    let form = Form::read(incoming).await?;
    let get = |name: &str| form.get(name).trim().to_owned();
    let asked = Asked { address: get("address"), policy: get("policy") };
    let (status, error, found) = if asked.address.is_empty() && asked.policy.is_empty() {
        (
            422,
            Some("Donnez l’adresse de votre page, ou collez sa politique de sécurité.".to_owned()),
            html! {},
        )
    } else if asked.address.is_empty() {
        (200, None, of_policies(&asked.policy, origin))
    } else {
        let _turn = Turn::take(&Network::of(host.env, incoming.request))?;
        match reach(host.env, &asked.address, &format!("{origin}/embed/doctor")).await {
            Ok(reached) => {
                let build = assets::build(host.env).await;
                (200, None, of_page(&reached, &asked.policy, origin, build.as_deref()))
            }
            Err(why) => (status_of(why), Some(said::unreached(why)), html! {}),
        }
    };
    site::send(status, &whole(&asked, error.as_deref(), &found), false, false)
}

const fn status_of(why: Unreached) -> u16 {
    match why {
        Unreached::NotAnAddress | Unreached::NotPublic | Unreached::ToNotPublic => 422,
        _ => 200,
    }
}

fn whole(asked: &Asked, error: Option<&str>, found: &Markup) -> String {
    let found_something = !found.0.is_empty();
    let described = if error.is_some() { "address-help address-error" } else { "address-help" };
    let body = html! {
        (found)
        @if found_something { h2 { "Examiner une autre page" } }
        p { "Le guide ne s’affiche pas comme prévu sur votre site ? Donnez l’adresse de la page : nous la lisons une fois, comme un visiteur, et nous ne gardons rien." }
        form method="post" action="/embed/doctor" {
            label for="address" { "Adresse de votre page" }
            p class="help" id="address-help" { "Une page publique, où le guide est déjà collé." }
            @if let Some(error) = error { p class="field-error" id="address-error" role="alert" { strong { "Erreur : " } (error) } }
            input id="address" name="address" type="text" inputmode="url" value=(asked.address) autocomplete="off" spellcheck="false" aria-describedby=(described) aria-invalid=[error.map(|_| "true")];
            label for="policy" { "Ou sa politique de sécurité" }
            p class="help" id="policy-help" { "Le contenu de l’en-tête Content-Security-Policy, une politique par ligne. La ligne de la configuration d’Apache ou de nginx convient aussi." }
            textarea id="policy" name="policy" rows="4" spellcheck="false" autocapitalize="none" aria-describedby="policy-help" { "\n" (asked.policy) }
            button type="submit" { "Chercher ce qui bloque" }
        }
        h2 { "Depuis la page elle-même" }
        p { "Pour une page d’un intranet, ou derrière un mot de passe : ouvrez-la dans votre navigateur en ajoutant " code { "?spro-doctor" } " à la fin de son adresse. Un encadré dit alors la même chose, sans que rien ne sorte de la page." }
    };
    site::page("Pourquoi le guide ne s’affiche-t-il pas ?", "/embed/doctor", &body)
}

/// What policies alone say.
fn of_policies(text: &str, origin: &str) -> Markup {
    let (Some(guide), policies) = (Address::parse(origin), pasted(text)) else { return html! {} };
    // Nobody knows where the page is: somewhere else.
    let page = Address {
        scheme: "https".to_owned(),
        host: "page.invalid".to_owned(),
        port: 443,
        path: "/".to_owned(),
    };
    let found = examine(&policies, &guide, &page, None);
    html! {
        section id="found" aria-labelledby="found-title" {
            h2 id="found-title" { "Avec cette politique" }
            (verdict(found.rung, true, policies.is_empty()))
            (barriers(&found, &policies))
        }
    }
}

/// What a page says.
fn of_page(reached: &Reached, also: &str, origin: &str, build: Option<&str>) -> Markup {
    let Some(guide) = Address::parse(origin) else { return html! {} };
    let seen = look(&reached.page, &reached.address, &guide, build);
    let mut policies = Policy::parse_list(&reached.policies);
    for meta in &seen.metas {
        policies.extend(Policy::parse_list(meta).into_iter().map(|mut policy| {
            // In a tag these count for nothing.
            policy
                .directives
                .retain(|(name, _)| !["sandbox", "frame-ancestors", "report-uri"].contains(&name.as_str()));
            policy
        }));
    }
    policies.extend(pasted(also));
    let found = examine(&policies, &guide, &reached.address, seen.script.as_ref());
    let is_there = seen.faults.iter().all(said::is_minor);
    html! {
        section id="found" aria-labelledby="found-title" {
            h2 id="found-title" { "Sur " (reached.url) }
            @if seen.elements == 0 && seen.frames > 0 {
                div class="message good" { p { strong { "Le guide est dans un cadre." } " Rien d’autre n’est à régler, tant que le cadre s’affiche." } }
            } @else if is_there {
                (verdict(found.rung, seen.faults.is_empty(), false))
            } @else {
                div class="message error" { p { strong { "Le guide n’est pas là, ou pas en entier." } " Voici pourquoi." } }
            }
            (faults(&seen.faults, origin))
            (barriers(&found, &policies))
            (others(reached, &seen))
        }
    }
}

/// What a visitor gets; `is_as_given` where the code is what was copied, `is_empty` where no policy was.
fn verdict(rung: Rung, is_as_given: bool, is_empty: bool) -> Markup {
    let class = if rung == Rung::Element { "message good" } else { "message warn" };
    html! {
        div class=(class) id="rung" data-rung=(rung.code()) {
            p { strong { (said::rung(rung)) } @if rung == Rung::Element && is_as_given { " Rien n’est à changer." } }
            @if is_empty { p { "Nous n’avons trouvé aucune politique dans ce que vous avez collé." } }
        }
    }
}

fn faults(faults: &[Fault], origin: &str) -> Markup {
    html! {
        @if !faults.is_empty() {
            h3 { "Dans le code collé" }
            ul id="faults" { @for fault in faults { li { (said::fault(fault, origin)) } } }
        }
    }
}

/// What the policies forbid, and what to write instead.
fn barriers(found: &Examination, policies: &[Policy]) -> Markup {
    let (frame, others): (Vec<_>, Vec<_>) =
        found.blocked.iter().partition(|blocked| blocked.need == Need::Frame);
    html! {
        @if !others.is_empty() {
            h3 { "Ce qui bloque" }
            ul id="blocked" { @for blocked in &others { li { (said::blocked(blocked.need, blocked.directive)) } } }
            @if let Some(words) = said::nonce(found) { p id="nonce" { (words) } }
            @if !found.changes.is_empty() {
                h3 { "Ce qu’il faut écrire" }
                p { "Dans la configuration de votre site, ou dans l’outil qui écrit l’en-tête Content-Security-Policy :" }
                (changes(&found.changes, policies.len()))
                @for (index, policy) in found.mended.iter().enumerate().filter(|(index, policy)| policies[*index] != **policy) {
                    details {
                        summary { "La politique entière, une fois corrigée" @if policies.len() > 1 { " (" (index + 1) ")" } }
                        pre class="mended" tabindex="0" { (policy.text()) }
                    }
                }
            }
        }
        @if !frame.is_empty() {
            h3 { "Si le guide doit un jour céder la place au cadre" }
            @for blocked in &frame { p { (said::blocked(blocked.need, blocked.directive)) " Ce n’est pas nécessaire au guide, mais utile aux navigateurs anciens :" } }
            (changes(&found.frame_changes, policies.len()))
        }
    }
}

fn changes(changes: &[Change], policies: usize) -> Markup {
    html! {
        @for change in changes {
            @if policies > 1 { p { "Dans la politique n° " (change.policy + 1) " :" } }
            @if let Some(before) = &change.before {
                p { "À la place de " code { (before) } " :" }
            } @else {
                p { "Une ligne de plus :" }
            }
            pre class="line" tabindex="0" { (change.after) ";" }
        }
    }
}

/// What else a page says of itself, and what of it matters.
fn others(reached: &Reached, seen: &Pasted) -> Markup {
    let has_nonce = |tag: &Tag| tag.get("nonce").is_some_and(|nonce| !nonce.is_empty());
    let copies = reached.permissions.replace(' ', "").contains("clipboard-write=()");
    html! {
        h3 { "Ce que nous avons lu" }
        ul {
            li { "Politiques de sécurité : " (Policy::parse_list(&reached.policies).len()) " dans l’en-tête, " (seen.metas.len()) " dans la page." }
            @if reached.has_reports { li { "L’en-tête Content-Security-Policy-Report-Only ne bloque rien : nous n’en avons pas tenu compte." } }
            @if !reached.embedder.is_empty() {
                li { "Cross-Origin-Embedder-Policy isole la page : cela ne gêne ni le guide, ni son cadre." }
            }
            @if copies { li { "Permissions-Policy interdit d’écrire dans le presse-papiers : le bouton « Copier » du guide sélectionnera le texte au lieu de le copier." } }
            @if seen.script.as_ref().is_some_and(has_nonce) { li { "Notre balise <script> porte un nonce." } }
            @if seen.elements > 1 { li { "Le guide est " (seen.elements) " fois dans la page : cela ne gêne pas." } }
            li { "Les directives de style et Trusted Types ne gênent pas le guide." }
        }
    }
}

/// Policies as people paste them: one a line, as a header, or as a server's configuration
/// writes it.
fn pasted(text: &str) -> Vec<Policy> {
    text.lines().flat_map(|line| Policy::parse_list(value(line))).collect()
}

/// The policy in a line of a configuration.
fn value(line: &str) -> &str {
    const NAME: &str = "content-security-policy";
    let line = line.trim();
    // Letters of ASCII keep their places.
    let Some(at) = line.to_ascii_lowercase().find(NAME) else { return line };
    let rest = line[at + NAME.len()..].trim_start_matches([':', '"', '\'', ' ', '\t', '=']);
    // A quote that opened is closed by the last of its kind; what follows is the server's.
    let before = line[at + NAME.len()..].len() - rest.len();
    match line[at + NAME.len()..][..before].trim_end().chars().last() {
        Some(quote @ '"') => rest.rsplit_once(quote).map_or(rest, |(policy, _)| policy),
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_found_in_what_people_paste() {
        for line in [
            "script-src 'self'; img-src *",
            "Content-Security-Policy: script-src 'self'; img-src *",
            "  content-security-policy:script-src 'self'; img-src *;  ",
            "Header always set Content-Security-Policy \"script-src 'self'; img-src *\"",
            "add_header Content-Security-Policy \"script-src 'self'; img-src *\" always;",
        ] {
            let policies = pasted(line);
            assert_eq!(policies.len(), 1, "{line}");
            assert_eq!(policies[0].text(), "script-src 'self'; img-src *", "{line}");
        }
        assert_eq!(pasted("script-src 'none'\nimg-src *").len(), 2);
        assert_eq!(pasted(" \n").len(), 0);
    }

    #[test]
    fn the_advice_is_the_whole_line() {
        let html = of_policies("default-src 'self'", "https://guide.fr").into_string();
        assert!(html.contains("data-rung=\"link\""), "{html}");
        assert!(html.contains("script-src 'self' https://guide.fr 'wasm-unsafe-eval';"), "{html}");
        assert!(html.contains("connect-src 'self' https://guide.fr;"), "{html}");
        let html = of_policies("script-src 'nonce-x' 'strict-dynamic'", "https://guide.fr").into_string();
        assert!(html.contains("nonce=&quot;…&quot;"), "{html}");
    }
}
