"""Drives a headless Chromium over its debugging pipe, with nothing but Python's own library."""
import base64
import json
import os
import subprocess
import tempfile
import threading
import time


class Chromium:
    """One browser with a profile of its own; ends with its `with` block."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(prefix="faultline-chromium-", ignore_cleanup_errors=True)
        (theirs_in, self.out), (self.into, theirs_out) = os.pipe(), os.pipe()
        command = [
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--hide-scrollbars",
            f"--user-data-dir={self.profile.name}", "about:blank",
        ]

        def hand_over():
            low, high = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(low, 3)
            os.dup2(high, 4)

        self.process = subprocess.Popen(
            command, preexec_fn=hand_over, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.lock = threading.Condition()
        self.answers, self.listeners, self.number = {}, {}, 0
        threading.Thread(target=self.read, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        os.close(self.out)
        self.profile.cleanup()

    def read(self):
        rest = b""
        while piece := os.read(self.into, 1 << 20):
            *messages, rest = (rest + piece).split(b"\0")
            for message in map(json.loads, messages):
                with self.lock:
                    if "id" in message:
                        self.answers[message["id"]] = message
                    elif listener := self.listeners.get(message.get("sessionId")):
                        listener(message["method"], message["params"])
                    self.lock.notify_all()

    def send(self, method, session=None, **parameters):
        with self.lock:
            self.number += 1
            number = self.number
        message = {"id": number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        os.write(self.out, json.dumps(message).encode() + b"\0")
        with self.lock:
            if not self.lock.wait_for(lambda: number in self.answers, 60):
                raise TimeoutError(f"Chromium does not answer {method}")
            answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def page(self, address, width=1440, height=900, dark=True, scale=1, first=""):
        """`first`: a script that runs before the page's own."""
        return Page(self, address, width, height, dark, scale, first)


class Page:
    """One page, and what went wrong on it."""

    def __init__(self, chromium, address, width, height, dark, scale, first):
        self.chromium = chromium
        self.problems, self.requests = [], []
        self.target = chromium.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = chromium.send("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        chromium.listeners[self.session] = self.note
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.send(f"{domain}.enable")
        self.shape(width, height, dark, scale)
        self.send("Page.addScriptToEvaluateOnNewDocument", source=first)
        self.send("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def send(self, method, **parameters):
        return self.chromium.send(method, self.session, **parameters)

    def shape(self, width, height, dark, scale=1):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def note(self, method, parameters):
        if method == "Runtime.exceptionThrown":
            self.problems.append(parameters["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.problems.append(str([argument.get("value") for argument in parameters["args"]]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.problems.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])

    def evaluate(self, expression):
        result = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, expression, seconds=30):
        end = time.monotonic() + seconds
        while not (value := self.evaluate(expression)):
            if time.monotonic() > end:
                raise TimeoutError(f"{expression} has not come true in {seconds} s; problems: {self.problems}")
            time.sleep(0.1)
        return value

    def number(self, selector):
        """The exact number that an element shows."""
        return int(float(self.evaluate(f"document.querySelector({json.dumps(selector)}).dataset.value")))

    def text(self, selector):
        return self.evaluate(f"document.querySelector({json.dumps(selector)}).textContent")

    def click(self, selector):
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def key(self, key, text=None):
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, **({"text": text} if text and kind == "keyDown" else {}))

    def close(self):
        """What happens from here on is no problem of the page's."""
        self.chromium.listeners.pop(self.session, None)
        self.chromium.send("Target.closeTarget", targetId=self.target)

    def picture(self, path):
        data = self.send("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
