// <spro-guide> in the templates of Vue 3: `import "./vue.d.ts"` once.

import type { DefineComponent } from "vue";
import type { SproGuideAttributes } from "./spro-guide.js";

declare module "vue" {
  interface GlobalComponents {
    "spro-guide": DefineComponent<SproGuideAttributes>;
  }
}
