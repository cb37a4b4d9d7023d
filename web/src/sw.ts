// Keeps the site on the machine: after the first visit it opens without a network, and never as a mixture of versions.

declare const self: ServiceWorkerGlobalScope;

// `poa addin build` writes what belongs together in place of this name: version, stamp, and the names of all files.
declare const __SITE__: { version: string; stamp: string; files: string[] };
const SITE = __SITE__;
const KEY = "poa-";
const CACHE = KEY + SITE.stamp;
const scope = new URL("./", self.location.href).href;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(SITE.files.map((name) => new Request(scope + name, { cache: "reload" })))),
  );
});

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
  const address = new URL(event.request.url);
  address.search = address.hash = "";
  if (event.request.method !== "GET" || !address.href.startsWith(scope)) return;
  event.respondWith(
    (async () => {
      const kept = await (await caches.open(CACHE)).match(address.href);
      return kept ?? fetch(event.request);
    })(),
  );
});

export {};
