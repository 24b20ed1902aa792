// Comfort of the agency desk; every page works without this file.
"use strict";

// Wide screens: a dossier of the list opens beside it; the address says which, so it can be kept and shared.
const pane = document.querySelector("[data-split] .pane");
const wide = matchMedia("(min-width: 80rem)");

async function openBeside(link) {
  const back = new URL(link.dataset.pane, location.href);
  back.searchParams.delete("open");
  pane.setAttribute("aria-busy", "true");
  const answer = await fetch(`${link.pathname}/pane?back=${encodeURIComponent(back.pathname + back.search)}`);
  if (!answer.ok || answer.redirected) { location.href = link.href; return; }
  pane.innerHTML = await answer.text();
  pane.removeAttribute("aria-busy");
  pane.scrollTop = 0;
  history.replaceState(null, "", link.dataset.pane);
  for (const row of document.querySelectorAll(".worklist tr[aria-current]")) row.removeAttribute("aria-current");
  link.closest("tr").setAttribute("aria-current", "true");
}

if (pane) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pane]");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openBeside(link);
  });
}

// The place where the dossier is now comes into view.
const here = document.querySelector(".course .current, .course .waiting");
if (here) {
  const scroll = here.closest(".course-scroll");
  const box = here.getBoundingClientRect();
  const left = box.left - scroll.getBoundingClientRect().left;
  if (left + box.width > scroll.clientWidth) scroll.scrollLeft += left - scroll.clientWidth / 2 + box.width / 2;
}

// A long list of agencies can be narrowed by typing.
for (const group of document.querySelectorAll("[data-filter]")) {
  const boxes = [...group.querySelectorAll(".check")];
  if (boxes.length < 12) continue;
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = group.dataset.filter;
  field.setAttribute("aria-label", group.dataset.filter);
  field.className = "narrow";
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  field.addEventListener("input", () => {
    for (const box of boxes) box.hidden = !plain(box.textContent).includes(plain(field.value)) && !box.querySelector("input").checked;
  });
  group.querySelector(".choose").before(field);
}

// An outcome that needs its reason says so before the form is sent.
const reason = document.querySelector("#f-reason");
if (reason) {
  document.addEventListener("change", (event) => {
    if (event.target.name === "outcome") reason.required = "reason" in event.target.dataset;
  });
}
