// A deployment that takes no reports (`REPORTS = "off"`), as the element learns of it.

import { onWorker } from "./session.mjs";

/** Says so in what a page reads first, whose sum follows. */
export const withoutReports = (page) =>
  onWorker(page, /^\/v1\/first\.json$/, async (route) => {
    const response = await route.fetch();
    const text = (await response.text()).replace('"languages":', '"reports":false,"languages":');
    const end = text.lastIndexOf(",");
    let sum = 0;
    for (let at = 0; at < end; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 16777619);
    await route.fulfill({ response, body: `${text.slice(0, end)},"sum":${sum >>> 0}}` });
  });
