import type { CaseDetail } from "@/client/types/medicalAudit";
import type { Lifecycle } from "@/client/types/priorAuth";

/** Three states in a row: enough for the screen, which takes any diagram. */
const BPMN = `<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="definitions" targetNamespace="https://austa.example">
  <process id="lifecycle">
    <startEvent id="RECEIVED" name="Recebido" />
    <userTask id="IN_MEDICAL_AUDIT" name="Auditoria médica" />
    <userTask id="DECISION_READY" name="Liberar decisão" />
    <sequenceFlow id="RECEIVED.IN_MEDICAL_AUDIT" sourceRef="RECEIVED" targetRef="IN_MEDICAL_AUDIT" />
    <sequenceFlow id="IN_MEDICAL_AUDIT.DECISION_READY" sourceRef="IN_MEDICAL_AUDIT" targetRef="DECISION_READY" />
  </process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="lifecycle">
    <bpmndi:BPMNShape id="s1" bpmnElement="RECEIVED"><dc:Bounds x="0" y="14" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="IN_MEDICAL_AUDIT"><dc:Bounds x="90" y="0" width="124" height="64" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s3" bpmnElement="DECISION_READY"><dc:Bounds x="270" y="0" width="124" height="64" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="e1" bpmnElement="RECEIVED.IN_MEDICAL_AUDIT"><di:waypoint x="36" y="32" /><di:waypoint x="90" y="32" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="e2" bpmnElement="IN_MEDICAL_AUDIT.DECISION_READY"><di:waypoint x="214" y="32" /><di:waypoint x="270" y="32" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>`;

/** The way of a request that waits for a physician. */
export function lifecycle(one: CaseDetail): Lifecycle {
  const at = one.request.received_at;
  return {
    bpmn: BPMN,
    state: "IN_MEDICAL_AUDIT",
    state_name: "Auditoria médica",
    steps: [
      {
        at,
        by: "member",
        text: "Pedido recebido",
        state: "RECEIVED",
        state_name: "Recebido",
        elements: ["RECEIVED"],
      },
      {
        at,
        by: "system",
        text: "Encaminhado para auditoria médica",
        state: "IN_MEDICAL_AUDIT",
        state_name: "Auditoria médica",
        elements: ["RECEIVED.IN_MEDICAL_AUDIT", "IN_MEDICAL_AUDIT"],
      },
    ],
    next: [
      { by: ["staff"], text: "Análise concluída", state: "DECISION_READY", state_name: "Liberar decisão" },
    ],
  };
}
