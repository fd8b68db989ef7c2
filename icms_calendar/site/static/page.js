// What only the visitor's clock, device and choice can tell. Without it the page is whole, as of when it was built; it
// stays so in browsers older than Chrome 71, Firefox 65 and Safari 14.
(() => {
  "use strict";
  if (!Intl.RelativeTimeFormat || ![].flatMap) return;
  const { built, root, system, words: json } = document.body.dataset;
  const words = JSON.parse(json), checked = new Date(built);
  const language = document.documentElement.lang, locale = language === "en" ? "en-GB" : language;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const MINUTE = 60e3, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const STALE = 3 * DAY; // a site is built at least once a day
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function distance(from, to) {
    const gap = to - from;
    if (gap < HOUR) return relative.format(Math.max(Math.ceil(gap / MINUTE), 1), "minute");
    const days = Math.round((new Date(to).setHours(0, 0, 0, 0) - new Date(from).setHours(0, 0, 0, 0)) / DAY);
    if (gap < 12 * HOUR || days < 1) return relative.format(Math.round(gap / HOUR), "hour");
    return relative.format(days, "day"); // "tomorrow" is a day of the calendar, not 24 hours
  }

  function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  // Windows, and the state that follows from them

  const rows = $$("li.window").map((row) => {
    const times = $$(".span time", row).map((time) => time.dateTime);
    const { start = times[0], end = times[1], status, systems = Object.keys(words.names).join(" "), partial } = row.dataset;
    const counts = !status;
    const shape = ["outage", "degraded", "reduced", "none"].find((name) => row.classList.contains(name));
    return {
      row, said: [start, end], start: new Date(start), end: new Date(end), counts, shape, systems: systems.split(" ").filter(Boolean),
      partial: partial !== undefined, tag: $$(".status .tag", row).pop(), soon: $(".status", row).appendChild(element("span", "", "soon")),
      hits: counts && ["outage", "degraded"].includes(shape),
    };
  }).sort((one, other) => one.start - other.start);
  rows.forEach((found) => { found.built = found.tag && [found.tag.textContent, found.tag.className]; });

  function sentence(forms, ids) {
    const names = ids.map((id) => words.names[id] || id);
    if (ids.length > 3 || !names.length) {
      return fill(forms[1], { systems: ids.length === words.count || !ids.length ? words.all_systems : ids.length });
    }
    const list = Intl.ListFormat ? new Intl.ListFormat(locale, { type: "conjunction" }).format(names) : names.join(", ");
    return fill(forms[names.length > 1 ? 1 : 0], { systems: list });
  }

  const state = $("#_state"), next = $("#_next"), card = $(".top");

  function panel(now) {
    const active = rows.filter((found) => found.hits && found.start <= now && now < found.end);
    const worst = active.some((found) => found.shape === "outage") ? "outage" : "degraded";
    const shown = active.filter((found) => found.shape === worst);
    const head = $("#_state-h"), back = $(".back", state);
    if (shown.length) {
      const ids = system ? [system] : [...new Set(shown.flatMap((found) => found.systems))];
      const forms = worst === "degraded" ? words.degraded : shown.every((found) => found.partial) ? words.partly : words.unavailable;
      let last = shown.reduce((one, other) => (other.end > one.end ? other : one));
      for (const found of rows) {
        const same = !found.systems.length || found.systems.some((id) => last.systems.includes(id));
        if (found.hits && same && found.start <= last.end && found.end > last.end) last = found;
      }
      head.textContent = sentence(forms, ids);
      state.className = `state now ${worst}`;
      back.textContent = fill(words.back, { when: last.row.dataset.back });
      $(".say .soon", state).textContent = distance(now, last.end);
    } else {
      head.textContent = sentence(words.available, system ? [system] : Object.keys(words.names));
      state.className = "state";
      back.textContent = $(".say .soon", state).textContent = "";
    }
    const advice = [...new Set(shown.map(({ row }) => $(".do dd", row) || $(".about", row)).filter(Boolean).map((each) => each.textContent.trim()))];
    $(".meanwhile", state).hidden = !advice.length;
    $(".meanwhile ul", state).replaceChildren(...advice.map((text) => element("li", text)));
    back.hidden = !shown.length;
    $(".calm", state).hidden = shown.length > 0;
    $$(".systems li").forEach((item) => {
      const mine = active.filter((found) => found.systems.includes(item.dataset.id));
      const hit = mine.some((found) => found.shape === "outage") ? "outage" : "degraded";
      $(".is", item).textContent = mine.length ? words.impacts[hit] : words.up;
      const begun = (found) => found.hits && found.systems.includes(item.dataset.id) && found.start > checked;
      if (!rows.some((found) => begun(found) && found.start <= now)) return; // as it was built
      const after = rows.find((found) => begun(found) && found.start > now);
      const day = after && $(".nb", after.row).textContent.split(",")[0];
      $(".soft", item).textContent = `· ${after ? fill(words.next_of, { title: words.impacts[after.shape], when: day }) : words.next_none}`;
    });
    upcoming(now);
  }

  function upcoming(now) {
    const planned = rows.filter((found) => found.counts && found.start > now);
    const found = planned.find((each) => each.hits) || planned[0];
    const what = $(".what a", next);
    if (!found) {
      if (what) next.hidden = true;
      return;
    }
    if (!what) return;
    if (what.hash !== `#${found.row.id}`) {
      what.textContent = $("h3", found.row).textContent;
      what.href = `#${found.row.id}`;
      $(".when", next).replaceChildren(...[...$(".span", found.row).cloneNode(true).childNodes]);
      $(".length", next).replaceChildren($(".clock", found.row).textContent, element("span", "", "soon"));
      const strip = $(".strip", next), other = $(".when .strip", found.row);
      if (strip && other) strip.replaceWith(other.cloneNode(true));
      next.className = `next ${found.shape}`;
      const advice = $(".do dd", found.row);
      $(".do", next).hidden = !advice;
      if (advice) $(".do span", next).textContent = advice.textContent;
      $$(".once-next").forEach((link) => { link.href = editor(found); });
    }
    $(".length .soon", next).textContent = `, ${distance(now, found.start)}`;
  }

  function editor({ row, start, end }) { // Google's, the one tap that works on Android
    const stamp = (when) => when.toISOString().replace(/[-:]|\.\d+/g, "");
    const text = encodeURIComponent($("h3", row).textContent), page = encodeURIComponent($("h3 a", row).href);
    return `https://calendar.google.com/calendar/render?action=TEMPLATE&text=${text}&dates=${stamp(start)}/${stamp(end)}&details=${page}`;
  }

  function mark(now) {
    for (const found of rows) {
      if (!found.counts || !found.tag) continue;
      const ended = found.end <= now, live = found.start <= now && !ended && !found.built[1].includes("unsure");
      [found.tag.textContent, found.tag.className] = ended ? [words.done, "tag"] : live ? [words.now, "tag live"] : found.built;
      found.row.classList.toggle("ended", ended);
      found.soon.textContent = ended ? "" : live ? fill(words.ends, { distance: distance(now, found.end) }) : distance(now, found.start);
    }
  }

  function stale(now) { // goes before everything else
    const old = now - checked >= STALE;
    if (!old) return false;
    $("#_state-h").textContent = words.stale;
    state.className = "state stale";
    $(".say .soon", state).textContent = "";
    $(".back", state).hidden = false;
    $(".back", state).textContent = words.stale_explained;
    $$(".calm, .meanwhile, .systems", state).forEach((each) => { each.hidden = true; });
    $$(".soon").forEach((each) => { each.textContent = ""; });
    if (state.parentNode === card) document.body.insertBefore(state, $(".head"));
    return true;
  }

  function yours() {
    const local = new Intl.DateTimeFormat(locale, {
      weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
    });
    for (const { row, start, end, said } of rows) {
      if (row.closest("#_past")) continue;
      if ([start, end].every((instant, i) => -instant.getTimezoneOffset() === ahead(said[i]))) continue;
      const span = local.formatRange ? local.formatRange(start, end) : `${local.format(start)} – ${local.format(end)}`;
      $(".clock", row).after(element("p", `${words.your_time}: ${span}`, "clock yours"));
    }
  }

  function today(now) {
    $$(".month").forEach((month) => {
      const [year, number] = month.dataset.month.split("-").map(Number);
      const on = new Date(now.getTime() + (now.getTimezoneOffset() + ahead(built)) * MINUTE); // the calendar's own day
      if (on.getFullYear() !== year || on.getMonth() + 1 !== number) return;
      const cell = $$("td", month).find((each) => +((($("a", each) || each).firstChild || {}).textContent) === on.getDate());
      if (!cell || $(".today", cell)) return;
      const mark = element("span", String(on.getDate()), "today");
      mark.setAttribute("aria-current", "date");
      const link = $("a", cell);
      if (link) link.firstChild.replaceWith(mark); else cell.replaceChildren(mark);
      const key = $(".key.day");
      if (key) key.hidden = false;
    });
  }

  function ahead(instant) { // of UTC, in minutes
    const offset = /([+-])(\d\d):(\d\d)$/.exec(instant);
    return offset ? (offset[1] === "-" ? -1 : 1) * (offset[2] * 60 + +offset[3]) : 0;
  }

  function tick() {
    const now = new Date(Math.max(Date.now(), checked)); // a clock that is behind the page's own is wrong
    if (stale(now)) return;
    mark(now);
    panel(now);
    today(now);
  }

  // Finding windows

  function filter() {
    const coming = $("#_coming ol");
    if (!coming || rows.length < 6) return;
    const box = element("div", "", "filter"), choices = Object.entries(words.names);
    const select = element("select"), find = element("input");
    find.type = "search";
    select.append(new Option(words.every_system, ""), ...choices.map(([id, name]) => new Option(name, id)));
    const labels = [[words.system, select], [words.find, find]].slice(choices.length > 1 ? 0 : 1);
    box.append(...labels.map(([text, control]) => {
      const label = element("label", `${text} `);
      label.append(control);
      return label;
    }));
    const apply = () => {
      const text = find.value.trim().toLowerCase();
      for (const { row, systems } of rows) {
        const fits = (!select.value || systems.includes(select.value)) && (!text || row.textContent.toLowerCase().includes(text));
        row.hidden = !fits;
      }
      if (text || select.value) $$("#_coming details").forEach((each) => { each.open = true; });
    };
    select.addEventListener("change", apply);
    find.addEventListener("input", apply);
    coming.before(box);
  }

  function reveal() { // a link to a window that is folded away, or on its system's page
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; } // somebody else's anchor
    if (!id || id.startsWith("_")) return;
    const target = document.getElementById(id);
    if (target) {
      const folded = target.closest("details");
      if (folded) folded.open = true;
      target.scrollIntoView();
    } else if (!system && words.count > 1) {
      fetch(`${root}windows.json`).then((answer) => answer.json()).then(({ windows }) => {
        const found = windows.find((each) => each.id === id);
        if (found && found.systems.length) location.replace(`${found.systems[0]}/#${encodeURIComponent(id)}`);
      }).catch(() => {});
    }
  }

  // Subscribing on this device

  const devices = Object.fromEntries($$(".device").map((block) => [block.dataset.device, block]));

  function device() {
    const agent = navigator.userAgent;
    if (/Android/.test(agent)) return "android";
    if (/iPhone|iPad|iPod/.test(agent) || (/Mac/.test(agent) && navigator.maxTouchPoints > 1)) return "iphone";
    return "computer";
  }

  function arrange() {
    const own = devices[device()], others = $(".others");
    if (!own) return;
    $("h3", own).hidden = true;
    others.hidden = false;
    others.append(...Object.values(devices).filter((block) => block !== own));
    document.documentElement.dataset.device = device();
    if (/Mac/.test(navigator.userAgent) && device() === "computer") {
      const ways = $(".ways", own);
      ways.prepend($(".webcal", own).parentNode); // a Mac has Apple Calendar
      $(".webcal", own).classList.add("first");
      $(".office", own).classList.remove("first");
    }
    const send = $(".send");
    if (send && navigator.share) {
      send.addEventListener("click", (event) => {
        event.preventDefault();
        navigator.share({ title: document.title, url: location.href.split("#")[0] }).catch(() => {});
      });
    }
    const act = $(".act"), first = $(".first", own);
    if (device() !== "computer") $(".subscribe").classList.remove("with-qr");
    if (device() === "iphone" && first) act.firstElementChild.replaceWith(first.cloneNode(true));
    if (device() === "android") {
      if (first) act.prepend(first.cloneNode(true));
      for (const found of rows) {
        const link = $("a.once", found.row);
        if (!link) continue;
        link.href = editor(found);
        link.removeAttribute("download");
      }
    }
  }

  function addresses() {
    const code = $(".address code"), select = $("select[name=feed]"), box = $(".choice"), reminders = $("input[name=reminders]");
    if (!code) return;
    const main = code.textContent, base = main.slice(0, main.length - select.options[0].value.length - ".ics".length);
    const copy = element("button", words.copy, "button");
    copy.type = "button";
    code.after(copy);
    box.hidden = false;
    const hint = $(".hint.remind");

    const write = () => navigator.clipboard ? navigator.clipboard.writeText(code.textContent) : Promise.reject(new Error());
    copy.addEventListener("click", () => {
      write().then(() => { copy.textContent = words.copied; }, () => getSelection().selectAllChildren(code));
    });
    $$(".google").forEach((link) => link.addEventListener("click", () => {
      write().then(() => { link.textContent = words.pasted; }, () => {});
    }));

    const choose = () => {
      const path = select.value + (reminders && reminders.checked ? "-reminders" : "");
      const https = `${base}${path}.ics`, webcal = https.replace(/^https?/, "webcal");
      const name = encodeURIComponent(`${document.title}${select.selectedIndex ? `: ${select.selectedOptions[0].text}` : ""}`);
      const from = `/calendar/0/addfromweb/?url=${encodeURIComponent(webcal)}&name=${name}`;
      code.textContent = https;
      copy.textContent = words.copy;
      $$("a.webcal").forEach((link) => { link.href = webcal; });
      $$("a.office").forEach((link) => { link.href = `https://outlook.office.com${from}`; });
      $$("a.outlook").forEach((link) => { link.href = `https://outlook.live.com${from}`; });
      $$("a.click").forEach((link) => { link.href = `https://calendar.google.com/calendar/r?cid=${encodeURIComponent(webcal)}`; });
      if (hint) hint.hidden = !(reminders && reminders.checked);
    };
    select.addEventListener("change", choose);
    if (reminders) reminders.addEventListener("change", choose);
  }

  $$(".built").forEach((each) => { each.hidden = true; }); // the state is as of now
  yours();
  filter();
  arrange();
  addresses();
  tick();
  reveal();
  addEventListener("hashchange", reveal);
  setInterval(tick, 30e3);
  document.addEventListener("visibilitychange", tick);
})();
