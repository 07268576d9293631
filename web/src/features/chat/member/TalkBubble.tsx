import DoneIcon from "@mui/icons-material/Done";
import ErrorOutlined from "@mui/icons-material/ErrorOutlined";
import InsertDriveFileOutlined from "@mui/icons-material/InsertDriveFileOutlined";
import ScheduleOutlined from "@mui/icons-material/Schedule";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import LinearProgress from "@mui/material/LinearProgress";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { TalkMessage, TalkOption } from "@/client/types/talk";
import { formatTime } from "@/lib/format";
import { splitMarks } from "@/lib/marks";
import { findText } from "@/ui/findText";
import { VisuallyHidden } from "@/ui/VisuallyHidden";

import type { Outgoing } from "@/lib/unsent";

type Choose = (option: TalkOption) => void;

/** A message that was told. `choose`: its options can be tapped. */
export function TalkBubble({ message, choose }: { message: TalkMessage; choose: Choose | null }) {
  const { t } = useTranslation();
  const mine = message.said_by === "me";
  return (
    <Bubble mine={mine} urgent={message.is_urgent} who={t(`my.talk.said_by.${message.said_by}`)}>
      {message.file_name !== null && <FileName name={message.file_name} />}
      {message.text !== null && <Words>{message.text}</Words>}
      <Foot>
        <span>{formatTime(message.sent_at)}</span>
        {mine && (
          <>
            <DoneIcon aria-hidden sx={{ fontSize: 18 }} />
            <span>{t("my.talk.state.kept")}</span>
          </>
        )}
      </Foot>
      {choose !== null && message.options.length > 0 && <Options options={message.options} choose={choose} />}
    </Bubble>
  );
}

type OutgoingProps = { one: Outgoing; again: () => void; drop: () => void };

/** What was written and is still on its way, or did not get there. */
export function OutgoingBubble({ one, again, drop }: OutgoingProps) {
  const { t } = useTranslation();
  const failed = one.state === "failed";
  const percent = Math.round(one.progress * 100);
  return (
    <Bubble mine failed={failed} who={t("my.talk.said_by.me")}>
      {one.file !== null && <FileName name={one.file.name} />}
      {one.text !== "" && <Words>{one.text}</Words>}
      {one.file !== null && one.state === "sending" && (
        <LinearProgress
          variant={percent === 100 ? "indeterminate" : "determinate"}
          value={percent}
          aria-label={t("my.talk.sending_file", { percent })}
          sx={{ my: 2, height: 6, borderRadius: 1 }}
        />
      )}
      <Foot failed={failed}>
        {failed ? (
          <ErrorOutlined aria-hidden sx={{ fontSize: 20 }} />
        ) : one.state === "sending" ? (
          <ScheduleOutlined aria-hidden sx={{ fontSize: 18 }} />
        ) : (
          <DoneIcon aria-hidden sx={{ fontSize: 18 }} />
        )}
        <span>{t(`my.talk.state.${one.state}`)}</span>
      </Foot>
      {failed && (
        <Box sx={{ display: "grid", gap: 2, mt: 1 }}>
          {one.problem !== null && <Reason code={one.problem} />}
          <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2 }}>
            <Button variant="contained" onClick={again} sx={{ minHeight: 48, fontSize: "1.0625rem" }}>
              {t("my.talk.again")}
            </Button>
            <Button onClick={drop} sx={{ minHeight: 48, fontSize: "1.0625rem" }}>
              {t("my.talk.drop")}
            </Button>
          </Box>
        </Box>
      )}
    </Bubble>
  );
}

function Reason({ code }: { code: string }) {
  const known = findText(`my.talk.problem.${code.replace(/\./g, "__")}`);
  return known === null ? null : <Typography sx={{ fontSize: "1.0625rem" }}>{known}</Typography>;
}

type BubbleProps = { mine: boolean; urgent?: boolean; failed?: boolean; who: string; children: ReactNode };

function Bubble({ mine, urgent = false, failed = false, who, children }: BubbleProps) {
  return (
    <Box
      component="article"
      sx={{
        justifySelf: mine ? "end" : "start",
        maxWidth: "min(560px, 90%)",
        minWidth: 0,
        px: 4,
        py: 3,
        borderRadius: "16px",
        [mine ? "borderBottomRightRadius" : "borderBottomLeftRadius"]: "4px",
        border: urgent || failed ? "2px solid" : "1px solid",
        borderColor: urgent || failed ? "meaning.bad.strong" : "divider",
        bgcolor: mine ? "surface.selected" : urgent ? "meaning.bad.soft" : "background.paper",
      }}
    >
      <VisuallyHidden>{who}</VisuallyHidden>
      {children}
    </Box>
  );
}

function Words({ children }: { children: string }) {
  return (
    <Typography
      component="p"
      sx={{ fontSize: "1.125rem", lineHeight: 1.5, whiteSpace: "pre-line", overflowWrap: "anywhere" }}
    >
      {splitMarks(children).map(({ text, style }, place) =>
        style === "plain" ? (
          linked(text)
        ) : (
          <Box
            component="span"
            key={place}
            sx={style === "bold" ? { fontWeight: 700 } : { fontStyle: "italic" }}
          >
            {linked(text)}
          </Box>
        ),
      )}
    </Typography>
  );
}

/** Addresses become links, and numbers to call in an emergency can be touched. */
function linked(text: string): ReactNode[] {
  return text.split(/(https?:\/\/[^\s]+[^\s.,;:!?)]|\b(?:188|190|192|193)\b)/u).map((piece, place) => {
    if (place % 2 === 0) return piece;
    const call = /^\d{3}$/.test(piece);
    return (
      <Link
        key={place}
        href={call ? `tel:${piece}` : piece}
        {...(call ? {} : { target: "_blank", rel: "noopener" })}
        sx={{ fontWeight: 600 }}
      >
        {piece}
      </Link>
    );
  });
}

function FileName({ name }: { name: string }) {
  return (
    <Box sx={{ display: "flex", alignItems: "center", gap: 2, minWidth: 0, fontSize: "1.125rem" }}>
      <InsertDriveFileOutlined aria-hidden />
      <Typography sx={{ fontSize: "1.125rem", overflowWrap: "anywhere" }}>{name}</Typography>
    </Box>
  );
}

function Foot({ failed = false, children }: { failed?: boolean; children: ReactNode }) {
  return (
    <Box
      sx={{
        display: "flex",
        justifyContent: "flex-end",
        alignItems: "center",
        gap: 1,
        mt: 1,
        fontSize: "0.9375rem",
        fontWeight: failed ? 600 : 400,
        color: failed ? "meaning.bad.strong" : "text.secondary",
      }}
    >
      {children}
    </Box>
  );
}

function Options({ options, choose }: { options: readonly TalkOption[]; choose: Choose }) {
  return (
    <Box sx={{ display: "grid", gap: 2, mt: 3 }}>
      {options.map((option) => (
        <Button
          key={option.id}
          variant="outlined"
          onClick={() => choose(option)}
          sx={{
            minHeight: 52,
            fontSize: "1.0625rem",
            lineHeight: 1.3,
            display: "grid",
            justifyItems: option.description === "" ? "center" : "start",
            textAlign: option.description === "" ? "center" : "left",
            bgcolor: "background.paper",
            borderColor: "primary.main",
          }}
        >
          {option.title}
          {option.description !== "" && (
            <Typography component="span" sx={{ fontSize: "1rem", color: "text.secondary" }}>
              {option.description}
            </Typography>
          )}
        </Button>
      ))}
    </Box>
  );
}
