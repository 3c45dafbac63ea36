"""Asks for C-services with pynetdicom, one after the other on one association, and tells what came of it as one line of JSON.

Its one argument is JSON:
  port, calledAeTitle
  steps  [{operation, sopClass, dataSet, file, destination}, ...]: C-STORE sends a file, the others an identifier
  roles  SOP classes of instances that may come by a C-GET
Data sets are in the DICOM JSON model.
"""

import json
import sys

from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom import AE, build_role, evt

options = json.loads(sys.argv[1])
received = []


def store(event):
    received.append(str(event.request.AffectedSOPInstanceUID))
    return 0x0000


def perform(assoc, step):
    operation, sop_class = step["operation"], step["sopClass"]
    identifier = Dataset.from_json(step.get("dataSet", {}))
    if operation == "C-STORE":
        responses = [(assoc.send_c_store(dcmread(step["file"])), None)]
    elif operation == "C-FIND":
        responses = assoc.send_c_find(identifier, sop_class)
    elif operation == "C-GET":
        responses = assoc.send_c_get(identifier, sop_class)
    else:
        responses = assoc.send_c_move(identifier, step["destination"], sop_class)
    final, matches = None, []
    for status, found in responses:
        final = status.get("Status")
        if found is not None and final in (0xFF00, 0xFF01):
            matches.append(found.to_json_dict())
    return {"status": final, "matches": matches}


ae = AE(ae_title="C_SCU")
for sop_class in dict.fromkeys(step["sopClass"] for step in options["steps"]):
    if sop_class not in options.get("roles", []):
        ae.add_requested_context(sop_class)
for sop_class in options.get("roles", []):
    ae.add_requested_context(sop_class)
assoc = ae.associate(
    "127.0.0.1",
    options["port"],
    ae_title=options.get("calledAeTitle", "ANY-SCP"),
    ext_neg=[build_role(uid, scu_role=True, scp_role=True) for uid in options.get("roles", [])],
    evt_handlers=[(evt.EVT_C_STORE, store)],
)
if not assoc.is_established:
    sys.exit("not established")
answers = [perform(assoc, step) for step in options["steps"]]
assoc.release()
print(json.dumps({"answers": answers, "received": received}))
