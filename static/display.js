// Remembers the choice of light, dark and large text. The switches work without it (:has() in
// luoshi.css), for the page on which they stand.
(() => {
  "use strict";
  const root = document.documentElement;

  const read = (name) => {
    try {
      return localStorage.getItem(name) || "";
    } catch {
      return ""; // storage is forbidden: nothing is remembered
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // storage is forbidden: nothing is remembered
    }
  };
  const show = (name, value) => {
    if (value) {
      root.dataset[name] = value;
    } else {
      delete root.dataset[name];
    }
  };

  show("theme", ["light", "dark"].find((theme) => theme === read("theme")));
  show("size", read("size") === "large" ? "large" : "");

  document.addEventListener("DOMContentLoaded", () => {
    const large = document.getElementById("size-large");
    // The bar of the clerks' desk has no switch of its own.
    if (large) {
      large.checked = root.dataset.size === "large";
      large.addEventListener("change", () => {
        const size = large.checked ? "large" : "";
        show("size", size);
        write("size", size);
      });
    }
    for (const theme of ["system", "light", "dark"]) {
      const choice = document.getElementById(`theme-${theme}`);
      const value = theme === "system" ? "" : theme;
      choice.checked = (root.dataset.theme || "") === value;
      choice.addEventListener("change", () => {
        show("theme", value);
        write("theme", value);
      });
    }
  });
})();
