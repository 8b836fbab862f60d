// The entry of the public worker. Everything is decided in WebAssembly; this file hands requests over.
import { fetch as answer, ready } from "./index.js";
import { answered, writes } from "./instance.js";

export default {
  fetch(request, env, context) {
    return answered(request, (wait) => {
      const { headers, method } = request;
      return (
        ready(
          method,
          request.url,
          headers.get("if-none-match") ?? undefined,
          headers.get("accept-encoding") ?? undefined,
        ) ?? wait(() => answer(request, env, context), writes(request), context)
      );
    });
  },
};
