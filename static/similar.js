/* Earlier proposals like the one that is being written appear below its title.

   <div data-similar-url="…" data-similar-of="id of the title's input" aria-live="polite"></div>
   After a pause in typing the address is asked with ?title=… and the answer stands in the element.
   A newer question ends the older one. When it cannot be asked, all stays as it was: the form works
   without. What stood in the element at first (the link to the page) comes back for a short title. */
(() => {
  "use strict";
  const PAUSE = 400;
  const SHORTEST = 4;

  const start = (place) => {
    const field = document.getElementById(place.dataset.similarOf);
    if (!field) return;
    const atFirst = [...place.childNodes];
    let waiting = 0;
    let underway = null;
    let asked = null;

    const ask = async () => {
      const title = field.value.trim();
      if (title === asked) return;
      if (underway) underway.abort();
      underway = null;
      asked = title;
      if ([...title].length < SHORTEST) { place.replaceChildren(...atFirst); return; }
      const mine = underway = new AbortController();
      const address = new URL(place.dataset.similarUrl, document.baseURI);
      address.searchParams.set("title", title);
      try {
        const answer = await fetch(address, {
          headers: { "X-Requested-With": "fetch" }, credentials: "same-origin", redirect: "error", signal: mine.signal,
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const found = document.createElement("template");
        found.innerHTML = await answer.text();
        if (underway === mine) place.replaceChildren(found.content);
      } catch {
        if (underway === mine) asked = null;
      }
    };
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE);
    });
    ask();
  };

  document.querySelectorAll("[data-similar-url]").forEach(start);
})();
