// Whether everything is where it can be read.

/** What sticks out of the page or of the guide, and buttons whose words are broken. */
export const spills = (visit) =>
  visit.page.evaluate(() => {
    const found = [];
    const { scrollWidth, clientWidth } = document.scrollingElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide in ${clientWidth}`);
    for (const { shadowRoot } of document.querySelectorAll("spro-guide")) {
      const guide = shadowRoot.querySelector(".guide");
      const room = guide.getBoundingClientRect();
      for (const node of guide.querySelectorAll("*")) {
        if (node.matches(".unseen, .unseen *") || !node.checkVisibility()) continue;
        const what = `${node.localName}.${node.className} « ${node.textContent.slice(0, 40)} »`;
        const box = node.getBoundingClientRect();
        if (box.left < room.left - 0.5 || box.right > room.right + 0.5) found.push(`out of the guide: ${what}`);
        // What is typed scrolls in its field.
        if (node.localName === "input") continue;
        if (node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline") {
          found.push(`${node.scrollWidth} in ${node.clientWidth}: ${what}`);
        }
        if (node.matches("button")) {
          // A word on two lines: the first and the last letter of it are not at one height.
          const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const text = texts.currentNode;
            for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
              const range = document.createRange();
              range.setStart(text, index);
              range.setEnd(text, index + word.length);
              const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
              if (lines.size > 1) found.push(`« ${word} » is broken in ${what}`);
            }
          }
        }
      }
    }
    return found;
  });
