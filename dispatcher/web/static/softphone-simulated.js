// The line of a browser over the simulated network: what Twilio's SDK is over Twilio. It asks every
// second what its telephone does, and is registered as long as it is answered. Nothing is heard: the
// network says in words what it would play.
//
// A line, whichever it is: open(), accept(), reject(), hangUp(), digits(keys), second() once a second,
// close(); it tells "registered", "unregistered", "refused" (no microphone), "out" (signed out), and
// what its telephone does: "idle", "ringing", "talking".

export class Line {
  #address;
  #form;
  #tell;
  #opened = false;
  #asking = false;

  constructor({ line, form }, tell) {
    this.#address = line;
    this.#form = form;
    this.#tell = tell;
  }

  async open() {
    this.#opened = true;
    await this.second();
  }

  async second() {
    if (!this.#opened || this.#asking) return;
    this.#asking = true;
    try {
      const answer = await fetch(this.#address);
      if (answer.ok) {
        const { doing } = await answer.json();
        this.#tell("registered");
        this.#tell(doing);
      } else {
        this.#tell(answer.status === 401 ? "out" : "unregistered");
      }
    } catch {
      this.#tell("unregistered");
    } finally {
      this.#asking = false;
    }
  }

  accept() { return this.#do("accept"); }
  reject() { return this.#do("reject"); }
  hangUp() { return this.#do("hang_up"); }
  digits(keys) { return this.#do("digits", keys); }
  close() { this.#opened = false; }

  async #do(deed, keys = "") {
    const body = new URLSearchParams({ jeton: this.#form, deed, keys });
    try {
      await fetch(this.#address, { method: "POST", body });
    } catch {
      return; // the next second says what the telephone does
    }
    await this.second();
  }
}
