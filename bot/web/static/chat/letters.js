// Draws what was said: lines of people, letters of the assistant with their cards, bars and choices.

import { avatar, botAvatar, clock, dayName, el, personAt, rich, t, timeOf } from "./base.js";

const SIGNS = { open: "○", due: "◔", overdue: "!", done: "✓", delayed: "»", cancelled: "×" };

/** The separator before a new day. */
export const daySeparator = (stamp) =>
  el("p", { class: "day", "data-day": stamp.slice(0, 10) }, el("span", {}, dayName(stamp)));

function percent(share) {
  return Math.round(Math.max(0, Math.min(1, share)) * 100);
}

function bar(share, mark) {
  const full = el("span", { class: "full" });
  full.style.inlineSize = `${percent(share)}%`; // the policy forbids style attributes, not this
  return el("span", { class: `bar ${mark || "plain"}`, role: "img", "aria-label": `${t("percent")} ${percent(share)}` }, full);
}

function sign(mark) {
  return mark && SIGNS[mark] ? el("span", { class: `sign ${mark}`, "aria-hidden": "true" }, SIGNS[mark]) : null;
}

function choice(one, act) {
  const number = one.number ? el("span", { class: "number", "aria-hidden": "true" }, String(one.number)) : null;
  if (one.link) {
    return el("a", { class: `choice ${one.style}`, href: one.link, target: "_blank", rel: "noopener noreferrer" }, one.label, " ↗");
  }
  return el("button", { type: "button", class: `choice ${one.style}`, onclick: () => act.tap(one) }, number, one.label);
}

const choices = (list, act, kind = "") =>
  list.length ? el("div", { class: `choices ${kind}` }, ...list.map((one) => choice(one, act))) : null;

// Thai vowels and tones above and below take no width
const width = (text) => text.replace(/\p{Mn}/gu, "").length;
const isLong = (one) => width(one.value) > 12 && width(one.value) + width(one.text) > 32;

function row(one, act) {
  const kinds = ["row", one.mark, SIGNS[one.mark] ? "marked" : ""].filter(Boolean).join(" ");
  return el("li", { class: kinds },
    sign(one.mark),
    el("span", { class: "what" }, ...rich(one.text)),
    one.value ? el("span", { class: isLong(one) ? "value long" : "value" }, one.value) : null,
    one.share === null || one.share === undefined ? null : bar(one.share, one.mark),
    one.choice ? el("span", { class: "go" }, choice(one.choice, act)) : null);
}

const replyTo = (id, text, act) =>
  el("button", { type: "button", class: "reply", "aria-label": `${t("reply")}: ${text}`, title: t("reply"), onclick: () => act.quote(id, text) }, "↩");

function card(one, act) {
  const rows = one.rows.filter((each) => each.text || each.value || each.choice);
  return el("section", { class: `card ${one.mark}`, "aria-label": one.title },
    el("header", {},
      sign(one.mark),
      el("div", {}, el("h3", {}, one.title), one.subtitle ? el("p", {}, one.subtitle) : null),
      one.why && act.mayAskWhy() ? el("button", { type: "button", class: "why", "aria-label": `${t("why")} ${one.title}`, onclick: () => act.why(one.why) }, t("why")) : null,
      replyTo(one.id, one.title, act)),
    one.share === null || one.share === undefined ? null
      : el("div", { class: "share" }, bar(one.share, one.mark), el("span", {}, `${percent(one.share)}%`)),
    rows.length ? el("ul", {}, ...rows.map((each) => row(each, act))) : null,
    choices(one.choices, act));
}

function part(one, act) {
  return [
    one.text ? el("div", { class: "bubble" }, el("p", {}, ...rich(one.text)), replyTo(one.id, one.text, act)) : null,
    one.cards.length > 1 && one.cards.length > 3
      ? el("div", { class: "carousel", tabindex: "0", role: "group", "aria-label": one.text || one.cards[0].title }, ...one.cards.map((each) => card(each, act)))
      : null,
    ...(one.cards.length > 3 ? [] : one.cards.map((each) => card(each, act))),
    choices(one.choices, act, "quick"),
  ];
}

/** What a letter says, for a window of its own. */
export const told = (entry, act) => el("div", { class: "told" }, ...entry.parts.flatMap((one) => part(one, act)));

/** A letter of the assistant. */
export function letter(entry, act) {
  return el("article", { class: `entry bot ${entry.news ? "news" : ""}`, "data-id": entry.id },
    botAvatar(),
    el("div", { class: "said" },
      el("p", { class: "who" }, t("bot")),
      ...entry.parts.flatMap((one) => part(one, act)),
      el("p", { class: "meta" }, timeOf(entry.at))));
}

function file(one) {
  if (one.thumb) {
    return el("button", { type: "button", class: "photo", "aria-label": `${t("photo")} ${one.name}`, "data-photo": one.thumb },
      el("img", { src: one.thumb, alt: one.name, loading: "lazy" }));
  }
  return el("span", { class: "file" }, one.name || t("file"));
}

const STATES = { quiet: "not-heeded", report: "as-report", failed: "failed", waiting: "waiting", sending: "" };

const close = (event) => { event.currentTarget.parentElement.open = false; }; // what was chosen was chosen

function acts(entry, act, isMine) {
  const can = [
    entry.text ? el("button", { type: "button", onclick: () => act.copy(entry) }, t("copy")) : null,
    isMine && act.inGroup() && entry.text && !entry.tap ? el("button", { type: "button", onclick: () => act.edit(entry) }, t("edit")) : null,
    isMine && !entry.tap ? el("button", { type: "button", class: "danger", onclick: () => act.unsend(entry) }, t("unsend")) : null,
  ].filter(Boolean);
  return can.length
    ? el("details", { class: "acts" }, el("summary", { "aria-label": t("more"), title: t("more") }, "⋯"), el("div", { onclick: close }, ...can))
    : null;
}

/** A line somebody said; `me` is who is played now. */
export function line(entry, me, act) {
  const isMine = entry.who === me, person = personAt(entry.who);
  if (entry.st === "gone") {
    return el("article", { class: `entry ${isMine ? "mine" : "theirs"} gone`, "data-id": entry.id },
      el("p", { class: "day" }, el("span", {}, `${person.name}: ${t("unsent")}`)));
  }
  const told = STATES[entry.st] ? t(STATES[entry.st]) : "";
  return el("article", { class: `entry ${isMine ? "mine" : "theirs"} is-${entry.st} ${entry.tap ? "tap" : ""}`, "data-id": entry.id },
    isMine ? null : avatar(entry.who, person.name),
    el("div", { class: "said" },
      el("p", { class: "who" }, person.name, person.about ? el("span", {}, ` · ${person.about}`) : null),
      entry.quote ? el("p", { class: "quoted" }, "↩ ", entry.quote.text) : null,
      entry.files?.length ? el("div", { class: "files" }, ...entry.files.map(file)) : null,
      entry.text ? el("div", { class: "bubble" }, el("p", {}, ...rich(entry.text))) : null,
      el("p", { class: "meta" },
        acts(entry, act, isMine),
        told ? el("span", { class: "state" }, told) : null,
        entry.st === "failed" ? el("button", { type: "button", class: "retry", onclick: () => act.retry(entry) }, t("retry")) : null,
        entry.edited ? el("span", {}, t("edited")) : null,
        timeOf(entry.at))));
}

const menu = (shown) => shown.querySelector("details.acts");
const offers = (shown) => [...(menu(shown)?.querySelectorAll("button") ?? [])].map((one) => one.textContent).join();

/** Show a line as it is now. Its own menu stays the same element while it offers the same: an answer that comes
 *  must neither close it nor take a button from under a finger. */
export function renew(old, made) {
  if (!menu(old) || offers(old) !== offers(made)) return old.replaceWith(made);
  old.className = made.className;
  swap(menu(old).parentElement, menu(made).parentElement);
  return swap(menu(old), menu(made));
}

/** Put what stands around `made` around `kept`. */
function swap(kept, made) {
  const around = [...made.parentElement.childNodes], at = around.indexOf(made);
  for (const one of [...kept.parentElement.childNodes]) if (one !== kept) one.remove();
  kept.before(...around.slice(0, at));
  kept.after(...around.slice(at + 1));
}

/** Nothing was said yet. */
export const empty = (text) => el("div", { class: "empty" }, el("img", { src: "/static/icon.svg", alt: "", width: "72", height: "72" }), el("p", {}, text));

/** A picture made small enough to stay in the transcript. */
export async function thumbnail(blob, side = 360) {
  const image = await createImageBitmap(blob);
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.72);
}

export const stamp = () => clock.stamp();
