// Where one types: the line, what it replies to, files to send along, the mention.

import { $, el, t, world } from "./base.js";
import { thumbnail } from "./letters.js";

const CAP = 20_000_000; // bytes of one file; the server refuses more

const text = $("text");
let quote = null, editing = null, files = [], submit = () => {};

/** `sent` is called with what was typed. */
export function start(sent) {
  submit = sent;
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); go(); });
  text.addEventListener("keydown", keys);
  text.addEventListener("input", grow);
  $("mention").addEventListener("click", mention);
  $("attach").addEventListener("click", () => $("pick").click());
  $("pick").addEventListener("change", () => { take([...$("pick").files]); $("pick").value = ""; });
  text.addEventListener("paste", (event) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length) { event.preventDefault(); take(pasted); }
  });
  drops();
}

function drops() {
  const talk = $("talk");
  const has = (event) => event.dataTransfer?.types.includes("Files");
  talk.addEventListener("dragover", (event) => { if (has(event)) { event.preventDefault(); $("drop").hidden = false; } });
  talk.addEventListener("dragleave", (event) => { if (!talk.contains(event.relatedTarget)) $("drop").hidden = true; });
  talk.addEventListener("drop", (event) => {
    if (!has(event)) return;
    event.preventDefault();
    $("drop").hidden = true;
    take([...event.dataTransfer.files]);
  });
}

function keys(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); go(); }
  if (event.key === "Escape") { reset(); event.stopPropagation(); }
  if (event.key === "ArrowUp" && text.value === "" && !editing) $("composer").dispatchEvent(new CustomEvent("last"));
}

function grow() {
  text.style.blockSize = "auto";
  text.style.blockSize = `${Math.min(text.scrollHeight, 160)}px`;
  $("send").classList.toggle("ready", Boolean(text.value.trim() || files.length));
}

function mention() {
  const name = t("mention");
  if (!world.mentions.some((one) => text.value.toLowerCase().includes(one.toLowerCase()))) text.value = `${name} ${text.value}`;
  grow();
  text.focus();
}

async function take(chosen) {
  trouble("");
  for (const file of chosen.slice(0, 10)) {
    if (file.size > CAP) { trouble(t("too-large")); continue; }
    const kind = file.type.startsWith("image/") ? "photo" : file.type.startsWith("video/") ? "video" : file.type.startsWith("audio/") ? "audio" : "file";
    const one = { file, kind, name: file.name, size: file.size };
    if (kind === "photo") one.thumb = await thumbnail(file).catch(() => undefined);
    files.push(one);
  }
  strip();
  text.focus();
}

function strip() {
  const list = $("files");
  list.replaceChildren(...files.map((one, at) => el("li", {},
    one.thumb ? el("img", { src: one.thumb, alt: one.name }) : el("span", { class: "file" }, one.name),
    el("button", { type: "button", class: "icon", "aria-label": `${t("remove-file")} ${one.name}`, onclick: () => { files.splice(at, 1); strip(); text.focus(); } }, "✕"))));
  list.hidden = !files.length;
  const about = editing ? [t("editing"), editing.text] : quote ? [t("replying"), quote.text] : null;
  $("strip").hidden = !about;
  if (about) {
    $("strip").replaceChildren(el("p", {}, el("strong", {}, about[0]), " ", about[1]),
      el("button", { type: "button", class: "icon", "aria-label": t("cancel"), onclick: () => { reset(); text.focus(); } }, "✕"));
  }
  grow();
}

function go() {
  const said = text.value.trim();
  if (!said && !files.length) return;
  const sent = { text: said, files, quote, editing };
  reset();
  submit(sent);
}

/** Forget what was begun. */
export function reset() {
  text.value = "";
  quote = null;
  editing = null;
  files = [];
  trouble("");
  strip();
}

export function replyTo(id, about) {
  quote = { id, text: about.slice(0, 120) };
  editing = null;
  strip();
  text.focus();
}

export function edit(entry) {
  editing = entry;
  quote = null;
  text.value = entry.text;
  strip();
  text.focus();
}

export function trouble(said) {
  $("trouble").textContent = said;
  $("trouble").hidden = !said;
}

/** The place changed: its own hint, and the mention only where it is needed. */
export function at(isPrivate) {
  text.placeholder = isPrivate ? t("type-private") : t("type-group");
  $("mention").hidden = isPrivate;
}
