// The pulse of an agent's page, in a worker: browsers slow the timers of a page nobody looks at, but
// not a worker's. It tells the server every five seconds whether this page can ring, and at once when
// that changes; and gives its page a beat each second.
"use strict";

const PATIENCE = 4000; // milliseconds for one to be answered

let told = null; // { address, form, page, canRing, every }: the server takes a page for dead whose
// last three beats did not come

async function beat() {
  const body = new URLSearchParams({ jeton: told.form, page: told.page, rings: told.canRing ? "1" : "" });
  let status = 0;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    status = (await fetch(told.address, { method: "POST", body, signal })).status;
  } catch {
    // not answered: the page says that it is lost, and the next beat tries again
  }
  postMessage({ heard: status === 204, out: [401, 403, 404].includes(status) });
}

onmessage = ({ data }) => {
  const changed = !told || told.canRing !== data.canRing;
  if (!told && data.address) setInterval(beat, data.every);
  told = data;
  if (changed && data.address) beat(); // a page in which somebody practises has no address
};

setInterval(() => postMessage({ second: true }), 1000);
