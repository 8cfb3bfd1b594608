// The browser's own French voice. Only voices of this machine: others send the words elsewhere.
const PITCH = { citizen: 1, agent: 0.85 };

export class Voice {
  constructor(box, missing) {
    this.box = box;
    this.missing = missing;
    this.speech = window.speechSynthesis;
    this.speech?.addEventListener?.("voiceschanged", () => this.choose());
    this.choose();
    box.addEventListener("change", () => this.stops());
    window.addEventListener("pagehide", () => this.stops());
  }

  choose() {
    const french = (this.speech?.getVoices() ?? []).filter(
      (voice) => voice.localService && /^fr\b/i.test(voice.lang),
    );
    this.chosen = french.find((voice) => /^fr[-_]FR/i.test(voice.lang)) ?? french[0];
    this.missing.hidden = Boolean(this.chosen);
    this.box.disabled = !this.chosen;
  }

  says(words, telephone) {
    if (!this.chosen || !this.box.checked) return;
    const said = new SpeechSynthesisUtterance(words);
    said.voice = this.chosen;
    said.lang = "fr-FR";
    said.pitch = PITCH[telephone];
    this.speech.speak(said);
  }

  stops() {
    this.speech?.cancel();
  }
}
