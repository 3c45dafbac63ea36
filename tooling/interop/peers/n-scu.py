"""Asks for N-services with pynetdicom, one after the other on one association, and tells what was answered as one line of JSON.

Its one argument is JSON:
  port, calledAeTitle, callingAeTitle
  contexts    UIDs of the SOP classes to propose
  steps       [{operation, sopClass, sopInstance, type, attributes, dataSet, metaUid, imageBoxOf}, ...]; imageBoxOf is the step that created the film box
              whose first image box is the instance
  roles       UIDs of those on which it is provider: N-EVENT-REPORTs that it sends
  events      how many N-EVENT-REPORTs to wait for on the association, at the end; 10 seconds at most
Data sets are in the DICOM JSON model.
"""

import json
import sys
import threading

from pydicom.dataset import Dataset
from pynetdicom import AE, build_role, evt

options = json.loads(sys.argv[1])
answers = []
events = []
arrived = threading.Semaphore(0)


def as_json(data_set):
    return None if data_set is None else data_set.to_json_dict()


def event_report(event):
    request = event.request
    events.append(
        {
            "sopClass": str(request.AffectedSOPClassUID),
            "sopInstance": str(request.AffectedSOPInstanceUID),
            "type": request.EventTypeID,
            "dataSet": as_json(event.event_information),
        }
    )
    arrived.release()
    return 0x0000, None


def image_box(answer):
    return answer["dataSet"]["20100510"]["Value"][0]["00081155"]["Value"][0]


def perform(assoc, step):
    operation, given = step["operation"], step.get("dataSet")
    data_set = None if given is None else Dataset.from_json(given)
    film_box = step.get("imageBoxOf")
    target = (step["sopClass"], step.get("sopInstance") if film_box is None else image_box(answers[film_box]))
    meta = {"meta_uid": step.get("metaUid")}
    if operation == "N-CREATE":
        status, reply = assoc.send_n_create(data_set, *target, **meta)
    elif operation == "N-SET":
        status, reply = assoc.send_n_set(data_set, *target, **meta)
    elif operation == "N-GET":
        status, reply = assoc.send_n_get(step.get("attributes", []), *target, **meta)
    elif operation == "N-ACTION":
        status, reply = assoc.send_n_action(data_set, step["type"], *target, **meta)
    elif operation == "N-DELETE":
        status, reply = assoc.send_n_delete(*target, **meta), None
    else:
        status, reply = assoc.send_n_event_report(data_set, step["type"], *target, **meta)
    return {
        "status": status.get("Status"),
        "errorComment": status.get("ErrorComment"),
        "errorId": status.get("ErrorID"),
        "dataSet": as_json(reply),
    }


ae = AE(ae_title=options.get("callingAeTitle", "N_SCU"))
for sop_class in options["contexts"]:
    ae.add_requested_context(sop_class)
assoc = ae.associate(
    "127.0.0.1",
    options["port"],
    ae_title=options.get("calledAeTitle", "ANY-SCP"),
    ext_neg=[build_role(uid, scp_role=True) for uid in options.get("roles", [])],
    evt_handlers=[(evt.EVT_N_EVENT_REPORT, event_report)],
)
if not assoc.is_established:
    sys.exit("not established")
for step in options["steps"]:
    answers.append(perform(assoc, step))
for _ in range(options.get("events", 0)):
    arrived.acquire(timeout=10)
assoc.release()
print(json.dumps({"answers": answers, "events": events}))
