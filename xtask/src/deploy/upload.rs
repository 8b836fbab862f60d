//! What would be uploaded, against what Cloudflare takes.

use std::fmt::Write as _;

/// In KiB, as wrangler counts.
const MIB: f64 = 1024.0;

/// The limit of a worker as it is, on every plan, since 4 September 2026.
/// <https://developers.cloudflare.com/workers/platform/limits/#worker-size>,
/// <https://developers.cloudflare.com/changelog/post/2026-09-04-increased-worker-size-limit/>
const WORKER: f64 = 64.0 * MIB;
/// The free plan's limit of a compressed worker until that day; 10 MiB on the paid plan. Many
/// pages still say so, and a Cloudflare of one's own may be older.
/// <https://github.com/cloudflare/workers-sdk/pull/14001>
const COMPRESSED_ONCE: f64 = 3.0 * MIB;
/// Files of a version on the free plan; five times as many on the paid one.
/// <https://developers.cloudflare.com/workers/platform/limits/>
const FILES: usize = 20_000;
/// The limit of one file, in bytes, on every plan.
/// <https://developers.cloudflare.com/workers/static-assets/billing-and-limitations/>
const FILE: u64 = 25 << 20;

/// What would be uploaded.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Upload {
    /// Which worker it is.
    pub(super) name: &'static str,
    /// The worker as it is, in KiB.
    pub(super) worker: f64,
    /// The worker with gzip, in KiB.
    pub(super) compressed: f64,
    /// The number of files that browsers load.
    pub(super) files: usize,
    /// The name and the bytes of the largest of them.
    pub(super) largest: (String, u64),
}

/// The worker's sizes in KiB, as it is and with gzip, from what wrangler prints:
/// `Total Upload: 8174.25 KiB / gzip: 3295.28 KiB`.
pub(super) fn worker_sizes(printed: &str) -> Option<(f64, f64)> {
    let (_, sizes) = printed.lines().find_map(|line| line.split_once("Total Upload:"))?;
    let (worker, compressed) = sizes.split_once('/')?;
    let number = |text: &str| text.trim().strip_suffix("KiB")?.trim().parse().ok();
    Some((number(worker)?, number(compressed.trim().strip_prefix("gzip:")?)?))
}

impl Upload {
    /// A table of what would be uploaded, and of how much is taken.
    pub(super) fn table(&self) -> String {
        let mut text = String::new();
        let mut row = |what: &str, is: String, limit: String| {
            let _ = writeln!(text, "{what:<28} {is:>14} {limit:>14}");
        };
        row("what would be uploaded", "is".to_owned(), "may be".to_owned());
        row(self.name, kib(self.worker), kib(WORKER));
        row(&format!("{}, gzip", self.name), kib(self.compressed), String::new());
        row("files", self.files.to_string(), FILES.to_string());
        row("largest file", format!("{} B", self.largest.1), format!("{FILE} B"));
        text
    }

    /// A sentence for each limit of the free plan that is passed.
    pub(super) fn over(&self) -> Vec<String> {
        let mut over = Vec::new();
        if self.worker > WORKER {
            over.push(format!(
                "The worker is {}, over the {} that Cloudflare takes on every plan: it would be refused.",
                kib(self.worker),
                kib(WORKER)
            ));
        }
        if self.files > FILES {
            over.push(format!(
                "There are {} files, over the {FILES} of Cloudflare's free plan: they need the paid one.",
                self.files
            ));
        }
        let (name, bytes) = &self.largest;
        if *bytes > FILE {
            over.push(format!(
                "{name} is {bytes} bytes, over the {FILE} that Cloudflare takes on every plan: it would be refused."
            ));
        }
        over
    }

    /// What was over a limit that is no more.
    pub(super) fn once_over(&self) -> Option<String> {
        (self.compressed > COMPRESSED_ONCE && self.worker <= WORKER).then(|| {
            format!(
                "With gzip the worker is {}, over the {} of the free plan until 4 September 2026; since then Cloudflare counts it as it is.",
                kib(self.compressed),
                kib(COMPRESSED_ONCE)
            )
        })
    }
}

fn kib(size: f64) -> String {
    format!("{size:.0} KiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Upload {
        Upload {
            name: "worker",
            worker: 900.0,
            compressed: 300.0,
            files: 24,
            largest: ("a/b.wasm".to_owned(), 260_000),
        }
    }

    #[test]
    fn sizes_are_read_from_what_wrangler_prints() {
        let printed = "Attaching additional modules:\n│ index_bg.wasm │ 8142.39 KiB │\n\
                       Total Upload: 8174.25 KiB / gzip: 3295.28 KiB\nYour Worker has access to:\n";
        assert_eq!(worker_sizes(printed), Some((8174.25, 3295.28)));
        assert_eq!(worker_sizes("Total Upload: 0.19 KiB / gzip: 0.16 KiB"), Some((0.19, 0.16)));
        for other in
            ["", "Total Upload: 8 MiB / gzip: 3 MiB", "Total Upload: 8174.25 KiB", "gzip: 3295.28 KiB"]
        {
            assert_eq!(worker_sizes(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_at_a_limit_is_under_it() {
        let exactly =
            Upload { worker: 65_536.0, files: 20_000, largest: ("a".to_owned(), 26_214_400), ..small() };
        assert_eq!(small().over(), Vec::<String>::new());
        assert_eq!(exactly.over(), Vec::<String>::new());
    }

    #[test]
    fn each_limit_that_is_passed_is_one_sentence() {
        let told = |upload: &Upload, word: &str| {
            let over = upload.over();
            assert!(over.len() == 1 && over[0].contains(word), "{over:?}");
        };
        told(&Upload { worker: 65_536.1, ..small() }, "65536 KiB that Cloudflare takes");
        told(&Upload { files: 20_001, ..small() }, "20001 files, over the 20000");
        told(&Upload { largest: ("big.bin".to_owned(), 26_214_401), ..small() }, "big.bin is 26214401 bytes");
        let everything =
            Upload { worker: 1e6, files: 30_000, largest: ("big.bin".to_owned(), 1 << 30), ..small() };
        assert_eq!(everything.over().len(), 3);
    }

    #[test]
    fn a_limit_that_is_no_more_is_told_apart() {
        let today = Upload { worker: 8174.25, compressed: 3295.28, ..small() };
        assert_eq!(today.over(), Vec::<String>::new());
        let told = today.once_over().unwrap();
        assert!(
            told.contains("3295 KiB, over the 3072 KiB of the free plan until 4 September 2026"),
            "{told}"
        );
        assert_eq!(small().once_over(), None);
        assert_eq!(Upload { worker: 1e6, ..today }.once_over(), None, "what is over says enough");
    }

    #[test]
    fn the_table_says_how_much_there_is_and_may_be() {
        let table = small().table();
        assert_eq!(table.lines().count(), 5);
        assert!(table.contains("worker                              900 KiB      65536 KiB\n"), "{table}");
    }
}
