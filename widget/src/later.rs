//! What the first questions do not need: the result, and what surrounds the guide.
//!
//! In the form that is shipped it is a second module, which comes while they are read: the tools of
//! Leptos for splitting code (`wasm_split_cli_support`) cut the linked module in two where a function
//! is imported and exported under the names below, and give the second what both need of the first. In
//! every other form all is one module, and a call is a call.

use crate::dom::El;
use crate::page::Page;
use reactive_graph::owner::Owner;
use shared::condition::Answers;
use std::cell::Cell;
use std::rc::Rc;

/// A screen: its nodes, and the one that takes the focus.
pub(crate) type Drawn = (Vec<El>, El);

thread_local! {
    static IS_THERE: Cell<bool> = const { Cell::new(cfg!(not(spro_split))) };
}

/// Whether it is there: until then nothing here does anything.
pub(crate) fn is_there() -> bool {
    IS_THERE.get()
}

/// It has come.
pub(crate) fn came() {
    IS_THERE.set(true);
}

/// The result of some answers; none while it is not there.
pub(crate) fn result(page: &Rc<Page>, answers: &Answers) -> Option<Drawn> {
    let mut drawn = None;
    if is_there() {
        cut::result(page, answers, &mut drawn);
    }
    drawn
}

/// Fills the panel of what surrounds the guide.
pub(crate) fn about(page: &Rc<Page>, body: &El, is_read: &Rc<Cell<bool>>, owner: Option<&Owner>) {
    if is_there() {
        cut::about(page, body, is_read, owner);
    }
}

#[cfg(spro_split)]
#[expect(unsafe_code, reason = "the two ends of the cut know each other by name")]
mod cut {
    use super::{Answers, Cell, Drawn, El, Owner, Page, Rc};
    use crate::{about, result};

    #[link(wasm_import_module = "__wasm_split_placeholder__")]
    #[expect(improper_ctypes, reason = "both ends are compiled together")]
    unsafe extern "C" {
        #[link_name = "__wasm_split_00later00_import_00000000000000000000000000000001"]
        pub(super) safe fn result(page: &Rc<Page>, answers: &Answers, drawn: &mut Option<Drawn>);
        #[link_name = "__wasm_split_00later00_import_00000000000000000000000000000002"]
        pub(super) safe fn about(page: &Rc<Page>, body: &El, is_read: &Rc<Cell<bool>>, owner: Option<&Owner>);
    }

    #[unsafe(export_name = "__wasm_split_00later00_export_00000000000000000000000000000001")]
    extern "C" fn later_result(page: &Rc<Page>, answers: &Answers, drawn: &mut Option<Drawn>) {
        *drawn = Some(result::view(page, answers));
    }

    #[unsafe(export_name = "__wasm_split_00later00_export_00000000000000000000000000000002")]
    extern "C" fn later_about(page: &Rc<Page>, body: &El, is_read: &Rc<Cell<bool>>, owner: Option<&Owner>) {
        about::load(page, body, is_read, owner);
    }
}

#[cfg(not(spro_split))]
mod cut {
    use super::{Answers, Drawn, Page, Rc};
    pub(super) use crate::about::load as about;

    pub(super) fn result(page: &Rc<Page>, answers: &Answers, drawn: &mut Option<Drawn>) {
        *drawn = Some(crate::result::view(page, answers));
    }
}
