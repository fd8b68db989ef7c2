// What only the visitor's clock and zone can tell: what is under way, how soon, what has ended. The page is whole without it.
(() => {
  "use strict";
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

  const rows = [...document.querySelectorAll(".windows tr[id]")].map((row) => {
    const [start, end] = [...row.querySelectorAll("time")].map((time) => new Date(time.dateTime));
    const stands = !["cancelled", "completed"].some((status) => row.classList.contains(status));
    return { row, start, end, stands, status: row.querySelector(".status"), past: Boolean(row.closest("#_past")) };
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

  function entry(found, since) {
    if (built && built.querySelector("a").hash === `#${found.row.id}`) return [built, element("p", since, "since")];
    const lead = element("p", "", "lead");
    const link = element("a", found.row.querySelector(".title").textContent);
    link.href = `#${found.row.id}`;
    const times = [...found.row.cells[0].querySelectorAll("p:not(.strip, .yours)")];
    lead.append(link, `: ${times.map((time) => time.textContent.trim()).join(" ")}`);
    return [lead, element("p", since, "since")];
  }

  function panel(now) {
    const current = rows.filter((found) => found.stands && found.start <= now && now < found.end);
    const next = rows.find((found) => found.stands && found.start > now && !found.past);
    const shown = current.length ? current : next ? [next] : [];
    const heading = box.querySelector("h2");
    heading.textContent = current.length ? words.now : next ? words.next : words.none;
    box.className = "panel";
    if (shown.length) box.classList.add(...shown[0].row.classList);
    box.querySelectorAll("p:not(.checked)").forEach((old) => old.remove());
    const entries = shown.flatMap((found) => entry(found, distance(now, current.length ? found.end : found.start)));
    heading.after(...entries);
    document.getElementById("_stale").hidden = now - new Date(words.built) < STALE;
  }

  function mark(now) {
    for (const found of rows) {
      if (found.past || !found.stands || !found.status) continue;
      found.words ??= found.status.textContent;
      const ended = found.end <= now, under_way = found.start <= now && !ended;
      found.row.classList.toggle("ended", ended);
      found.status.textContent = ended ? words.ended : under_way ? words.now : `${found.words}, ${distance(now, found.start)}`;
    }
  }

  function yours() {
    for (const { row, start, end, past } of rows) {
      const written = row.querySelector("time").dateTime;
      const offset = /([+-])(\d\d):(\d\d)$/.exec(written);
      const minutes = offset ? (offset[1] === "-" ? -1 : 1) * (offset[2] * 60 + +offset[3]) : 0;
      if (past || -start.getTimezoneOffset() === minutes) continue;
      row.cells[0].append(element("p", `${words.zone}: ${local.formatRange(start, end)}`, "yours"));
    }
  }

  function copying() {
    if (!navigator.clipboard) return;
    for (const code of document.querySelectorAll("code.copy")) {
      const button = element("button", words.copy);
      button.type = "button";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = words.copied;
      });
      code.after(button);
    }
  }

  function reveal() { // a link to a window that is folded away
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details");
    if (folded) {
      folded.open = true;
      target.scrollIntoView();
    }
  }

  function tick() {
    const now = new Date();
    mark(now);
    panel(now);
  }

  yours();
  copying();
  reveal();
  addEventListener("hashchange", reveal);
  tick();
  setInterval(tick, MINUTE);
})();
