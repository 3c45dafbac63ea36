"""Performs C-services with pynetdicom and tells what came, one line of JSON at a time.

Its one argument is JSON:
  sopClasses  UIDs of the SOP classes to accept
  matches     {SOP class: [data set, ...]}: what a C-FIND is answered
  objects     {SOP class: path}: the file that a C-GET or C-MOVE sends
  stored      SOP classes of instances: accepted in both roles, and requested of the destination of a C-MOVE
  movePort    where a C-MOVE goes, on 127.0.0.1
Data sets are in the DICOM JSON model.
"""

import json
import sys
import threading

from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom import AE, evt

options = json.loads(sys.argv[1])


def tell(event, **facts):
    told = {"sopClass": str(event.request.AffectedSOPClassUID), **facts}
    print(json.dumps({"event": type(event.request).__name__.replace("_", "-"), **told}), flush=True)


def find(event):
    tell(event, dataSet=event.identifier.to_json_dict())
    for match in options.get("matches", {}).get(event.request.AffectedSOPClassUID, []):
        yield 0xFF00, Dataset.from_json(match)


def chosen(event):
    return dcmread(options["objects"][event.request.AffectedSOPClassUID])


def get(event):
    tell(event, dataSet=event.identifier.to_json_dict())
    yield 1
    yield 0xFF00, chosen(event)


def move(event):
    tell(event, dataSet=event.identifier.to_json_dict(), destination=event.move_destination)
    yield "127.0.0.1", options["movePort"]
    yield 1
    yield 0xFF00, chosen(event)


def store(event):
    tell(event, sopInstance=str(event.request.AffectedSOPInstanceUID))
    return 0x0000


ae = AE(ae_title="C_SCP")
for sop_class in options["sopClasses"]:
    ae.add_supported_context(sop_class)
for sop_class in options.get("stored", []):
    ae.add_supported_context(sop_class, scu_role=True, scp_role=True)
    ae.add_requested_context(sop_class)
handlers = [(evt.EVT_C_FIND, find), (evt.EVT_C_GET, get), (evt.EVT_C_MOVE, move), (evt.EVT_C_STORE, store)]
server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
print(json.dumps({"event": "listening", "port": server.socket.getsockname()[1]}), flush=True)
threading.Event().wait()
