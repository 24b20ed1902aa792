// Comfort only: every page works without this file.
"use strict";

// The message of a refusal is read out and shown first.
document.querySelector("[data-focus]")?.focus();

// "Back" goes where the person came from.
for (const link of document.querySelectorAll("[data-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length > 1) { event.preventDefault(); history.back(); }
  });
}

// data-hotkey="/" puts the cursor into a field, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const wanted = document.querySelector(`[data-hotkey="${CSS.escape(event.key)}"]`);
  if (wanted) { event.preventDefault(); wanted.focus(); }
});

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// data-check-all="name" ticks every box with that name.
document.addEventListener("change", (event) => {
  const name = event.target.dataset?.checkAll;
  if (name) document.querySelectorAll(`input[name="${CSS.escape(name)}"]`).forEach((box) => { box.checked = event.target.checked; });
});

// A menu closes when one looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});

// data-print prints the page.
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

// data-reveal: a button that shows what is typed into a password field, and hides it again.
for (const input of document.querySelectorAll("input[type=password][data-reveal]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link reveal";
  button.textContent = input.dataset.reveal;
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.textContent = shown ? input.dataset.hide : input.dataset.reveal;
  });
  input.form?.addEventListener("submit", () => { input.type = "password"; });
  input.after(button);
}
