// The sound of a telephone that rings: two tones, a second and a half in every three and a half.
const TONES = [440, 550];
const RINGS = 1.5;
const EVERY = 3.5;

export class Bell {
  constructor(box) {
    this.box = box;
    this.wanted = false;
    box.addEventListener("change", () => this.follow());
  }

  rings(wanted) {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.follow();
  }

  follow() {
    clearInterval(this.timer);
    this.volume?.gain.cancelScheduledValues(0);
    this.volume?.gain.setValueAtTime(0, 0);
    if (!this.wanted || !this.box.checked || !window.AudioContext) return;
    this.prepare();
    this.ring();
    this.timer = setInterval(() => this.ring(), EVERY * 1000);
  }

  prepare() {
    if (!this.context) {
      this.context = new AudioContext();
      this.volume = new GainNode(this.context, { gain: 0 });
      this.volume.connect(this.context.destination);
      for (const frequency of TONES) {
        const tone = new OscillatorNode(this.context, { frequency });
        tone.connect(this.volume);
        tone.start();
      }
    }
    this.context.resume();
  }

  ring() {
    const now = this.context.currentTime;
    this.volume.gain.setValueAtTime(0.12, now);
    this.volume.gain.setValueAtTime(0, now + RINGS);
  }
}
