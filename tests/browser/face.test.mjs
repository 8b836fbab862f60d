// @stage own
// The element's properties, custom properties, parts and slot, a test for each row of
// docs/element.md. `attributes.test.mjs` and `events.test.mjs` have the other two tables.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { face, once, rows } from "./lib/face.mjs";
import { OFFICE, ROMANS as INVENTED, YOUNG, inventing, place } from "./lib/invented.mjs";
import { manifest } from "./lib/manifest.mjs";
import { people } from "./lib/people.mjs";
import { onWorker, open } from "./lib/session.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const invent = inventing();
const FILES = ["attributes", "events", "face"].map((name) => new URL(`${name}.test.mjs`, import.meta.url));

test("every table of docs/element.md is read by a file of tests", async () => {
  const written = (await Promise.all(FILES.map((file) => readFile(file, "utf8")))).join("");
  const read = [...written.matchAll(/^rows\("([^"]+)"/gm)].map(([, table]) => table);
  assert.deepEqual(read.sort(), Object.keys(face).sort());
});

test("editors are told the same: widget/types/custom-elements.json", async () => {
  const file = new URL("../../widget/types/custom-elements.json", import.meta.url);
  assert.deepEqual(JSON.parse(await readFile(file, "utf8")), manifest, "`node tests/browser/lib/manifest.mjs` writes it");
});

test("TypeScript is told the same: widget/types/spro-guide.d.ts", async () => {
  const written = await readFile(new URL("../../widget/types/spro-guide.d.ts", import.meta.url), "utf8");
  const members = (name) =>
    [...written.match(new RegExp(`interface ${name}[^{]*{([^}]*(?:{[^}]*}[^}]*)*)\\n}`))[1].matchAll(/^ {2}(?:readonly )?"?([\w:-]+)"?\??:/gm)].map(
      ([, member]) => member,
    );
  const names = (table) => face[table].map(({ name }) => name).sort();
  const own = [...members("SproGuideAttributes"), ...members("SproGuideElement")];
  assert.deepEqual(own.sort(), names("property"));
  assert.deepEqual(members("SproGuideEventMap").sort(), names("event"));
});

rows("slot", () => ({
  "(the only one)": async (t) => {
    const visit = await open(t, "tests-plain.html", {
      expects: [/Failed to load resource/, /spro-guide: /],
      before: (page) => onWorker(page, /^\/v1\/|^\/$/, (route) => route.abort()),
    });
    await visit.page.locator('spro-guide[data-rung="link"]').waitFor();
    assert.ok(await visit.element.locator("> a").isVisible());
    const guided = await open(t);
    await guided.asked("situation");
    assert.ok(!(await guided.element.locator("> a").isVisible()));
  },
}));

rows("property", (suite) => {
  const guided = once(async () => {
    const visit = await open(suite, "tests-plain.html", { expects: [/colours corrected/] });
    await visit.asked("situation");
    return visit;
  });
  /** The attribute follows the property and the property the attribute, whatever is written. */
  const reflects = async (_, { name }) => {
    const visit = await guided();
    const seen = await visit.element.evaluate((element, property) => {
      const found = [element[property]];
      element[property] = "one";
      found.push(element.getAttribute(property));
      element.setAttribute(property, "<two>");
      found.push(element[property]);
      element[property] = 3;
      found.push(element[property], element.getAttribute(property));
      element.removeAttribute(property);
      found.push(element[property]);
      return found;
    }, name);
    assert.deepEqual(seen, ["", "one", "<two>", "3", "3", ""]);
  };
  return {
    ...Object.fromEntries(
      ["lang", "commune", "territory", "network", "level", "theme", "look", "layout", "frame"].map((name) => [name, reflects]),
    ),
    rung: async () => {
      const visit = await guided();
      const seen = await visit.element.evaluate((element) => {
        // In a module, as hosts write them, it would throw.
        Reflect.set(element, "rung", "link");
        return [element.rung, element.dataset.rung];
      });
      assert.deepEqual(seen, ["element", "element"]);
    },
    corrections: async (_, row) => {
      const visit = await guided();
      const read = () => visit.element.evaluate((element) => element.corrections);
      assert.deepEqual(await read(), []);
      await visit.element.evaluate((element) => element.style.setProperty("--spro-primary", "#ffcc00"));
      await visit.page.waitForFunction(() => document.querySelector("spro-guide").corrections.length > 0);
      const keys = [...row["what it does"].split(":")[1].matchAll(/`(\w+)`/g)].map(([, key]) => key);
      assert.deepEqual(Object.keys((await read())[0]).sort(), keys.sort());
      await visit.element.evaluate((element) => element.removeAttribute("style"));
    },
  };
});

rows("custom property", (suite) => {
  // An answered question, for what is of its choices; for everything else the commune, missing.
  const both = (reach) => ({ light: once(() => reach("light")), dark: once(() => reach("dark")) });
  const [visits, questions] = [both(missing), both(answered)];
  async function missing(colorScheme) {
    const visit = await open(suite, "tests-dark.html", { colorScheme, reducedMotion: "reduce" });
    await visit.toCommune();
    await visit.goOn();
    await visit.error.filter({ hasText: /\S/ }).waitFor();
    return visit;
  }
  async function answered(colorScheme) {
    const visit = await missing(colorScheme);
    await visit.back();
    await visit.asked("goal");
    await visit.page.keyboard.press("Tab");
    return visit;
  }
  const look = (visit, selector, property) =>
    visit.element.locator(selector).first().evaluate((node, name) => getComputedStyle(node)[name], property);
  const during = async (visit, name, value, read) => {
    await visit.element.evaluate((element, [property, text]) => element.style.setProperty(property, text), [name, value]);
    const found = await read();
    await visit.element.evaluate((element) => element.removeAttribute("style"));
    return found;
  };
  const rgb = (text) => {
    const digits = text.replace(/[`#]/g, "");
    const bytes = (digits.length === 3 ? [...digits].map((digit) => digit + digit) : digits.match(/../g)).map((byte) => Number.parseInt(byte, 16));
    return `rgb(${bytes.join(", ")})`;
  };
  const STRONG = { light: "rgb(1, 2, 3)", dark: "rgb(250, 251, 252)" };
  const FAINT = { light: "rgb(250, 251, 252)", dark: "rgb(1, 2, 3)" };
  /** A colour shows in a property of a node, in the light and in the dark, and its default is what is written. */
  const colour = (selector, property, values) => async (_, row) => {
    for (const [theme, column] of [["light", "default"], ["dark", "in the dark"]]) {
      const visit = await (selector.startsWith(".choice") ? questions : visits)[theme]();
      const read = () => look(visit, selector, property);
      const { default: written } = { default: row[column].startsWith("`--") ? face["custom property"][0][column] : row[column] };
      assert.equal(await read(), rgb(written), `${theme}, by default`);
      const name = theme === "dark" ? row.name.replace("--spro-", "--spro-dark-") : row.name;
      assert.equal(await during(visit, name, values[theme], read), values[theme], theme);
    }
  };
  const length = (selector, property, value, expected) => async (_, { name }) => {
    const visit = await visits.light();
    const usual = await look(visit, selector, property);
    assert.equal(await during(visit, name, value, () => look(visit, selector, property)), expected);
    assert.notEqual(usual, expected);
  };
  return {
    "--spro-primary": colour(".primary", "backgroundColor", STRONG),
    "--spro-on-primary": colour(".primary", "color", FAINT),
    "--spro-background": colour(".guide", "backgroundColor", FAINT),
    "--spro-text": colour("h2", "color", STRONG),
    "--spro-quiet-text": colour(".step", "color", STRONG),
    "--spro-line": colour(".choice", "borderTopColor", STRONG),
    "--spro-soft": colour(".choice[aria-current]", "backgroundColor", FAINT),
    "--spro-error": colour(".error", "color", STRONG),
    "--spro-focus": colour(".choice:focus-visible", "outlineColor", STRONG),
    "--spro-radius": length(".primary", "borderTopLeftRadius", "0px", "0px"),
    "--spro-font": length(".guide", "fontFamily", "monospace", "monospace"),
    "--spro-max-width": length(".guide", "maxWidth", "20em", "320px"),
  };
});

/** A page whose style sheet reaches for every part. */
async function reaching(t) {
  const visit = await open(t);
  await visit.asked("situation");
  await visit.page.addStyleTag({
    content: face.part.map(({ name }) => `spro-guide::part(${name}) { --reached-${name}: yes }`).join("\n"),
  });
  return visit;
}

/** The parts that it reaches on this screen. */
const reached = (visit) =>
  visit.element.evaluate(
    ({ shadowRoot }, parts) =>
      parts.filter((part) => {
        const node = shadowRoot.querySelector(`[part~="${part}"]`);
        return node && getComputedStyle(node).getPropertyValue(`--reached-${part}`).trim() === "yes";
      }),
    face.part.map(({ name }) => name),
  );

/** What is reached in a whole visit, and the parts that its result has. */
async function visited(suite) {
  const visit = await reaching(suite);
  const found = await reached(visit);
  await visit.answerAll(ROMANS.answers);
  await visit.type(ROMANS.typed);
  found.push(...(await reached(visit)));
  await visit.commune(ROMANS.typed, ROMANS.commune);
  await visit.arrived();
  found.push(...(await reached(visit)));
  const parts = await visit.element.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("[part]")].flatMap((node) => [...node.part]),
  );
  return { found, parts };
}

rows("part", (suite) => {
  const all = once(() => visited(suite));
  const shows = async (_, { name }) => {
    const { found, parts } = await all();
    assert.ok(found.includes(name), `${name} is nowhere: ${found}`);
    const unknown = parts.filter((part) => !face.part.some((row) => row.name === part));
    assert.deepEqual(unknown, [], "parts that docs/element.md does not have");
  };
  return {
    ...Object.fromEntries(face.part.map(({ name }) => [name, shows])),
    // The shipped directory knows no hours.
    now: async (t, { name }) => {
      await invent([place("a", INVENTED, { hours: OFFICE })]);
      const visit = await reaching(t);
      await visit.follow({ answers: YOUNG, ...INVENTED });
      assert.ok((await reached(visit)).includes(name));
    },
  };
});
