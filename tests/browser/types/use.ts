// A host's own code, right and wrong: `types.test.mjs` checks it. A line that should be an error
// and is none is an error too.

import type { SproGuideCorrection, SproGuideElement, SproGuideRung } from "../../../widget/types/spro-guide.js";
import type { GlobalComponents } from "vue";

const made: SproGuideElement = document.createElement("spro-guide");
const found: SproGuideElement | null = document.querySelector("spro-guide");

made.lang = "ar";
made.commune = "26281";
made.territory = "26";
made.network = "cio";
made.level = "one";
made.theme = "dark";
made.look = "dsfr";
made.layout = "compact";
made.frame = "none";
const rung: SproGuideRung = made.rung;
const corrections: readonly SproGuideCorrection[] = made.corrections;
corrections[0]?.property.startsWith("--spro-");
// @ts-expect-error there is no such theme
made.theme = "sombre";
// @ts-expect-error read-only
made.rung = "link";
// @ts-expect-error read-only
made.corrections.push(corrections[0]);
// @ts-expect-error a code is a text: 01004 is no number
made.commune = 26281;

found?.addEventListener("spro-guide:ready", ({ detail }) => detail.rung === "frame");
found?.addEventListener("spro-guide:result", ({ detail }) => {
  const kind: "place" | "remote" = detail.kind;
  return kind;
});
document.addEventListener("spro-guide:step", ({ detail }) => [detail.question.length, detail.number.toFixed()]);
addEventListener("spro-guide:contact", ({ detail }) => detail.kind.length);
document.addEventListener("spro-guide:error", (event) => {
  event.detail.code.length;
  // @ts-expect-error no event says what was answered
  event.detail.answer;
});

type Props = InstanceType<GlobalComponents["spro-guide"]>["$props"];
const props: Props = { theme: "light", level: "two" };
// @ts-expect-error a typo
const typo: Props = { level: "three" };

export { found, made, props, rung, typo };
