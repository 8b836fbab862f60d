// The commune field of a new page.

import { open } from "./session.mjs";

/** The field of a new page, in focus of the test. */
export async function field(t, options) {
  const visit = await open(t, "tests-plain.html", options);
  await visit.toCommune();
  return visit;
}

/** The attributes that assistive technology reads on the input. */
export const aria = (visit) =>
  visit.input.evaluate((input) => ({
    expanded: input.getAttribute("aria-expanded"),
    active: input.getAttribute("aria-activedescendant"),
    invalid: input.getAttribute("aria-invalid"),
  }));
