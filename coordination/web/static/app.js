// The page that is looked at comes into sight where the list of pages is longer than the screen.
document.querySelector("nav.pages [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// What is live is connected here: htmx looks at the page once, perhaps before its extension is there.
for (const one of document.querySelectorAll("[data-live]")) {
  one.setAttribute("hx-sse:connect", one.dataset.live);
  htmx.process(one);
}

// The row that somebody answers in keeps the focus when it is drawn anew.
let answered = null;
document.addEventListener("submit", (event) => { answered = event.target.closest("[data-row]")?.id; });
document.addEventListener("htmx:after:swap", () => {
  if (answered && document.activeElement === document.body) document.getElementById(answered)?.focus({ preventScroll: true });
});

// Long lists by keyboard: j and k step, Enter opens, o offers to co-organise.
const steps = [...document.querySelectorAll("[data-step]")];
if (steps.length) document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea, summary")) return;
  const here = document.activeElement.closest("[data-step]");
  const at = steps.indexOf(here);
  if (event.key === "j") steps[Math.min(at + 1, steps.length - 1)].focus();
  else if (event.key === "k") steps[Math.max(at - 1, 0)].focus();
  else if (event.key === "Enter" && event.target === here) here.querySelector("a")?.click();
  else if (event.key === "o") here?.querySelector("a.button")?.click();
});
