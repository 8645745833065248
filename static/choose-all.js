// One box for all of a list; without JavaScript it is not there, and each is chosen by itself.
(() => {
  "use strict";
  for (const label of document.querySelectorAll("[data-choose-all]")) {
    const all = label.querySelector("input");
    const boxes = [...label.closest("form").querySelectorAll("tbody input[type=checkbox]")];
    const show = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      all.checked = chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    };
    all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
    boxes.forEach((box) => box.addEventListener("change", show));
    label.hidden = false;
    show();
  }
})();
