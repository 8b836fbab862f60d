//! The information panel: what surrounds the guide. Loaded only when somebody opens it.

use crate::dom::{El, button, el, link, text};
use crate::later;
use crate::page::{Page, today};
use crate::speech::{Value, mark};
use crate::texts::Key;
use reactive_graph::owner::Owner;
use reactive_graph::traits::{GetUntracked, WithUntracked};
use shared::directory::{CepOperator, Contact, Label, Level, Membership, ResourceKind, Service};
use shared::geography::department_of;
use shared::opening::Day;
use shared::snapshot::{About, AboutResource, AboutTerritory};
use shared::wording::{service_meaning, service_name};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlDialogElement;

/// The button that opens the panel, and the panel.
pub(crate) fn view(page: &Rc<Page>) -> Vec<El> {
    let title = page.say("h2", "", Key::AboutTitle).attr("id", "about-title");
    let body = el("div").class("about-body");
    let panel = el("dialog").class("about").part("about").attr("aria-labelledby", "about-title");
    let dialog: HtmlDialogElement = panel.element().clone().unchecked_into();
    let close = {
        let dialog = dialog.clone();
        // The browser gives the focus back to the button that opened it; Escape does the same.
        button(page.say("button", "button", Key::AboutClose), "button close", move || dialog.close())
    };
    let panel = panel.child(&el("div").class("about-head").child(&title).child(&close)).child(&body);
    let open = {
        let page = Rc::clone(page);
        let is_read = Rc::new(Cell::new(false));
        let owner = Owner::current();
        button(page.say("button", "quiet", Key::AboutOpen), "button quiet about", move || {
            let _ = dialog.show_modal();
            if is_read.get() {
                return;
            }
            if later::is_there() {
                later::about(&page, &body, &is_read, owner.as_ref());
                return;
            }
            body.fill(vec![page.say("p", "status", Key::Loading).attr("role", "status")]);
            let (page, body, is_read, owner) =
                (Rc::clone(&page), body.clone(), Rc::clone(&is_read), owner.clone());
            spawn_local(async move {
                page.wait_for_later().await;
                later::about(&page, &body, &is_read, owner.as_ref());
            });
        })
    };
    vec![el("p").class("about-open").child(&open), panel]
}

/// Fills the panel; says so where it cannot be had, with a way to try again.
/// Listeners belong to the owner of the page, which is not current while an event is handled.
pub(crate) fn load(page: &Rc<Page>, body: &El, is_read: &Rc<Cell<bool>>, owner: Option<&Owner>) {
    let (page, body, is_read, owner) = (Rc::clone(page), body.clone(), Rc::clone(is_read), owner.cloned());
    body.fill(vec![page.say("p", "status", Key::Loading).attr("role", "status")]);
    spawn_local(async move {
        if let Ok(about) = page.source.about(page.guide.language()).await {
            is_read.set(true);
            body.fill(Panel { page: &page, about: &about, today: today() }.nodes());
        } else {
            let make = || {
                let (again, inside, owner) = (Rc::clone(&page), body.clone(), owner.clone());
                button(page.say("button", "button", Key::TryAgain), "button", move || {
                    load(&again, &inside, &is_read, owner.as_ref());
                })
            };
            let again = match &owner {
                Some(owner) => owner.with(make),
                None => make(),
            };
            body.fill(vec![page.say("p", "notice", Key::Unavailable).attr("role", "status"), again]);
        }
    });
}

/// The panel's contents.
struct Panel<'a> {
    page: &'a Page,
    about: &'a About,
    today: String,
}

impl Panel<'_> {
    fn nodes(&self) -> Vec<El> {
        let (page, about) = (self.page, self.about);
        let mut nodes = vec![page.say("p", "", Key::AboutIntro), page.edition("p", "hint", page.guide.title)];
        if let Some(end) = about.valid_until.as_ref().filter(|end| **end < self.today) {
            nodes.push(self.dated("p", "notice", Key::EditionEnded, end));
        }
        nodes.push(page.say("h3", "", Key::AboutLevels));
        for service in [Service::Reception, Service::Advice, Service::Support] {
            let name = page.say("strong", "", service_name(service));
            let meaning = page.say("span", "", service_meaning(service));
            nodes.push(el("p").child(&name).text(" – ").child(&meaning));
        }
        nodes.push(page.say("p", "", Key::LevelOneMeaning));
        nodes.push(page.say("p", "", Key::LevelTwoMeaning));
        self.cep(&mut nodes);
        self.networks(&mut nodes);
        self.coordination(&mut nodes);
        self.territories(&mut nodes);
        self.resources(&mut nodes);
        if !about.sources.is_empty() {
            nodes.push(page.say("h3", "", Key::AboutSources));
            let items = about.sources.iter().map(|source| {
                let licence =
                    source.licence.as_ref().map_or_else(String::new, |licence| [", ", licence].concat());
                page.french("li", "", &[source.source.as_str(), &licence].concat())
            });
            nodes.push(el("ul").children(items.collect()));
        }
        nodes
    }

    fn cep(&self, nodes: &mut Vec<El>) {
        let page = self.page;
        if self.about.cep_levels.is_empty() {
            return;
        }
        nodes.push(page.say("h3", "", Key::AboutCep));
        nodes.push(page.say("p", "", Key::AboutCepIntro));
        for level in &self.about.cep_levels {
            let number = level.number.to_string();
            let values = [("number", Value::Plain(&number)), ("name", Value::Told(&level.name))];
            // Its place among the two levels of the system: they are not the same ones.
            let name = if level.level == Level::One { Key::LevelOne } else { Key::LevelTwo };
            nodes.push(
                el("p")
                    .child(&page.say_with("strong", "", Key::AboutCepLevel, &values))
                    .text(" (SPRO, ")
                    .child(&page.say("span", "", name))
                    .text("). ")
                    .child(&self.told("span", "", &level.description))
                    .text(" ")
                    .child(&self.source(&level.source, &level.name)),
            );
        }
    }

    fn networks(&self, nodes: &mut Vec<El>) {
        let page = self.page;
        nodes.push(page.say("h3", "", Key::AboutNetworks));
        for (membership, key) in [
            (Membership::Network, Key::MembershipNetwork),
            (Membership::Associate, Key::MembershipAssociate),
            (Membership::Partner, Key::MembershipPartner),
        ] {
            let of_kind = page.guide.networks.iter().filter(|network| network.membership == membership);
            let items: Vec<El> = of_kind
                .map(|network| {
                    let item = el("li").child(&page.network_name("span", "", network));
                    match network.cep_operator {
                        CepOperator::ByLaw => item.text(". ").child(&page.say("span", "hint", Key::CepByLaw)),
                        CepOperator::ByRegion => {
                            item.text(". ").child(&page.say("span", "hint", Key::CepByRegion))
                        }
                        CepOperator::No => item,
                    }
                })
                .collect();
            if !items.is_empty() {
                nodes.push(page.say("h4", "", key));
                nodes.push(el("ul").children(items));
            }
        }
    }

    fn coordination(&self, nodes: &mut Vec<El>) {
        if self.about.coordination.is_empty() {
            return;
        }
        nodes.push(self.page.say("h3", "", Key::AboutCoordination));
        for part in &self.about.coordination {
            nodes.push(
                el("p")
                    .child(&self.told("strong", "", &part.who))
                    .text(" – ")
                    .child(&self.told("span", "", &part.what))
                    .text(" ")
                    .child(&self.source(&part.source, &part.who)),
            );
        }
    }

    /// The territories, those of the visitor's department first.
    fn territories(&self, nodes: &mut Vec<El>) {
        let page = self.page;
        let territories = &self.about.territories;
        if territories.is_empty() {
            return;
        }
        nodes.push(page.say("h3", "", Key::AboutTerritories));
        if territories.iter().any(|territory| territory.label.is_some()) {
            nodes.push(page.say("p", "", Key::LabelMeaning));
        }
        let answers = page.visit.with_untracked(|visit| visit.answers(&page.guide));
        let commune = page.visit.with_untracked(|visit| visit.commune(&answers).to_owned());
        let asked = page.options.get_untracked().territory;
        let department = department_of(&commune);
        // The guide knows the departments of each; both pieces have the same order.
        let is_near = |index: usize| {
            let near = page.guide.territories.get(index);
            near.is_some_and(|near| near.departments.iter().any(|code| code == department))
                || asked.as_deref().is_some_and(|asked| territories[index].id == asked)
        };
        for near in [true, false] {
            for (index, territory) in territories.iter().enumerate() {
                if is_near(index) == near {
                    nodes.push(self.territory(territory));
                }
            }
        }
    }

    fn territory(&self, territory: &AboutTerritory) -> El {
        let page = self.page;
        let mut node = el("div").class("territory").child(&page.name("h4", "", &territory.name));
        if let Some(description) = &territory.description {
            node = node.child(&self.told("p", "", description));
        }
        for (key, networks) in
            [(Key::TerritoryLevelOne, &territory.level_one), (Key::TerritoryLevelTwo, &territory.level_two)]
        {
            let names: Vec<&str> = networks
                .iter()
                .filter_map(|id| page.guide.network(id))
                .map(|network| page.guide.name_of(network))
                .collect();
            if !names.is_empty() {
                let names = names.join(&page.comma(page.is_french(key, &[])));
                node = node.child(&page.say_with("p", "", key, &[("networks", Value::Plain(&names))]));
            }
        }
        if let Some(label) = &territory.label {
            node = node.maybe(self.label(label).as_ref());
        }
        let contact = territory.contact.as_ref().and_then(|contact| self.contact(contact, &territory.name));
        node.maybe(contact.as_ref())
    }

    /// Until when a label counts, or since when it does not. Where nobody knows the day it
    /// was granted, only what is certain is said.
    fn label(&self, label: &Label) -> Option<El> {
        let (first, last) = (label.may_expire_on()?, label.expires_on()?);
        Some(if label.counts_on(&self.today) {
            // The last day on which it counts, which people mean by « jusqu’au ».
            let until = Day::parse(&first).map_or(first, |first| first.plus(-1).iso());
            self.dated("p", "", Key::LabelValid, &until)
        } else if self.today < last {
            self.dated("p", "", Key::LabelUncertain, &last)
        } else if first == last {
            self.dated("p", "", Key::LabelExpired, &last)
        } else {
            self.dated("p", "", Key::LabelExpiredAtLatest, &last)
        })
    }

    fn contact(&self, contact: &Contact, territory: &str) -> Option<El> {
        let page = self.page;
        let address = contact
            .email
            .as_ref()
            .map(|email| format!("mailto:{email}"))
            .or_else(|| contact.website.clone())
            .or_else(|| contact.phone.as_ref().map(|phone| format!("tel:{}", phone.replace(' ', ""))))?;
        let a = page.say("a", "", Key::TerritoryContact);
        Some(el("p").child(&self.leaving(a, &address, Value::French(territory))))
    }

    /// Guides, news, useful sites, each with its date. What is past its date is not shown.
    fn resources(&self, nodes: &mut Vec<El>) {
        let page = self.page;
        let is_current = |resource: &&AboutResource| {
            resource.valid_until.as_ref().is_none_or(|until| *until >= self.today)
        };
        let mut is_first = true;
        for (kind, key) in [
            (ResourceKind::News, Key::AboutNews),
            (ResourceKind::Guide, Key::AboutGuides),
            (ResourceKind::Framework, Key::AboutFrameworks),
            (ResourceKind::Collection, Key::AboutCollections),
            (ResourceKind::Diagnosis, Key::AboutDiagnoses),
            (ResourceKind::ActionPlan, Key::AboutActionPlans),
            (ResourceKind::Site, Key::AboutSites),
        ] {
            let of_kind = self.about.resources.iter().filter(|resource| resource.kind == kind);
            let items: Vec<El> = of_kind.filter(is_current).map(|resource| self.resource(resource)).collect();
            if !items.is_empty() {
                if is_first {
                    nodes.push(page.say("h3", "", Key::AboutResources));
                    is_first = false;
                }
                nodes.push(page.say("h4", "", key));
                nodes.push(el("ul").children(items));
            }
        }
    }

    fn resource(&self, resource: &AboutResource) -> El {
        let title = match &resource.website {
            Some(website) => {
                let a = el("a").child(&self.told("span", "", &resource.title));
                self.opens_elsewhere(link(a, website), website)
            }
            None => self.told("span", "", &resource.title),
        };
        let mut item = el("li").child(&title);
        if let Some(description) = &resource.description {
            item = item.text(" – ").child(&self.told("span", "", description));
        }
        for (key, date) in
            [(Key::AboutPublished, &resource.published_on), (Key::AboutValidUntil, &resource.valid_until)]
        {
            if let Some(date) = date {
                item = item.text(" ").child(&self.dated("span", "hint", key, date));
            }
        }
        match &resource.source {
            Some(source) => item.text(" ").child(&self.source(source, &resource.title)),
            None => item,
        }
    }

    fn dated(&self, tag: &str, class: &str, key: Key, iso: &str) -> El {
        let date = self.page.texts.day(key, iso);
        self.page.say_with(tag, class, key, &[("date", Value::Plain(&date))])
    }

    fn told(&self, tag: &str, class: &str, words: &str) -> El {
        let untranslated = &self.about.untranslated;
        let is_french = untranslated.binary_search_by(|known| known.as_str().cmp(words)).is_ok();
        mark(text(tag, class, words), is_french)
    }

    /// Where a fact comes from; nothing where that is no page.
    fn source(&self, source: &str, about: &str) -> El {
        if !source.starts_with("http") {
            return el("span");
        }
        let a = self.page.say("a", "source", Key::AboutSource);
        self.leaving(a, source, Value::Told(about))
    }

    fn leaving(&self, a: El, address: &str, about: Value) -> El {
        self.opens_elsewhere(link(a, address).child(&self.page.about(about)), address)
    }

    fn opens_elsewhere(&self, a: El, address: &str) -> El {
        if !address.starts_with("http") {
            return a;
        }
        let tab = self.page.say("span", "", Key::NewTab);
        a.child(&el("span").class("unseen").text(" (").child(&tab).text(")"))
    }
}
