#!/usr/bin/env python3
"""A content filter that speaks MTA Hooks (draft-degennaro-mta-hooks-02), with nothing but Python's own library.

It looks at the attachments: programs are refused, documents with macros are set aside, and all other mail gets a field.
"""
import base64
import email
import email.policy
import json
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROGRAMS = (".exe", ".com", ".scr", ".js", ".vbs", ".bat")
MACROS = (".docm", ".xlsm", ".pptm")


def judged(message):
    """What is to be changed of what we were told, as a JSON Patch (RFC 6902)."""
    names = [(part.get_filename() or "").lower() for part in message.walk()]
    if any(name.endswith(PROGRAMS) for name in names):
        return [
            {"op": "replace", "path": "/action", "value": "reject"},
            {"op": "replace", "path": "/response",
             "value": {"code": 554, "enhancedCode": "5.7.1", "message": "Programs are not taken"}},
        ]
    if any(name.endswith(MACROS) for name in names):
        return [{"op": "replace", "path": "/action", "value": "quarantine"}]
    checked = {"name": "X-Attachments", "value": str(len([name for name in names if name]))}
    return [{"op": "add", "path": "/message/headers/0", "value": checked}]


class Hooks(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/register":
            self.answer(201, {
                "registrationId": uuid.uuid4().hex,
                "status": "active",
                "hookEndpoint": "/hook",
                "negotiated": {
                    "serialization": "json",
                    "inbound": {"stages": ["data"],
                                "properties": ["/stage", "/action", "/response", "/message", "/rawMessage"]},
                },
            })
        else:
            message = email.message_from_bytes(
                base64.b64decode(asked["rawMessage"]), policy=email.policy.default)
            self.answer(200, judged(message))

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    address = ("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8025)
    ThreadingHTTPServer(address, Hooks).serve_forever()
