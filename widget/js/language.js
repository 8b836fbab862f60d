// Language tags, for the loader and for the element.

/** The tag that an element's `lang` gives, as BCP 47 writes it; French where it gives none. */
export function tagOf(element) {
  try {
    return new Intl.Locale(element.lang || "fr").baseName;
  } catch {
    // A typo of the host.
    return "fr";
  }
}

/** Where what is read first is, from the API's origin: the nearest to the tag that there is. */
export const firstOf = (tag) => `v1/first.json?lang=${tag}`;
