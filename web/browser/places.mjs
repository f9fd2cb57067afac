// Every page that somebody finds by following links, one of each kind.
import { visit } from "./browser.mjs";

/** What an address is an example of: ids and numbers left out, and what only filters or orders a list. */
export function kindOf(url) {
  const parts = url.pathname.split("/").map((part) => (/\d/.test(part) && !part.startsWith("v") ? "…" : part));
  // The forms of messages are one kind of page, made of what the agreement asks for; agreements are one, whichever is read.
  const path = parts.join("/").replace(/\/skriv\/.*/, "/skriv/…").replace(/\/hvorfor\/(\w+)\/.*/, "/hvorfor/$1/…")
    .replace(/^\/avtaler\/[^/]+/, "/avtaler/…");
  const named = [...url.searchParams.keys()].filter((name) => ["visning", "fane", "steg"].includes(name)).sort();
  return named.length ? `${path}?${named.join("&")}` : path;
}

const LEFT_OUT = [/^\/logg-ut/, /^\/statisk\//, /^\/api\//, /^\/fhir\//, /\.(csv|xlsx|xml|json|ndjson)$/, /\/(raa|vedlegg|last-ned|strom)(\/|$)/];
/** Kinds of pages that one role can come to. More means that `kindOf` takes one kind for many. */
const KINDS_MAX = 80;

/** Follows links from the start page until no new kind of page is found, and calls `visit` for each, with the page open. */
export async function places(page, address, visit) {
  const kinds = new Set(["/"]);
  const waiting = ["/"];
  while (waiting.length) {
    const path = waiting.shift();
    const answer = await opened(page, address + path);
    if (!answer?.headers()["content-type"]?.startsWith("text/html")) continue;
    for (const link of await page.$$eval("a[href]", (links) => links.map((link) => link.href))) {
      const url = new URL(link);
      if (url.origin !== address || LEFT_OUT.some((pattern) => pattern.test(url.pathname))) continue;
      const kind = kindOf(url);
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      if (kinds.size > KINDS_MAX) throw new Error(`more than ${KINDS_MAX} kinds of pages: ${[...kinds].join(" ")}`);
      waiting.push(url.pathname + url.search);
    }
    await visit(path, kindOf(new URL(path, address)), answer);
  }
}

/** The answer to a page; none where the link gives a file to keep. */
async function opened(page, address) {
  try {
    return await visit(page, address);
  } catch (error) {
    if (error.message.includes("Download is starting") || error.message.includes("ERR_ABORTED")) return null;
    throw error;
  }
}
