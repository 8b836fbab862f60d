//! Every web address of a directory, and what names it.

use shared::directory::{Contact, Directory, MAIN_LANGUAGE, Text};
use std::collections::BTreeMap;

/// Something that names an address.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Named {
    /// Where in the document: `structures[12].website`.
    pub(crate) path: String,
    /// What people call it (French).
    pub(crate) name: String,
}

/// The addresses, each with everything that names it.
pub(crate) fn links(directory: &Directory) -> BTreeMap<String, Vec<Named>> {
    let mut links = Links::default();
    let edition = &directory.edition;
    let french = |text: &Text| text.get(MAIN_LANGUAGE).cloned().unwrap_or_default();
    links.contact("edition.region.contact", &french(&edition.region.name), edition.region.contact.as_ref());
    for (rank, network) in edition.networks.iter().enumerate() {
        let (path, name) = (format!("edition.networks[{rank}]"), french(&network.name));
        links.add(&format!("{path}.website"), &name, network.website.as_deref());
        links.list(&format!("{path}.sources"), &name, &network.sources);
    }
    for (rank, rule) in edition.rules.iter().enumerate() {
        links.add(
            &format!("edition.rules[{rank}].source"),
            &format!("règle {}", rule.id),
            Some(&rule.source),
        );
    }
    for (rank, service) in edition.remote_services.iter().enumerate() {
        let (path, name) = (format!("edition.remote_services[{rank}]"), french(&service.name));
        links.add(&format!("{path}.website"), &name, Some(&service.website));
        links.list(&format!("{path}.sources"), &name, &service.sources);
    }
    for (rank, one) in edition.guarantees.iter().enumerate() {
        let path = format!("edition.guarantees[{rank}].source");
        links.add(&path, &format!("garantie {}", one.id), Some(&one.source));
    }
    for (rank, level) in edition.cep_levels.iter().enumerate() {
        links.add(&format!("edition.cep_levels[{rank}].source"), &french(&level.name), Some(&level.source));
    }
    for (rank, one) in edition.coordination.iter().enumerate() {
        links.add(&format!("edition.coordination[{rank}].source"), &french(&one.who), Some(&one.source));
    }
    for (rank, territory) in directory.territories.iter().enumerate() {
        let path = format!("territories[{rank}]");
        links.contact(&format!("{path}.contact"), &territory.name, territory.contact.as_ref());
        links.list(&format!("{path}.sources"), &territory.name, &territory.sources);
    }
    for (rank, structure) in directory.structures.iter().enumerate() {
        let path = format!("structures[{rank}]");
        links.add(&format!("{path}.website"), &structure.name, structure.website.as_deref());
        links.add(&format!("{path}.source"), &structure.name, structure.source.as_deref());
    }
    for (rank, resource) in directory.resources.iter().enumerate() {
        let (path, name) = (format!("resources[{rank}]"), french(&resource.title));
        links.add(&format!("{path}.website"), &name, resource.website.as_deref());
        links.add(&format!("{path}.source"), &name, resource.source.as_deref());
    }
    links.0
}

#[derive(Default)]
struct Links(BTreeMap<String, Vec<Named>>);

impl Links {
    /// A source may also be the name of a file: only web addresses count.
    fn add(&mut self, path: &str, name: &str, address: Option<&str>) {
        let Some(address) = address.map(str::trim) else { return };
        if address.starts_with("http://") || address.starts_with("https://") {
            let named = Named { path: path.to_owned(), name: name.to_owned() };
            self.0.entry(address.to_owned()).or_default().push(named);
        }
    }

    fn list(&mut self, path: &str, name: &str, addresses: &[String]) {
        for (rank, address) in addresses.iter().enumerate() {
            self.add(&format!("{path}[{rank}]"), name, Some(address));
        }
    }

    fn contact(&mut self, path: &str, name: &str, contact: Option<&Contact>) {
        let website = contact.and_then(|contact| contact.website.as_deref());
        self.add(&format!("{path}.website"), name, website);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever looks like an address in the document is checked: a field that is added one
    /// day must not be forgotten here.
    #[test]
    fn no_address_of_the_shipped_directories_is_left_out() {
        fn addresses<'a>(value: &'a serde_json::Value, found: &mut Vec<&'a str>) {
            match value {
                serde_json::Value::String(text) if text.starts_with("http") => found.push(text),
                serde_json::Value::Array(items) => items.iter().for_each(|item| addresses(item, found)),
                serde_json::Value::Object(fields) => fields
                    .iter()
                    .filter(|(name, _)| *name != "$schema")
                    .for_each(|(_, item)| addresses(item, found)),
                _ => {}
            }
        }
        for edition in crate::reference::editions() {
            let directory = crate::reference::edition(edition).unwrap();
            let links = links(&directory);
            let document = serde_json::to_value(&directory).unwrap();
            let mut found = Vec::new();
            addresses(&document, &mut found);
            assert!(found.len() > 50);
            for address in found {
                assert!(links.contains_key(address), "{address}");
            }
            assert!(links.values().flatten().all(|named| !named.name.is_empty()));
        }
    }
}
