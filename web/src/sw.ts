// Keeps the site on the machine: after the first visit it opens without a network, and never as a mixture of versions.

declare const self: ServiceWorkerGlobalScope;

// `poa addin build` writes what belongs together in place of this name: version, stamp, and all files with their SHA-256.
declare const __SITE__: { version: string; stamp: string; office: string; files: Record<string, string> };
const SITE = __SITE__;
const KEY = "poa-";
const OFFICE = "https://appsforoffice.microsoft.com/";
const CACHE = KEY + SITE.stamp;
const scope = new URL("./", self.location.href).href;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      try {
        await Promise.all(Object.entries(SITE.files).map(([name, hash]) => take(cache, name, hash)));
      } catch (error) {
        // While somebody copies a new version to the server some of its files are still the old ones: the next time.
        await caches.delete(CACHE);
        throw error;
      }
      // office.js is no file of ours, and where it cannot be had now it is kept when it comes.
      await keep(cache, new Request(new URL(SITE.office, scope), { mode: "no-cors" })).catch(() => undefined);
    })(),
  );
});

// Asked for anew, and sent anew only where it is not what this page loaded a moment ago.
async function take(cache: Cache, name: string, hash: string): Promise<void> {
  const request = new Request(scope + name, { cache: "no-cache" });
  const answer = await fetch(request);
  const found = await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer());
  const shown = [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!answer.ok || shown !== hash) throw new Error(`${name} is not of version ${SITE.version}`);
  await cache.put(request, answer);
}

// Pages that are open keep their version; when the last one is closed, or a person asks for it, the new one takes over.
self.addEventListener("message", (event) => {
  if (event.data === "now") void self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith(KEY) && name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.url.startsWith(scope)) event.respondWith(ours(request));
  else if (request.url.startsWith(OFFICE)) event.respondWith(theirs(request));
});

// What belongs to this version as it was kept; a copy of office.js and what it loads are kept as they come.
async function ours(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreSearch: true });
  return kept ?? (request.destination === "script" ? keep(cache, request) : fetch(request));
}

// Microsoft's own: the newest there is, and without a network the last one that came.
async function theirs(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    return await keep(cache, request);
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

async function keep(cache: Cache, request: Request): Promise<Response> {
  const answer = await fetch(request);
  if (answer.ok || answer.type === "opaque") await cache.put(request, answer.clone());
  return answer;
}

export {};
