"""Which elements and attributes of BPMN the engine honours, and where each may stand. The rest is refused by name."""

from engine.texts import Text

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
DI_SPACES = frozenset({
    "http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
})  # fmt: skip
XSI = "http://www.w3.org/2001/XMLSchema-instance"

DECORATION = (
    XSI,
    "http://bpmn.io/schema/bpmn/biocolor",
    "http://www.omg.org/spec/BPMN/non-normative/color",
    "http://camunda.org/schema/modeler",
    "http://bpmn.io/schema/modeler",
    "http://www.signavio.com",
)
"""Namespaces (by their beginnings) that colour or describe and never change what a diagram does."""

VENDORS = (
    ("http://camunda.org/schema/zeebe", "Camunda 8"), ("http://camunda.org/schema", "Camunda 7"),
    ("http://activiti.org", "Activiti"), ("http://flowable.org", "Flowable"), ("http://www.jboss.org/drools", "jBPM"),
    ("http://www.omnigroup", "OmniGraffle"), ("http://www.bonitasoft", "Bonita"), ("http://www.bizagi", "Bizagi"),
    ("http://www.oracle", "Oracle"), ("http://www.ibm", "IBM"), ("http://cawemo", "Cawemo"),
)  # fmt: skip

GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
SCOPES = frozenset({"process", "subProcess", "transaction"})
TASKS = frozenset(
    {"userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask"}
)
ACTIVITIES = TASKS | {"callActivity", "subProcess", "transaction"}
NODES = GATEWAYS | EVENTS | ACTIVITIES
UNSUPPORTED_NODES = frozenset({"task", "complexGateway", "adHocSubProcess"})
"""Refused by name; flows still lead to and from them, so that one finding does not become ten."""
HUMAN = frozenset({"userTask", "manualTask"})

DEFINITIONS = frozenset({
    "messageEventDefinition", "signalEventDefinition", "timerEventDefinition", "errorEventDefinition",
    "escalationEventDefinition", "conditionalEventDefinition", "terminateEventDefinition", "cancelEventDefinition",
})  # fmt: skip

EXPRESSIONS = ("conditionExpression", "timeDate", "timeDuration", "timeCycle", "condition", "loopCondition",
               "loopCardinality", "completionCondition")  # fmt: skip

_ROOT = frozenset({"definitions"})
_ANNOTATED = SCOPES | {"collaboration"}
_TIMER = frozenset({"timerEventDefinition"})
_MULTI = frozenset({"multiInstanceLoopCharacteristics"})

PARENTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(NODES | {"sequenceFlow", "dataObject", "dataObjectReference"}, SCOPES),
    **dict.fromkeys(("process", "collaboration", "message", "signal", "error", "escalation", "category",
                     "itemDefinition"), _ROOT),
    **dict.fromkeys(("participant", "messageFlow"), frozenset({"collaboration"})),
    **dict.fromkeys(("textAnnotation", "association", "group"), _ANNOTATED),
    "text": frozenset({"textAnnotation"}),
    "categoryValue": frozenset({"category"}),
    "dataState": frozenset({"dataObject", "dataObjectReference"}),
    "laneSet": SCOPES,
    "childLaneSet": frozenset({"lane"}),
    "lane": frozenset({"laneSet", "childLaneSet"}),
    "flowNodeRef": frozenset({"lane"}),
    **dict.fromkeys(("incoming", "outgoing"), NODES),
    "conditionExpression": frozenset({"sequenceFlow"}),
    "script": frozenset({"scriptTask"}),
    **dict.fromkeys(DEFINITIONS, EVENTS),
    **dict.fromkeys(("timeDate", "timeDuration", "timeCycle"), _TIMER),
    "condition": frozenset({"conditionalEventDefinition"}),
    **dict.fromkeys(("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"), ACTIVITIES),
    "loopCondition": frozenset({"standardLoopCharacteristics"}),
    **dict.fromkeys(("loopCardinality", "loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem",
                     "completionCondition"), _MULTI),
    **dict.fromkeys(("dataInputAssociation", "dataOutputAssociation", "property"), ACTIVITIES | EVENTS),
    **dict.fromkeys(("sourceRef", "targetRef"), frozenset({"dataInputAssociation", "dataOutputAssociation"})),
}  # fmt: skip
"""Child → parents. `documentation` and `extensionElements` may stand anywhere."""

ONCE = frozenset({
    "conditionExpression", "script", "timeDate", "timeDuration", "timeCycle", "condition", "loopCondition", "laneSet",
    "standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "loopCardinality", "loopDataInputRef",
    "loopDataOutputRef", "inputDataItem", "outputDataItem", "completionCondition", "extensionElements",
    "dataInputAssociation", "dataOutputAssociation",
})  # fmt: skip
"""At most one of these under one parent."""

_ANY = None
_REF = {"sourceRef": _ANY, "targetRef": _ANY}
_ACTIVITY: dict[str, tuple[str, ...] | None] = {
    "default": _ANY,
    "isForCompensation": ("false",),
    "startQuantity": ("1",),
    "completionQuantity": ("1",),
    "implementation": _ANY,
}

ATTRIBUTES: dict[str, dict[str, tuple[str, ...] | None]] = {
    "definitions": {"targetNamespace": _ANY, "exporter": _ANY, "exporterVersion": _ANY, "expressionLanguage": _ANY,
                    "typeLanguage": _ANY},
    "process": {"isExecutable": _ANY, "isClosed": _ANY, "processType": _ANY},
    "collaboration": {"isClosed": _ANY},
    "participant": {"processRef": _ANY},
    "messageFlow": {**_REF, "messageRef": _ANY},
    "association": {**_REF, "associationDirection": _ANY},
    "sequenceFlow": {**_REF, "isImmediate": _ANY},
    "textAnnotation": {"textFormat": _ANY},
    "documentation": {"textFormat": _ANY},
    "group": {"categoryValueRef": _ANY},
    "categoryValue": {"value": _ANY},
    "lane": {"partitionElementRef": _ANY},
    "message": {"itemRef": _ANY},
    "itemDefinition": {"structureRef": _ANY, "itemKind": _ANY, "isCollection": _ANY},
    # bpmn.io gives each data input association this as its target; other properties would be local data
    "property": {"name": ("__targetRef_placeholder",), "itemSubjectRef": _ANY},
    "signal": {"structureRef": _ANY},
    "error": {"errorCode": _ANY, "structureRef": _ANY},
    "escalation": {"escalationCode": _ANY, "structureRef": _ANY},
    "dataObject": {"isCollection": _ANY, "itemSubjectRef": _ANY},
    "dataObjectReference": {"dataObjectRef": _ANY, "itemSubjectRef": _ANY},
    "inputDataItem": {"isCollection": _ANY, "itemSubjectRef": _ANY},
    "outputDataItem": {"isCollection": _ANY, "itemSubjectRef": _ANY},
    **{tag: {"gatewayDirection": _ANY, "default": _ANY} for tag in ("exclusiveGateway", "inclusiveGateway")},
    "parallelGateway": {"gatewayDirection": _ANY},
    "eventBasedGateway": {"gatewayDirection": _ANY, "instantiate": ("false",), "eventGatewayType": ("Exclusive",)},
    "startEvent": {"isInterrupting": ("true", "false"), "parallelMultiple": ("false",)},
    "intermediateCatchEvent": {"parallelMultiple": ("false",)},
    "boundaryEvent": {"attachedToRef": _ANY, "cancelActivity": ("true", "false"), "parallelMultiple": ("false",)},
    **dict.fromkeys(("userTask", "manualTask", "serviceTask", "businessRuleTask"), _ACTIVITY),
    "scriptTask": {**_ACTIVITY, "scriptFormat": ("alur", "text/x-alur")},
    "sendTask": {**_ACTIVITY, "messageRef": _ANY},
    "receiveTask": {**_ACTIVITY, "messageRef": _ANY, "instantiate": ("false",)},
    "callActivity": {**_ACTIVITY, "calledElement": _ANY},
    "subProcess": {**_ACTIVITY, "triggeredByEvent": ("true", "false")},
    "transaction": {**_ACTIVITY, "triggeredByEvent": ("false",), "method": _ANY},
    "messageEventDefinition": {"messageRef": _ANY},
    "signalEventDefinition": {"signalRef": _ANY},
    "errorEventDefinition": {"errorRef": _ANY},
    "escalationEventDefinition": {"escalationRef": _ANY},
    "standardLoopCharacteristics": {"testBefore": ("true", "false"), "loopMaximum": _ANY},
    "multiInstanceLoopCharacteristics": {"isSequential": ("true", "false"), "behavior": ("All",)},
    **{tag: {"language": ("alur",), "evaluatesToTypeRef": _ANY} for tag in EXPRESSIONS},
}  # fmt: skip
"""What each element may carry beside `id` and `name`; a tuple lists the only values that are honoured."""

SPIFF_PARENTS: dict[str, frozenset[str]] = {
    "properties": NODES,
    "property": frozenset({"properties"}),
    "calledDecisionId": frozenset({"businessRuleTask"}),
    "serviceTaskOperator": frozenset({"serviceTask"}),
    "parameters": frozenset({"serviceTaskOperator"}),
    "parameter": frozenset({"parameters"}),
    **dict.fromkeys(("preScript", "postScript"), ACTIVITIES - {"scriptTask"}),
    **dict.fromkeys(("payloadExpression", "variableName"), frozenset({"signal", "error", "escalation"})),
    **dict.fromkeys(("messagePayload", "messageVariable"),
                    frozenset({"messageEventDefinition", "sendTask", "receiveTask"})),
}  # fmt: skip
SPIFF_ATTRIBUTES: dict[str, frozenset[str]] = {
    "property": frozenset({"name", "value"}),
    "serviceTaskOperator": frozenset({"id", "resultVariable"}),
    "parameter": frozenset({"id", "type", "value"}),
}

PROPERTIES = {
    "stage": NODES, "stage_en": NODES, "name_en": NODES, "due_why": HUMAN, "due_why_en": HUMAN,
    "form": frozenset({"userTask"}), "due": HUMAN, "assign": HUMAN, "exclude": HUMAN,
    "correlation": frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
                              "boundaryEvent", "sendTask", "receiveTask"}),
}  # fmt: skip
"""The properties that mean something, and on which elements."""

RESERVED_IDS = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin", "self", "data_objects"})
RESERVED_ENDINGS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin", ".Listener")

_CORRELATION = Text(
    "Pakai properti spiffworkflow “correlation” pada unsur pesannya.",
    "Use the spiffworkflow property “correlation” on the message element.",
)
_GLOBAL = Text(
    "Gambar sebagai proses yang dipanggil dengan call activity.", "Draw it as a process that a call activity calls."
)
_DATA = Text(
    "Pakai data object, atau service task yang membaca dan menulis.",
    "Use a data object, or a service task that reads and writes.",
)

CURES: dict[str, Text] = {
    "task": Text("Pilih jenisnya: user, manual, script, service, business rule, send, atau receive task.",
                 "Choose its kind: user, manual, script, service, business rule, send or receive task."),
    "complexGateway": Text("Pakai gerbang eksklusif, paralel, atau inklusif.",
                           "Use an exclusive, parallel or inclusive gateway."),
    "adHocSubProcess": Text("Gambar urutan tugasnya dalam sub-proses biasa.",
                            "Draw the order of its tasks in an ordinary sub-process."),
    "linkEventDefinition": Text("Sambungkan dengan garis alir biasa.", "Connect the two with an ordinary flow."),
    "compensateEventDefinition": Text("Gambar langkah pembatalannya sebagai tugas biasa.",
                                      "Draw the steps that undo it as ordinary tasks."),
    "import": Text("Hapus; letakkan diagram yang dipanggil dalam paket ini dan pakai call activity.",
                   "Delete it; put the called diagram into this package and use a call activity."),
    "ioSpecification": Text("Hapus; data kasus terlihat oleh semua tugas.",
                            "Delete it; every task sees the case's data."),
    **dict.fromkeys(("dataStore", "dataStoreReference"), _DATA),
    **dict.fromkeys(("correlationProperty", "correlationKey", "correlationSubscription"), _CORRELATION),
    **dict.fromkeys(("globalTask", "globalUserTask", "globalManualTask", "globalScriptTask",
                     "globalBusinessRuleTask"), _GLOBAL),
}  # fmt: skip
REMOVE = Text("Hapus unsur ini, atau ganti dengan yang didukung (docs/bpmn.md).",
              "Remove this element, or use a supported one (docs/bpmn.md).")  # fmt: skip


def vendor(namespace: str) -> str | None:
    """The product whose extension this namespace is, if we know it."""
    return next((name for start, name in VENDORS if namespace.startswith(start)), None)


def is_decoration(namespace: str) -> bool:
    return namespace.startswith(DECORATION)
