//! Ways to break the worker on purpose, for the tests of its recovery. Only a build with
//! the feature `test-utils` has them.

use std::time::Duration;
use worker::Delay;

/// Breaks as the path says; returns when the path says nothing of the kind.
pub(crate) async fn go(path: &str) {
    match path {
        "/test/panic" => panic!("on purpose"),
        "/test/panic-later" => {
            Delay::from(Duration::from_millis(5)).await;
            panic!("on purpose, in the middle of an answer");
        }
        "/test/trap" => trap(),
        "/test/trap-later" => {
            Delay::from(Duration::from_millis(5)).await;
            trap();
        }
        "/test/memory" => {
            Delay::from(Duration::from_millis(5)).await;
            let more: Vec<Vec<u8>> = (0..3).map(|_| Vec::with_capacity(2_000_000_000)).collect();
            std::hint::black_box(more);
        }
        "/test/stack" => {
            std::hint::black_box(recurse(1));
        }
        // What the runtime throws where the glue does not expect it.
        "/test/throw" => {
            Delay::from(Duration::from_millis(5)).await;
            wasm_bindgen::throw_str("on purpose");
        }
        // An innocent that waits while others break.
        "/test/wait" => Delay::from(Duration::from_millis(300)).await,
        _ => {}
    }
}

#[expect(unconditional_recursion, reason = "it exhausts the stack")]
fn recurse(depth: u64) -> u64 {
    std::hint::black_box(recurse(std::hint::black_box(depth + 1)) + depth)
}

#[cfg(target_arch = "wasm32")]
fn trap() {
    core::arch::wasm32::unreachable()
}

#[cfg(not(target_arch = "wasm32"))]
fn trap() {
    std::process::abort()
}
