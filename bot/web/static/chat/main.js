// The page: who is played, where and when; what is said goes to the server, what comes back is drawn.

import { $, clock, dayText, el, newId, personAt, t, world } from "./base.js";
import * as composer from "./composer.js";
import * as letters from "./letters.js";
import * as server from "./server.js";
import * as side from "./side.js";
import * as store from "./store.js";

const log = $("log");
const played = { me: "", place: "" }; // place "" is the 1:1 of whoever is played
const address = () => played.place || played.me;
const typing = new Map(); // place → how many answers are awaited
let until = "";

const act = {
  inGroup: () => played.place !== "",
  quote: (id, text) => composer.replyTo(id, text),
  edit: (entry) => composer.edit(entry),
  copy: (entry) => navigator.clipboard?.writeText(entry.text),
  retry: (entry) => send(entry.place, entry.event),
  tap: (choice) => (choice.picks === "day" ? side.pickDay((day) => tap(choice, `${choice.value}:${day}`, day)) : tap(choice, choice.value)),
  unsend,
  mayAskWhy: () => LEADERS.includes(personAt(played.me).role),
  why: (value) => why(value),
};

const LEADERS = ["secretary", "administrator"];

/** Which words a report was read from: asked in the 1:1 of whoever is played, shown over the talk, kept nowhere. */
async function why(value) {
  const event = { key: newId(), kind: "button", who: played.me, place: played.me, at: clock.stamp(), text: "", value, message: newId() };
  try {
    const told = await server.say(event);
    const tapped = (choice) => { $("why").close(); act.tap(choice); };
    const shown = { ...act, tap: tapped, quote: (id, text) => { $("why").close(); act.quote(id, text); }, mayAskWhy: () => false };
    $("why-told").replaceChildren(...told.letters.map((one) => letters.told(one, shown)));
    $("why").showModal();
  } catch (fault) {
    composer.trouble(fault.told ?? t("offline"));
  }
}

function tap(choice, value, day = "") {
  const text = day ? `${choice.label} · ${dayText(`${day}T00:00:00`)}` : choice.label;
  const entry = line({ text, tap: true });
  deliver(entry, { kind: "button", value, message: entry.id });
}

function line(more) {
  return { k: "line", id: newId(), place: address(), who: played.me, at: clock.stamp(), st: "sending", ...more };
}

/** Show a line and send its event. */
function deliver(entry, event) {
  entry.event = { key: newId(), who: entry.who, place: entry.place, at: entry.at, text: "", ...event };
  store.add(entry.place, entry);
  draw(entry, true);
  return send(entry.place, entry.event, entry);
}

async function send(place, event, entry = store.talk(place).find((one) => one.event?.key === event.key)) {
  mark(entry, "sending");
  await_(place, event, 1);
  try {
    const told = await server.say(event);
    const isChat = event.kind === "message" && place !== event.who && !isCalled(event.text);
    if (entry.st !== "gone") mark(entry, !told.heeded ? "quiet" : !told.done ? "waiting" : isChat ? "report" : "kept");
    if (entry.event === event) delete entry.event; // a later one of the same line still waits
    told.letters.forEach((one) => receive(one, { for: event.who, at: afterwards(event.at) }));
    if (told.heeded) side.refresh();
  } catch (fault) {
    mark(entry, "failed");
    composer.trouble(fault.told ?? t("offline"));
  } finally {
    await_(place, event, -1);
    store.save(place);
  }
}

// a letter is never older than what it answers
const afterwards = (stamp) => (clock.stamp() > stamp ? clock.stamp() : stamp);

const isCalled = (text) => world.mentions.some((one) => text.toLowerCase().includes(one.toLowerCase())) || text.startsWith("/");

function await_(place, event, more) {
  const isSure = place === event.who || event.kind === "button" || isCalled(event.text);
  if (isSure && event.kind !== "unsent") typing.set(place, Math.max(0, (typing.get(place) ?? 0) + more));
  showTyping();
}

function showTyping() {
  const isTyping = Boolean(typing.get(address()));
  $("typing").replaceChildren(...(isTyping ? [el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), t("typing")] : []));
  if (isTyping) toNewest();
}

async function say({ text, files, quote, editing }) {
  if (editing) return correct(editing, text);
  if (files.length) return withFiles({ text, files, quote });
  const entry = line({ text, quote });
  return deliver(entry, { kind: "message", text, quoted: quote?.id ?? "", message: entry.id });
}

async function withFiles({ text, files, quote }) {
  const shown = files.map(({ kind, name, size, thumb }) => ({ kind, name, size, thumb }));
  const entry = line({ text, quote, files: shown });
  let sent;
  try {
    sent = await Promise.all(files.map(async (one) => ({
      id: (await server.upload(one.file)).id, kind: one.kind, name: one.name, size: one.size, set_size: files.length,
    })));
  } catch (fault) {
    composer.trouble(fault.told ?? t("offline"));
    return undefined;
  }
  entry.uploads = sent.map((one) => one.id);
  return deliver(entry, { kind: "message", text, quoted: quote?.id ?? "", message: entry.id, files: sent });
}

/** An own message of a group is changed: the same message with a new text. */
function correct(entry, text) {
  if (text === entry.text) return undefined;
  entry.text = text;
  entry.edited = true;
  redraw(entry);
  const event = { key: newId(), kind: "edited", who: entry.who, place: entry.place, at: clock.stamp(), text, message: entry.id };
  entry.event = event;
  return send(entry.place, event, entry);
}

function unsend(entry) {
  const event = {
    key: newId(), kind: "unsent", who: entry.who, place: entry.place, at: clock.stamp(), text: "",
    message: entry.id, files: (entry.uploads ?? []).map((id) => ({ id })),
  };
  for (const name of ["text", "files", "quote", "uploads"]) delete entry[name];
  entry.st = "gone";
  entry.event = event; // before it is kept: a change that still waits has the text in it
  redraw(entry);
  return send(entry.place, event, entry);
}

/** A letter came: into its place's transcript, and on the screen when one looks at it. */
function receive(one, more) {
  if (store.has(one.place, one.id)) return;
  const entry = { k: "letter", id: one.id, place: one.place, parts: one.parts, ...more };
  store.add(one.place, entry);
  if (one.place === address()) draw(entry, !more.news);
  else side.unread(one.place);
}

function mark(entry, st) {
  if (!entry || entry.st === st) return;
  if (entry.st === "gone" && st !== "failed") return;
  entry.st = entry.st === "gone" ? "gone" : st;
  redraw(entry);
}

function node(entry) {
  const made = entry.k === "letter" ? letters.letter(entry, act) : letters.line(entry, played.me, act);
  made.dataset.at = entry.at;
  made.dataset.who = entry.k === "line" ? entry.who : "bot";
  return made;
}

function redraw(entry) {
  store.save(entry.place);
  if (entry.place !== address()) return;
  const old = log.querySelector(`[data-id="${CSS.escape(entry.id)}"]`);
  if (!old) return;
  const made = node(entry);
  made.classList.toggle("again", old.classList.contains("again"));
  letters.renew(old, made);
  settle();
}

function draw(entry, mine) {
  if (entry.place !== address()) return;
  const nearEnd = mine || log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  log.querySelector(".empty")?.remove();
  append(entry);
  settle();
  if (nearEnd) toNewest();
  else $("to-end").hidden = false;
}

function append(entry) {
  const last = log.lastElementChild, made = node(entry);
  const isNewDay = last?.dataset.at?.slice(0, 10) !== entry.at.slice(0, 10);
  if (isNewDay) log.append(letters.daySeparator(entry.at));
  made.classList.toggle("again", !isNewDay && entry.k === "line" && last.dataset.who === entry.who);
  log.append(made);
}

/** Quick choices and numbers belong to the newest letter only, and to the one it was said to. */
function settle() {
  const entries = store.talk(address());
  const lastLetter = entries.findLastIndex((one) => one.k === "letter");
  const after = entries.slice(lastLetter + 1).some((one) => one.k === "line" && one.st !== "quiet" && one.st !== "gone");
  for (const one of log.querySelectorAll(".entry.latest")) one.classList.remove("latest", "numbered");
  const entry = entries[lastLetter];
  if (!entry) return;
  const shown = log.querySelector(`[data-id="${CSS.escape(entry.id)}"]`);
  if (shown && !after) shown.classList.add("latest");
  if (shown && !after && (!entry.for || entry.for === played.me)) shown.classList.add("numbered");
}

function show() {
  const place = address(), entries = store.talk(place);
  log.replaceChildren();
  if (entries.length) entries.forEach(append);
  else log.append(letters.empty(t(played.place ? "empty-group" : "empty-private")));
  settle();
  side.show(played);
  composer.at(!played.place);
  showTyping();
  toNewest();
  store.write("played", played);
  if (!entries.length && world.places.some((one) => one.address === place && one.scene === "new")) join(place);
}

/** The assistant was just put into a group: it says hello, once. */
async function join(place) {
  const at = clock.stamp();
  try {
    const told = await server.say({ key: newId(), message: newId(), kind: "group-joined", who: played.me, place, at, text: "" });
    told.letters.forEach((one) => receive(one, { at: afterwards(at) }));
  } catch { /* it can be asked to say hello */ }
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  $("to-end").hidden = true;
}

/** The end, but of a letter longer than the window its beginning. */
function toNewest() {
  toEnd();
  const last = log.lastElementChild;
  if (last && last.offsetHeight > log.clientHeight - 24) {
    log.scrollTop = last.offsetTop - log.offsetTop - 56; // a little of what was asked stays in sight
    $("to-end").hidden = false;
  }
}

async function poll() {
  try {
    const told = await server.news(until);
    const isFirst = !until;
    until = told.until;
    told.letters.forEach((one) => receive(one, { news: one.purpose !== "answer", at: isFirst && one.sent ? local(one.sent) : clock.stamp() }));
  } catch { /* the next look will tell */ }
  setTimeout(poll, document.hidden ? 15_000 : 3_000);
}

const local = (moment) => new Date(Date.parse(moment) + 7 * 3600e3).toISOString().slice(0, 23);

function go(change) {
  composer.reset();
  Object.assign(played, change);
  show();
}

async function start() {
  Object.assign(world, await server.state());
  store.open(world.agency.id);
  const kept = store.load("played", {});
  const first = world.places.find((one) => one.scene === "unit" && one.unit === world.people[0]?.unit);
  played.me = world.people.some((one) => one.address === kept.me) ? kept.me : side.first().address;
  const known = kept.place === "" || world.places.some((one) => one.address === kept.place);
  played.place = known ? kept.place : (world.places.find((one) => one.unit && one.unit === personAt(played.me).unit) ?? first)?.address ?? "";
  side.start({ go, say: (text) => say({ text, files: [], quote: null, editing: null }), cleared: () => { store.clear(); show(); } });
  composer.start(say);
  $("composer").addEventListener("last", () => {
    const mine = store.talk(address()).findLast((one) => one.k === "line" && one.who === played.me && one.text && !one.tap && one.st !== "gone");
    if (mine && act.inGroup()) composer.edit(mine);
  });
  $("to-end").addEventListener("click", toEnd);
  log.addEventListener("click", (event) => {
    const photo = event.target.closest("[data-photo]");
    if (photo) side.photo(photo.dataset.photo);
  });
  log.addEventListener("scroll", () => { if (log.scrollHeight - log.scrollTop - log.clientHeight < 60) $("to-end").hidden = true; }, { passive: true });
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(event); });
  store.onOtherTab((place) => { if (place === address()) show(); });
  show();
  document.documentElement.dataset.ready = "yes";
  if (matchMedia("(hover: hover)").matches) $("text").focus();
  poll();
}

function closeMenus(event) {
  for (const open of document.querySelectorAll("details.acts[open]")) {
    if (event.type === "keydown" || !open.contains(event.target)) {
      open.open = false;
      if (event.type === "keydown") open.querySelector("summary").focus();
    }
  }
}

start();
