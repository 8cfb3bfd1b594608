// What the application does for this call, in its own words.
let shown = "";

export function showStory(story) {
  const now = JSON.stringify(story ?? null);
  if (now === shown) return;
  shown = now;
  const told = document.getElementById("told");
  const atEnd = told.scrollTop + told.clientHeight >= told.scrollHeight - 8;
  document.getElementById("nothing").hidden = Boolean(story);
  document.getElementById("facts").replaceChildren(...(story?.facts ?? []).map(fact));
  told.replaceChildren(...(story?.told ?? []).map(item));
  if (atEnd) told.scrollTop = told.scrollHeight;
}

function fact({ name, value }) {
  return element("div", "", [element("dt", "", name), element("dd", "", value)]);
}

function item({ time, kind, title, text, besides }) {
  const head = element("p", "head", `${title} · ${time}`);
  const more = besides.map((each) => element("li", "", each));
  const list = more.length ? [element("ul", "", more)] : [];
  return element("li", kind, [head, element("p", "", text), ...list]);
}

function element(name, kind, content) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.append(...[content].flat());
  return made;
}
