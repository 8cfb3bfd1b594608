// The line of a browser over Twilio: its Voice SDK (vendor/twilio-voice), with our own tones. Its
// token lets it be rung and nothing else, for ten minutes; another is asked for before they are over,
// but not during a call, whose sound that would cut. What a line does: softphone-simulated.js.

import "./vendor/twilio-voice/twilio.min.js";

const TONES = new URL("./tones/", import.meta.url);
const NAMES = { h: "hash", s: "star" };
const BEFORE = 60_000; // milliseconds before the end of a token
const AGAIN = 10; // seconds between two tries to register

function sounds() {
  const keys = [..."0123456789hs"].map((key) => [`dtmf${key}`, `key-${NAMES[key] ?? key}.wav`]);
  const named = [...keys, ["incoming", "bell.wav"], ["outgoing", "over.wav"], ["disconnect", "over.wav"]];
  return Object.fromEntries(named.map(([name, file]) => [name, new URL(file, TONES).href]));
}

export class Line {
  #address;
  #tell;
  #device = null;
  #call = null;
  #stale = false; // a token ran out during a call
  #seconds = 0;

  constructor({ line }, tell) {
    this.#address = line;
    this.#tell = tell;
  }

  async open() {
    try {
      const heard = await navigator.mediaDevices.getUserMedia({ audio: true });
      for (const track of heard.getTracks()) track.stop();
    } catch {
      return this.#tell("refused");
    }
    await this.#register();
  }

  second() {
    this.#seconds += 1;
    if (!this.#device || this.#seconds % AGAIN) return;
    if (this.#device.state === "unregistered") this.#register();
  }

  accept() { this.#call?.accept(); }
  reject() { this.#call?.reject(); }
  hangUp() { this.#call?.disconnect(); }
  digits(keys) { this.#call?.sendDigits(keys); }
  close() { this.#device?.destroy(); this.#device = null; }

  async #token() {
    try {
      const answer = await fetch(this.#address);
      if (answer.status === 401) this.#tell("out");
      return answer.ok ? (await answer.json()).token : null;
    } catch {
      return null;
    }
  }

  async #register() {
    const token = await this.#token();
    if (!token) return this.#tell("unregistered");
    if (this.#device) {
      this.#device.updateToken(token);
    } else {
      this.#device = this.#made(token);
    }
    try {
      if (this.#device.state === "unregistered") await this.#device.register();
    } catch {
      this.#tell("unregistered");
    }
  }

  #made(token) {
    const quiet = { publishEvents: false, logLevel: "silent" }; // it would report each call's every step
    const options = { sounds: sounds(), tokenRefreshMs: BEFORE, codecPreferences: ["opus", "pcmu"] };
    const device = new Twilio.Device(token, { ...quiet, ...options });
    device.on("registered", () => this.#tell("registered"));
    device.on("unregistered", () => this.#tell("unregistered"));
    device.on("error", () => device.state !== "registered" && this.#tell("unregistered"));
    device.on("tokenWillExpire", () => {
      if (this.#call) this.#stale = true;
      else this.#register();
    });
    device.on("incoming", (call) => this.#rung(call));
    device.audio?.incoming(false); // the page has a bell of its own
    return device;
  }

  #rung(call) {
    this.#call = call;
    call.on("accept", () => this.#tell("talking"));
    for (const end of ["cancel", "disconnect", "reject", "error"]) call.on(end, () => this.#over(call));
    this.#tell("ringing");
  }

  #over(call) {
    if (this.#call !== call) return;
    this.#call = null;
    this.#tell("idle");
    if (this.#stale) {
      this.#stale = false;
      this.#register();
    }
  }
}
