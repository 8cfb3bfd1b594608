// Follows what the network shows, and passes on what is done with the two telephones.
import { Bell } from "./bell.js";
import { showStory } from "./story.js";
import { Telephone } from "./telephone.js";
import { Voice } from "./voice.js";

const byId = (id) => document.getElementById(id);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const title = document.title;
const voice = new Voice(byId("voice"), byId("voiceless"));
const bell = new Bell(byId("bell"));
const telephones = ["citizen", "agent"].map((id) => new Telephone(byId(id), voice, act));
telephones.forEach((one, index) => one.leadsTo(telephones[1 - index]));

async function act(telephone, verb, value = "") {
  const body = JSON.stringify({ value });
  const headers = { "Content-Type": "application/json" };
  await fetch(`${telephone}/${verb}`, { method: "POST", headers, body }).catch(() => {});
}

function show(state) {
  for (const telephone of telephones) {
    if (state[telephone.id]) telephone.show(state[telephone.id]);
  }
  showStory(state.story);
  const ringing = telephones.find((telephone) => telephone.alert);
  const alert = byId("alert");
  alert.hidden = !ringing;
  if (ringing) {
    alert.textContent = ringing.alert;
    alert.href = `#${ringing.green.id}`;
  }
  document.title = ringing ? `☎ ${ringing.alert}` : title;
  bell.rings(Boolean(ringing));
}

async function follow() {
  for (let mark = ""; ; ) {
    try {
      const answer = await fetch(`state?after=${encodeURIComponent(mark)}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.statusText);
      const state = await answer.json();
      show(state);
      mark = state.mark;
      byId("lost").hidden = true;
    } catch {
      byId("lost").hidden = false;
      bell.rings(false);
      await pause(1000);
    }
  }
}

follow();
