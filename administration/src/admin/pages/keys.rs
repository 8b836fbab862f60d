//! Access keys: the list, making one, taking one back.

use super::frame::{Page, go_to, send};
use super::parts::{About, Choice, Field, Kind, Wrong, select, summary, table, tick};
use super::{Asked, words};
use crate::admin::keys::Key;
use maud::{Markup, html};
use protocol::rights::Role;
use serving::form::Form;
use serving::problem::{Failure, Problem};
use web_sys::Response;

/// What each role may do, in a sentence: its name in the form, and what people read.
const ROLES: [(&str, &str); 4] = [
    ("reader", "Lecture seule : voit les lieux, les versions et le diagnostic, ne change rien."),
    (
        "editor",
        "Territoire, propose : prépare des brouillons sur les lieux de son territoire ; la Région publie.",
    ),
    ("publisher", "Territoire, publie : publie lui-même les lieux de son territoire, et rien d’autre."),
    ("region", "Région : tout, y compris les règles, les clés et le retour à une version."),
];

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Typed {
    name: String,
    role: String,
    territory: String,
    email: String,
}

impl Typed {
    fn from(form: &Form) -> Self {
        let text = |name: &str| form.get(name).trim().to_owned();
        Self { name: text("name"), role: text("role"), territory: text("territory"), email: text("email") }
    }

    /// The role that was chosen.
    fn role(&self) -> Result<Role, Wrong> {
        let may_publish = self.role == "publisher";
        match self.role.as_str() {
            "region" => Ok(Role::Region),
            "reader" => Ok(Role::Reader),
            "editor" | "publisher" if self.territory.is_empty() => {
                Err(Wrong::new("territory", "Choisissez le territoire de cette clé."))
            }
            "editor" | "publisher" => Ok(Role::Territory { territory: self.territory.clone(), may_publish }),
            _ => Err(Wrong::new("role", "Choisissez ce que cette clé permet.")),
        }
    }

    fn wrong(&self) -> Vec<Wrong> {
        let name = self
            .name
            .is_empty()
            .then(|| Wrong::new("name", "Donnez un nom à la clé : la personne ou le service qui l’aura."));
        name.into_iter().chain(self.role().err()).collect()
    }
}

impl Asked<'_> {
    /// `/admin/keys`.
    pub(super) async fn keys(&self) -> Result<Response, Failure> {
        self.show_keys(200, &Typed::default(), &[], None).await
    }

    async fn show_keys(
        &self,
        status: u16,
        typed: &Typed,
        wrong: &[Wrong],
        error: Option<&str>,
    ) -> Result<Response, Failure> {
        let territories = self.desk.parse(&self.desk.live_document().await?)?.territories;
        let called = |id: &str| {
            territories.iter().find(|one| one.id == id).map_or(id, |one| one.name.as_str()).to_owned()
        };
        let keys = self.desk.keys().await?;
        let mark = self.desk.secret.mark();
        let rows: Vec<Vec<Markup>> = keys.iter().map(|key| row(&key.value, &called, mark)).collect();
        let suspended = keys.iter().any(|key| key.value.revoked.is_none() && !key.value.is_of(mark));
        let choices: Vec<Choice<'_>> =
            territories.iter().map(|one| Choice { value: &one.id, label: &one.name }).collect();
        let columns = ["Nom", "Ce qu’elle permet", "Créée", "Dernier usage", "État"];
        let about = About::new("role", false, wrong);
        let field = |name, label: &str, help: &str, value: &str| {
            Field { name, label, help, value, kind: Kind::Line, required: name == "name" }.html(wrong)
        };
        let body = html! {
            (summary(wrong, &|_| ""))
            @if suspended {
                div class="message warn" { p { strong { "Le secret de l’installation a changé. " } "Les clés d’avant sont suspendues : quelqu’un qui avait l’ancien secret a pu en créer. Confirmez celles que vous connaissez, retirez les autres." } }
            }
            p { "Une clé par personne ou par service. Elle n’est montrée qu’une fois ; perdue, elle se remplace." }
            form method="post" action="/admin/keys" class="card" {
                h2 { "Créer une clé" }
                (field("name", "Nom", "La personne ou le service qui l’aura.", &typed.name))
                fieldset id="role" aria-describedby=[about.described()] {
                    legend { "Ce qu’elle permet" }
                    (about.errors())
                    @for (value, label) in ROLES { (tick("radio", "role", value, label, typed.role == value)) }
                }
                @if choices.is_empty() {
                    p class="help" { "L’annuaire en ligne n’a pas de territoire : une clé de territoire n’est pas possible pour l’instant." }
                } @else {
                    (select("territory", "Territoire (pour une clé de territoire)", Some("aucun"), &choices, &typed.territory, wrong))
                }
                (field("email", "Adresse connue de Cloudflare Access", "Facultative. Avec elle, la personne entre sans coller sa clé.", &typed.email))
                button type="submit" { "Créer la clé" }
            }
            @if rows.is_empty() { p { "Aucune clé pour l’instant." } }
            @else { (table(&html! { "Clés d’accès, la plus récente d’abord" }, &columns, &rows)) }
        };
        let page = Page { title: "Clés d’accès", part: "/admin/keys", error, ..self.page_of() };
        send(status, &page.html(&body))
    }

    /// Makes a key, and shows it: this page is the only one that ever does.
    pub(super) async fn make_key(&self) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let typed = Typed::from(&form);
        let wrong = typed.wrong();
        let (true, Ok(role)) = (wrong.is_empty(), typed.role()) else {
            return self.show_keys(422, &typed, &wrong, None).await;
        };
        let made = self.desk.make_key(&typed.name, role, Some(typed.email.clone())).await;
        let (key, secret) = match made {
            Ok(made) => made,
            Err(Failure::Problem(problem)) if problem.status == 422 => {
                return self.show_keys(422, &typed, &[], Some(problem.detail())).await;
            }
            Err(failure) => return Err(failure),
        };
        let origin = self.desk.host.cache.origin;
        let body = html! {
            div class="message warn" { p { strong { "Copiez-la maintenant. " } "Elle n’est gardée nulle part : cette page est la seule à la montrer." } }
            p id="secret-label" { "Clé de " strong { (key.name) } " (" (key.role.french()) ") :" }
            code class="secret" aria-labelledby="secret-label" { (secret) }
            h2 { "Dans un navigateur" }
            p { "Ouvrez " a href={ (origin) "/admin" } { (origin) "/admin" } ", collez la clé, et validez. Elle reste valable douze heures dans ce navigateur." }
            h2 { "Avec la ligne de commande" }
            p { "Mettez-la dans la variable SPRO_TOKEN, sans l’écrire dans un fichier partagé :" }
            code class="secret" { "SPRO_TOKEN=… cargo spro versions --server " (origin) }
            p { a class="button" href="/admin/keys" { "C’est copié" } }
        };
        let page = Page { title: "Clé créée", part: "/admin/keys", ..self.page_of() };
        send(200, &page.html(&body))
    }

    async fn key(&self, id: &str) -> Result<Key, Failure> {
        let keys = self.desk.keys().await?;
        keys.into_iter()
            .map(|kept| kept.value)
            .find(|key| key.id == id)
            .ok_or_else(|| Problem::new(404, "unknown-key", "Cette clé d’accès n’existe pas.").into())
    }

    /// Asks before a key is taken back.
    pub(super) async fn revocation_page(&self, id: &str) -> Result<Response, Failure> {
        let key = self.key(id).await?;
        let is_own = key.id == self.desk.person.id;
        let body = html! {
            @if key.revoked.is_some() { p { "Cette clé est déjà retirée." } }
            @else {
                p { "La clé « " (key.name) " » (" (key.role.french()) ") n’ouvrira plus rien, et les navigateurs où elle sert seront déconnectés. On ne peut pas revenir en arrière ; une autre clé peut être créée." }
                p { "Dernier usage : " (last_use(&key)) "." }
                @if is_own { div class="message warn" { p { strong { "C’est la clé avec laquelle vous êtes connecté." } " Vous serez déconnecté." } } }
                form method="post" action={ "/admin/keys/" (key.id) "/revoke" } {
                    div class="actions" {
                        button type="submit" class="danger" { "Retirer la clé" }
                        a class="button quiet" href="/admin/keys" { "La garder" }
                    }
                }
            }
        };
        let title = format!("Retirer la clé « {} »", key.name);
        let page = Page { title: &title, part: "/admin/keys", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// Takes a key back.
    pub(super) async fn revoke_key(&self, id: &str) -> Result<Response, Failure> {
        self.desk.revoke_key(id).await?;
        go_to("/admin/keys?done=key-revoked", None)
    }

    /// Confirms a key that another secret has suspended.
    pub(super) async fn confirm_key(&self, id: &str) -> Result<Response, Failure> {
        self.desk.confirm_key(id).await?;
        go_to("/admin/keys?done=key-confirmed", None)
    }
}

fn last_use(key: &Key) -> Markup {
    html! { @match &key.last_used_on { Some(day) => (words::date(day)), None => "jamais" } }
}

fn row(key: &Key, called: &dyn Fn(&str) -> String, mark: &str) -> Vec<Markup> {
    vec![
        html! { (key.name) @if let Some(email) = &key.email { br; span class="soft" { (email) } } },
        html! {
            (key.role.french())
            @if let Some(id) = key.role.territory() { br; span class="soft" { (called(id)) } }
        },
        html! { (words::time(&key.made_at)) br; span class="soft" { "par " (key.made_by.name) } },
        last_use(key),
        html! {
            @match &key.revoked {
                Some(revoked) => { span class="tag bad" { "retirée" } br; span class="soft" { (words::time(&revoked.at)) " par " (revoked.by.name) } }
                None if !key.is_of(mark) => {
                    span class="tag bad" { "suspendue" }
                    form method="post" action={ "/admin/keys/" (key.id) "/confirm" } { button type="submit" class="quiet" { "Confirmer" span class="hidden" { " la clé " (key.name) } } }
                    a href={ "/admin/keys/" (key.id) "/revoke" } { "Retirer" span class="hidden" { " la clé " (key.name) } }
                }
                None => { span class="tag good" { "valable" } br; a href={ "/admin/keys/" (key.id) "/revoke" } { "Retirer" span class="hidden" { " la clé " (key.name) } } }
            }
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_needs_a_name_and_a_role_and_a_territory_where_the_role_has_one() {
        let typed = |name: &str, role: &str, territory: &str| Typed {
            name: name.into(),
            role: role.into(),
            territory: territory.into(),
            email: String::new(),
        };
        let fields = |typed: &Typed| typed.wrong().iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(fields(&typed("", "", "")), ["name", "role"]);
        assert_eq!(fields(&typed("x", "editor", "")), ["territory"]);
        assert_eq!(fields(&typed("x", "admin", "a")), ["role"]);
        for (value, _) in ROLES {
            let role = typed("x", value, "a").role().unwrap();
            assert_eq!(role.territory().is_some(), ["editor", "publisher"].contains(&value));
        }
        let publisher = Role::Territory { territory: "a".into(), may_publish: true };
        assert_eq!(typed("x", "publisher", "a").role(), Ok(publisher));
    }
}
