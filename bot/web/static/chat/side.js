// Beside the talk: who is played, the chats, the story's moment, example lines, dialogs.

import { $, avatar, botAvatar, clock, dayText, el, newId, personAt, t, timeOf, world } from "./base.js";
import * as server from "./server.js";
import * as store from "./store.js";

const LEADS = ["secretary", "member", "executive", "auditor", "administrator"];
const waiting = new Map(); // place → letters not looked at
let played = { me: "", place: "" }, act = {};

/** Who is played at first: an officer of a unit. */
export const first = () => world.people.find((one) => one.role === "officer") ?? world.people[0];

export function start(does) {
  act = does;
  $("who").addEventListener("click", choosePerson);
  $("who-small").addEventListener("click", choosePerson);
  $("side-open").addEventListener("click", () => drawer(true));
  $("side-close").addEventListener("click", () => drawer(false));
  $("clear").addEventListener("click", async () => { if ((await asked($("sure"))) === "ok") act.cleared(); });
  $("when").addEventListener("change", () => setClock($("when").value));
  $("board").addEventListener("click", openBoard);
  $("when-now").addEventListener("click", () => setClock(""));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") drawer(false); });
  for (const one of document.querySelectorAll("[data-close]")) one.addEventListener("click", () => one.closest("dialog").close(""));
  setClock(store.load("clock", ""));
  setInterval(tellTime, 10_000);
}

/** The working group's page, as the person who is played: the same one-time link that chat gives. */
async function openBoard() {
  const event = { key: newId(), message: newId(), kind: "button", value: "signin-link", who: played.me, place: played.me, at: clock.stamp(), text: "" };
  const told = await server.say(event).catch(() => ({ letters: [] }));
  const choices = told.letters.flatMap((one) => one.parts).flatMap((part) => part.cards).flatMap((card) => card.choices);
  const found = choices.find((one) => one.link);
  if (found) location.assign(found.link);
}

function setClock(value) {
  clock.set(value);
  store.write("clock", clock.base === null ? "" : value);
  $("when").value = clock.base === null ? "" : value;
  tellTime();
}

function tellTime() {
  const stamp = clock.stamp();
  $("when-said").replaceChildren(
    el("strong", {}, dayText(stamp)), ` ${timeOf(stamp)} `,
    el("span", { class: clock.base === null ? "tag" : "tag set" }, t(clock.base === null ? "now-real" : "now-set")));
  if (clock.base === null) $("when").value = stamp.slice(0, 16);
}

/** Ask with a dialog; what its button says. */
function asked(dialog) {
  return new Promise((tell) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => tell(dialog.returnValue), { once: true });
    dialog.showModal();
  });
}

export async function pickDay(picked) {
  const input = $("day-input");
  input.value = clock.stamp().slice(0, 10);
  const tell = () => { $("day-said").textContent = input.value ? dayText(`${input.value}T00:00:00`) : ""; };
  input.oninput = tell;
  tell();
  if ((await asked($("day"))) === "ok" && input.value) picked(input.value);
}

export function photo(address) {
  $("photo-shown").src = address;
  $("photo").showModal();
}

function drawer(isOpen) {
  document.body.classList.toggle("drawer", isOpen);
  $("side-open").setAttribute("aria-expanded", String(isOpen));
  if (isOpen) $("side-close").focus();
}

function who(person) {
  return [avatar(person.address, person.name), el("span", {}, el("strong", {}, person.name), el("small", {}, person.about))];
}

/** The choice counts at the tap, not when the dialog has gone: what is typed right after it must stay. */
async function choosePerson() {
  const list = $("people-list");
  const play = (one) => { drawer(false); act.go({ me: one.address }); };
  list.replaceChildren(...world.people.map((one) =>
    el("li", {}, el("button", { class: "me", value: one.address, "aria-current": one.address === played.me ? "true" : null, onclick: () => play(one) }, ...who(one)))));
  queueMicrotask(() => list.querySelector("[aria-current]")?.focus());
  if (await asked($("people"))) $("text").focus();
}

/** Draw a list anew only when it looks different: a button replaced under a finger loses its tap. */
function fill(list, ...made) {
  const html = (nodes) => nodes.map((one) => one.outerHTML ?? one.textContent).join("");
  if (html(made) !== html([...list.childNodes])) list.replaceChildren(...made);
}

/** Letters came to a place nobody looks at. */
export function unread(place) {
  waiting.set(place, (waiting.get(place) ?? 0) + 1);
  places();
}

/** One's own unit's group and the working group; the other groups stand apart. */
function sorted() {
  const unit = personAt(played.me).unit;
  const own = world.places.filter((one) => one.unit && one.unit === unit);
  const near = [...own, ...world.places.filter((one) => one.scene === "board")];
  return { near, far: world.places.filter((one) => !near.includes(one)) };
}

const about = (place) => [
  place.scene === "new" ? t("group-new-about") : t(place.listening ? "group-listening" : "group-quiet"),
  place.members ? `${place.members} ${t("members")}` : "",
].filter(Boolean).join(" · ");

function places() {
  const button = (address, name, told, picture, listening) => {
    const count = waiting.get(address || played.me);
    return el("li", {}, el("button", {
      type: "button", class: "place", "aria-current": address === played.place ? "true" : null,
      onclick: () => { drawer(false); act.go({ place: address }); },
    }, picture, el("span", {}, el("strong", {}, name), el("small", {}, listening ? el("i", { class: "on", "aria-hidden": "true" }) : null, told)),
    count ? el("b", { class: "count" }, String(count)) : null));
  };
  const group = (one) => button(one.address, one.name, about(one), avatar(one.address, one.unit || one.name, one.short), one.listening);
  const { near, far } = sorted();
  fill($("places"), button("", t("private"), t("private-about"), botAvatar()), ...near.map(group));
  fill($("other-places"), ...far.map(group));
  if (far.some((one) => one.address === played.place || waiting.get(one.address))) $("others").open = true;
  $("unread").hidden = ![...waiting.values()].some(Boolean);
}

/** Show who is played where. */
export function show(now) {
  played = now;
  const person = personAt(now.me), place = world.places.find((one) => one.address === now.place);
  waiting.delete(now.place || now.me);
  fill($("who"), ...who(person));
  fill($("who-small"), ...who(person));
  $("place-name").textContent = place?.name ?? t("private");
  $("place-about").replaceChildren(
    ...(place ? [place.listening ? el("i", { class: "on", "aria-hidden": "true" }) : "", about(place)] : [t("private-about")]));
  places();
  $("board").hidden = person.role === "stranger";
  story(place, place?.scene ?? (person.role === "stranger" ? "stranger" : LEADS.includes(person.role) ? "lead" : person.role === "coordinator" ? "coordinator" : "staff"));
}

function story(place, scene) {
  const lines = (world.story[scene] ?? []).map((one) => ({ ...one, text: one.text.replace("{code}", place?.code || "1.1") }));
  fill($("story"), ...lines.map((one) =>
    el("li", {}, el("button", { type: "button", onclick: () => act.say(one.text) }, el("strong", {}, one.title), el("span", {}, one.text)))));
}

let refreshing = 0;

/** The agency may have changed by what was said (a group tied, listening switched): look again, soon. */
export function refresh() {
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    try {
      const { people, places: found } = await server.state();
      Object.assign(world, { people, places: found });
      show(played);
    } catch { /* the next answer looks again */ }
  }, 400);
}
