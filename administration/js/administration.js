// The entry of the administration worker. Everything is decided in WebAssembly; this file hands
// requests and the schedule over.
import { fetch as answer, scheduled } from "./index.js";
import { answered, inInstance, writes } from "./instance.js";

export { Ledger } from "./ledger.js";

export default {
  fetch(request, env, context) {
    return answered(request, (wait) =>
      wait(() => answer(request, env, context), writes(request), context),
    );
  },

  /** The schedule of wrangler.toml: the reminders of the month. */
  async scheduled(_event, env, context) {
    try {
      await inInstance((wait) => wait(() => scheduled(env), true, context));
    } catch (error) {
      console.error("the schedule failed:", error);
    }
  },
};
