// The screenshots of the documentation: the five people at a phone's and a desk's width,
// and the partner's page. With the shipped directory only.
//
//   OUT=docs/screenshots SPRO_WORKER=… SPRO_PARTNER=… node tests/browser/screenshots.mjs

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { close, newPage } from "./lib/browser.mjs";
import { people } from "./lib/people.mjs";
import { partner, worker } from "./lib/server.mjs";
import { Visit } from "./lib/visit.mjs";

const folder = process.env.OUT;
if (!folder) throw new Error("OUT is not set: it names the folder of the images");
const { source } = await (await fetch(`${worker}/v1/health`)).json();
if (source !== "shipped") throw new Error(`a directory is published (source: ${source}): use a fresh KV`);
await mkdir(folder, { recursive: true });

const at = (name) => join(folder, `${name}.png`);

for (const width of [320, 1280]) {
  for (const { file, answers, typed, commune } of Object.values(people)) {
    const page = await newPage({ viewport: { width, height: 900 } });
    await page.goto(`${partner}/tests-plain.html`);
    const visit = new Visit(page);
    await visit.asked("goal");
    await visit.element.screenshot({ path: at(`${file}-question-${width}`) });
    await visit.answerAll(answers);
    await visit.asked("commune");
    await visit.type(typed);
    await visit.element.screenshot({ path: at(`${file}-commune-${width}`) });
    await visit.commune(typed, commune);
    await visit.arrived();
    await visit.element.screenshot({ path: at(`${file}-result-${width}`) });
    await page.context().close();
  }
}

const page = await newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(`${partner}/index.html`);
await new Visit(page).asked("goal");
await page.screenshot({ path: at("partner-1280"), fullPage: true });
await close();
