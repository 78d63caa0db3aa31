"""Lets the conformance kit speak mutual TLS: it knows plain connections only. A pytest plugin, given with -p.

SVID names the folder with svid.pem, key.pem and bundle.pem. Nothing else of the kit is touched.
"""

import os
import ssl
from pathlib import Path

import grpc
import httpx

FOLDER = Path(os.environ["SVID"])


def pem(name):
    return (FOLDER / f"{name}.pem").read_bytes()


def channel(address, options=None, compression=None):
    tls = grpc.ssl_channel_credentials(pem("bundle"), pem("key"), pem("svid"))
    # The card names 127.0.0.1; a stock client looks for the SVID's DNS name.
    named = [*(options or []), ("grpc.ssl_target_name_override", "localhost")]
    return grpc.secure_channel(address, tls, named, compression)


def get(url, **more):
    tls = ssl.create_default_context(cafile=str(FOLDER / "bundle.pem"))
    tls.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
    tls.load_cert_chain(str(FOLDER / "svid.pem"), str(FOLDER / "key.pem"))
    with httpx.Client(verify=tls, trust_env=False) as http:
        return http.get(url, **more)


grpc.insecure_channel = channel
httpx.get = get
