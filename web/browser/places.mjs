// Every page that somebody finds by following links, one of each kind.

/** What an address is an example of: ids and numbers left out, and what only filters or orders a list. */
export function kindOf(url) {
  const parts = url.pathname.split("/").map((part) => (/\d/.test(part) && !part.startsWith("v") ? "…" : part));
  // The forms of messages are one kind of page, made of what the agreement asks for.
  const path = parts.join("/").replace(/\/skriv\/.*/, "/skriv/…").replace(/\/hvorfor\/(\w+)\/.*/, "/hvorfor/$1/…");
  const named = [...url.searchParams.keys()].filter((name) => ["visning", "fane", "steg"].includes(name)).sort();
  return named.length ? `${path}?${named.join("&")}` : path;
}

const LEFT_OUT = [/^\/logg-ut/, /^\/statisk\//, /^\/api\//, /^\/fhir\//, /\.(csv|xlsx|xml|json|ndjson)$/, /\/(raa|vedlegg|last-ned|strom)(\/|$)/];

/** Follows links from the start page until no new kind of page is found, `most` at the most. Gives those that are pages. */
export async function places(page, address, most = 80) {
  const kinds = new Set(["/"]);
  const waiting = ["/"];
  const pages = [];
  while (waiting.length) {
    const path = waiting.shift();
    const answer = await opened(page, address + path);
    if (!answer?.headers()["content-type"]?.startsWith("text/html")) continue;
    pages.push(path);
    for (const link of await page.$$eval("a[href]", (links) => links.map((link) => link.href))) {
      const url = new URL(link);
      if (url.origin !== address || LEFT_OUT.some((pattern) => pattern.test(url.pathname))) continue;
      const kind = kindOf(url);
      if (kinds.has(kind) || kinds.size >= most) continue;
      kinds.add(kind);
      waiting.push(url.pathname + url.search);
    }
  }
  return pages;
}

/** The answer to a page; none where the link gives a file to keep. */
async function opened(page, address) {
  try {
    return await page.goto(address);
  } catch (error) {
    if (error.message.includes("Download is starting") || error.message.includes("ERR_ABORTED")) return null;
    throw error;
  }
}
