// What tools of a site make of a script's tag, and how they put it back: banners that wait for a
// consent, extensions that wait for the first touch. Each is a tag, and what is done in the page.

/** In the page: a new script in the place of each that waits, as a tool writes it. */
function putBack(selector, write) {
  for (const waiting of document.querySelectorAll(selector)) {
    const script = document.createElement("script");
    write(waiting, script);
    waiting.replaceWith(script);
  }
}

/** In the page: keeps what the tag said under other names. */
const AS_IT_WAS = `(waiting, script) => {
  for (const { name, value } of waiting.attributes) {
    if (name.startsWith("data-")) script.setAttribute(name.replace(/^data-(rocket-)?/, ""), value);
    else if (name !== "type") script.setAttribute(name, value);
  }
}`;

/** In the page: a plain script, whatever it was. */
const AS_A_PLAIN_ONE = `(waiting, script) => {
  script.type = "text/javascript";
  script.src = waiting.dataset.src ?? waiting.src;
}`;

export const REWRITTEN = {
  "held as text, put back as a plain script": {
    tag: (src) => `<script type="text/plain" data-src="${src}"></script>`,
    release: `() => (${putBack})("script[type='text/plain']", ${AS_A_PLAIN_ONE})`,
  },
  "a module held with its address, put back as a plain script": {
    tag: (src) => `<script type="text/plain" data-category="services" async src="${src}"></script>`,
    release: `() => (${putBack})("script[type='text/plain']", ${AS_A_PLAIN_ONE})`,
  },
  "a module delayed until the first touch": {
    tag: (src) => `<script type="rocketlazyloadscript" data-rocket-type="module" async data-rocket-src="${src}"></script>`,
    release: `() => (${putBack})("script[type=rocketlazyloadscript]", ${AS_IT_WAS})`,
  },
  "an address put back into the same tag": {
    tag: (src) => `<script async data-src="${src}"></script>`,
    release: `() => { for (const script of document.querySelectorAll("script[data-src]")) script.src = script.dataset.src; }`,
  },
  "put back twice, and later once more as a module": {
    tag: (src) => `<script type="text/plain" data-src="${src}"></script>`,
    release: `() => {
      const { src } = document.querySelector("script[data-src]").dataset;
      for (const type of ["text/javascript", "", "module"]) {
        const script = document.createElement("script");
        Object.assign(script, { type, src, async: true });
        document.head.append(script);
        setTimeout(() => script.remove());
      }
    }`,
  },
  "loaded by a tag manager, after the page": {
    tag: (src) => `<script>window.late = "${src}";</script>`,
    release: `() => document.head.append(Object.assign(document.createElement("script"), { src: window.late }))`,
  },
};
