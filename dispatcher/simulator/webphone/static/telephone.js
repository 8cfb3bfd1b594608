// One telephone as the page shows it. What may be done with it, and every word, the network says.
const KEY = /^[0-9*#]$/;

export class Telephone {
  constructor(section, voice, act) {
    this.id = section.id;
    this.alert = "";
    this.section = section;
    this.voice = voice;
    this.act = (verb, value) => act(this.id, verb, value);
    section.append(document.getElementById("handset").content.cloneNode(true));
    const find = (selector) => section.querySelector(selector);
    this.name = find(".name");
    this.status = find(".status");
    this.lines = find(".lines");
    this.lines.setAttribute("aria-labelledby", `${this.id}-title`);
    this.texts = find(".texts");
    this.green = find(".green");
    this.green.id = `${this.id}-green`;
    this.red = find(".red");
    this.other = find(".other a");
    this.keys = [...section.querySelectorAll(".keys button")];
    this.form = find(".say");
    this.listen();
  }

  leadsTo(telephone) {
    const title = telephone.section.querySelector("h2").textContent;
    this.other.textContent = `→ ${title}`;
    this.other.href = `#${telephone.green.id}`;
  }

  listen() {
    this.green.addEventListener("click", () => this.verb && this.act(this.verb));
    this.red.addEventListener("click", () => can(this.red) && this.act("hangs_up"));
    for (const key of this.keys) {
      key.addEventListener("click", () => this.press(key.dataset.key));
    }
    this.section.addEventListener("keydown", (event) => {
      const shortcut = (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph");
      if (shortcut || event.target.matches("input") || !KEY.test(event.key)) return;
      event.preventDefault();
      this.press(event.key);
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = this.form.querySelector("input");
      if (!this.live || !words.value.trim()) return;
      this.act("says", words.value.trim());
      words.value = "";
    });
  }

  press(key) {
    if (!this.live) return;
    const button = this.keys.find((one) => one.dataset.key === key);
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 150);
    this.act("presses", key);
  }

  show(state) {
    this.alert = state.alert;
    this.verb = state.green;
    this.live = state.live;
    this.section.dataset.doing = state.doing;
    write(this.name, state.name);
    write(this.status, state.status);
    write(this.green, state.label);
    allow(this.green, state.green);
    allow(this.red, state.red);
    for (const button of [...this.keys, this.form.querySelector("button")]) allow(button, state.live);
    this.showLines(state);
    this.showTexts(state);
  }

  showLines(state) {
    const first = this.call === undefined;
    if (this.call !== state.call) {
      this.call = state.call;
      this.lines.replaceChildren();
    }
    const shown = [...this.lines.children];
    state.lines.forEach((line, index) => {
      if (shown[index]) return this.change(shown[index], line);
      this.lines.append(paragraph(line));
      if (!first && line.aloud && !line.cut) this.voice.says(line.aloud, this.id);
    });
    if (this.lines.children.length > shown.length) this.lines.scrollTop = this.lines.scrollHeight;
  }

  showTexts({ texts }) {
    if (this.texts.children.length === texts.length) return;
    this.texts.replaceChildren(...texts.map((text) => paragraph({ sort: "text", text, cut: false })));
  }

  // Keys come one by one. What was cut short stays readable whole; only the voice stops.
  change(element, line) {
    if (line.sort === "pressed") write(element, line.text);
    if (line.cut && !element.classList.contains("cut")) {
      element.classList.add("cut");
      this.voice.stops();
    }
  }
}

const SAID = ["heard", "played", "voice", "pressed", "spoke"];

function paragraph(line) {
  const element = document.createElement("p");
  element.textContent = line.text;
  element.className = SAID.includes(line.sort) ? line.sort : "event";
  element.classList.toggle("cut", line.cut);
  return element;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function allow(button, allowed) {
  button.setAttribute("aria-disabled", String(!allowed));
}

function can(button) {
  return button.getAttribute("aria-disabled") === "false";
}
