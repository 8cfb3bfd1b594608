// The line of a page in which an agent practises: an invented citizen rings, once the page was pressed,
// and talks when they are answered, aloud where this browser has a French voice. Nobody is called, and
// nothing of it leaves this page. What a line does: softphone-simulated.js.

const RINGS_AFTER = 3; // seconds
const SENTENCE = 4; // seconds for one to be read

export class Line {
  #tell;
  #waits = -1; // seconds until the citizen rings, or goes on; -1: nothing is to come
  #doing = "idle";
  #talk = [...document.querySelectorAll("#practice-talk li")];
  #said = 0;

  constructor(_, tell) {
    this.#tell = tell;
  }

  async open() {
    this.#tell("registered");
    this.#waits = RINGS_AFTER;
  }

  second() {
    if (this.#waits < 0) return;
    this.#waits -= 1;
    if (this.#waits > 0) return;
    if (this.#doing === "idle") this.#does("ringing");
    else if (this.#doing === "talking") this.#says();
  }

  accept() {
    this.#does("talking");
    this.#says();
  }

  reject() { // they ring again: that is what happens to a caller who is passed on
    this.#does("idle");
    this.#waits = RINGS_AFTER;
  }

  hangUp() {
    speechSynthesis?.cancel();
    this.#waits = -1;
    this.#does("idle");
    document.getElementById("practice-end").hidden = false;
    document.querySelector("#practice-end button").focus();
  }

  digits() {} // an invented citizen asks for no key

  close() { this.#waits = -1; }

  #does(what) {
    this.#doing = what;
    if (what === "ringing") this.#waits = -1;
    this.#tell(what);
    document.getElementById("practice-card").hidden = what === "idle";
  }

  #says() {
    const line = this.#talk[this.#said];
    this.#waits = line ? SENTENCE : -1;
    if (!line) return;
    this.#said += 1;
    line.hidden = false;
    const voice = window.speechSynthesis?.getVoices().find(({ lang, localService }) => localService && lang.startsWith("fr"));
    if (voice) speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(line.textContent), { voice, lang: "fr-FR" }));
  }
}
