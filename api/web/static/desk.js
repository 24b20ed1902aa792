// Comfort at the desk: results while one types, the date while one answers, files with progress.
// Every page works without this file.
"use strict";

document.documentElement.classList.add("scripted");
const sheet = document.getElementById("sheet");

// Takes over the parts of a page the server made again, but for the one somebody types in.
function takeOver(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = fresh.getElementById(part.id);
    if (!other || other.outerHTML === part.outerHTML) continue;
    const inside = part.contains(document.activeElement) ? document.activeElement : null;
    if (inside && !inside.matches("[data-live], [data-upload], button")) continue;
    const again = inside && (inside.id || inside.name);
    const value = inside && inside.matches("[type=radio], [type=checkbox]") ? inside.value : null;
    part.replaceWith(other);
    if (!again) continue;
    const same = inside.id ? document.getElementById(inside.id)
      : [...other.querySelectorAll(`[name="${CSS.escape(again)}"]`)].find((each) => value === null || each.value === value);
    same?.focus();
  }
}

// Whoever was looked up is filled in: go on at the name.
if (document.getElementById("number")?.value) document.getElementById("a-name")?.focus();

// One question at a time; the answer to an older question is dropped.
let asked = 0;
async function ask(address, options) {
  const mine = ++asked;
  try {
    const answer = await fetch(address, { credentials: "same-origin", ...options });
    if (mine === asked && (answer.ok || answer.status === 422 || answer.status === 409)) takeOver(await answer.text());
  } catch { /* without a network the page stays as it is */ }
}

function update(wait = 0) {
  clearTimeout(update.timer);
  update.timer = setTimeout(() => {
    const data = new FormData(sheet);
    for (const name of [...data.keys()]) if (name.startsWith("file.")) data.delete(name);
    data.set("do", "check");
    ask(sheet.action, { method: "POST", body: data });
  }, wait);
}

if (sheet) {
  const search = document.getElementById("q");
  if (search?.type === "search") {
    search.addEventListener("input", () => {
      clearTimeout(search.timer);
      search.timer = setTimeout(() => ask(`/desk/register?q=${encodeURIComponent(search.value)}`), 120);
    });
  }

  sheet.addEventListener("keydown", (event) => {
    const choices = [...sheet.querySelectorAll("#results .choice")];
    const at = choices.indexOf(document.activeElement);
    if (choices.length && (event.key === "ArrowDown" || event.key === "ArrowUp") && (at >= 0 || event.target === search)) {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      (choices[next] ?? (next < 0 ? search : choices.at(-1))).focus();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      sheet.querySelector("[data-confirm]")?.click();
    }
  });

  sheet.addEventListener("change", (event) => {
    if (event.target.matches("[data-live]")) update();
    if (event.target.matches("[data-upload]")) sendFiles(event.target);
  });
  sheet.addEventListener("input", (event) => { if (event.target.matches("[data-live][type=number]")) update(300); });
}

// Files go one by one, each with its progress; then the list is made anew.
async function sendFiles(input) {
  const files = [...input.files], paper = input.dataset.upload;
  input.value = "";
  const results = await Promise.all(files.map((file) => sendFile(file, paper)));
  if (results.some(Boolean)) update();
}

function sendFile(file, paper) {
  const line = document.createElement("p"), name = document.createElement("span"), bar = document.createElement("progress");
  line.className = "sending";
  name.textContent = file.name;
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  line.append(name, bar);
  document.getElementById("progress").append(line);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name, tray: sheet.elements.tray.value });
    if (paper) query.set("paper", paper);
    request.open("POST", `/api/v1/files?${query}`);
    request.setRequestHeader("X-CSRF-Token", sheet.elements.csrf.value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => { bar.value = event.loaded; });
    request.addEventListener("loadend", () => {
      if (request.status === 201) { line.remove(); done(true); return; }
      let said = "";
      try { const problem = JSON.parse(request.responseText); said = [problem.detail, problem.hint].filter(Boolean).join(" "); } catch { said = String(request.status); }
      line.className = "error";
      line.textContent = `${file.name}: ${said}`;
      line.setAttribute("role", "alert");
      done(false);
    });
    request.send(file);
  });
}
