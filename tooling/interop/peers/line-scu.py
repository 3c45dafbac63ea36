"""Requests one association with pynetdicom, uses it, and prints what came of it as JSON.

Its one argument is JSON:
  port      to connect to, on 127.0.0.1
  tls       {authority, certificate, privateKey, hostname, maximum}: paths but for the host name and `1.2`; without it, plain TCP
  identity  {type, primary, secondary, positiveResponse}
  roles     [SCU, SCP] to propose for CT Image Storage
  get       study instance UID to ask for by C-GET
  cancel    {operation, after}: C-FIND, C-GET or C-MOVE of a study, cancelled after so many pending responses
"""

import json
import socket
import ssl
import sys

from pydicom.dataset import Dataset
from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, build_role, evt
from pynetdicom.pdu_primitives import UserIdentityNegotiation
from pynetdicom.sop_class import (
    CTImageStorage,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

options = json.loads(sys.argv[1])
facts = {"outcome": "no association", "received": []}


def tls_arguments():
    tls = options.get("tls")
    if tls is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(tls["authority"])
    if tls.get("certificate"):
        context.load_cert_chain(tls["certificate"], tls["privateKey"])
    if tls.get("maximum") == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context, tls["hostname"]


def identity_item():
    identity = options["identity"]
    item = UserIdentityNegotiation()
    item.user_identity_type = identity["type"]
    item.primary_field = identity["primary"].encode()
    if identity.get("secondary") is not None:
        item.secondary_field = identity["secondary"].encode()
    item.positive_response_requested = identity.get("positiveResponse", False)
    return item


def study(uid):
    query = Dataset()
    query.QueryRetrieveLevel = "STUDY"
    query.StudyInstanceUID = uid
    return query


def cancel_after(assoc, operation, after):
    query = study("1.2.3")
    if operation == "C-FIND":
        model = StudyRootQueryRetrieveInformationModelFind
        responses = assoc.send_c_find(query, model, msg_id=7)
    elif operation == "C-GET":
        model = StudyRootQueryRetrieveInformationModelGet
        responses = assoc.send_c_get(query, model, msg_id=7)
    else:
        model = StudyRootQueryRetrieveInformationModelMove
        responses = assoc.send_c_move(query, "DESTINATION", model, msg_id=7)
    pending = 0
    for status, _ in responses:
        facts["final"] = status.get("Status")
        facts["completed"] = status.get("NumberOfCompletedSuboperations")
        facts["remaining"] = status.get("NumberOfRemainingSuboperations")
        if status.get("Status") in (0xFF00, 0xFF01):
            pending += 1
            if pending == after:
                assoc.send_c_cancel(7, query_model=model)
    facts["pending"] = pending


def keep(event):
    facts["received"].append(event.request.AffectedSOPInstanceUID)
    return 0x0000


ae = AE(ae_title="LINE_SCU")
for sop_class in (Verification, StudyRootQueryRetrieveInformationModelGet):
    ae.add_requested_context(sop_class)
if options.get("cancel"):
    ae.add_requested_context(StudyRootQueryRetrieveInformationModelFind)
    ae.add_requested_context(StudyRootQueryRetrieveInformationModelMove)
ae.add_requested_context(CTImageStorage, ALL_TRANSFER_SYNTAXES[:2])
negotiation = []
if options.get("identity"):
    negotiation.append(identity_item())
if options.get("roles"):
    scu, scp = options["roles"]
    negotiation.append(build_role(CTImageStorage, scu_role=scu, scp_role=scp))
assoc = ae.associate(
    "127.0.0.1",
    options["port"],
    ext_neg=negotiation,
    evt_handlers=[(evt.EVT_C_STORE, keep)],
    tls_args=tls_arguments(),
)
if assoc.is_established:
    facts["outcome"] = "established"
    sock = assoc.dul.socket.socket
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if options.get("tls"):
        facts["protocol"] = sock.version()
        facts["cipherSuite"] = sock.cipher()[0]
    facts["roles"] = {uid: [item.scu_role, item.scp_role] for uid, item in assoc.acceptor.role_selection.items()}
    answer = assoc.acceptor.user_identity
    facts["confirmation"] = None if answer is None else (answer.server_response or b"").decode()
    facts["echo"] = assoc.send_c_echo().get("Status")
    if options.get("get"):
        for status, _ in assoc.send_c_get(study(options["get"]), StudyRootQueryRetrieveInformationModelGet):
            facts["get"] = status.get("Status")
            facts["completed"] = status.get("NumberOfCompletedSuboperations")
    if options.get("cancel"):
        cancel_after(assoc, options["cancel"]["operation"], options["cancel"]["after"])
    assoc.release()
elif assoc.is_rejected:
    answer = assoc.acceptor.primitive
    facts["outcome"] = "rejected"
    facts["rejection"] = [answer.result, answer.result_source, answer.diagnostic]
print(json.dumps(facts), flush=True)
