//! The list below the commune field: which communes fit, a line each.

use crate::dom::{El, el};
use crate::page::Page;
use crate::speech::Value;
use crate::texts::Key;
use shared::commune_lines::Line;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, ScrollIntoViewOptions, ScrollLogicalPosition};

/// What the list shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawn {
    lines: Arc<Vec<Line>>,
    /// Nodes of lines, the first of them in the list, the others kept for when it grows.
    options: Vec<Shown>,
    active: Option<usize>,
}

/// A line of the list as it is shown.
#[derive(Debug, Clone)]
struct Shown {
    option: El,
    line: Line,
    name: El,
    place: El,
}

/// The list's node, and whose page it is on.
pub(crate) struct List {
    pub(crate) page: Rc<Page>,
    pub(crate) node: El,
}

impl List {
    /// Keeps the list in step with the state. The lines that are there say something else:
    /// making twenty new ones at every letter is what an old phone would feel.
    pub(crate) fn draw(&self, lines: Arc<Vec<Line>>, active: Option<usize>, before: Option<Drawn>) -> Drawn {
        let Drawn { lines: old, mut options, active: was_active } = before.unwrap_or_default();
        for gone in options.iter().take(old.len()).skip(lines.len()) {
            gone.option.element().remove();
        }
        for (index, line) in lines.iter().enumerate() {
            match options.get_mut(index) {
                Some(shown) => self.say(shown, line),
                None => options.push(self.option(index, line)),
            }
            if index >= old.len() {
                drop(self.node.clone().child(&options[index].option));
            }
        }
        drop(self.node.clone().attr_or_not(lines.is_empty(), "hidden", ""));
        let now = Drawn { lines, options, active };
        if was_active != active {
            let select = |index: Option<usize>, selected: &str| {
                let option = now.options.get(index?)?.option.element();
                let _ = option.set_attribute("aria-selected", selected);
                Some(option)
            };
            select(was_active, "false");
            if let Some(option) = select(active, "true") {
                let nearest = ScrollIntoViewOptions::new();
                nearest.set_block(ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
        }
        now
    }

    /// A new line of the list.
    fn option(&self, index: usize, line: &Line) -> Shown {
        let option = el("li")
            .attr("role", "option")
            .attr("id", &format!("commune-{index}"))
            .attr("aria-selected", "false")
            .part("option");
        let place = self.page.name("span", "hint", &line.place);
        let name = self.name(line);
        drop(option.clone().child(&name).text(" ").child(&place));
        Shown { option, line: line.clone(), name, place }
    }

    /// Makes a line say something else, in the nodes that it has.
    fn say(&self, shown: &mut Shown, line: &Line) {
        if shown.line.place != line.place {
            shown.place.element().set_text_content(Some(&line.place));
        }
        if shown.line.former.is_none() && line.former.is_none() {
            if shown.line.name != line.name {
                shown.name.element().set_text_content(Some(&line.name));
            }
        } else if shown.line != *line {
            let name = self.name(line);
            let _ = shown.name.element().replace_with_with_node_1(name.node());
            shown.name = name;
        }
        shown.line.clone_from(line);
    }

    /// The name in a line, with the former one that was looked for.
    fn name(&self, line: &Line) -> El {
        match &line.former {
            Some(former) => {
                let values = [("former", Value::French(former)), ("today", Value::French(&line.name))];
                self.page.say_with("span", "name", Key::Former, &values)
            }
            None => self.page.name("span", "name", &line.name),
        }
    }

    /// The line that was pressed.
    pub(crate) fn pressed(&self, event: &Event) -> Option<usize> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let options = self.node.element().children();
        let index = (0..options.length())
            .find(|index| options.item(*index).is_some_and(|option| option.contains(Some(&target))))?;
        usize::try_from(index).ok()
    }
}
