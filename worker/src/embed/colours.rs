//! The colours that a site owner may choose, and whether they can be read: the contrast of WCAG
//! 2.2, as `widget/js/contrast.js` has it, which corrects in the page what cannot.

/// A colour, as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

/// What can be chosen: its parameter and property, what it is called, and what it is in the light
/// and in the dark where nothing is chosen (`widget/js/style.css`).
pub(super) const CHOICES: [(&str, &str, [Colour; 2]); 3] = [
    ("primary", "Boutons et liens", [Colour([0x1a, 0x4f, 0x8b]), Colour([0x9c, 0xc4, 0xf2])]),
    ("background", "Fond", [WHITE, Colour([0x16, 0x19, 0x1d])]),
    ("text", "Texte", [Colour([0x1e, 0x23, 0x28]), Colour([0xf1, 0xf3, 0xf5])]),
];

const WHITE: Colour = Colour([0xff; 3]);
const BLACK: Colour = Colour([0; 3]);
/// What stands on buttons in a usual colour.
const ON_PRIMARY: [Colour; 2] = [WHITE, Colour([0x10, 0x20, 0x2f])];

impl Colour {
    fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self([byte(0)?, byte(2)?, byte(4)?]))
    }

    /// As it is written.
    pub(super) fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// With what WCAG adds for the light of the room.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|value| {
            let part = f64::from(value) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
    }

    /// From 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let ratio = self.luminance() / other.luminance();
        if ratio < 1.0 { ratio.recip() } else { ratio }
    }
}

/// What was chosen, each where it is not the usual one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Colours {
    chosen: [Option<Colour>; 3],
    /// Whether they are for the dark.
    is_dark: bool,
}

/// How a pair of colours can be read.
pub(super) struct Pair {
    /// What stands on what.
    pub(super) what: &'static str,
    /// Tenths of what is from 1 to 21, rounded down. Whole: printing others brings kilobytes.
    pub(super) tenths: u32,
    /// Whether everybody can read it.
    pub(super) is_readable: bool,
}

impl Colours {
    /// Reads them. A field always has a colour: a usual one, of either theme, is not chosen.
    pub(super) fn read(get: impl Fn(&str) -> String, is_dark: bool) -> Self {
        let chosen =
            CHOICES.map(|(name, _, usual)| Colour::read(&get(name)).filter(|colour| !usual.contains(colour)));
        Self { chosen, is_dark }
    }

    pub(super) fn is_chosen(&self) -> bool {
        self.chosen.iter().any(Option::is_some)
    }

    /// The colour in force, in the order of [`CHOICES`].
    pub(super) fn in_force(&self) -> [Colour; 3] {
        std::array::from_fn(|at| self.chosen[at].unwrap_or(CHOICES[at].2[usize::from(self.is_dark)]))
    }

    /// What stands on a button: of black and white the one that is read better.
    fn on_primary(&self) -> Colour {
        match self.chosen[0] {
            None => ON_PRIMARY[usize::from(self.is_dark)],
            Some(primary) if primary.contrast(WHITE) >= primary.contrast(BLACK) => WHITE,
            Some(_) => BLACK,
        }
    }

    /// The properties of the element, as a style sheet has them; nothing where nothing is chosen.
    pub(super) fn properties(&self) -> String {
        let theme = if self.is_dark { "dark-" } else { "" };
        let on_primary = self.chosen[0].map(|_| ("on-primary", self.on_primary()));
        let chosen =
            CHOICES.iter().zip(self.chosen).filter_map(|((name, ..), colour)| Some((*name, colour?)));
        let all =
            chosen.chain(on_primary).map(|(name, colour)| format!("--spro-{theme}{name}: {}", colour.hex()));
        all.collect::<Vec<_>>().join("; ")
    }

    /// Every pair that has to be read.
    pub(super) fn pairs(&self) -> [Pair; 3] {
        const LEAST: f64 = 4.5;
        let [primary, background, text] = self.in_force();
        [
            ("le texte sur le fond", text, background),
            ("les liens sur le fond", primary, background),
            ("les mots des boutons", self.on_primary(), primary),
        ]
        .map(|(what, one, other)| {
            let contrast = one.contrast(other);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 10 to 210")]
            let tenths = (contrast * 10.0) as u32;
            Pair { what, tenths, is_readable: contrast >= LEAST }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chosen: &[(&str, &str)], is_dark: bool) -> Colours {
        let get = |name: &str| {
            chosen
                .iter()
                .find(|(known, _)| *known == name)
                .map_or_else(String::new, |(_, value)| (*value).to_owned())
        };
        Colours::read(get, is_dark)
    }

    #[test]
    fn what_is_usual_is_what_the_element_has() {
        let sheet = include_str!("../../../widget/js/style.css");
        let has = |theme: &str, name: &str, colour: Colour| {
            let hex = colour.hex();
            // `#fff` is how a sheet writes white.
            let short = if colour == WHITE { "#fff" } else { &hex };
            assert!(sheet.contains(&format!("--{theme}-{name}: {short};")), "{theme} {name} {hex}");
        };
        let all = CHOICES.map(|(name, _, usual)| (name, usual));
        for (name, [light, dark]) in all.into_iter().chain([("on-primary", ON_PRIMARY)]) {
            has("l", name, light);
            has("d", name, dark);
        }
    }

    #[test]
    fn a_contrast_is_what_others_compute() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        // The lightest grey that passes on white, and the next one.
        let grey = |value: u8| Colour([value; 3]).contrast(WHITE);
        assert!(grey(0x76) > 4.5 && grey(0x77) < 4.5);
    }

    #[test]
    fn what_is_usual_or_no_colour_is_not_chosen() {
        for (name, value) in [
            ("primary", "#1a4f8b"),
            ("primary", "#9CC4F2"),
            ("background", "#ffffff"),
            ("text", "red"),
            ("text", "#12345"),
            ("text", "#1234é"),
            ("text", "\"><script>"),
        ] {
            assert_eq!(read(&[(name, value)], false).properties(), "", "{name} {value}");
        }
        let chosen = read(&[("primary", "#7A1F3D"), ("text", "#000000")], false);
        assert_eq!(
            chosen.properties(),
            "--spro-primary: #7a1f3d; --spro-text: #000000; --spro-on-primary: #ffffff"
        );
        let dark = read(&[("primary", "#ffdd00")], true);
        assert_eq!(dark.properties(), "--spro-dark-primary: #ffdd00; --spro-dark-on-primary: #000000");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let told = |colours: Colours| colours.pairs().map(|pair| (pair.tenths, pair.is_readable));
        for is_dark in [false, true] {
            assert!(told(read(&[], is_dark)).iter().all(|(_, is_readable)| *is_readable));
        }
        let yellow = told(read(&[("primary", "#ffdd00")], false));
        assert_eq!(yellow.map(|(_, is_readable)| is_readable), [true, false, true]);
        assert!(yellow[1].0 < 15 && yellow[2].0 > 150, "{yellow:?}");
    }
}
