"""Performs N-services with pynetdicom and tells what came, one line of JSON at a time.

Its one argument is JSON:
  sopClasses  UIDs of the SOP classes to accept; each with both roles
  answers     {"N-CREATE": {status, dataSet}, ...}: what to answer; by default 0000 and nothing
  report      {afterMs, sopClass, sopInstance, eventType, dataSet, port}: an N-EVENT-REPORT to be sent after each N-ACTION: on the association
              of the request, or on one of its own to that port, with role selection as SCP
Data sets are in the DICOM JSON model.
"""

import json
import sys
import threading

from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import AE, build_role, evt

options = json.loads(sys.argv[1])
lock = threading.Lock()


def tell(**facts):
    with lock:
        print(json.dumps(facts), flush=True)


def as_json(data_set):
    return None if data_set is None else data_set.to_json_dict()


def answer(operation):
    given = options.get("answers", {}).get(operation, {})
    data_set = given.get("dataSet")
    return given.get("status", 0x0000), None if data_set is None else Dataset.from_json(data_set)


def report(assoc, given):
    information = Dataset.from_json(given["dataSet"])
    if given.get("port") is None:
        status, _ = assoc.send_n_event_report(information, given["eventType"], given["sopClass"], given["sopInstance"])
        tell(event="reported", status=status.get("Status"))
        return
    caller = AE(ae_title="N_SCP")
    caller.add_requested_context(given["sopClass"])
    own = caller.associate("127.0.0.1", given["port"], ext_neg=[build_role(given["sopClass"], scp_role=True)], ae_title="LISTENER")
    if not own.is_established:
        tell(event="reported", status=None)
        return
    status, _ = own.send_n_event_report(information, given["eventType"], given["sopClass"], given["sopInstance"])
    own.release()
    tell(event="reported", status=status.get("Status"))


def handle(event):
    operation = type(event.request).__name__.replace("_", "-")
    request = event.request
    data_sets = {
        "N-CREATE": lambda: event.attribute_list,
        "N-SET": lambda: event.modification_list,
        "N-ACTION": lambda: event.action_information,
        "N-EVENT-REPORT": lambda: event.event_information,
    }
    data_set = data_sets[operation]() if operation in data_sets else None
    tell(
        event=operation,
        sopClass=str(getattr(request, "AffectedSOPClassUID", None) or getattr(request, "RequestedSOPClassUID", None)),
        sopInstance=str(getattr(request, "AffectedSOPInstanceUID", None) or getattr(request, "RequestedSOPInstanceUID", None)),
        type=getattr(request, "ActionTypeID", None) or getattr(request, "EventTypeID", None),
        attributes=[int(tag) for tag in event.attribute_identifiers] if operation == "N-GET" else None,
        abstractSyntax=str(event.context.abstract_syntax),
        dataSet=as_json(data_set),
    )
    given = options.get("report")
    if operation == "N-ACTION" and given is not None:
        threading.Timer(given.get("afterMs", 100) / 1000, report, [event.assoc, given]).start()
    status, reply = answer(operation)
    if operation == "N-CREATE" and request.AffectedSOPInstanceUID is None:
        # pynetdicom takes the UID that is left to find from the attributes.
        reply = reply or Dataset()
        reply.AffectedSOPInstanceUID = generate_uid()
    return status if operation == "N-DELETE" else (status, reply)


ae = AE(ae_title="N_SCP")
for sop_class in options["sopClasses"]:
    ae.add_supported_context(sop_class, scu_role=True, scp_role=True)
kinds = (evt.EVT_N_CREATE, evt.EVT_N_SET, evt.EVT_N_GET, evt.EVT_N_ACTION, evt.EVT_N_DELETE, evt.EVT_N_EVENT_REPORT)
server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(kind, handle) for kind in kinds])
tell(event="listening", port=server.socket.getsockname()[1])
threading.Event().wait()
