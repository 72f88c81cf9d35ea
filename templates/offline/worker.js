{% load static %}// Keeps the articles read last, and answers with them, or with a page that says so, when the network is gone.
const SHELL = "shell-{{ version|escapejs }}", ARTICLES = "articles", FILES = "files";
const MOST = { [ARTICLES]: 30, [FILES]: 300 };
const OFFLINE = "{% url "offline" %}", HANT = "/hant", OWN_SHEET = "{% url "preferences_css" %}";
const ARTICLE = /^(\/hant)?\/[a-z0-9_-]+\/\d{4}\/\d{4}\/\d+(_\w+)?\.html$/;
// What is one visitor's own or the newsroom's never passes through here.
const PRIVATE = /^(\/hant)?\/(admin|accounts|members|comments|fragments|preferences|search)\//;
const STATIC = "{% get_static_prefix %}", MEDIA = "{% get_media_prefix %}";

const path = (url) => new URL(url).pathname;

// Puts an answer into a cache as its newest entry, and takes the oldest ones out. A full disk is no reason to fail.
async function keep(name, url, response) {
  try {
    const cache = await caches.open(name);
    await cache.delete(url);
    await cache.put(url, response);
    const keys = await cache.keys();
    const tooMany = Math.max(0, keys.length - (MOST[name] ?? keys.length));
    await Promise.all(keys.slice(0, tooMany).map((key) => cache.delete(key)));
  } catch {}
}

// A page, with the style sheets, scripts and drawings of the site that it names.
async function keepPage(name, url) {
  const response = await fetch(url);
  if (!response.ok || response.redirected) throw new Error(`${url} answers ${response.status}`);
  const html = await response.clone().text();
  await keep(name, url, response);
  const named = new Set([...html.matchAll(/(?:href|src)="([^"]+)"/g)].map((found) => found[1]));
  const files = [...named].filter((file) => file.startsWith(STATIC) || file.endsWith(".svg"));
  const cache = await caches.open(name === SHELL ? SHELL : FILES);
  await Promise.all(files.map((file) => cache.add(file).catch(() => {})));
}

async function install() {
  await Promise.all([OFFLINE, HANT + OFFLINE].map((url) => keepPage(SHELL, url)));
  await skipWaiting();
}

// Articles and files outlive a version: an article kept still wants the style sheets of its day.
async function activate() {
  const wanted = [SHELL, ARTICLES, FILES];
  await Promise.all((await caches.keys()).filter((name) => !wanted.includes(name)).map((name) => caches.delete(name)));
  await clients.claim();
}

async function navigate(event, url) {
  const isArticle = ARTICLE.test(path(url));
  const key = url.split("?")[0];
  try {
    const response = await fetch(event.request);
    if (isArticle && response.ok && !response.redirected) event.waitUntil(keep(ARTICLES, key, response.clone()));
    // What was withdrawn is not kept any longer.
    if (isArticle && [404, 410].includes(response.status))
      event.waitUntil(caches.open(ARTICLES).then((cache) => cache.delete(key)));
    return response;
  } catch (error) {
    const kept = isArticle && (await caches.match(key));
    const page = kept || (await caches.match(path(url).startsWith(`${HANT}/`) ? HANT + OFFLINE : OFFLINE));
    if (page) return page;
    throw error;
  }
}

// Files are named by their content: a kept one is the right one. Pictures are kept for articles only; the place of one
// that was never loaded stays empty.
async function file(event, url) {
  const kept = await caches.match(url);
  if (kept) return kept;
  const isPicture = path(url).startsWith(MEDIA);
  try {
    const response = await fetch(event.request);
    const isWanted = !isPicture || ARTICLE.test(path(event.request.referrer || location.href));
    if (response.status === 200 && isWanted) event.waitUntil(keep(FILES, url, response.clone()));
    return response;
  } catch (error) {
    if (!isPicture) throw error;
    return new Response('<svg xmlns="http://www.w3.org/2000/svg"/>', { headers: { "Content-Type": "image/svg+xml" } });
  }
}

// What changes under its address (the reader's own colours, QR codes) is asked for anew while there is a network.
async function fresh(event, url) {
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(keep(FILES, url, response.clone()));
    return response;
  } catch {
    const kept = await caches.match(url);
    if (kept || path(url) !== OWN_SHEET) return kept ?? Response.error();
    return new Response("", { headers: { "Content-Type": "text/css" } });
  }
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
// A page that was loaded before there was a worker asks to be kept.
addEventListener("message", (event) => {
  const url = event.source.url.split(/[?#]/)[0];
  if (ARTICLE.test(path(url))) event.waitUntil(keepPage(ARTICLES, url).catch(() => {}));
});
addEventListener("fetch", (event) => {
  const { request } = event, url = request.url.split("#")[0], name = path(url);
  if (request.method !== "GET" || new URL(url).origin !== location.origin) return;
  if (PRIVATE.test(name) || name.startsWith(`${STATIC}admin`)) return;
  if (request.mode === "navigate") event.respondWith(navigate(event, url));
  else if (request.destination === "video" || request.headers.has("range")) return;
  else if (name.startsWith(STATIC) || name.startsWith(MEDIA)) event.respondWith(file(event, url));
  else if (name === OWN_SHEET || name.endsWith(".svg")) event.respondWith(fresh(event, url));
});
