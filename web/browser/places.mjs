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

/** Follows links from the start page until no new kind of page is found, `most` at the most. */
export async function places(page, address, most = 80) {
  const found = new Map([["/", "/"]]);
  const waiting = ["/"];
  while (waiting.length && found.size < most) {
    const answer = await page.goto(address + waiting.shift());
    if (!answer?.headers()["content-type"]?.startsWith("text/html")) continue;
    const links = await page.$$eval("a[href]", (links) => links.map((link) => link.href));
    for (const link of links) {
      const url = new URL(link);
      if (url.origin !== address || LEFT_OUT.some((pattern) => pattern.test(url.pathname))) continue;
      const kind = kindOf(url);
      if (found.has(kind) || found.size >= most) continue;
      found.set(kind, url.pathname + url.search);
      waiting.push(url.pathname + url.search);
    }
  }
  return [...found.values()];
}
