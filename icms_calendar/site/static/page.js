// What only the visitor's clock and zone can tell: what is under way, how soon, what has ended. The page is whole without
// it, and stays as it was built in browsers older than Chrome 71, Firefox 65 and Safari 14.
(() => {
  "use strict";
  if (!Intl.RelativeTimeFormat || ![].flatMap) return;
  const words = document.body.dataset;
  const language = document.documentElement.lang;
  const locale = language === "en" ? "en-GB" : language;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const local = new Intl.DateTimeFormat(locale, {
    weekday: "short", day: "numeric", month: "short", year: "numeric",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  });
  const MINUTE = 60e3, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const STALE = 3 * DAY; // a site is built at least once a day
  const checked = new Date(words.built);

  const rows = [...document.querySelectorAll(".windows tr[id]")].map((row) => {
    const times = [...row.querySelectorAll("time")].map((time) => time.dateTime);
    const [starts, end] = times.map((time) => new Date(time));
    const start = row.classList.contains("in-process") ? Math.min(starts, checked) : starts; // it began early
    const stands = !["cancelled", "completed"].some((status) => row.classList.contains(status));
    const status = row.querySelector(".status");
    return { row, times, starts, start, end, stands, status, words: status && status.textContent, past: Boolean(row.closest("#_past")) };
  });

  function distance(from, to) {
    const gap = to - from;
    if (gap < HOUR) return relative.format(Math.ceil(gap / MINUTE), "minute");
    const days = Math.round((new Date(to).setHours(0, 0, 0, 0) - new Date(from).setHours(0, 0, 0, 0)) / DAY);
    if (gap < 12 * HOUR || days < 1) return relative.format(Math.round(gap / HOUR), "hour");
    return relative.format(days, "day"); // "tomorrow" is a day of the calendar, not 24 hours
  }

  function element(name, text, className) {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  const box = document.getElementById("_now");
  const built = box.querySelector(".lead"); // the sentence that the page was built with, of what came next then
  let told = "";

  function entry(found, since) {
    if (built && built.querySelector("a").hash === `#${found.row.id}`) return [built, element("p", since, "since")];
    const lead = element("p", "", "lead");
    const link = element("a", found.row.querySelector(".title").textContent);
    link.href = `#${found.row.id}`;
    const times = [...found.row.cells[0].querySelectorAll("p")].slice(0, 2); // on the clock, and how long
    lead.append(link, `: ${times.map((time) => time.textContent.trim()).join(" ")}`);
    return [lead, element("p", since, "since")];
  }

  function panel(now) {
    const current = rows.filter((found) => found.stands && found.start <= now && now < found.end);
    const next = rows.find((found) => found.stands && found.start > now && !found.past);
    const shown = current.length ? current : next ? [next] : [];
    const since = shown.map((found) =>
      current.length ? words.ends.replace("{distance}", distance(now, found.end)) : distance(now, found.start));
    const tells = JSON.stringify([current.length, shown.map((found) => found.row.id), since]);
    if (tells === told) return; // whoever is reading it, or has the focus in it, is not disturbed
    told = tells;
    box.querySelector("h2").textContent = current.length ? words.now : next ? words.next : words.none;
    box.className = "panel";
    if (shown.length) box.classList.add(...shown[0].row.classList);
    box.querySelectorAll("p:not(.checked)").forEach((old) => old.remove());
    box.querySelector("h2").after(...shown.flatMap((found, i) => entry(found, since[i])));
  }

  function mark(now) {
    for (const found of rows) {
      if (found.past || !found.stands || !found.status) continue;
      const ended = found.end <= now, under_way = found.start <= now && !ended;
      found.row.classList.toggle("ended", ended);
      found.status.textContent = ended ? words.ended : under_way ? words.now : found.words;
      if (!ended && !under_way) found.status.append(element("span", `, ${distance(now, found.start)}`, "since"));
    }
  }

  function minutes(time) { // by which the clock that wrote it is ahead of UTC
    const offset = /([+-])(\d\d):(\d\d)$/.exec(time);
    return offset ? (offset[1] === "-" ? -1 : 1) * (offset[2] * 60 + +offset[3]) : 0;
  }

  function yours() {
    for (const { row, times, starts, end, past } of rows) {
      if (past || [starts, end].every((instant, i) => -instant.getTimezoneOffset() === minutes(times[i]))) continue;
      const span = local.formatRange ? local.formatRange(starts, end) : `${local.format(starts)} – ${local.format(end)}`;
      row.cells[0].append(element("p", `${words.zone}: ${span}`, "yours"));
    }
  }

  function copying() {
    if (!navigator.clipboard) return;
    for (const code of document.querySelectorAll("code.copy")) {
      const button = element("button", words.copy);
      button.type = "button";
      button.addEventListener("click", () => {
        const copied = () => { button.textContent = words.copied; };
        navigator.clipboard.writeText(code.textContent).then(copied, () => getSelection().selectAllChildren(code));
      });
      code.after(button);
    }
  }

  function reveal() { // a link to a window that is folded away
    const target = rows.map(({ row }) => row).find((row) => location.hash === `#${row.id}`);
    const folded = target && target.closest("details");
    if (folded) {
      folded.open = true;
      target.scrollIntoView();
    }
  }

  function tick() {
    const now = new Date(Math.max(Date.now(), checked)); // a clock that is behind the page's own is wrong
    mark(now);
    panel(now);
    document.getElementById("_stale").hidden = now - checked < STALE;
  }

  tick();
  yours();
  copying();
  reveal();
  addEventListener("hashchange", reveal);
  setInterval(tick, MINUTE);
})();
