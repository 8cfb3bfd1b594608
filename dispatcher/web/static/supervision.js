// Keeps the figures fresh: the part of the page that changes is fetched again every two seconds.
"use strict";

const EVERY = 2000;
const PATIENCE = 10000;
const figures = document.getElementById("figures");
const news = document.getElementById("news");
const pause = document.getElementById("pause");
let paused = false;

function say(what) {
  const sentence = what ? news.dataset[what] : "";
  if (news.textContent !== sentence) news.textContent = sentence; // said once, not every two seconds
}

async function refresh() {
  const answer = await fetch(figures.dataset.from, { signal: AbortSignal.timeout(PATIENCE) });
  if ([401, 403].includes(answer.status)) return location.reload(); // the pass, or the session, is over
  if (!answer.ok) throw new Error(answer.status);
  const text = await answer.text();
  if (paused) return;
  figures.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  say("");
}

async function look() {
  if (!paused && !document.hidden) {
    try {
      await refresh();
    } catch {
      if (!paused) say("stale");
    }
  }
  setTimeout(look, EVERY);
}

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  say(paused ? "paused" : "");
});
setTimeout(look, EVERY);
