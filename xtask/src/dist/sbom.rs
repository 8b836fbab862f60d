//! The bill of materials: what others wrote of what is in the archive, for programs that look
//! for known faults. `CycloneDX` 1.6 in JSON, <https://cyclonedx.org/docs/1.6/json/>. It says no
//! time and has no number of its own: the same source gives the same bytes.

use super::notices::{SHIPPED, shipped};
use serde_json::{Value, json};

/// The bill, from what `cargo metadata` says and the checksums of `Cargo.lock`.
pub(super) fn sbom(metadata: &Value, lock: &str, version: &str) -> String {
    let checksums = checksums(lock);
    let mut packages: Vec<(&str, &str, &Value)> = shipped(metadata, &SHIPPED)
        .into_iter()
        .filter_map(|package| Some((package["name"].as_str()?, package["version"].as_str()?, package)))
        .collect();
    packages.sort_by_key(|(name, version, _)| (*name, *version));
    let components: Vec<Value> = packages
        .into_iter()
        .map(|(name, version, package)| {
            let purl = format!("pkg:cargo/{name}@{version}");
            let mut component = json!({
                "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            });
            if let Some(licence) = package["license"].as_str() {
                // Older packages separate with a slash what SPDX joins with OR.
                let expression = licence.replace('/', " OR ").replace("  ", " ");
                component["licenses"] = json!([{ "expression": expression }]);
            }
            if let Some((_, _, sum)) = checksums.iter().find(|(of, at, _)| (*of, *at) == (name, version)) {
                component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
            }
            component
        })
        .collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "bom-ref": "spro-guide", "name": "spro-guide", "version": version,
        } },
        "components": components,
    });
    format!("{bill:#}\n")
}

/// The value of a field of a package in a lock file.
fn value<'a>(package: &'a str, field: &str) -> Option<&'a str> {
    let line = package.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(" = \""))?;
    line.strip_suffix('"')
}

/// The packages of a lock file: name, version, SHA-256 of what the registry has.
fn checksums(lock: &str) -> Vec<(&str, &str, &str)> {
    lock.split("[[package]]")
        .filter_map(|package| {
            Some((value(package, "name")?, value(package, "version")?, value(package, "checksum")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_with_its_licence_and_hash() {
        let metadata = json!({
            "packages": [
                { "id": "ours", "name": "spro-admin", "version": "0.1.0", "source": null, "targets": [] },
                { "id": "theirs", "name": "memchr", "version": "2.8.3", "source": "registry",
                  "license": "Unlicense/MIT", "targets": [] },
            ],
            "resolve": { "nodes": [
                { "id": "ours", "deps": [{ "pkg": "theirs", "dep_kinds": [{ "kind": null }] }] },
                { "id": "theirs", "deps": [] },
            ] },
        });
        let lock = "[[package]]\nname = \"memchr\"\nversion = \"2.8.3\"\nchecksum = \"ab12\"\n";
        let bill: Value = serde_json::from_str(&sbom(&metadata, lock, "0.1.0")).unwrap();
        assert_eq!(
            bill["components"],
            json!([{
                "type": "library", "bom-ref": "pkg:cargo/memchr@2.8.3", "name": "memchr", "version": "2.8.3",
                "purl": "pkg:cargo/memchr@2.8.3", "licenses": [{ "expression": "Unlicense OR MIT" }],
                "hashes": [{ "alg": "SHA-256", "content": "ab12" }],
            }])
        );
        assert_eq!(bill["metadata"]["component"]["version"], "0.1.0");
    }
}
