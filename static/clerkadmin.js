/* What is typed into a form is kept on the server every few seconds, and when the page is left.

   A form takes part by an element inside it (or the form itself) with these attributes:
     data-autosave-url     where to POST the form's fields; it answers {"said": "Kept at 10:32"}
     data-autosave-path    sent along as `_draft_of`: the page in whose name it is kept (may be left out)
     data-autosave-failed  the sentence to show when it could not be kept
   What the server says stands in that element (give it role="status"; for a form, in its first
   .autosave). Another page, such as the review of a letter, may use it with an address of its own:
   it gets the fields of its form as they are, with csrfmiddlewaretoken, without files and passwords.
   Without JavaScript the page works the same, and keeps nothing by itself. */
(() => {
  "use strict";
  const LOOK_EVERY = 2500;
  const AT_LATEST = 10000;

  const fieldsOf = (form) => {
    const data = new FormData();
    for (const [name, value] of new FormData(form)) {
      const field = form.elements.namedItem(name);
      if (typeof value === "string" && !(field && field.type === "password")) data.append(name, value);
    }
    return data;
  };
  const asText = (data) => new URLSearchParams([...data].filter(([name]) => name !== "csrfmiddlewaretoken")).toString();

  const start = (place) => {
    const form = place.closest("form");
    if (!form) return;
    const shown = place === form ? form.querySelector(".autosave") : place;
    let kept = null;
    let before = null;
    let changedAt = 0;
    let isSent = false;
    let underway = null;

    const say = (words, isBad) => {
      if (!shown) return;
      if (shown.textContent !== words) shown.textContent = words;
      shown.classList.toggle("is-bad", isBad);
    };
    const body = () => {
      const data = fieldsOf(form);
      data.append("_draft_of", place.dataset.autosavePath || "");
      return data;
    };
    const keep = async () => {
      const now = asText(fieldsOf(form));
      underway = new AbortController();
      try {
        const answer = await fetch(place.dataset.autosaveUrl, {
          method: "POST", body: body(), credentials: "same-origin", redirect: "error", signal: underway.signal,
        });
        const { said } = await answer.json();
        if (answer.ok) { kept = now; changedAt = 0; }
        say(said, !answer.ok);
        if (!answer.ok) kept = now;
      } catch (error) {
        if (error.name !== "AbortError") say(place.dataset.autosaveFailed || "", true);
      } finally {
        underway = null;
      }
    };
    const look = () => {
      if (isSent || underway) return;
      const now = asText(fieldsOf(form));
      if (now === kept) { before = now; changedAt = 0; return; }
      changedAt = changedAt || Date.now();
      // After a pause in typing, or when it has been long.
      if (now === before || Date.now() - changedAt > AT_LATEST) keep();
      before = now;
    };
    const begin = () => {
      kept = before = asText(fieldsOf(form));
      setInterval(look, LOOK_EVERY);
    };
    form.addEventListener("submit", () => {
      isSent = true;
      if (underway) underway.abort();
    });
    const leave = () => {
      if (isSent || kept === null || asText(fieldsOf(form)) === kept) return;
      if (navigator.sendBeacon(place.dataset.autosaveUrl, body())) kept = asText(fieldsOf(form));
    };
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
    // Back from the next page by the browser's button: the form is open again.
    addEventListener("pageshow", (event) => { if (event.persisted) isSent = false; });
    // Widgets of the page fill themselves in first.
    setTimeout(begin, 300);
  };

  addEventListener("load", () => document.querySelectorAll("[data-autosave-url]").forEach(start));
})();
