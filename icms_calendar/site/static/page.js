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
    const say = (number, unit) => relative.format(number, unit).replace("saa", "muda wa saa"); // in Swahili also "o'clock"
    if (gap < HOUR) return say(Math.max(Math.ceil(gap / MINUTE), 1), "minute");
    const days = Math.round((new Date(to).setHours(0, 0, 0, 0) - new Date(from).setHours(0, 0, 0, 0)) / DAY);
    if (gap < 12 * HOUR || days < 1) return say(Math.round(gap / HOUR), "hour");
    return say(days, "day"); // "tomorrow" is a day of the calendar, not 24 hours
  }

  function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function write(selector, text, within) { // and show it, if there is any
    const place = $(selector, within);
    place.textContent = text;
    place.hidden = !text;
  }

  // Windows, and the state that follows from them

  const all = Object.keys(words.names);
  const rows = $$(".windows > li").map((row) => {
    const times = $$(".when time", row), { dataset } = row, title = $("h3", row), tag = $$(".status b", row).pop();
    const said = [dataset.start || times[0].dateTime, dataset.end || times[1].dateTime];
    const shape = ["outage", "degraded", "reduced", "none"].find((name) => row.classList.contains(name));
    const counts = dataset.off === undefined, link = element("a", title.textContent);
    const list = (name) => (dataset[name] || "").split(" ").filter(Boolean), shapes = list("shapes");
    const systems = "systems" in dataset ? list("systems") : all;
    link.href = `#${encodeURIComponent(row.id)}`; // to copy, and to send to others
    title.replaceChildren(link);
    return {
      row, title, link, said, counts, shape, tag, start: new Date(said[0]), end: new Date(said[1]),
      systems, partial: list("partial"), on: Object.fromEntries(systems.map((id, i) => [id, shapes[i] || shape])),
      hits: counts && ["outage", "degraded"].includes(shape), built: [tag.textContent, tag.className],
      soon: $(".status", row).appendChild(element("span", "", "soon")), advice: $(".do", row),
    };
  }).sort((one, other) => one.start - other.start);

  function back({ row }) { // the end in words: of a span on one day, that day goes before the last hour
    const end = $$(".when time", row).pop();
    if (row.dataset.back) return row.dataset.back;
    return end.textContent.includes(", ") ? end.textContent : `${$(".nb", row).textContent} ${end.textContent}`;
  }

  function sentence(forms, ids) {
    const names = ids.map((id) => words.names[id] || id);
    if (ids.length > 3 || !ids.length) {
      return fill(forms[1], { systems: !ids.length || ids.length === words.count ? words.every_system : ids.length });
    }
    const list = Intl.ListFormat ? new Intl.ListFormat(locale, { type: "conjunction" }).format(names) : names.join(", ");
    return fill(forms[names.length > 1 ? 1 : 0], { systems: list });
  }

  const state = $("#_state"), next = $("#_next");
  const isOutage = (found) => found.shape === "outage";

  function panel(now) {
    const active = rows.filter((found) => found.hits && found.start <= now && now < found.end);
    const worst = active.some(isOutage) ? "outage" : "degraded", shown = active.filter((found) => found.shape === worst);
    let said = sentence(words.available, all.length < words.count ? [] : all), last;
    if (shown.length) {
      const forms = worst === "degraded" ? words.degraded : shown.every((found) => found.partial.length) ? words.partly : words.unavailable;
      said = sentence(forms, system ? all : [...new Set(shown.flatMap((found) => found.systems.filter((id) => found.on[id] === worst)))]);
      last = shown.reduce((one, other) => (other.end > one.end ? other : one));
      for (const found of rows) {
        const same = !found.systems.length || found.systems.some((id) => last.systems.includes(id));
        if (found.hits && same && found.start <= last.end && found.end > last.end) last = found;
      }
    }
    state.className = last ? `state now ${worst}` : "state";
    write("#_state-h", said);
    write(".back", last ? fill(words.back, { when: back(last) }) : "", state);
    write(".soon", last ? distance(now, last.end) : "", state);
    const advice = [...new Set(shown.map(({ row, advice }) => advice || $(".about", row)).filter(Boolean).map((each) => each.textContent.trim()))];
    $(".meanwhile").hidden = !advice.length;
    $(".meanwhile ul").replaceChildren(...advice.map((text) => element("li", text)));
    $(".calm span").hidden = !!last;
    $$(".systems li").forEach((item) => {
      const { id } = item.dataset, outage = (found) => found.on[id] === "outage";
      const mine = rows.filter((found) => found.hits && ["outage", "degraded"].includes(found.on[id]));
      const here = mine.filter((found) => active.includes(found)), hit = here.some(outage) ? "outage" : "degraded";
      const mark = $(".impact", item);
      const partly = hit === "outage" && here.filter(outage).every((found) => found.partial.includes(id));
      mark.textContent = !here.length ? words.up : partly ? words.in_part : words.impacts[hit];
      mark.className = `impact ${here.length ? hit : "none"}`;
      if (here.length && item.closest("details")) $(".systems ul").prepend(item);
      if (!mine.some((found) => found.start > checked && found.start <= now)) return; // the next one is as it was built
      const after = mine.find((found) => found.start > now), day = after && $(".nb", after.row).textContent.split(",")[0];
      $(".soft", item).textContent = after ? fill(words.next_of, { title: words.impacts[after.on[id]], when: day }) : words.next_none;
    });
    upcoming(now);
  }

  function upcoming(now) {
    const planned = rows.filter((found) => found.counts && found.start > now);
    const found = planned.find((each) => each.hits) || planned[0], what = $(".what a", next);
    if (!what) return;
    next.hidden = !found;
    if (!found) return;
    if (what.hash !== found.link.hash) {
      what.textContent = found.title.textContent;
      what.href = found.link.hash;
      $(".when", next).replaceChildren(...$$(".nb", found.row).flatMap((piece) => [piece.cloneNode(true), " "]));
      $(".length", next).replaceChildren($(".clock", found.row).textContent, element("span", "", "soon"));
      $(".status", next).replaceChildren(...$$(".unsure, .urgent", found.row).map((tag) => tag.cloneNode(true)));
      const strip = $(".strip", next), other = $(".strip", found.row);
      if (strip && other) strip.replaceChildren(strip.firstElementChild, ...other.cloneNode(true).childNodes);
      if (strip) strip.hidden = !other;
      next.className = `next ${found.row.className}`;
      $(".do", next).hidden = !found.advice;
      if (found.advice) $(".do span", next).textContent = found.advice.textContent;
      $$(".once-next").forEach((link) => { link.href = editor(found); });
    }
    $(".length .soon", next).textContent = `, ${distance(now, found.start)}`;
  }

  function editor({ title, link, start, end }) { // Google's, the one tap that works on Android
    const stamp = (when) => when.toISOString().replace(/[-:]|\.\d+/g, "");
    const text = encodeURIComponent(title.textContent), page = encodeURIComponent(link.href);
    return `https://calendar.google.com/calendar/render?action=TEMPLATE&text=${text}&dates=${stamp(start)}/${stamp(end)}&details=${page}`;
  }

  function mark(now) {
    for (const { row, start, end, counts, tag, soon, built: [word, look] } of rows.filter((each) => each.counts)) {
      const ended = end <= now, live = start <= now && !ended && look !== "unsure";
      [tag.textContent, tag.className] = ended ? [words.done, ""] : live ? [words.now, "live"] : [word, look];
      row.classList.toggle("ended", ended);
      soon.textContent = ended ? "" : live ? fill(words.ends, { distance: distance(now, end) }) : distance(now, start);
    }
  }

  function stale() { // goes before everything else
    write("#_state-h", words.stale);
    write(".back", words.stale_explained, state);
    state.className = "state stale";
    $$(".calm, .meanwhile, .systems").forEach((each) => { each.hidden = true; });
    $$(".soon").forEach((each) => { each.textContent = ""; });
    if (state.closest("main")) document.body.insertBefore(state, $(".head"));
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
    const on = new Date(now.getTime() + (now.getTimezoneOffset() + ahead(built)) * MINUTE); // the calendar's own day
    for (const month of $$(".month")) {
      const [year, number] = month.dataset.month.split("-").map(Number);
      if (on.getFullYear() !== year || on.getMonth() + 1 !== number || $(".today", month)) continue;
      const place = (cell) => $("a", cell) || cell;
      const cell = $$("td", month).map(place).find(({ firstChild }) => firstChild && +firstChild.textContent === on.getDate());
      const mark = element("span", String(on.getDate()), "today");
      mark.setAttribute("aria-current", "date");
      cell.firstChild.replaceWith(mark);
      $(".key-day").hidden = false;
    }
  }

  function ahead(instant) { // of UTC, in minutes
    const offset = /([+-])(\d\d):(\d\d)$/.exec(instant);
    return offset ? (offset[1] === "-" ? -1 : 1) * (offset[2] * 60 + +offset[3]) : 0;
  }

  function tick() {
    const now = new Date(Math.max(Date.now(), checked)); // a clock that is behind the page's own is wrong
    mark(now);
    panel(now);
    today(now);
    if (now - checked >= STALE) stale();
  }

  // Finding windows

  function filter() {
    const box = $(".filter"), choices = Object.entries(words.names);
    if (!box) return;
    const select = element("select"), find = element("input");
    find.type = "search";
    select.append(new Option(words.every_system, ""), ...choices.map(([id, name]) => new Option(name, id)));
    for (const [text, control] of [[words.system, select], [words.find, find]].slice(choices.length > 1 ? 0 : 1)) {
      const label = element("label", `${text} `);
      label.append(control);
      box.append(label);
    }
    const apply = () => {
      const text = find.value.trim().toLowerCase();
      for (const { row, systems } of rows) {
        row.hidden = !((!select.value || systems.includes(select.value)) && row.textContent.toLowerCase().includes(text));
      }
      if (text || select.value) $$("#_coming details").forEach((each) => { each.open = true; });
    };
    select.addEventListener("change", apply);
    find.addEventListener("input", apply);
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

  const agent = navigator.userAgent, isMac = /Mac/.test(agent);
  const device = /Android/.test(agent) ? "android"
    : /iPhone|iPad|iPod/.test(agent) || (isMac && navigator.maxTouchPoints > 1) ? "iphone" : "computer";

  function arrange() {
    const blocks = $$(".device"), own = blocks.find((block) => block.dataset.device === device), others = $(".others");
    if (!own) return;
    $("h3", own).hidden = true;
    others.hidden = false;
    others.append(...blocks.filter((block) => block !== own));
    if (isMac && device === "computer") {
      const apple = $(".webcal", own);
      $(".first", own).classList.remove("first");
      apple.classList.add("first");
      $(".ways", own).prepend(apple.parentNode); // a Mac has Apple Calendar
    }
    if (navigator.share) {
      $(".send").addEventListener("click", (event) => {
        event.preventDefault();
        navigator.share({ title: document.title, url: location.href.split("#")[0] }).catch(() => {});
      });
    }
    if (device === "computer") return;
    const act = $(".act"), first = $(".first", own), qr = $(".qr");
    if (qr) qr.hidden = true;
    if (device === "iphone") act.firstElementChild.replaceWith(first.cloneNode(true));
    else if (first) act.prepend(first.cloneNode(true));
    if (device === "android") rows.forEach((found) => $$(".once", found.row).forEach((link) => { link.href = editor(found); }));
  }

  function addresses() {
    const code = $(".address code"), select = $("select[name=feed]"), reminders = $("input[name=reminders]");
    if (!code) return;
    const main = code.textContent, base = main.slice(0, main.length - select.options[0].value.length - ".ics".length);
    const copy = element("button", words.copy, "button");
    copy.type = "button";
    code.after(copy);
    $(".choice").hidden = false;
    const clip = () => navigator.clipboard ? navigator.clipboard.writeText(code.textContent) : Promise.reject();
    copy.addEventListener("click", () => {
      clip().then(() => { copy.textContent = words.copied; }, () => getSelection().selectAllChildren(code));
    });
    $$(".google").forEach((link) => link.addEventListener("click", () => {
      clip().then(() => { link.textContent = words.pasted; }, () => {});
    }));
    const core = (address) => address.slice(address.indexOf("//")); // the same in https: and webcal:
    const encoded = (address) => encodeURIComponent(core(address));
    const links = $$(".device a, .act a").map((link) => [link, link.href])
      .filter(([, href]) => href.includes(core(main)) || href.includes(encoded(main)));
    const choose = () => {
      const reminds = reminders && reminders.checked, part = select.selectedIndex ? `: ${select.selectedOptions[0].text}` : "";
      const https = `${base}${select.value}${reminds ? "-reminders" : ""}.ics`, name = `name=${encodeURIComponent(document.title + part)}`;
      code.textContent = https;
      copy.textContent = words.copy;
      for (const [link, href] of links) {
        link.href = href.replace(core(main), core(https)).replace(encoded(main), encoded(https)).replace(/name=.*/, name);
      }
      if (reminders) $(".remind").hidden = !reminds;
    };
    [select, reminders].filter(Boolean).forEach((control) => control.addEventListener("change", choose));
  }

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
