// Somebody calls: the tab's title, a sound made here, and a notification if the agent allows them.
// Browsers let a page sound once it was pressed; the press on Disponible is that, and asks for
// notifications. What is told outside the page names nobody and no place.
const TONES = [660, 880];
const EVERY = 2500;
const title = document.title;

const box = document.getElementById("sound");
let context = null;
let volume = null;
let timer = 0;
let notice = null;

function prepare() {
  if (!window.AudioContext) return;
  if (!context) {
    context = new AudioContext();
    volume = new GainNode(context, { gain: 0 });
    volume.connect(context.destination);
    for (const frequency of TONES) {
      const tone = new OscillatorNode(context, { frequency });
      tone.connect(volume);
      tone.start();
    }
  }
  context.resume();
}

function ring() {
  if (!context || !box.checked) return;
  const now = context.currentTime;
  volume.gain.setValueAtTime(0.1, now);
  volume.gain.setValueAtTime(0, now + 0.4);
  volume.gain.setValueAtTime(0.1, now + 0.6);
  volume.gain.setValueAtTime(0, now + 1);
}

function begins() {
  stops();
  document.title = `☎ Un appel · ${title}`;
  ring();
  timer = setInterval(ring, EVERY);
  if (window.Notification?.permission === "granted" && document.hidden) {
    notice = new Notification("La permanence", { body: "Un appel pour vous.", tag: "desk" });
    notice.addEventListener("click", () => { window.focus(); notice?.close(); });
  }
}

function stops() {
  clearInterval(timer);
  volume?.gain.cancelScheduledValues(0);
  volume?.gain.setValueAtTime(0, 0);
  notice?.close();
  notice = null;
  if (document.title.startsWith("☎")) document.title = title;
}

function allow() {
  prepare();
  if (window.Notification?.permission === "default") Notification.requestPermission();
}

export function listen() {
  box.checked = localStorage.getItem("desk.sound") !== "off";
  box.addEventListener("change", () => {
    localStorage.setItem("desk.sound", box.checked ? "on" : "off");
    if (box.checked) prepare();
    else stops();
  });
  document.addEventListener("desk:on", allow);
  document.addEventListener("pointerdown", prepare, { once: true });
  document.addEventListener("keydown", prepare, { once: true });
  document.addEventListener("desk:offer", begins);
  document.addEventListener("desk:gone", stops);
  document.addEventListener("desk:state", ({ detail }) => {
    if (!detail.offer || detail.offer.talking) stops();
  });
}
