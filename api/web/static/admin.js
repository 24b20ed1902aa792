// Comfort only: every page works without this file.
"use strict";

// Work that goes on: look again after a while.
for (const part of document.querySelectorAll("[data-reload]")) setTimeout(() => location.reload(), Number(part.dataset.reload));

// Of a day's fields, only those that its kind asks for.
const kinds = document.querySelectorAll('input[name="kind"]');
if (kinds.length) {
  const form = kinds[0].form;
  form.classList.add("with-script");
  const sort = () => {
    const kind = form.querySelector('input[name="kind"]:checked')?.value ?? "";
    for (const part of form.querySelectorAll(".only")) part.classList.toggle("shown", part.classList.contains(kind));
  };
  kinds.forEach((each) => each.addEventListener("change", sort));
  sort();
}

// A finding leads to its line in the text.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  const text = document.querySelector("textarea.yaml");
  if (!link || !text) return;
  event.preventDefault();
  const lines = text.value.split("\n");
  const line = Math.min(Number(link.dataset.line), lines.length);
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + lines[line - 1].length);
  text.scrollTop = (line - 4) * parseFloat(getComputedStyle(text).lineHeight);
});
