// The transcript: kept in this browser only. The server keeps what the assistant keeps, and nothing else.

const MOST = 300; // entries of one place
let prefix = "prongsai:";
const talks = new Map();

/** Begin with this agency's talks; those of a sample that was made anew are dropped. */
export function open(agency) {
  prefix = `prongsai:${agency}:`;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("prongsai:") && !key.startsWith(prefix)) localStorage.removeItem(key);
  }
}

export function talk(place) {
  if (!talks.has(place)) talks.set(place, load(`talk:${place}`, []));
  return talks.get(place);
}

export function add(place, entry) {
  const entries = talk(place);
  entries.push(entry);
  if (entries.length > MOST) entries.splice(0, entries.length - MOST);
  save(place);
}

export function save(place) {
  const entries = talk(place);
  for (let tries = 0; tries < 6; tries += 1) {
    if (write(`talk:${place}`, entries)) return;
    // full: pictures go first, then the older half
    const pictured = entries.filter((one) => one.files?.some((file) => file.thumb));
    if (pictured.length) pictured.slice(0, Math.ceil(pictured.length / 2)).forEach((one) => one.files.forEach((file) => delete file.thumb));
    else entries.splice(0, Math.ceil(entries.length / 2));
  }
}

/** Whether a letter is in a place's transcript already. */
export const has = (place, id) => talk(place).some((one) => one.id === id);

export function clear() {
  talks.clear();
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(`${prefix}talk:`)) localStorage.removeItem(key);
  }
}

export function load(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(prefix + key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function write(key, value) {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Tell when another tab changed a talk. */
export function onOtherTab(changed) {
  window.addEventListener("storage", (event) => {
    if (event.key?.startsWith(`${prefix}talk:`)) {
      const place = event.key.slice(`${prefix}talk:`.length);
      talks.delete(place);
      changed(place);
    }
  });
}
