"""A time-stamping authority (RFC 3161) of the tests' own, on a local port; it can also answer badly."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

AT = datetime(2026, 6, 2, 0, 0, tzinfo=UTC)
NAME = "TSA Uji"


class Authority:
    """Answers requests; `fault` says how it fails: down, refuses, other (bytes), nonce, forged."""

    def __init__(self) -> None:
        self.fault: str | None = None
        self.asked = 0
        self.url = ""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certificate = _certificate(key)
        loaded = asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER))
        plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._stamper = DummyTimeStamper(loaded, keys.PrivateKeyInfo.load(plain), fixed_dt=AT)

    def answer(self, body: bytes) -> bytes:
        request = tsp.TimeStampReq.load(body)
        if self.fault == "refuses":
            return tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()
        if self.fault == "other":
            request["message_imprint"]["hashed_message"] = b"x" * 32
        if self.fault == "nonce":
            request["nonce"] = 7
        answered = self._stamper.request_tsa_response(tsp.TimeStampReq.load(request.dump(force=True)))
        if self.fault == "forged":
            signer = answered["time_stamp_token"]["content"]["signer_infos"][0]
            signer["signature"] = bytes(len(signer["signature"].native))
        return answered.dump(force=True)


@contextmanager
def timestamping() -> Iterator[Authority]:
    authority = Authority()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if authority.fault == "down":
                self.send_error(503)
                return
            answered = authority.answer(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answered)))
            self.end_headers()
            self.wfile.write(answered)

        def log_message(self, *_arguments) -> None:
            """Nothing on the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_port}/tsa"
    try:
        yield authority
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2056, 1, 1, tzinfo=UTC))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
