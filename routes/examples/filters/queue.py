#!/usr/bin/env python3
"""A content filter at the broker: takes questions from a queue by STOMP 1.2, with nothing but Python's own library.

Question and answer are those of MTA Hooks at the stage `data`, in JSON. Programs are refused, documents with macros are set
aside, and all other mail gets a field.

    queue.py HOST PORT USER PASSWORD QUEUE
"""
import base64
import email
import email.policy
import json
import socket
import sys

PROGRAMS = (".exe", ".com", ".scr", ".js", ".vbs", ".bat")
MACROS = (".docm", ".xlsm", ".pptm")


def judged(message):
    """What is to be changed of what we were asked, as a JSON Patch (RFC 6902)."""
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


class Stomp:
    """As much of the protocol as is needed here (https://stomp.github.io/stomp-specification-1.2.html)."""

    def __init__(self, host, port, user, password):
        self.socket = socket.create_connection((host, port))
        self.bytes = self.socket.makefile("rb")
        self.send("CONNECT", {"accept-version": "1.2", "host": host, "login": user, "passcode": password})
        command, headers, body = self.receive()
        if command != "CONNECTED":
            sys.exit(headers.get("message") or body.decode())

    def send(self, command, headers, body=b""):
        lines = [command] + [f"{name}:{value}" for name, value in headers.items()]
        if body:
            lines.append(f"content-length:{len(body)}")
        self.socket.sendall("\n".join(lines).encode() + b"\n\n" + body + b"\0")

    def receive(self):
        line = self.line()
        while line == "":
            line = self.line()
        command, headers = line, {}
        while (line := self.line()) != "":
            name, value = line.split(":", 1)
            for written, meant in (("\\n", "\n"), ("\\c", ":"), ("\\\\", "\\")):
                value = value.replace(written, meant)
            headers.setdefault(name, value)
        body = self.bytes.read(int(headers["content-length"])) if "content-length" in headers else b""
        while self.bytes.read(1) != b"\0":
            pass
        return command, headers, body

    def line(self):
        line = self.bytes.readline()
        if not line:
            sys.exit("the broker has closed the connection")
        return line.decode().rstrip("\r\n")


def main(host, port, user, password, queue):
    broker = Stomp(host, int(port), user, password)
    # one of all programs gets a question; one that we take and do not answer goes to another
    broker.send("SUBSCRIBE", {
        "id": "1", "destination": queue, "subscription-type": "ANYCAST", "ack": "client-individual"})
    while True:
        command, headers, body = broker.receive()
        if command != "MESSAGE":
            sys.exit(headers.get("message") or body.decode())
        asked = json.loads(body)
        message = email.message_from_bytes(
            base64.b64decode(asked["rawMessage"]), policy=email.policy.default)
        broker.send(
            "SEND",
            {"destination": headers["reply-to"], "destination-type": "ANYCAST",
             "correlation-id": headers["correlation-id"]},
            json.dumps(judged(message)).encode())
        broker.send("ACK", {"id": headers["ack"]})


if __name__ == "__main__":
    main(*sys.argv[1:])
