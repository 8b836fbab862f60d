// <spro-guide> in the JSX of React 19: `import "./react.d.ts"` once.

import type { ClassAttributes, HTMLAttributes } from "react";
import type { SproGuideAttributes, SproGuideElement, SproGuideEventMap } from "./spro-guide.js";

type Listeners = { [Name in keyof SproGuideEventMap as `on${Name}`]?: (event: SproGuideEventMap[Name]) => void };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "spro-guide": Omit<HTMLAttributes<SproGuideElement>, keyof SproGuideAttributes> &
        ClassAttributes<SproGuideElement> &
        SproGuideAttributes &
        Listeners;
    }
  }
}
