// The week drawn as a calendar, on a screen wide enough. It posts the forms of this page and of the
// pages behind it, nothing else: whoever has no script or no mouse does the same with those. It is
// for the eye and the mouse alone (aria-hidden): what is read aloud is the list below it.
"use strict";

(() => {
  const place = document.getElementById("calendar");
  if (!place || !matchMedia("(min-width: 48rem)").matches) return;
  const { page, events, week } = place.dataset;
  const ask = document.getElementById("ask");
  const two = (number) => String(number).padStart(2, "0");
  const time = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
  const day = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const weekday = (iso) => (new Date(`${iso}T12:00`).getDay() + 6) % 7;
  const said = (start, end) => {
    const on = start.toLocaleDateString("fr-FR", { weekday: "long", day: "numeric", month: "long" });
    return `${on}, de ${time(start)} à ${time(end)}`;
  };
  const read = (text) => new DOMParser().parseFromString(text, "text/html");

  function tell(what) {
    const told = document.createElement("p");
    told.className = "wrong";
    told.textContent = what;
    document.getElementById("news").replaceChildren(told);
  }

  // What was done is read from the page that answers, as somebody without a script reads it.
  async function post(url, fields) {
    if (!fields) return calendar.refetchEvents();
    const body = new URLSearchParams(fields);
    body.set("jeton", document.querySelector("input[name=jeton]").value);
    body.set("semaine", week);
    const answer = await fetch(url, { method: "POST", body });
    if (answer.status === 401 || answer.status === 403) return location.reload();
    const shown = read(await answer.text());
    if (shown.getElementById("sure")) return post(url, await sure(shown, body));
    if (answer.ok) {
      for (const id of ["news", "weeks"]) {
        document.getElementById(id).replaceWith(shown.getElementById(id));
      }
      const once = shown.querySelector("input[name=once]");
      document.querySelector("input[name=once]").value = once.value;
    } else {
      const problems = [...shown.querySelectorAll(".summary li")].map((each) => each.textContent);
      tell(problems.join(" ") || "Rien n’a été noté. Rechargez la page, puis recommencez.");
    }
    return calendar.refetchEvents();
  }

  function question(title, what, one, all) {
    document.getElementById("ask-title").textContent = title;
    document.getElementById("ask-what").textContent = what;
    document.getElementById("ask-one").textContent = one;
    document.getElementById("ask-all").textContent = all;
    document.getElementById("ask-all").hidden = !all;
    return new Promise((answer) => {
      ask.onclose = () => answer(ask.returnValue);
      for (const which of ["one", "all", "none"]) {
        document.getElementById(`ask-${which}`).onclick = () => ask.close(which);
      }
      ask.returnValue = "none";
      ask.showModal();
    });
  }

  // Nobody else would be there: the page that says so, in short. Null: nothing is to be done.
  async function sure(shown, body) {
    const alone = [...shown.querySelectorAll("main li")].map((each) => each.textContent);
    const answer = await question(shown.querySelector("h1").textContent, alone.join("\n"),
      "Le faire quand même", "");
    if (answer !== "one") return null;
    body.set("sure", "1");
    return body;
  }

  const moveOne = ({ start, end, extendedProps: { slot, day: on, version } }) =>
    post(`${page}/creneaux/${slot}/${on}`, {
      to: day(start), start: time(start), end: time(end), version,
    });

  // The form of the slot, as it is there, with other hours and perhaps another day of the week.
  async function moveAll({ start, end, extendedProps: { slot, day: on, version, once } }) {
    const found = read(await (await fetch(`${page}/creneaux/${slot}`)).text());
    const form = new FormData(found.getElementById("slot"));
    form.set("start", time(start));
    form.set("end", time(end));
    form.set("version", version);
    if (once) {
      form.set("first", day(start));
    } else {
      form.delete(`day_${weekday(on)}`);
      form.set(`day_${weekday(day(start))}`, "1");
    }
    return post(`${page}/creneaux/${slot}`, form);
  }

  async function moved({ event, revert }) {
    const what = said(event.start, event.end);
    const answer = event.extendedProps.once
      ? "all"
      : await question("Changer cette plage ?", `Elle serait ${what}.`,
        "Ce jour seulement", "Tous les jours de la plage");
    try {
      if (answer === "one") await moveOne(event);
      else if (answer === "all") await moveAll(event);
      else revert();
    } catch {
      revert();
      tell("Rien n’a été noté : le service ne répond pas. Réessayez dans un moment.");
    }
  }

  async function chosen({ start, end }) {
    const answer = await question("Poser une plage ?", `${said(start, end)}.`,
      "Ce jour seulement", "Toutes les semaines");
    calendar.unselect();
    if (answer === "none") return;
    const once = document.querySelector("input[name=once]").value;
    const rule = answer === "one"
      ? { rhythm: "once" } : { rhythm: "weekly", [`day_${weekday(day(start))}`]: "1" };
    try {
      await post(page, { ...rule, first: day(start), start: time(start), end: time(end), once });
    } catch {
      tell("Rien n’a été noté : le service ne répond pas. Réessayez dans un moment.");
    }
  }

  place.hidden = false;
  document.getElementById("calendar-hint").hidden = false;
  const calendar = EventCalendar.create(place, {
    view: "timeGridWeek",
    date: week,
    locale: "fr-FR",
    firstDay: 1,
    headerToolbar: { start: "", center: "", end: "" },
    allDaySlot: false,
    slotMinTime: "07:00",
    slotMaxTime: "20:00",
    flexibleSlotTimeLimits: true,
    snapDuration: "00:15",
    dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
    editable: true,
    selectable: true,
    eventSources: [{
      events: async ({ startStr, endStr }) => {
        const asked = new URLSearchParams({ start: startStr, end: endStr });
        const found = await (await fetch(`${events}?${asked}`)).json();
        return found.map(({ id, start, end, ours, ...extendedProps }) =>
          ({ id, start, end, editable: ours, extendedProps }));
      },
    }],
    eventDrop: moved,
    eventResize: moved,
    select: chosen,
  });
})();
