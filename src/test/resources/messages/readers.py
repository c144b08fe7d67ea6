"""Says how Python's email reads each of the files that are named, one line for each."""

import email
import email.policy
import sys


def statuses(part):
    blocks = part.get_payload()
    if part.get_content_type() == "message/delivery-status":
        return blocks[1:]
    # of a type that it does not know it reads the first group as the header section of a message
    rest = blocks[0].get_payload(decode=True).decode("utf-8").strip().replace("\r\n", "\n")
    return [
        email.message_from_string(block, policy=email.policy.default)
        for block in rest.split("\n\n")
    ]


def defects(part):
    yield from part.defects
    if part.get_content_maintype() == "multipart":
        for one in part.get_payload():
            yield from defects(one)


for name in sys.argv[1:]:
    with open(name, "rb") as file:
        report = email.message_from_binary_file(file, policy=email.policy.default)
    parts = report.get_payload()
    said = [
        "%s %s %s" % (one["Action"], one["Status"], one["Final-Recipient"].split(";")[1].strip())
        for one in statuses(parts[1])
    ]
    print(
        report.get_content_type(),
        report.get_param("report-type"),
        [part.get_content_type() for part in parts],
        said,
        ["%s" % type(defect).__name__ for defect in defects(report)],
    )
