// The telephone in an agent's page. It says to the server, through a worker, whether this page can
// ring; shows what it does; and answers by the buttons of the page it is in:
//
//   [data-desk=accept], [data-desk=pass], [data-desk=hangup]   what they say, of a call that is here
//   [data-digit]                                               a key, during a call
//   [data-when=ringing], [data-when=talking]                   shown then only, as is [data-desk=accept]
//
// Nothing rings before the agent pressed [data-desk=on] or #softphone-on: browsers let a page sound,
// and hear, once it was pressed. It tells the document "softphone:state" ({ doing, canRing }).
// Nothing is kept in this browser.

const place = document.getElementById("softphone");
if (place?.dataset.lines) start(await import(place.dataset.lines));

function start({ Line }) {
  const { form, beat, worker, bell, every } = place.dataset;
  const state = document.getElementById("softphone-state");
  const begin = document.getElementById("softphone-on");
  const page = Array.from(crypto.getRandomValues(new Uint8Array(12)), (each) => each.toString(16).padStart(2, "0")).join("");
  const pulse = new Worker(worker);
  const line = new Line(place.dataset, hear);
  const sound = bell ? Object.assign(new Audio(bell), { loop: true }) : null;
  let [opened, registered, refused, lost, out] = [false, false, false, false, false];
  let doing = "idle";

  const canRing = () => registered && !refused && !out;
  const told = () => pulse.postMessage({ address: beat, form, page, canRing: canRing(), every: Number(every) });

  function word() {
    if (out) return "out";
    if (doing !== "idle") return doing;
    if (lost) return "lost";
    if (refused) return "refused";
    if (!opened) return "off";
    return registered ? "ready" : "starting";
  }

  function show() {
    const now = word();
    if (place.dataset.doing !== now) {
      place.dataset.doing = now;
      state.textContent = place.dataset[`said${now[0].toUpperCase()}${now.slice(1)}`];
    }
    begin.hidden = !["off", "refused"].includes(now);
    for (const each of document.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== doing;
    for (const each of document.querySelectorAll("[data-desk=accept]")) each.hidden = doing !== "ringing";
  }

  function rings() {
    if (!sound) return;
    if (doing === "ringing") sound.play().catch(() => {});
    else sound.pause();
  }

  function changed(before) {
    told();
    show();
    if (before !== doing) rings();
    document.dispatchEvent(new CustomEvent("softphone:state", { detail: { doing, canRing: canRing() } }));
  }

  function hear(what) {
    const before = [doing, registered, refused, out].join();
    const did = doing;
    if (what === "registered") registered = true;
    else if (what === "unregistered") registered = false;
    else if (what === "refused") refused = true;
    else if (what === "out") out = true;
    else doing = what;
    if (before !== [doing, registered, refused, out].join()) changed(did);
  }

  function open() {
    if (opened && !refused) return;
    [opened, refused] = [true, false];
    sound?.play().then(() => doing === "ringing" || sound.pause(), () => {}); // unlocks it
    changed(doing);
    line.open();
  }

  pulse.onmessage = ({ data }) => {
    if (data.second) return line.second();
    if (data.out && !out) {
      out = true;
      line.close();
      changed(doing);
    }
    if (lost === data.heard) {
      lost = !data.heard;
      show();
    }
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-desk], [data-digit], #softphone-on");
    if (!button) return;
    const { desk, digit } = button.dataset;
    if (desk === "on" || button === begin) open();
    else if (desk === "accept" && doing === "ringing") line.accept();
    else if (desk === "pass" && doing === "ringing") line.reject();
    else if (desk === "hangup" && doing === "talking") line.hangUp();
    else if (digit && doing === "talking") line.digits(digit);
  });

  addEventListener("beforeunload", (leaving) => {
    if (doing !== "idle") leaving.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (beat) navigator.sendBeacon(beat, new URLSearchParams({ jeton: form, page, rings: "" }));
  });
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

  document.addEventListener("desk:written", show);
  new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
  told();
  show();
}
