"""Accepts associations with pynetdicom and tells what it made of each, one line of JSON at a time.

Its one argument is JSON:
  tls      {certificate, privateKey, authority, requiresCertificate}: paths; without it, plain TCP
  users    passcodes by username; null for a name that needs none. Without it, identities are not looked at
  tokens   answers by token, for Kerberos, SAML and JWT
  object   path of a Part 10 file, sent in answer to every C-GET
  endless  C-FIND, C-GET and C-MOVE go on until they are cancelled, with that object where one is needed
  movePort port of the one destination that a C-MOVE can have, on 127.0.0.1
"""

import json
import socket
import ssl
import sys
import threading
import time

from pydicom import dcmread
from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, evt
from pydicom.dataset import Dataset
from pynetdicom.sop_class import (
    CTImageStorage,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

options = json.loads(sys.argv[1])


def tell(**facts):
    print(json.dumps(facts), flush=True)


def tls_context():
    tls = options.get("tls")
    if tls is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls["certificate"], tls["privateKey"])
    if tls.get("requiresCertificate"):
        context.load_verify_locations(tls["authority"])
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def roles(items):
    return {uid: [bool(item.scu_role), bool(item.scp_role)] for uid, item in items.items()}


def established(event):
    assoc = event.assoc
    assoc.dul.socket.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    secured = assoc.dul.socket.socket if options.get("tls") else None
    tell(
        event="established",
        protocol=secured.version() if secured else None,
        cipherSuite=secured.cipher()[0] if secured else None,
        certificate=bool(secured.getpeercert(binary_form=True)) if secured else False,
        proposedRoles=roles(assoc.requestor.role_selection),
        roles=roles(assoc.acceptor.role_selection),
    )


def verify(event):
    name = event.primary_field.decode()
    passcode = None if event.secondary_field is None else event.secondary_field.decode()
    tell(event="identity", type=event.user_id_type, primary=name, secondary=passcode)
    if event.user_id_type <= 2:
        users = options["users"]
        return name in users and (users[name] or None) == (passcode or None), None
    answer = options.get("tokens", {}).get(name)
    return answer is not None, None if answer is None else answer.encode()


def get(event):
    if options.get("endless"):
        yield 1000
        yield from suboperations(event, "C-GET")
    else:
        yield 1
        yield 0xFF00, dcmread(options["object"])


def move(event):
    yield "127.0.0.1", options["movePort"]
    yield 1000
    yield from suboperations(event, "C-MOVE")


def suboperations(event, operation):
    for count in range(1000):
        if event.is_cancelled:
            tell(event="cancelled", operation=operation, after=count)
            yield 0xFE00, None
            return
        yield 0xFF00, dcmread(options["object"])


def find(event):
    to_send = event.assoc.dul.to_provider_queue
    for count in range(100000):
        # pynetdicom's upper layer sends what is queued before it reads: a handler that never pauses keeps it from ever reading
        # the C-CANCEL, as a handler that has to look its matches up would not.
        while not to_send.empty():
            time.sleep(0.0005)
        if event.is_cancelled:
            tell(event="cancelled", operation="C-FIND", after=count)
            yield 0xFE00, None
            return
        match = Dataset()
        match.QueryRetrieveLevel = "STUDY"
        match.StudyInstanceUID = f"2.25.{count + 1}"
        yield 0xFF00, match


ae = AE(ae_title="LINE_SCP")
for sop_class in (
    Verification,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
):
    ae.add_supported_context(sop_class)
ae.add_supported_context(CTImageStorage, ALL_TRANSFER_SYNTAXES, scu_role=True, scp_role=True)
ae.add_requested_context(CTImageStorage)
handlers = [
    (evt.EVT_ESTABLISHED, established),
    (evt.EVT_C_ECHO, lambda event: 0x0000),
    (evt.EVT_C_STORE, lambda event: 0x0000),
    (evt.EVT_C_GET, get),
    (evt.EVT_C_MOVE, move),
    (evt.EVT_C_FIND, find),
]
if options.get("users") is not None:
    handlers.append((evt.EVT_USER_ID, verify))
server = ae.start_server(("127.0.0.1", 0), block=False, ssl_context=tls_context(), evt_handlers=handlers)
tell(event="listening", port=server.socket.getsockname()[1])
threading.Event().wait()
