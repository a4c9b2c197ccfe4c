"""Judges a page as axe does: names, headings, landmarks, contrast, tab order; and its weight and speed."""
import contextlib
import os
import statistics
import time

# What the server may take for a page.
BUDGET_MILLISECONDS = 20

_CONTROLS = {
    "button", "link", "textbox", "searchbox", "checkbox", "radio", "combobox", "listbox", "slider", "spinbutton", "switch",
    "tab", "menuitem", "Date", "DisclosureTriangle"}
_HERE = os.path.dirname(os.path.abspath(__file__))
_MOST_TABS = 250


def accessibility(page):
    """Complaints about the page as it is shown, and facts: controls, headings, tab stops, lowest contrast."""
    tree = page.tree()
    with open(os.path.join(_HERE, "judge.js"), encoding="utf-8") as file:
        seen = page.evaluate(file.read().partition("\n")[2])
    complaints = seen["complaints"]
    controls = [node for node in tree if node["role"] in _CONTROLS]
    complaints += [f"a {node['role']} without a name" for node in controls if not node["name"]]
    complaints += [f"a picture without a name ({node['role']})" for node in tree
                   if node["role"] in ("image", "img", "figure graphic") and not node["name"]]
    headings = [node for node in tree if node["role"] == "heading"]
    levels = [int(node["properties"].get("level", 0)) for node in headings]
    if levels.count(1) != 1:
        complaints.append(f"{levels.count(1)} headings of level 1")
    last = 0
    for node, level in zip(headings, levels):
        if level > last + 1:
            complaints.append(f"heading level {level} after {last}: {node['name'][:40]}")
        last = level
    roles = [node["role"] for node in tree]
    if roles.count("main") != 1:
        complaints.append(f"{roles.count('main')} main landmarks")
    navigations = [node["name"] for node in tree if node["role"] == "navigation"]
    if len(navigations) > 1 and len(set(navigations)) < len(navigations):
        complaints.append("navigations with the same name")
    stops, lost = tab_order(page)
    complaints += lost
    return {"complaints": sorted(set(complaints)), "controls": len(controls), "headings": len(headings),
            "tab_stops": stops, "contrast": seen["contrast"]}


def tab_order(page):
    """Presses Tab through the page; how many stops there are, and complaints about order and visible focus."""
    page.evaluate("""(() => { window.scrollTo(0, 0); document.activeElement && document.activeElement.blur();
        window.judged = new Map(); window.judgedPlain = new WeakMap();
        for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
            const style = getComputedStyle(each);
            window.judgedPlain.set(each, [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor].join());
        } })()""")
    complaints, stops, last = [], 0, None
    while stops < _MOST_TABS:
        page.key("Tab")
        stop = page.evaluate("""(() => {
            const each = document.activeElement;
            if (!each || each === document.body || window.judged.has(each)) { return null; }
            const earlier = [...window.judged.keys()].pop();
            window.judged.set(each, true);
            const style = getComputedStyle(each);
            const now = [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor].join();
            const grouped = each.type === "radio";
            return {
                name: (each.getAttribute("aria-label") || each.textContent || each.name || each.tagName).trim().slice(0, 40),
                seen: now !== window.judgedPlain.get(each) || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
                forward: !earlier || grouped || Boolean(earlier.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING)};
        })()""")
        if stop is None:
            break
        stops += 1
        if not stop["seen"]:
            complaints.append(f"focus is not seen: {stop['name']}")
        if not stop["forward"]:
            complaints.append(f"tab order goes back: {last} → {stop['name']}")
        last = stop["name"]
    return stops, complaints


def weight(page, url):
    """Bytes over the wire and requests of a first visit, and the median of the server's time for the page itself."""
    page.call("Network.clearBrowserCache")
    page.call("Network.setCacheDisabled", cacheDisabled=True)
    page.open(url)
    with contextlib.suppress(AssertionError):
        page.until(lambda: not _missing(page), "all has come", 10)
    # Pictures made by the page itself never cross a wire.
    crossed = [one for one in list(page.requests.values()) if one["url"].startswith("http")]
    facts = {
        "status": page.status, "bytes": sum(one["bytes"] for one in crossed), "requests": len(crossed),
        "elsewhere": sorted({one["url"].split("/")[2] for one in crossed} - {url.split("/")[2]}),
        "complaints": [*page.complaints, *(f"{one} has not come in whole" for one in _missing(page))]}
    medians = [_server_time(page, url)]
    while medians[-1] > BUDGET_MILLISECONDS and len(medians) < 3:
        # Nodes prove and satellites count on the same processors for seconds: who is slow by himself is slow later too.
        time.sleep(10)
        medians.append(_server_time(page, url))
    page.call("Network.setCacheDisabled", cacheDisabled=False)
    return facts | {"milliseconds": min(medians)}


def _missing(page):
    """What was answered and has not ended."""
    return [one["url"] for one in list(page.requests.values()) if "response" in one and not one.get("done")]


def _server_time(page, url, times=9):
    """The median of milliseconds until the page's head has come."""
    spans = []
    for _ in range(times):
        # The browser shares the server's processors: let it finish with the page before.
        time.sleep(0.1)
        page.open(url)
        timing = page.document["response"]["timing"]
        spans.append(timing["receiveHeadersEnd"] - timing["sendStart"])
    return statistics.median(spans)
