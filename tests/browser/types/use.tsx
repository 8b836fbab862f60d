// The same in the JSX of React.

import "../../../widget/types/react.js";

const right = (
  <spro-guide
    lang="uk"
    commune="26281"
    theme="dark"
    look="dsfr"
    layout="compact"
    frame="none"
    className="aside"
    ref={(element) => element?.corrections.length}
    onspro-guide:step={({ detail }) => detail.number.toFixed()}
  >
    <a href="https://guide.example/">Trouver le lieu qui peut m’aider</a>
  </spro-guide>
);
// @ts-expect-error there is no such layout
const wrong = <spro-guide layout="tiny" />;

export { right, wrong };
