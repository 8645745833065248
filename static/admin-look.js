// The fields with choices while typing get the name of their label: Django's own have none, and a
// screen reader would call each of them nothing. They work without it.
(() => {
  "use strict";

  const nameFields = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete[id]")) {
      const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      const heading = select.closest("td")?.className.match(/field-(\S+)/)?.[1];
      const column = heading && select.closest("table")?.querySelector(`th.column-${heading}`);
      const name = (label || column)?.textContent.replace(/[:：]\s*$/, "").trim();
      const field = select.parentElement.querySelector(".select2-selection");
      if (!name || !field) {
        continue;
      }
      field.removeAttribute("aria-labelledby");
      field.setAttribute("aria-label", name);
      const shown = field.querySelector(".select2-selection__rendered[role='textbox']");
      shown?.removeAttribute("role");
      shown?.removeAttribute("aria-readonly");
    }
  };

  // After Django's script has made the fields, and whenever a row is added.
  window.django?.jQuery?.(nameFields);
  document.addEventListener("formset:added", () => setTimeout(nameFields));
})();
