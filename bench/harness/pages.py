"""Goal 9, a board of ten thousand open stays, and two hundred people at once on the demo."""

import datetime
import http.client
import json
import random
import re
import tempfile
import threading
import time
import urllib.parse
from collections import defaultdict
from pathlib import Path

from harness import appends, fronts, report, setup
from harness.report import Goal

STAYS = 10_000
LINES_AT_ONCE = 10_000
LOOKS = 40
PUSHES = 20
USERS = 200
IDLE_SECONDS = 8
THINKS_SECONDS = (2, 8)
USERS_FOR_SECONDS = 60


class Visitor:
    """Somebody with a browser's cookies, over a connection that stays open."""

    def __init__(self, port, cookies=None):
        self.port, self.cookies = port, dict(cookies or {})
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.last = 0.0

    def ask(self, method, path, form=None, headers=None):
        """The status, the headers, the body, and the seconds until the first byte of the answer was there."""
        body = urllib.parse.urlencode(form) if form is not None else None
        sent = {"Host": f"localhost:{self.port}", "Accept-Encoding": "br, gzip", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            sent["Origin"] = f"http://localhost:{self.port}"
        # The server ends a connection on which nothing was asked for ten seconds.
        if time.monotonic() - self.last > IDLE_SECONDS:
            self.connection.close()
        self.last = time.monotonic()
        begin = time.perf_counter()
        try:
            self.connection.request(method, path, body, sent)
        except OSError:
            # It was ended from the other side, with nothing of this taken.
            self.connection.close()
            self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        first = time.perf_counter() - begin
        text = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        return answer.status, answer.headers, text, first

    def token(self, path):
        """The token of the form on a page."""
        _, _, text, _ = self.ask("GET", path, headers={"Accept-Encoding": "identity"})
        found = re.search(r'name="_token" value="([^"]*)"', text.decode())
        return found.group(1) if found else ""

    def sends(self, path, page, **form):
        """Sends the form that stands on a page, again where it is told to wait."""
        while True:
            status, headers, text, _ = self.ask("POST", path, {"_token": self.token(page), **form})
            if status == 303:
                return headers["Location"]
            if status != 429:
                raise SystemExit(f"{path} answers {status}: {text[:500]}")
            time.sleep(float(headers.get("Retry-After", "5")))


def goal_9(options):
    stays = 1000 if options.quick else STAYS
    title = f"Goal 9: a board of {stays:,} open stays"
    print(f"\n{title}")
    fronts.build_product()
    made = fronts.messages(1)
    with tempfile.TemporaryDirectory(dir=appends.data()) as folder:
        with fronts.Node(folder, "sqlite:data/samspill.db", made) as node:
            open_stays(node, stays)
            visitor = coordinator(node, fronts.trust_of(made))
            first, size = looked_at(visitor, stays)
            pushed = pushes(node, visitor)
    goals = [
        Goal("first byte within 50 ms", spread(first), at(first, 0.5) <= 50),
        Goal("at most 200 kB compressed", f"{size / 1000:.0f} kB", size <= 200_000),
        Goal("told of within 1 s", spread(pushed), max(pushed) <= 1000),
    ]
    table = [["first byte", spread(first)], ["page, compressed", f"{size / 1000:.1f} kB"], ["told of", spread(pushed)]]
    publish("9", title, ["", f"{LOOKS} looks, {PUSHES} changes"], table, goals, options)
    return all(goal.met for goal in goals)


def open_stays(node, stays):
    """Stays that began in the last month, each with the municipality told."""
    print(f"  opening {stays:,} stays", flush=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    chance = random.Random(9)
    lines = []
    for number in range(stays):
        begun = now - datetime.timedelta(minutes=chance.randrange(60, 30 * 24 * 60))
        told = begun + datetime.timedelta(minutes=50)
        lines.append(line(f"stay-{number}", "innlagt", begun))
        lines.append(line(f"stay-{number}", "melding-om-innlagt-pasient", told))
    for start in range(0, len(lines), LINES_AT_ONCE):
        answer = hand_in(node, lines[start : start + LINES_AT_ONCE], f"open-{start}")
        refused = [word for word in answer if word["outcome"] == "refused"]
        if refused:
            raise SystemExit(f"{len(refused)} lines were refused, such as: {refused[0]}")


def line(case, kind, when):
    written = {"case": case, "kind": kind, "at": when.strftime("%Y-%m-%dT%H:%M:%SZ")}
    if kind == "innlagt":
        written["facts"] = {"fagomrade": "somatikk", "kommunale-tjenester": True}
    return written


def hand_in(node, lines, key):
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=600)
    body = "\n".join(json.dumps(one) for one in lines) + "\n"
    headers = {
        "Authorization": f"Bearer {node.token}",
        "Content-Type": "application/x-ndjson",
        "Accept": "application/x-ndjson",
        "Idempotency-Key": key,
    }
    connection.request("POST", "/api/v1/log", body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status != 200:
        raise SystemExit(f"/api/v1/log answers {answer.status}: {text[:500]}")
    return [json.loads(one) for one in text.splitlines() if one]


def coordinator(node, trust):
    """Somebody of the hospital's coordination office, logged in with a password."""
    words = node.does("account", "add", "kari", "--name", "Kari Koordinator", "--role", f"samhandlingskontor:{trust}")
    link = re.search(r"/oppsett/\S+", words).group(0)
    visitor, password = Visitor(node.port), "et langt passord til målingen"
    visitor.sends(link, link, passord=password, igjen=password)
    visitor.sends("/logg-inn", "/logg-inn", navn="kari", passord=password)
    return visitor


def looked_at(visitor, stays):
    """Milliseconds until the first byte of the board, and the bytes of the page."""
    took, size = [], 0
    for look in range(LOOKS + 2):
        status, _, text, first = visitor.ask("GET", "/tavle")
        if status != 200:
            raise SystemExit(f"the board answers {status}")
        if look >= 2:
            took.append(first * 1000)
        size = max(size, len(text))
    _, _, text, _ = visitor.ask("GET", "/tavle", headers={"Accept-Encoding": "identity"})
    if f"{stays}" not in re.sub(r"[\s\u00a0\u202f]|&#160;|&nbsp;", "", text.decode()):
        raise SystemExit(f"the board doesn't tell of {stays} stays")
    return took, size


def pushes(node, visitor):
    """Milliseconds from when an entry is sent in until the board's stream tells of it: the commit lies in between."""
    heard, told = [], threading.Event()
    listener = Visitor(node.port, visitor.cookies)
    listener.connection.request("GET", "/tavle/strom", headers=cookies_of(visitor))
    stream = listener.connection.getresponse()

    def listen():
        for words in stream:
            if words.startswith(b"data:"):
                heard.append(time.perf_counter())
                told.set()

    threading.Thread(target=listen, daemon=True).start()
    took = []
    for number in range(PUSHES):
        told.clear()
        heard.clear()
        sent = time.perf_counter()
        hand_in(node, [line(f"push-{number}", "innlagt", datetime.datetime.now(datetime.timezone.utc))], f"push-{number}")
        if not told.wait(10):
            raise SystemExit("the stream tells nothing")
        took.append((heard[0] - sent) * 1000)
        time.sleep(0.3)
    return took


def cookies_of(visitor):
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    return {"Host": f"localhost:{visitor.port}", "Accept": "text/event-stream", "Cookie": cookies}


def goal_users(options):
    seconds = 10 if options.quick else USERS_FOR_SECONDS
    title = f"{USERS} people at once on the demo, each with a page every {sum(THINKS_SECONDS) // 2} seconds, for {seconds} s"
    print(f"\n{title}")
    fronts.build_product()
    with tempfile.TemporaryDirectory(dir=appends.data()) as folder, Demo(folder) as demo:
        people = [logged_in(demo.port, login) for login in demo.logins()]
        took = everybody(demo.port, people, seconds)
    each = [took_of for pages in took.values() for took_of in pages]
    goals = [Goal("95 of 100 pages within 200 ms", f"{at(each, 0.95):.0f} ms", at(each, 0.95) <= 200)]
    table = [[path, str(len(pages)), spread(pages)] for path, pages in sorted(took.items())]
    table.append(["all", str(len(each)), spread(each)])
    publish("users", title, ["page", "asked for", "whole page"], table, goals, options)
    return all(goal.met for goal in goals)


class Demo(fronts.Running):
    """The demo as `make run` starts it, its traffic going on."""

    def __init__(self, folder):
        super().__init__("demo", fronts.free_port())
        print("  making the region", flush=True)
        command = [fronts.PRODUCT, "demo", "--data", Path(folder) / "demo", "--port", self.port]
        self.start(command, f"http://127.0.0.1:{self.port}/logg-inn", folder)

    def logins(self):
        _, _, text, _ = Visitor(self.port).ask("GET", "/logg-inn", headers={"Accept-Encoding": "identity"})
        return re.findall(r'name="navn" value="([^"]+)"', text.decode())


def logged_in(port, login):
    visitor = Visitor(port)
    start = visitor.sends("/logg-inn/demo", "/logg-inn", navn=login)
    _, _, text, _ = visitor.ask("GET", start, headers={"Accept-Encoding": "identity"})
    menu = re.findall(r'<a[^>]* href="(/[a-z]*)"', text.decode())
    places = {path for path in menu if path in ("/", "/tavle", "/oppgaver", "/innboks", "/tall", "/avtaler")} | {start}
    return visitor.cookies, sorted(places)


def everybody(port, people, seconds):
    """What pages took, in milliseconds, by their address; people come in little by little."""
    took, lock, faults = defaultdict(list), threading.Lock(), []
    last = time.monotonic() + seconds + THINKS_SECONDS[1]

    def one(number):
        chance = random.Random(number)
        cookies, places = people[number % len(people)]
        visitor = Visitor(port, cookies)
        time.sleep(chance.uniform(0, THINKS_SECONDS[1]))
        while time.monotonic() < last:
            path = chance.choice(places)
            begin = time.perf_counter()
            status, headers, text, _ = visitor.ask("GET", path)
            spent = (time.perf_counter() - begin) * 1000
            with lock:
                if status == 200:
                    took[path].append(spent)
                else:
                    faults.append(f"{path} answers {status}: {text[:200]}")
            time.sleep(chance.uniform(*THINKS_SECONDS))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(f"{len(faults)} pages failed, such as: {faults[0]}")
    return took


def at(took, share):
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def spread(took):
    return f"half in {at(took, 0.5):.0f} ms, 95 of 100 in {at(took, 0.95):.0f} ms, all in {max(took):.0f} ms"


def publish(name, title, head, table, goals, options):
    report.show(title, head, table, goals)
    if options.quick:
        print("  (not kept: measured at a small size)")
        return
    setup.RESULTS.mkdir(exist_ok=True)
    report.add(setup.RESULTS / f"{name}.md", title, head, table, goals, appends.facts())


GOALS = {9: goal_9, "users": goal_users}
