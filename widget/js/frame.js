// In our page, when it stands in a frame of somebody else's: tells that page how high it is, so
// that nothing is cut and nothing scrolls inside. It says nothing else.

if (parent !== self) {
  const tell = (message) => parent.postMessage(message, "*");
  const { documentElement: root } = document;
  tell({ "spro-guide": "page" });
  new ResizeObserver(() => tell({ "spro-guide": "height", height: root.getBoundingClientRect().height })).observe(root);
}
