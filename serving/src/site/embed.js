// The generator follows the choices, and copies. Everything is there without this script: it
// asks for the same page again, and puts its parts where they were.
(() => {
  const form = document.getElementById("choices");
  if (!form) return;
  const said = document.getElementById("said");
  const PARTS = ["listed", "found", "contrast", "code", "how", "preview"];
  const TYPING = 300;
  let turn = 0;
  let waiting;

  function addCopy() {
    const text = document.getElementById("snippet");
    const button = document.createElement("button");
    button.type = "button";
    button.id = "copy";
    button.textContent = "Copier le code";
    button.addEventListener("click", async () => {
      said.textContent = "";
      try {
        await navigator.clipboard.writeText(text.value);
      } catch {
        text.focus();
        text.select();
        if (!document.execCommand("copy")) {
          said.textContent = "Le code est sélectionné : appuyez sur Ctrl + C.";
          return;
        }
      }
      said.textContent = "Le code est copié. Collez-le dans votre page.";
    });
    document.getElementById("by-hand").replaceWith(button);
  }

  function query() {
    const chosen = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...chosen]) if (!value) chosen.delete(name);
    return chosen.toString();
  }

  async function follow() {
    const mine = ++turn;
    const address = `/embed?${query()}`;
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(response.status);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (mine !== turn) return;
      let changed = false;
      for (const id of PARTS) {
        const [here, there] = [document.getElementById(id), page.getElementById(id)];
        if (here.dataset.was === there.innerHTML || here.contains(document.activeElement)) continue;
        here.dataset.was = there.innerHTML;
        here.replaceChildren(...there.childNodes);
        changed = true;
        if (id === "code") addCopy();
      }
      const field = document.getElementById("commune");
      for (const name of ["aria-invalid", "aria-describedby"]) {
        const value = page.getElementById("commune").getAttribute(name);
        value === null ? field.removeAttribute(name) : field.setAttribute(name, value);
      }
      // A colour that nobody chose is the one of the theme.
      for (const colour of form.querySelectorAll("[type=color]")) {
        if (colour !== document.activeElement) colour.value = page.getElementById(colour.id).value;
      }
      history.replaceState(null, "", address);
      if (changed) said.textContent = "Le code et l’aperçu sont à jour.";
    } catch {
      // The button still sends the form.
      if (mine === turn) said.textContent = "La mise à jour n’a pas marché : appuyez sur « Mettre à jour le code ».";
    }
  }

  for (const id of PARTS) document.getElementById(id).dataset.was = document.getElementById(id).innerHTML;
  addCopy();
  form.addEventListener("input", (event) => {
    said.textContent = "";
    clearTimeout(waiting);
    waiting = setTimeout(follow, event.target.type === "text" ? TYPING : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    follow();
  });
})();
