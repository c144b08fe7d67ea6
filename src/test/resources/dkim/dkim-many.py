"""Signs and verifies many messages in one process: dkim-many.py sign|verify KEY DIRECTORY.

KEY is a private key (PEM); its public half is what the name one._domainkey.caravan.test says. `sign` puts three signatures
before each message NAME.eml, as NAME.signed; `verify` prints for each file `NAME.*` that is not .eml its name and, for each of
its signatures, its canonicalization and ok or FAIL.
"""
import base64
import os
import subprocess
import sys

import dkim

verb, key, directory = sys.argv[1:]
private = open(key, "rb").read()
public = subprocess.run(
    ["openssl", "rsa", "-in", key, "-pubout", "-outform", "DER"], capture_output=True, check=True).stdout
record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
ways = [(b"simple", b"simple"), (b"relaxed", b"relaxed"), (b"simple", b"relaxed")]

for name in sorted(os.listdir(directory)):
    path = os.path.join(directory, name)
    if verb == "sign" and name.endswith(".eml"):
        message = open(path, "rb").read()
        signatures = b"".join(
            dkim.sign(message, b"one", b"caravan.test", private, canonicalize=way) for way in ways)
        with open(path[:-4] + ".signed", "wb") as out:
            out.write(signatures + message)
    if verb == "verify" and not name.endswith(".eml"):
        verifier = dkim.DKIM(open(path, "rb").read())
        said = []
        for i, way in enumerate(ways):
            try:
                good = verifier.verify(idx=i, dnsfunc=lambda name, timeout=5: record)
            except dkim.DKIMException:
                good = False
            said.append(b"/".join(way).decode() + "=" + ("ok" if good else "FAIL"))
        print(name, *said)
