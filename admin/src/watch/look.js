// Runs in a partner's page: brings each <spro-guide> into view until it has decided how
// it shows the guide, and says what is there. Nothing is pressed or answered.
(async (limit) => {
  const end = Date.now() + limit;
  const soon = () => new Promise((resolve) => setTimeout(resolve, 50));
  const until = async (test) => {
    while (!test() && Date.now() < end) await soon();
  };
  const elements = () => [...document.querySelectorAll("spro-guide")];
  await until(() => document.readyState === "complete" || elements().length > 0);
  // A page may make its element late; once it is loaded, not later than this.
  const late = Date.now() + Math.min(3000, limit);
  await until(() => elements().length > 0 || (document.readyState === "complete" && Date.now() > late));
  const rung = (element) => {
    const told = element.getAttribute("data-rung");
    if (told) return { rung: told, why: element.getAttribute("data-rung-why") ?? "", told: true };
    // A loader from before the attribute existed says nothing: what is shown says it.
    const shown = element.shadowRoot;
    if (shown?.querySelector(".guide")) return { rung: "element", why: "", told: false };
    return { rung: "", why: "", told: false };
  };
  // In turns until each has decided: a page that is still parsed has elements to come, one that
  // moves its content takes them out of view, and one that never decides takes no other's turn.
  const undecided = () => elements().filter((element) => rung(element).rung === "");
  const parsed = () => document.readyState !== "loading";
  for (let turn = 0; Date.now() < end && !(parsed() && undecided().length === 0); turn += 1) {
    const element = undecided()[turn % undecided().length];
    element?.scrollIntoView({ block: "center", behavior: "instant" });
    const next = Date.now() + 1000;
    await until(() => Date.now() > next || (element ? rung(element).rung !== "" : parsed() || undecided().length > 0));
  }
  const loaders = [...document.querySelectorAll("script[src]")]
    .map(({ src }) => src)
    .filter((src) => /\/spro-guide\.js([?#]|$)|\/[0-9a-f]{16}\/element\.js([?#]|$)/.test(src));
  return { elements: elements().map(rung), loaders, address: location.href };
})
