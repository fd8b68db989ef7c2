"""A real browser on a real site: Chromium through its driver, and a server on 127.0.0.1, both stopped at the end."""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from selenium import webdriver

from icms_calendar.site.hosting import HEADERS
from tests.conftest import need

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
)
# A clock that stands at `now`, for pages that ask what time it is.
_CLOCK = """{
  const now = %d, Real = Date;
  Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(now); }
    static now() { return now; }
  };
}"""


class Browser:
    """Chromium, as far as the tests need it: open a page in some state of the world, and ask what there is."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self._agent = str(driver.execute_script("return navigator.userAgent"))
        self._script: str | None = None

    def open(
        self,
        address: str,
        *,
        width: int = 1280,
        scheme: str = "light",
        timezone: str = "Africa/Nairobi",
        now: float | None = None,
        scripts: bool = True,
        before: str = "",
        agent: str = "",
    ) -> None:
        """Open a page; `now` is what the visitor's clock shows, in seconds since 1970; `before` runs before its own."""
        cdp = self.driver.execute_cdp_cmd
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        cdp("Emulation.setDeviceMetricsOverride", size)
        media = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}  # no scrolling to wait for
        cdp("Emulation.setEmulatedMedia", {"features": [{"name": k, "value": v} for k, v in media.items()]})
        cdp("Emulation.setTimezoneOverride", {"timezoneId": timezone})
        cdp("Emulation.setUserAgentOverride", {"userAgent": agent or self._agent})
        cdp("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        if self._script:
            cdp("Page.removeScriptToEvaluateOnNewDocument", {"identifier": self._script})
            self._script = None
        source = before if now is None else f"{before};{_CLOCK % int(now * 1000)}"
        if source:
            made = cdp("Page.addScriptToEvaluateOnNewDocument", {"source": source})
            self._script = made["identifier"]
        self._log("performance")
        self._log("browser")
        self.driver.get(address)

    def _log(self, name: str) -> list[Any]:
        return [*self.driver.get_log(name)]  # type: ignore[no-untyped-call]  # of selenium

    def js(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def text(self, selector: str) -> str:
        """What is shown of the first element that matches."""
        return str(self.js("return document.querySelector(arguments[0]).innerText", selector))

    def picture(self, height: int | None = None) -> bytes:
        """A PNG of the whole page, or of its first `height` pixels."""
        width = self.js("return document.documentElement.clientWidth")
        tall = height or self.js("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": tall, "scale": 1}
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        return b64decode(shot["data"])

    def console(self) -> list[str]:
        return [entry["message"] for entry in self._log("browser")]

    def requested(self) -> list[str]:
        """Every address that was asked for since the page was opened."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        sent = [message for message in messages if message["method"] == "Network.requestWillBeSent"]
        return [message["params"]["request"]["url"] for message in sent]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.js("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """A Chromium of its own, with a new profile."""
    options = webdriver.ChromeOptions()
    options.binary_location = need("chromium")
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(need("chromedriver")))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


class Host(SimpleHTTPRequestHandler):
    """As hosts serve a site: also with the policy of what its pages may load and run."""

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path, host: type[SimpleHTTPRequestHandler] = Host) -> Iterator[str]:
    """A folder on 127.0.0.1; gives its address, without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(host, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
