import AssignmentOutlined from "@mui/icons-material/AssignmentOutlined";
import DescriptionOutlined from "@mui/icons-material/DescriptionOutlined";
import GavelOutlined from "@mui/icons-material/GavelOutlined";
import BottomNavigation from "@mui/material/BottomNavigation";
import BottomNavigationAction from "@mui/material/BottomNavigationAction";
import Box from "@mui/material/Box";
import Skeleton from "@mui/material/Skeleton";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import { useState, type ComponentType, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { isOnItsWay, useGetCaseQuery } from "@/client/medicalAudit";
import type { CaseDetail } from "@/client/types/medicalAudit";
import type { AuthorizationRequest } from "@/client/types/priorAuth";
import { useKeys } from "@/lib/keys";
import { useNow } from "@/lib/useNow";
import type { ChooseField, ChosenField, Paper } from "@/ui/chosenField";
import { LoadFailed } from "@/ui/Problems";
import { ResizeHandle } from "@/ui/ResizeHandle";

import { CaseColumn } from "./CaseColumn";
import { EndingNotice } from "./CaseEnding";
import { CaseHeader } from "./CaseHeader";
import { ContactDialog } from "./ContactDialog";
import { DecisionColumn } from "./DecisionColumn";
import { saveDraft } from "./drafts";
import { useLayout } from "./layout";

export type FieldsProps = { documents: readonly Paper[]; chosen: ChosenField | null; choose: ChooseField };
export type ReceiptProps = { decisionId: string; digest: string; open: boolean; onClose: () => void };
export type WayProps = { requestId: string; open: boolean; onClose: () => void };
export type SignalsProps = { requestId: string };
export type ReviewsProps = { request: AuthorizationRequest; place: string };
export type ProofProps = { entryId: string; open: boolean; onClose: () => void };

type Slots = {
  Documents: ComponentType<FieldsProps>;
  Fields: ComponentType<FieldsProps>;
  Signals: ComponentType<SignalsProps>;
  Proof: ComponentType<ProofProps>;
  Way: ComponentType<WayProps>;
  Receipt: ComponentType<ReceiptProps>;
  Reviews: ComponentType<ReviewsProps>;
};

/** Live updates tell when a decision is recorded and sealed; asking, which leaves an access record, is for when they fail. */
const FALLBACK_POLL_MS = 10_000;

/** One case: its papers, what it is about, and the decision. */
export function CasePage({ caseId, ...slots }: Slots & { caseId: string }) {
  const [onItsWay, setOnItsWay] = useState(false);
  const query = useGetCaseQuery(caseId, { pollingInterval: onItsWay ? FALLBACK_POLL_MS : 0 });
  const waits = isOnItsWay(query.data?.release ?? null);
  if (waits !== onItsWay) setOnItsWay(waits);

  if (query.error && !query.data)
    return <LoadFailed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <CaseSkeleton />;
  return <LoadedCase one={query.data} {...slots} />;
}

type Part = "documents" | "case" | "decision";

function LoadedCase({
  one,
  Documents,
  Fields,
  Signals,
  Proof,
  Way,
  Receipt,
  Reviews,
}: Slots & { one: CaseDetail }) {
  const { t } = useTranslation();
  const now = useNow();
  const layout = useLayout();
  const [chosen, setChosen] = useState<ChosenField | null>(null);
  const [contactOpen, setContactOpen] = useState(false);
  const [wayOpen, setWayOpen] = useState(false);
  const [part, setPart] = useState<Part>("case");
  const choose: ChooseField = (documentId, fieldId, from) =>
    setChosen({ documentId, fieldId, from, turn: (chosen?.turn ?? 0) + 1 });
  useCaseKeys(
    one,
    () => setContactOpen(true),
    () => setPart("decision"),
  );

  const documents = one.request.documents.flatMap(({ document_id, kind }) =>
    document_id === null ? [] : [{ id: document_id, kind }],
  );
  const columns = {
    documents: <Documents documents={documents} chosen={chosen} choose={choose} />,
    case: (
      <CaseColumn
        one={one}
        now={now}
        addContact={() => setContactOpen(true)}
        showWay={() => setWayOpen(true)}
        fields={<Fields documents={documents} chosen={chosen} choose={choose} />}
        signals={
          one.allowed_actions.includes("signal:read") && <Signals requestId={one.request.request_id} />
        }
      />
    ),
    decision: (
      <>
        <DecisionColumn one={one} addContact={() => setContactOpen(true)} Proof={Proof} Receipt={Receipt} />
        <Box sx={{ mt: 5 }}>
          <Reviews request={one.request} place="/cockpit/pedidos" />
        </Box>
      </>
    ),
  };
  return (
    <>
      <CaseHeader one={one} now={now} />
      <EndingNotice one={one} Receipt={Receipt} />
      {layout === "three" && <ThreeColumns {...columns} />}
      {layout === "two" && (
        <TwoColumns
          documents={columns.documents}
          tabs={
            <Tabs
              value={part === "decision" ? "decision" : "case"}
              onChange={(_event, next: Part) => setPart(next)}
              aria-label={t("case.parts")}
              sx={{ px: 3, borderBottom: "1px solid", borderColor: "divider", flex: "none" }}
            >
              <Tab value="case" label={t("case.part.case")} />
              <Tab value="decision" label={t("case.part.decision")} />
            </Tabs>
          }
        >
          {part === "decision" ? columns.decision : columns.case}
        </TwoColumns>
      )}
      {layout === "stacked" && (
        <Stacked part={part} setPart={setPart}>
          {columns}
        </Stacked>
      )}
      <ContactDialog
        one={one}
        open={contactOpen && one.allowed_actions.includes("case:contact")}
        onClose={() => setContactOpen(false)}
      />
      <Way requestId={one.request.request_id} open={wayOpen} onClose={() => setWayOpen(false)} />
    </>
  );
}

/** A: favourable, P: pend for information, C: contact, Q: queue. A denial has no key on purpose. */
function useCaseKeys(one: CaseDetail, contact: () => void, toDecision: () => void): void {
  const navigate = useNavigate();
  const start = (kind: "favourable" | "needs_information") => {
    if (!one.allowed_actions.includes("opinion:write")) return;
    saveDraft(one.case.id, { kind, step: 1 });
    toDecision();
    requestAnimationFrame(() => document.getElementById("parecer")?.scrollIntoView({ block: "nearest" }));
  };
  useKeys({
    q: () => void navigate("/cockpit/fila"),
    a: () => start("favourable"),
    p: () => start("needs_information"),
    c: () => {
      if (one.allowed_actions.includes("case:contact")) contact();
    },
  });
}

const START_SHARE = 45;

function useShare(): [number, (share: number) => void] {
  const [share, setShare] = useState(() => Number(localStorage.getItem("austa.documents")) || START_SHARE);
  const keep = (next: number) => {
    localStorage.setItem("austa.documents", String(next));
    setShare(next);
  };
  return [share, keep];
}

function ThreeColumns(columns: { documents: ReactNode; case: ReactNode; decision: ReactNode }) {
  const { t } = useTranslation();
  const [share, setShare] = useShare();
  return (
    <Box sx={{ display: "flex", flex: 1, minHeight: 0 }}>
      <Column label={t("case.part.documents")} width={`${share}%`} flush>
        {columns.documents}
      </Column>
      <ResizeHandle label={t("case.resize")} value={share} min={25} max={55} onChange={setShare} />
      <Column label={t("case.part.case")}>{columns.case}</Column>
      <Box
        sx={{ borderLeft: "1px solid", borderColor: "divider", width: 304, flex: "none", display: "flex" }}
      >
        <Column label={t("case.part.decision")} sunken>
          {columns.decision}
        </Column>
      </Box>
    </Box>
  );
}

function TwoColumns(props: { documents: ReactNode; tabs: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const [share, setShare] = useShare();
  return (
    <Box sx={{ display: "flex", flex: 1, minHeight: 0 }}>
      <Column label={t("case.part.documents")} width={`${share}%`} flush>
        {props.documents}
      </Column>
      <ResizeHandle label={t("case.resize")} value={share} min={25} max={65} onChange={setShare} />
      <Box
        sx={{ flex: 1, minWidth: 0, display: "flex", flexDirection: "column", bgcolor: "background.paper" }}
      >
        {props.tabs}
        <Column label={t("case.part.case")}>{props.children}</Column>
      </Box>
    </Box>
  );
}

type ColumnProps = { label: string; width?: string; flush?: boolean; sunken?: boolean; children: ReactNode };

function Column({ label, width, flush = false, sunken = false, children }: ColumnProps) {
  return (
    <Box
      component="section"
      aria-label={label}
      // A region that scrolls must be reachable by keyboard.
      tabIndex={flush ? undefined : 0}
      sx={{
        width: width ?? "auto",
        flex: width === undefined ? 1 : "none",
        minWidth: 0,
        minHeight: 0,
        overflowY: flush ? "hidden" : "auto",
        p: flush ? 0 : 4,
        bgcolor: sunken ? "background.default" : "background.paper",
      }}
    >
      {children}
    </Box>
  );
}

type StackedProps = {
  part: Part;
  setPart: (part: Part) => void;
  children: Record<Part, ReactNode>;
};

const PARTS: readonly [Part, ComponentType][] = [
  ["documents", DescriptionOutlined],
  ["case", AssignmentOutlined],
  ["decision", GavelOutlined],
];

/** On a phone all parts stand below one another, and the bar at the bottom leads to each. */
function Stacked({ part, setPart, children }: StackedProps) {
  const { t } = useTranslation();
  return (
    <>
      <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
        {PARTS.map(([name]) => (
          <Box
            component="section"
            id={`parte-${name}`}
            key={name}
            aria-label={t(`case.part.${name}`)}
            sx={{
              ...(name === "documents" ? { height: "62vh" } : { p: 4 }),
              bgcolor: name === "decision" ? "background.default" : "background.paper",
              borderBottom: "1px solid",
              borderColor: "divider",
            }}
          >
            {children[name]}
          </Box>
        ))}
      </Box>
      <BottomNavigation
        component="nav"
        aria-label={t("case.parts")}
        showLabels
        value={part}
        onChange={(_event, next: Part) => {
          setPart(next);
          document.getElementById(`parte-${next}`)?.scrollIntoView();
        }}
        sx={{ flex: "none", borderTop: "1px solid", borderColor: "divider", bgcolor: "background.paper" }}
      >
        {PARTS.map(([name, Icon]) => (
          <BottomNavigationAction key={name} value={name} label={t(`case.part.${name}`)} icon={<Icon />} />
        ))}
      </BottomNavigation>
    </>
  );
}

function CaseSkeleton() {
  const { t } = useTranslation();
  return (
    <Box aria-busy aria-label={t("common.loading")} sx={{ p: 4, display: "grid", gap: 4, height: 1 }}>
      <Skeleton variant="rounded" height={44} />
      <Box
        sx={{
          display: "grid",
          gridTemplateColumns: { xs: "1fr", md: "45fr 35fr 20fr" },
          gap: 4,
          minHeight: 480,
        }}
      >
        <Skeleton variant="rounded" height="100%" />
        <Skeleton variant="rounded" height="100%" />
        <Skeleton variant="rounded" height="100%" />
      </Box>
    </Box>
  );
}
