// <spro-guide> for TypeScript. `docs/element.md` says what each of these does.
//
// import type { SproGuideElement } from "./spro-guide.js";

/** What the visitor is shown: the guide, the framed page, or the link inside the tag; `""` until that is decided. */
export type SproGuideRung = "element" | "frame" | "link" | "";

/** A colour of the host that could not be read, and what it became. */
export interface SproGuideCorrection {
  /** The custom property, such as `--spro-primary`. */
  readonly property: string;
  /** What the host set, as `#rrggbb` or `#rrggbbaa`. */
  readonly from: string;
  /** What is shown instead. */
  readonly to: string;
  /** The custom property of what it stands on; `""` where that is a picture of the page. */
  readonly on: string;
  /** The contrast before, from 1 to 21. */
  readonly before?: number;
  /** The contrast now. */
  readonly after?: number;
}

/** The events of the element. They bubble and are composed; none says what a visitor answered. */
export interface SproGuideEventMap {
  /** The first question can be answered, in the element or in the framed page. */
  "spro-guide:ready": CustomEvent<{ rung: "element" | "frame" }>;
  /** A question is shown: its id, and its number from 1. */
  "spro-guide:step": CustomEvent<{ question: string; number: number }>;
  /** The recommendation is shown. */
  "spro-guide:result": CustomEvent<{ kind: "place" | "remote" }>;
  /** A phone number, an address, a site or a way is followed. */
  "spro-guide:contact": CustomEvent<{ kind: string }>;
  /** The link inside the tag is shown instead; the code says why. */
  "spro-guide:error": CustomEvent<{ code: string }>;
}

/** What markup may say. */
export interface SproGuideAttributes {
  /** Language to begin in (BCP 47); French where the directory has no near one. */
  lang?: string;
  /** INSEE code: the answer to that question. */
  commune?: string;
  /** A territory of the directory, the code of a department or of a commune (several with blanks between): its communes come first. */
  territory?: string;
  /** A network of the directory: among what may also help, it comes first. */
  network?: string;
  /** `one`: a place that receives everybody comes first. */
  level?: "one" | "two" | "";
  /** Otherwise as the page's `color-scheme` has it. */
  theme?: "light" | "dark" | "";
  /** The design system of the French State, for the sites of the State only. */
  look?: "dsfr" | "";
  /** For a narrow column. */
  layout?: "compact" | "";
  /** `none`: never the framed page; `first`: the framed page instead of the element. */
  frame?: "none" | "first" | "";
}

/** The element. */
export interface SproGuideElement extends HTMLElement, Required<SproGuideAttributes> {
  /** What the visitor is shown. */
  readonly rung: SproGuideRung;
  /** The host's colours that could not be read; empty until the guide is shown. */
  readonly corrections: readonly SproGuideCorrection[];
}

declare global {
  interface HTMLElementTagNameMap {
    "spro-guide": SproGuideElement;
  }
  // They bubble: the document and the window hear them too.
  interface GlobalEventHandlersEventMap extends SproGuideEventMap {}
}
