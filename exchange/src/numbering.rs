//! Which phone numbers can exist, and how each is dialled from anywhere.
//!
//! The French plan is that of the regulator (Arcep, decision 2018-0881 and those that changed
//! it): ten digits, of which the first four tell an overseas territory. It is written here and
//! not taken from a library: the plans of the whole world, and the regular expressions that they
//! are in, were a sixth of the administration worker. Of a foreign number the length is checked
//! (E.164), not the plan.

/// The length of a French number with its leading zero.
const LENGTH: usize = 10;

/// What no French number begins with.
const UNUSED: [&str; 5] = ["00", "040", "070", "071", "072"];

/// How numbers of overseas territories begin, and the code of their territory: fixed lines and
/// mobiles. 08 and 09 are the same everywhere, hence France's.
const OVERSEAS: [(&str, &[&str]); 5] = [
    ("262", &["0262", "0263", "0268", "0269", "0639", "0692", "0693", "07092", "07093"]),
    ("508", &["0508", "0708"]),
    ("590", &["0590", "0690", "0691", "07090"]),
    ("594", &["0594", "0694"]),
    ("596", &["0596", "0696", "0697", "07091"]),
];

/// Whether these are the ten digits of a French number that can exist, overseas ones included.
pub(crate) fn is_french(digits: &str) -> bool {
    digits.len() == LENGTH
        && digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (overseas(digits).is_some() || !UNUSED.iter().any(|beginning| digits.starts_with(beginning)))
}

/// The code of the territory to which a French number belongs; none for France's own.
fn overseas(digits: &str) -> Option<&'static str> {
    let of = |beginnings: &[&str]| beginnings.iter().any(|beginning| digits.starts_with(beginning));
    OVERSEAS.iter().find(|(_, beginnings)| of(beginnings)).map(|(code, _)| *code)
}

/// A French number as E.164 writes it; none for what is no French number of ten digits.
pub(crate) fn dialled(digits: &str) -> Option<String> {
    is_french(digits).then(|| format!("+{}{}", overseas(digits).unwrap_or("33"), &digits[1..]))
}

/// A French number in pairs of digits.
pub(crate) fn in_pairs(digits: &str) -> String {
    let pairs: Vec<&str> = (0..digits.len().div_ceil(2))
        .map(|pair| &digits[pair * 2..(pair * 2 + 2).min(digits.len())])
        .collect();
    pairs.join(" ")
}

/// A number that begins with + or 00, as a directory has it: a French one in pairs, another as +,
/// the code of its country and its groups. None for what cannot be a number.
pub(crate) fn international(number: &str) -> Option<String> {
    // What is dialled inside a country only: « +33 (0)4 ». No country's code begins with zero.
    let number = number.replace("(0)", " ");
    let number = number.trim_start_matches(|letter: char| letter == '0' || !letter.is_ascii_digit());
    let groups: Vec<&str> =
        number.split(|letter: char| !letter.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let digits = groups.concat();
    if let Some(national) = digits.strip_prefix("33") {
        let national = format!("0{}", national.trim_start_matches('0'));
        return is_french(&national).then(|| in_pairs(&national));
    }
    // E.164: fifteen digits at most; no country has less than seven.
    if !(8..=15).contains(&digits.len()) {
        return None;
    }
    let (code, rest) = digits.split_at(code_length(&digits));
    if groups[0] == code {
        return Some(format!("+{code} {}", groups[1..].join(" ")));
    }
    Some(match rest.split_at(rest.len() % 2) {
        ("", pairs) => format!("+{code} {}", in_pairs(pairs)),
        (odd, pairs) => format!("+{code} {odd} {}", in_pairs(pairs)),
    })
}

/// How many digits the code of a country has (ITU-T E.164, list of assigned codes).
fn code_length(digits: &str) -> usize {
    const TWO: [&str; 10] =
        ["", "", "07", "0123469", "013456789", "12345678", "0123456", "", "1246", "0123458"];
    let mut digits = digits.bytes();
    match (digits.next(), digits.next()) {
        (Some(b'1' | b'7'), _) => 1,
        (Some(first), Some(second)) if TWO[usize::from(first - b'0')].as_bytes().contains(&second) => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dialled_by_the_code_of_their_territory() {
        for (number, dial) in [
            ("0475000001", "+33475000001"),
            ("0262200001", "+262262200001"),
            ("0263200001", "+262263200001"),
            ("0269600001", "+262269600001"),
            ("0639010001", "+262639010001"),
            ("0590200001", "+590590200001"),
            ("0594100001", "+594594100001"),
            ("0596300001", "+596596300001"),
            ("0697300001", "+596697300001"),
            ("0508430001", "+508508430001"),
            ("0805123456", "+33805123456"),
            ("0976012345", "+33976012345"),
        ] {
            assert_eq!(dialled(number).as_deref(), Some(dial));
        }
    }

    #[test]
    fn what_no_plan_has_is_no_number() {
        for number in
            ["", "3949", "047500000", "1475000001", "0012345678", "0400000001", "0700000001", "04750000é"]
        {
            assert_eq!(dialled(number), None, "{number}");
        }
        for number in ["+", "+41 22", "+33 4 75 00 00", "+33 0 00 00 00 01", "+1234567890123456", "00"] {
            assert_eq!(international(number), None, "{number}");
        }
    }

    #[test]
    fn an_international_number_keeps_its_groups() {
        for (number, written) in [
            ("+33 (0)4 75 00 00 01", "04 75 00 00 01"),
            ("+33 04 75 00 00 01", "04 75 00 00 01"),
            ("0033475000001", "04 75 00 00 01"),
            ("+41 22 388 44 00", "+41 22 388 44 00"),
            ("0041 22 388 44 00", "+41 22 388 44 00"),
            ("+44 (0)20 7946 0958", "+44 20 7946 0958"),
            ("+41223884400", "+41 2 23 88 44 00"),
            ("+687 44 57 28", "+687 44 57 28"),
            ("+12025550123", "+1 20 25 55 01 23"),
            ("+352 27 85 12", "+352 27 85 12"),
            ("+39.06.6982", "+39 06 6982"),
        ] {
            assert_eq!(international(number).as_deref(), Some(written));
        }
    }
}
