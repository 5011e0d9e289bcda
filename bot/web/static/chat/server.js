// Talks to the server: what is said goes out under a key of its own, so that it may safely be sent again.

async function ask(path, options) {
  const answer = await fetch(path, { credentials: "same-origin", ...options });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(body.error ?? String(answer.status)), { told: body.error, status: answer.status });
  return body;
}

export const state = () => ask("/chat/state");

/** Letters nobody on this page waits for. */
export const news = (after) => ask(`/chat/news?after=${encodeURIComponent(after)}`);

export const upload = (file) =>
  ask("/chat/upload", { method: "POST", body: file, headers: { "content-type": "application/octet-stream" } });

/** Say or tap something; asks again with the same key while the answer takes its time. */
export async function say(event) {
  const path = event.kind === "button" ? "/chat/tap" : "/chat/say";
  const options = { method: "POST", body: JSON.stringify(event), headers: { "content-type": "application/json" } };
  for (let tries = 0; ; tries += 1) {
    const told = await ask(path, options);
    if (told.done || tries === 8) return told;
  }
}
