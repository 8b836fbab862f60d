// Everything that a page sends, as the network saw it.

/** Starts listening; must come before the page is loaded. */
export function listen(page) {
  const seen = [];
  page.on("request", (request) => seen.push(request));
  const others = [];
  page.on("websocket", (socket) => others.push(`WebSocket ${socket.url()}`));
  page.on("worker", (worker) => others.push(`Worker ${worker.url()}`));
  page.context().on("serviceworker", (worker) => others.push(`ServiceWorker ${worker.url()}`));
  page.on("popup", (popup) => others.push(`window ${popup.url()}`));
  return {
    /** Sockets, workers, windows. */
    others,
    /** The requests, with the headers that were really sent and what came back. */
    requests: () =>
      Promise.all(
        seen
          .filter((request) => !request.url().startsWith("data:"))
          .map(async (request) => {
            const response = await request.response();
            return {
              method: request.method(),
              url: new URL(request.url()),
              body: request.postData(),
              headers: await request.allHeaders(),
              answer: response ? await response.allHeaders() : {},
              status: response?.status() ?? 0,
            };
          }),
      ),
  };
}
