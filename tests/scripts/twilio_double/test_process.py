import base64
import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

ACCOUNT = "AC" + "b" * 32
TWIML = {
    "/channels/twilio/voice/answer": '<Response><Gather action="/key"/></Response>',
    "/key": "<Response/>",
}


@pytest.fixture
def product() -> Iterator[tuple[ThreadingHTTPServer, list[tuple[str, dict[str, list[str]]]]]]:
    heard: list[tuple[str, dict[str, list[str]]]] = []

    class Product(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            path = urlsplit(self.path).path
            heard.append((path, parse_qs(form)))
            body = TWIML.get(path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Product)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server, heard
    server.shutdown()
    server.server_close()


def until(true: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def test_as_a_process_it_rings_fetches_presses_and_takes_orders(
    product: tuple[ThreadingHTTPServer, list[tuple[str, dict[str, list[str]]]]], tmp_path: Path
) -> None:
    server, heard = product
    public = f"http://127.0.0.1:{server.server_address[1]}"
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"default": {"rings": 0, "keys": ["1"]}}))
    words = [sys.executable, "-m", "scripts.twilio_double", "--port", "0", "--account", ACCOUNT]
    words += ["--token", "secret", "--script", str(script), "--public-url", public]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        base = process.stdout.readline().strip().removeprefix("TWILIO_API_BASE=")
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
        fields = {
            "To": "+966551234567",
            "From": "+14155550100",
            "Url": f"{public}/channels/twilio/voice/answer?ref=1",
            "StatusCallback": f"{public}/channels/twilio/voice/status?ref=1",
        }
        headers = {
            "Authorization": "Basic " + base64.b64encode(f"{ACCOUNT}:secret".encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
        connection.request("POST", path, urlencode(fields), headers)
        assert connection.getresponse().status == 201
        connection.close()
        process.stdin.write("write whatsapp:+966551234567 whatsapp:+14155550100 نعم أكيد\n")
        process.stdin.flush()
        until(lambda: any(path.endswith("/status") for path, _ in heard))
        until(lambda: any(path.endswith("/inbound") for path, _ in heard))
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    forms = dict(heard)
    assert forms["/key"]["Digits"] == ["1"]
    assert forms["/channels/twilio/voice/status"]["CallStatus"] == ["completed"]
    assert forms["/channels/twilio/messages/inbound"]["Body"] == ["نعم أكيد"]


def test_a_script_that_is_wrong_is_named(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text('{"default": {"apis": 1}}')
    words = [sys.executable, "-m", "scripts.twilio_double", "--port", "0", "--script", str(script)]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 1
    assert "a behaviour has unknown fields: apis" in ended.stderr
    assert "Traceback" not in ended.stderr
