// Improves pages that work without it: filters without loading the page anew, and parts that follow what happens.
"use strict";

(() => {
  document.documentElement.dataset.js = "1";
  const say = (text) => {
    const place = document.getElementById("samspill-sier");
    if (place) place.textContent = text;
  };

  // What somebody typed to find patients by. It is sent as a form and stands in no address.
  let typed;

  // Which lists and menus are open, by where they stand and what they are called.
  const called = (details) => `${details.closest("[id]")?.id} ${details.querySelector("summary")?.textContent}`;
  const keepOpen = (ours, theirs) => {
    const open = new Set([...ours.querySelectorAll("details[open]")].map(called));
    for (const details of theirs.querySelectorAll("details")) if (open.has(called(details))) details.open = true;
  };

  // Fetches a page and puts its marked regions in the place of ours. What is being typed stays, and what is open stays open.
  let begun = 0;
  let shown = 0;
  const refresh = async (address) => {
    const mine = ++begun;
    const sent = typed ? { method: "POST", body: new URLSearchParams(typed) } : {};
    const answer = await fetch(address, { credentials: "same-origin", headers: { "X-Samspill-Del": "1" }, ...sent });
    if (answer.status >= 500) {
      // What stands here is better than nothing.
      say(document.body.dataset.lost ?? "");
      return;
    }
    if (!answer.ok || answer.redirected) {
      location.reload();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // On a slow line an older answer may come after a newer one.
    if (mine < shown) return;
    shown = mine;
    say("");
    for (const ours of document.querySelectorAll("[data-region]")) {
      const theirs = page.getElementById(ours.id);
      if (!theirs) continue;
      if (ours.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) continue;
      const focused = ours.contains(document.activeElement) ? document.activeElement : null;
      const again = focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.matches("summary") ? "summary" : `[href="${CSS.escape(focused.getAttribute("href") ?? "")}"]`);
      const place = again ? [...ours.querySelectorAll(again)].indexOf(focused) : 0;
      keepOpen(ours, theirs);
      ours.replaceWith(theirs);
      if (again) theirs.querySelectorAll(again)[place]?.focus({ preventScroll: true });
    }
    document.title = page.title;
  };

  // Filters: the address follows, so that it can be kept, sent and gone back from; but not what is typed into a form that is posted.
  let asked = 0;
  const filter = (form, how) => {
    const address = new URL(form.action);
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    const isPosted = form.method === "post";
    const before = String(typed);
    typed = isPosted && fields.some(([name]) => name === "q") ? fields : undefined;
    const told = fields.filter(([name]) => !isPosted || (name !== "q" && name !== "_token"));
    address.search = new URLSearchParams(told).toString();
    if (address.href === location.href && String(typed) === before) return;
    history[how](null, "", address);
    stands = whole();
    const mine = ++asked;
    refresh(address).then(() => mine === asked && form.setAttribute("data-clean", ""), () => (isPosted ? form.submit() : location.assign(address)));
  };
  let waits;
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-filter]");
    if (!form) return;
    clearTimeout(waits);
    const isTyped = event.target.matches("input[type=search], input[type=text]");
    waits = setTimeout(() => filter(form, isTyped ? "replaceState" : "pushState"), isTyped ? 300 : 0);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-filter]")) return;
    event.preventDefault();
    filter(event.target, "pushState");
  });
  // Back to what was filtered before. A link within the page, as the one past the menu, is the same page still.
  const whole = () => location.pathname + location.search;
  let stands = whole();
  addEventListener("popstate", () => whole() !== stands && location.reload());

  // What happens: the stream says that something changed, never what. The first change is shown at once, many after it are one refresh.
  const streamed = document.querySelector("[data-stream]");
  if (streamed && "EventSource" in window) {
    const look = () => refresh(location.href).catch(() => {});
    let due;
    let looked = 0;
    const changed = () => {
      due ??= setTimeout(() => {
        due = undefined;
        looked = Date.now();
        if (document.visibilityState === "visible") look();
        else document.addEventListener("visibilitychange", look, { once: true });
      }, Math.max(20, looked + 700 - Date.now()));
    };
    let wasLost = false;
    const follow = () => {
      const stream = new EventSource(streamed.dataset.stream);
      stream.addEventListener("endret", changed);
      stream.addEventListener("open", () => {
        say("");
        // What happened meanwhile was told to nobody.
        if (wasLost) changed();
        wasLost = false;
      });
      stream.addEventListener("error", () => {
        wasLost = true;
        setTimeout(() => wasLost && say(document.body.dataset.lost ?? ""), 10_000);
        // A browser gives up when something else than a stream answers, as a server does that is about to start.
        if (stream.readyState === EventSource.CLOSED) setTimeout(follow, 5_000);
      });
    };
    follow();
  }

  // "In 20 minutes" doesn't stay true: pages that say so are made anew each minute.
  if (document.querySelector("[data-ticks]")) {
    setInterval(() => document.visibilityState === "visible" && refresh(location.href).catch(() => {}), 60_000);
  }

  // A choice in the frame's menu needs no button.
  for (const form of document.querySelectorAll(".s-popover form[action='/visning']")) {
    form.addEventListener("change", () => form.requestSubmit());
  }

  // A notice about what was just done isn't said again when the page is read anew.
  const here = new URL(location.href);
  if (here.searchParams.has("gjort")) {
    here.searchParams.delete("gjort");
    history.replaceState(null, "", here);
    stands = whole();
  }
})();
