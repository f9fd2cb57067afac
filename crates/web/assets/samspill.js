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

  // Fetches a page and puts its marked regions in the place of ours. What is being typed stays.
  const refresh = async (address) => {
    const sent = typed ? { method: "POST", body: new URLSearchParams(typed) } : {};
    const answer = await fetch(address, { credentials: "same-origin", headers: { "X-Samspill-Del": "1" }, ...sent });
    if (!answer.ok || answer.redirected) {
      location.reload();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const ours of document.querySelectorAll("[data-region]")) {
      const theirs = page.getElementById(ours.id);
      if (!theirs) continue;
      if (ours.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) continue;
      const focused = ours.contains(document.activeElement) ? document.activeElement.id || document.activeElement.getAttribute("href") : null;
      ours.replaceWith(theirs);
      if (focused) {
        const again = document.getElementById(focused) || theirs.querySelector(`[href="${CSS.escape(focused)}"]`);
        again?.focus({ preventScroll: true });
      }
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
  addEventListener("popstate", () => location.reload());

  // What happens: the stream says that something changed, never what. Many changes at once are one refresh.
  const streamed = document.querySelector("[data-stream]");
  if (streamed && "EventSource" in window) {
    const stream = new EventSource(streamed.dataset.stream);
    let due;
    stream.addEventListener("endret", () => {
      due ??= setTimeout(() => {
        due = undefined;
        if (document.visibilityState === "visible") refresh(location.href).catch(() => {});
        else document.addEventListener("visibilitychange", () => refresh(location.href).catch(() => {}), { once: true });
      }, 700);
    });
    stream.addEventListener("open", () => say(""));
    stream.addEventListener("error", () => setTimeout(() => stream.readyState !== EventSource.OPEN && say(document.body.dataset.lost ?? ""), 10_000));
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
  }
})();
