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
  // A page that came as the answer to such a form is asked for in the same way again.
  const posted = document.querySelector("form[data-filter][method=post]");
  if (posted?.elements.q?.value) {
    typed = [...new FormData(posted), ["side", posted.dataset.side]].filter(([, value]) => value);
  }

  // The same thing in a new part: by its id, where it leads, or what it says; and which of those that are alike in that. They are looked for
  // where it stood, and everywhere if that is called otherwise by now: a message has another place in the log once it has arrived.
  const sign = (it) => it.id || it.getAttribute("href") || `${it.tagName} ${it.getAttribute("aria-label") ?? it.textContent}`;
  const place = (it) => it.parentElement?.closest("[id]")?.id;
  const twin = (it, ours, theirs) => {
    const alike = (part) => [...part.querySelectorAll(it.tagName)].filter((other) => sign(other) === sign(it));
    const near = (all) => all.filter((other) => place(other) === place(it));
    const [old, fresh] = [alike(ours), alike(theirs)];
    return near(fresh)[near(old).indexOf(it)] ?? fresh[old.indexOf(it)];
  };
  // Which lists and menus are open.
  const keepOpen = (ours, theirs) => {
    for (const summary of ours.querySelectorAll("details[open] > summary")) {
      const again = twin(summary, ours, theirs);
      if (again) again.parentElement.open = true;
    }
  };
  // What is ticked and not sent yet stays so.
  const keepTicked = (ours, theirs) => {
    for (const it of ours.querySelectorAll("input[type=checkbox]")) {
      if (it.checked === it.defaultChecked) continue;
      const again = twin(it, ours, theirs);
      if (again) again.checked = it.checked;
    }
  };
  // What was moved aside to read on stays where it was moved to.
  const keepPlaces = (ours, theirs) => {
    for (const it of ours.querySelectorAll("[role=region]")) {
      if (it.scrollLeft || it.scrollTop) twin(it, ours, theirs)?.scrollTo({ left: it.scrollLeft, top: it.scrollTop, behavior: "instant" });
    }
  };
  // Puts a new part in the place of an old one. The keyboard stays where it is; if that is gone, it goes on from the part that it was in.
  const exchange = (ours, theirs) => {
    const focused = ours.contains(document.activeElement) ? document.activeElement : null;
    const again = focused && twin(focused, ours, theirs);
    keepOpen(ours, theirs);
    keepTicked(ours, theirs);
    ours.after(theirs);
    keepPlaces(ours, theirs);
    ours.remove();
    if (focused && !again) theirs.tabIndex = -1;
    if (focused) (again ?? theirs).focus({ preventScroll: true });
  };

  // Nothing is exchanged under a finger: what is pressed would never be let go of. A list of options is let go of unheard.
  let pressed;
  let letGo;
  addEventListener("pointerdown", () => {
    pressed = new Promise((resolve) => (letGo = resolve));
    setTimeout(letGo, 2_000);
  }, true);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(letGo), true);

  // Fetches a page and puts its marked regions in the place of ours. What is being typed stays, and what is open stays open.
  let begun = 0;
  let shown = 0;
  const refresh = async (address) => {
    const mine = ++begun;
    const sent = typed ? { method: "POST", body: new URLSearchParams(typed) } : {};
    const answer = await fetch(address, { credentials: "same-origin", headers: { "X-Samspill-Del": "1" }, ...sent });
    if (answer.status >= 500 || answer.status === 429) {
      // What stands here is better than nothing. Whoever is told to wait looks again when the time is over.
      say(document.body.dataset.lost ?? "");
      const wait = Number(answer.headers.get("retry-after"));
      if (answer.status === 429 && mine === begun) setTimeout(() => mine === begun && refresh(location.href).catch(() => {}), 1000 * (wait || 5));
      return;
    }
    if (!answer.ok || answer.redirected) {
      location.reload();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    await pressed;
    // On a slow line an older answer may come after a newer one.
    if (mine < shown) return;
    shown = mine;
    say("");
    for (const ours of document.querySelectorAll("[data-region]")) {
      const theirs = page.getElementById(ours.id);
      if (!theirs) continue;
      if (ours.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) continue;
      exchange(ours, theirs);
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
    // What costs much to make is made more seldom.
    const pause = Number(streamed.dataset.pause) || 700;
    let due;
    let looked = 0;
    const changed = () => {
      due ??= setTimeout(() => {
        due = undefined;
        looked = Date.now();
        if (document.visibilityState === "visible") look();
        else document.addEventListener("visibilitychange", look, { once: true });
      }, Math.max(20, looked + pause - Date.now()));
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
