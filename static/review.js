// The review of a letter: places shown, selections taken over, typing kept. The pages work without it.
"use strict";

const review = document.getElementById("review");
const letter = document.getElementById("letter");

// Where a field or an entry was read: scrolled to inside the letter, and marked.
function show(name) {
  if (!letter) return;
  for (const run of letter.querySelectorAll(".shown")) run.classList.remove("shown");
  const runs = letter.querySelectorAll(`[data-names~="${CSS.escape(name)}"]`);
  for (const run of runs) run.classList.add("shown");
  const first = runs[0];
  if (!first || getComputedStyle(letter).overflowY !== "auto") return;
  const box = letter.getBoundingClientRect();
  letter.scrollTop += first.getBoundingClientRect().top - box.top - box.height / 3;
}

if (review && letter) {
  review.addEventListener("focusin", (event) => {
    const name = event.target.dataset?.shows;
    if (name && event.target.tagName !== "A") show(name);
  });
  review.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-shows]");
    if (!link) return;
    show(link.dataset.shows);
    // Where the letter has no scroll of its own, the link leads there.
    if (getComputedStyle(letter).overflowY === "auto") event.preventDefault();
  });
  // A marked sentence leads to its entry; a selection does not.
  letter.addEventListener("click", (event) => {
    const run = event.target.closest("[data-target]");
    if (!run || event.target.closest("a") || String(getSelection())) return;
    const entry = document.getElementById(run.dataset.target);
    entry?.scrollIntoView({ block: "center" });
    entry?.focus({ preventScroll: true });
  });

  // A selection in the letter is the sentence to add.
  const added = document.getElementById("f-added");
  const near = document.getElementById("f-added-near");
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (!added || selection.isCollapsed || !letter.contains(selection.anchorNode)) return;
    const range = selection.getRangeAt(0);
    const words = range.cloneContents();
    for (const number of words.querySelectorAll(".no")) number.remove();
    const text = words.textContent.replace(/\s+/g, "");
    if (text.length < 2) return;
    added.value = text;
    const run = range.startContainer.parentElement?.closest("[data-at]");
    near.value = run ? String(Number(run.dataset.at) + range.startOffset) : "";
  });

  // Kept on the server every few seconds, as long as something was typed.
  const said = document.getElementById("kept");
  let dirty = false;
  let busy = null;
  let stopped = false;
  const touched = () => { dirty = true; };
  review.addEventListener("input", touched);
  review.addEventListener("change", touched);
  review.addEventListener("submit", (event) => {
    stopped = true;
    if (!busy) return;
    // What is just being kept has a version: the form waits for it, or it would conflict with itself.
    event.preventDefault();
    const button = event.submitter;
    busy.then(() => review.requestSubmit(button));
  });
  // Closed a moment after typing: what was not kept yet goes along. A browser takes 64 KB then:
  // sentences that stand as they stood are left out, which changes nothing.
  addEventListener("pagehide", () => {
    if (!(dirty || busy) || stopped) return;
    const isNew = ([name]) => {
      const field = review.elements.namedItem(name);
      return !name.endsWith("-cut") && !(name.endsWith("-sentence") && field.value === field.defaultValue);
    };
    navigator.sendBeacon(review.action, new URLSearchParams([...asDraft()].filter(isNew)));
  });

  // Back by the browser's button: the draft as it was kept.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  function tell(message, lost) {
    said.textContent = message;
    said.classList.toggle("lost", lost);
  }

  function asDraft() {
    const data = new FormData(review);
    data.set("do", "autosave");
    return data;
  }

  async function keep() {
    dirty = false;
    try {
      const answer = await fetch(review.action, {
        method: "POST", body: asDraft(), redirect: "manual", credentials: "same-origin",
        signal: AbortSignal.timeout(20000),
      });
      const kind = answer.headers.get("content-type") || "";
      if (!kind.includes("json")) throw new Error("signed out");
      const told = await answer.json();
      if (answer.ok) review.elements.version.value = told.version;
      else stopped = true;
      tell(told.message, !answer.ok);
    } catch {
      dirty = true;
      tell(said.dataset.lost, true);
    }
    busy = null;
  }
  setInterval(() => {
    if (dirty && !busy && !stopped) busy = keep();
  }, 4000);
}

// Files dropped anywhere on the form are those that are handed in.
const drop = document.querySelector("form[data-drop]");
if (drop) {
  const files = drop.querySelector("input[type=file]");
  const field = files.closest(".drop");
  for (const name of ["dragover", "dragenter"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); field.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => field.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    field.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    files.files = event.dataTransfer.files;
  });
}
