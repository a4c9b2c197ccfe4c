"""A page in the browser, driven as a person does: by the names of its controls, with real clicks and keys."""
import base64
import contextlib
import json
import time

from chromium import BrowserError

DESKTOP, PHONE = (1280, 800), (390, 844)
_ROLES = {
    "button": ["button"], "link": ["link"], "tab": ["tab"],
    "field": ["textbox", "searchbox", "spinbutton", "slider", "combobox", "listbox", "Date", "checkbox", "radio", "switch"]}
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}


class Page:
    """One tab in a cookie jar of its own (`context`), so that two people can be signed in at once."""

    def __init__(self, browser, context=None, size=DESKTOP, dark=False, script=True, seconds=15):
        self.browser, self.seconds = browser, seconds
        self.owns_context = context is None
        self.context = context or browser.call("Target.createBrowserContext")["browserContextId"]
        self.target = browser.call(
            "Target.createTarget", {"url": "about:blank", "browserContextId": self.context})["targetId"]
        self.session = browser.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})["sessionId"]
        self.loads, self.requests, self.complaints, self.dialogs = 0, {}, [], []
        browser.listen(self.session, self._event)
        for domain in ["Page", "Network", "Runtime", "Log", "DOM", "Accessibility"]:
            self.call(f"{domain}.enable")
        self.look(size, dark)
        if not script:
            self.call("Emulation.setScriptExecutionDisabled", value=True)

    def call(self, method, seconds=30, **parameters):
        """A command to this page."""
        return self.browser.call(method, parameters, self.session, seconds)

    def look(self, size=DESKTOP, dark=False):
        """Takes the size of a screen and its owner's wish for light or dark."""
        width, height = size
        phone = width < 600
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def _event(self, method, facts):
        if method == "Page.loadEventFired":
            self.loads += 1
        elif method == "Network.requestWillBeSent":
            # A redirect keeps its number, so what was answered before is kept under another.
            if "redirectResponse" in facts:
                earlier = self.requests.pop(facts["requestId"], {})
                self.requests[facts["requestId"], len(self.requests)] = {
                    **earlier, "done": True, "response": facts["redirectResponse"], "bytes": facts["redirectResponse"]["encodedDataLength"]}
            self.requests[facts["requestId"]] = {
                "url": facts["request"]["url"], "type": facts.get("type"), "method": facts["request"]["method"], "bytes": 0}
        elif method == "Network.responseReceived" and facts["requestId"] in self.requests:
            self.requests[facts["requestId"]]["response"] = facts["response"]
        elif method == "Network.loadingFinished" and facts["requestId"] in self.requests:
            self.requests[facts["requestId"]]["bytes"] = facts["encodedDataLength"]
            self.requests[facts["requestId"]]["done"] = True
        elif method == "Network.loadingFailed" and facts["requestId"] in self.requests:
            self.requests[facts["requestId"]]["done"] = True
            self.requests[facts["requestId"]]["failure"] = facts["errorText"]
        elif method == "Runtime.exceptionThrown":
            details = facts["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Log.entryAdded" and facts["entry"]["level"] == "error":
            self.complaints.append(f"{facts['entry']['text']} ({facts['entry'].get('url', '')})")
        elif method == "Runtime.consoleAPICalled" and facts["type"] == "error":
            self.complaints.append(" ".join(str(value.get("value", "")) for value in facts["args"]))
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append(facts["message"])

    # Where we are

    def open(self, url, seconds=None):
        """Goes to an address and waits until it is loaded; the status of the answer."""
        self.requests, self.complaints = {}, []
        with self.loading(seconds):
            answer = self.call("Page.navigate", url=url)
            if "errorText" in answer:
                raise BrowserError(f"{url}: {answer['errorText']}")
        return self.status

    @contextlib.contextmanager
    def loading(self, seconds=None):
        """Waits, after what is done inside, until a page was loaded."""
        before = self.loads
        yield
        self.until(lambda: self.loads > before, "a page is loaded", seconds)

    @property
    def document(self):
        """The request that gave the page, after redirects."""
        found = [request for request in self.requests.values() if request["type"] == "Document" and "response" in request]
        if not found:
            raise BrowserError("no page was loaded")
        return found[-1]

    @property
    def status(self):
        return self.document["response"]["status"]

    @property
    def url(self):
        return self.evaluate("location.href")

    @property
    def text(self):
        """What a person can read."""
        return self.evaluate("document.body ? document.body.innerText : ''")

    def evaluate(self, expression, **values):
        """The value of an expression in the page, awaited; `values` are its constants."""
        head = "".join(f"const {name} = {json.dumps(value)};" for name, value in values.items())
        source = f"(() => {{ {head} return ({expression}); }})()" if head else expression
        answer = self.call("Runtime.evaluate", expression=source, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def until(self, condition, what, seconds=None):
        """Waits, within bounds, for a condition; its value."""
        end = time.monotonic() + (seconds or self.seconds)
        while True:
            try:
                if value := condition():
                    return value
            except BrowserError:
                # The page is between two documents.
                if time.monotonic() > end:
                    raise
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds or self.seconds} s: {what}; at {self.url}:\n{self.text[:1500]}")
            time.sleep(0.03)

    def until_text(self, text, seconds=None):
        """Waits until the page says something."""
        self.until(lambda: text in self.text, f"the page says “{text}”", seconds)

    # What is on it

    def tree(self):
        """The accessibility tree: nodes with role, name, properties and the number of their element."""
        nodes = []
        for node in self.call("Accessibility.getFullAXTree")["nodes"]:
            if node.get("ignored"):
                continue
            nodes.append({
                "id": node["nodeId"], "role": node["role"]["value"], "name": node.get("name", {}).get("value", "").strip(),
                "value": node.get("value", {}).get("value"), "element": node.get("backendDOMNodeId"),
                "properties": {item["name"]: item["value"].get("value") for item in node.get("properties", [])}})
        return nodes

    def find(self, kind, name, seconds=None):
        """The element of the one control of this kind that is called so, or begins so; waits for it."""

        def look():
            controls = [node for node in self.tree() if node["role"] in _ROLES.get(kind, [kind])]
            for match in (str.__eq__, str.startswith, str.__contains__):
                if found := [node for node in controls if match(node["name"], name)]:
                    return found[0]
            return None

        return self.until(look, f"a {kind} called “{name}”", seconds)["element"]

    def has(self, kind, name):
        """Whether such a control is there now."""
        return any(node["role"] in _ROLES.get(kind, [kind]) and name in node["name"] for node in self.tree())

    def select(self, selector, seconds=None):
        """The element that a CSS selector finds first; waits for it."""

        def look():
            root = self.call("DOM.getDocument", depth=0)["root"]["nodeId"]
            number = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
            return number and self.call("DOM.describeNode", nodeId=number)["node"]["backendNodeId"]

        return self.until(look, f"an element {selector}", seconds)

    def on(self, element, function, *arguments):
        """Calls a function of JavaScript whose `this` is the element."""
        found = self.call("DOM.resolveNode", backendNodeId=element)["object"]["objectId"]
        answer = self.call(
            "Runtime.callFunctionOn", objectId=found, functionDeclaration=f"function(...values) {{ {function} }}",
            arguments=[{"value": value} for value in arguments], returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["exceptionDetails"].get("exception", {}).get("description")))
        return answer["result"].get("value")

    # What a person does

    def press_on(self, element):
        """A real click in an element's middle."""
        self.call("DOM.scrollIntoViewIfNeeded", backendNodeId=element)
        quads = self.call("DOM.getContentQuads", backendNodeId=element)["quads"]
        if not quads:
            raise BrowserError("the element is not shown")
        x, y = sum(quads[0][0::2]) / 4, sum(quads[0][1::2]) / 4
        for kind in ["mousePressed", "mouseReleased"]:
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def click(self, name, kind="button", loads=False, seconds=None):
        """Clicks a control by its name; with `loads`, waits for the page that follows."""
        element = self.find(kind, name, seconds)
        if not loads:
            return self.press_on(element)
        self.requests = {}
        with self.loading(seconds):
            self.press_on(element)
        return self.status

    def follow(self, name, seconds=None):
        """Clicks a link and waits for its page; the status."""
        return self.click(name, "link", loads=True, seconds=seconds)

    def fill(self, name, text, seconds=None):
        """Writes into a field as typing does, instead of what is there."""
        element = self.find("field", name, seconds)
        kind = self.on(element, "return this.tagName === 'SELECT' ? 'select' : this.type")
        if kind == "select":
            chosen = self.on(element, """
                const option = [...this.options].find(each => each.value === values[0] || each.text.trim() === values[0]);
                if (!option) { return false; }
                this.value = option.value;
                this.dispatchEvent(new Event('input', {bubbles: true}));
                this.dispatchEvent(new Event('change', {bubbles: true}));
                return true;""", text)
            if not chosen:
                raise AssertionError(f"“{name}” offers no “{text}”")
        elif kind in ["checkbox", "radio"]:
            if self.on(element, "return this.checked") != text:
                self.press_on(element)
        elif kind in ["range", "date", "datetime-local", "time", "month", "color"]:
            self.on(element, """
                this.focus(); this.value = values[0];
                this.dispatchEvent(new Event('input', {bubbles: true}));
                this.dispatchEvent(new Event('change', {bubbles: true}));""", text)
        else:
            self.call("DOM.scrollIntoViewIfNeeded", backendNodeId=element)
            self.call("DOM.focus", backendNodeId=element)
            self.on(element, "if (this.select) { this.select(); }")
            self.call("Input.insertText", text=text)

    def attach(self, selector, *paths):
        """Chooses files in a file input."""
        self.call("DOM.setFileInputFiles", files=list(paths), backendNodeId=self.select(selector))

    def key(self, name, shift=False):
        """Presses one key."""
        facts = {"key": name, "code": name, "windowsVirtualKeyCode": _KEYS[name], "modifiers": 8 if shift else 0}
        text = {"Enter": "\r", " ": " "}.get(name)
        self.call("Input.dispatchKeyEvent", type="keyDown", **facts, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    def cookies(self):
        """The page's cookies by name."""
        return {cookie["name"]: cookie for cookie in self.call("Network.getCookies")["cookies"]}

    # Pictures

    def picture(self, path, quality=45, whole=True, limit=4000):
        """Keeps what the page looks like, down to `limit` points, as WebP or PNG by the path's ending."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        view = self.call("Page.getLayoutMetrics")["cssVisualViewport"]
        height = min(size["height"], limit) if whole else view["clientHeight"]
        clip = {"x": 0, "y": 0, "width": view["clientWidth"], "height": max(height, view["clientHeight"]), "scale": 1}
        form = "png" if path.endswith(".png") else "webp"
        options = {} if form == "png" else {"quality": quality}
        data = base64.b64decode(self.call(
            "Page.captureScreenshot", format=form, clip=clip, captureBeyondViewport=True, **options)["data"])
        with open(path, "wb") as file:
            file.write(data)
        return len(data)

    def close(self):
        """Closes the tab, and its cookie jar if it opened one."""
        self.browser.forget(self.session)
        try:
            self.browser.call("Target.closeTarget", {"targetId": self.target})
            if self.owns_context:
                self.browser.call("Target.disposeBrowserContext", {"browserContextId": self.context})
        except BrowserError:
            pass  # The browser has ended, and the tab with it.

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
