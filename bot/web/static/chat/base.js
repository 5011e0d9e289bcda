// What every part of the page uses: making elements (text only, never markup), words, the story's clock.

export const $ = (id) => document.getElementById(id);

/** An element; texts become text nodes, so nothing said by anybody is ever read as markup. */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export const world = { agency: {}, people: [], places: [], story: {}, texts: {}, calendar: {} };
export const t = (name) => world.texts[name] ?? name;

export const newId = () =>
  crypto.randomUUID ? crypto.randomUUID()
    : [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

export const personAt = (address) =>
  world.people.find((one) => one.address === address) ?? { address, name: address, about: "", role: "stranger", unit: "" };

const THAI_FIRST = /[ก-ฮ]/u;

/** A round sign with the first letter of a name. */
export function avatar(address, name, short = "") {
  const letter = short.replace(/\.$/, "") || (name.match(THAI_FIRST)?.[0] ?? name.slice(0, 1).toUpperCase());
  const at = Math.max(0, world.people.findIndex((one) => one.address === address), world.places.findIndex((one) => one.address === address));
  const tone = (at * 3 + 2) % 8; // neighbours differ
  return el("span", { class: `avatar tone-${tone} ${letter.length > 1 ? "long" : ""}`, "aria-hidden": "true" }, letter);
}

export function botAvatar() {
  return el("img", { class: "avatar", src: "/static/icon.svg", alt: "", width: "36", height: "36" });
}

// The story's clock runs on from the moment that was set. Moments are dates whose UTC fields are the
// agency's local time, so that the browser's own zone never matters.
const BANGKOK = 7 * 3600e3;
export const clock = {
  base: null,
  since: 0,
  now() {
    return new Date(this.base === null ? Date.now() + BANGKOK : this.base + (Date.now() - this.since));
  },
  set(value) {
    const at = value ? Date.parse(`${value}Z`) : NaN;
    this.base = Number.isNaN(at) ? null : at;
    this.since = Date.now();
  },
  stamp() {
    return this.now().toISOString().slice(0, 23);
  },
};

const read = (stamp) => new Date(`${stamp.slice(0, 19)}Z`);

export const timeOf = (stamp) =>
  (world.calendar.time ?? "%H:%M").replace("%H", stamp.slice(11, 13)).replace("%M", stamp.slice(14, 16));

/** A day in the reader's calendar; the styles are those of the server. */
export function dayText(stamp, style = "week") {
  const day = read(stamp), names = world.calendar;
  const parts = {
    weekday: names.weekdays[(day.getUTCDay() + 6) % 7],
    day: day.getUTCDate(),
    month: names.months[day.getUTCMonth()],
    short: names.short_months[day.getUTCMonth()],
    year: day.getUTCFullYear() + names.years_to_add,
  };
  return names.styles[style].replace(/\{(\w+)\}/g, (_, name) => parts[name]);
}

/** A day as a separator says it: today and yesterday of the story by name. */
export function dayName(stamp) {
  const today = clock.now(), day = stamp.slice(0, 10);
  if (day === today.toISOString().slice(0, 10)) return `${t("today")} · ${dayText(stamp)}`;
  const before = new Date(today.getTime() - 86400e3).toISOString().slice(0, 10);
  return day === before ? `${t("yesterday")} · ${dayText(stamp)}` : dayText(stamp);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Where links and mentions stand in a text; made once the names are known. */
const pieces = () =>
  (world.pieces ??= new RegExp(
    `(https?://[^\\s<>"']*[^\\s<>"'.,;:!?)\\]])|((?:${world.mentions.map(escaped).join("|")}))`, "giu"));

/** A text as nodes: links can be opened, the mention stands out, the rest is plain. */
export function rich(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(pieces())) {
    if (found.index > end) nodes.push(text.slice(end, found.index));
    nodes.push(found[1]
      ? el("a", { href: found[1], target: "_blank", rel: "noopener noreferrer" }, found[1])
      : el("span", { class: "mention" }, found[0]));
    end = found.index + found[0].length;
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}
