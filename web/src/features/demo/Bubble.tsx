import DoneIcon from "@mui/icons-material/Done";
import DoneAllIcon from "@mui/icons-material/DoneAll";
import ErrorOutlined from "@mui/icons-material/ErrorOutlined";
import InsertDriveFileOutlined from "@mui/icons-material/InsertDriveFileOutlined";
import ScheduleOutlined from "@mui/icons-material/Schedule";
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { usePressButtonMutation } from "@/client/demo";
import { problemOf } from "@/client/problem";
import type { PhoneMessage } from "@/client/types/demo";
import { announce } from "@/lib/announce";
import { formatTime } from "@/lib/format";
import { splitMarks } from "@/lib/marks";
import { problemText } from "@/ui/Problems";

import { WHATSAPP } from "./whatsapp";

type Props = { phone: string; message: PhoneMessage; quoted: PhoneMessage | undefined };

export function Bubble({ phone, message, quoted }: Props) {
  const { t } = useTranslation();
  const mine = message.from === "member";
  return (
    <Box sx={{ display: "flex", justifyContent: mine ? "flex-end" : "flex-start", mb: 2 }}>
      <Box
        sx={{
          maxWidth: "84%",
          borderRadius: "10px",
          [mine ? "borderTopRightRadius" : "borderTopLeftRadius"]: "2px",
          bgcolor: mine ? WHATSAPP.mine : WHATSAPP.theirs,
          boxShadow: "0 1px 1px rgb(11 20 26 / 0.13)",
          overflow: "hidden",
        }}
      >
        {quoted && (
          <Typography
            variant="caption"
            component="p"
            noWrap
            sx={{
              m: 1,
              px: 2,
              py: 1,
              borderRadius: "6px",
              borderLeft: `4px solid ${WHATSAPP.header}`,
              bgcolor: "rgb(11 20 26 / 0.06)",
            }}
          >
            {quoted.text || t("phone.photo")}
          </Typography>
        )}
        <Media message={message} />
        <Box sx={{ px: 2.5, pt: 1.5, pb: 1 }}>
          <Typography
            component="p"
            sx={{ fontSize: "0.9375rem", lineHeight: 1.4, whiteSpace: "pre-line", overflowWrap: "anywhere" }}
          >
            <Formatted text={message.text} />
          </Typography>
          {message.footer !== null && (
            <Typography variant="caption" component="p" sx={{ color: WHATSAPP.faint }}>
              {message.footer}
            </Typography>
          )}
          {message.error !== null && (
            <Typography variant="caption" component="p" sx={{ color: "#B91C1C" }}>
              {message.error}
            </Typography>
          )}
          <Box
            sx={{
              display: "flex",
              justifyContent: "flex-end",
              alignItems: "center",
              gap: 1,
              color: WHATSAPP.faint,
            }}
          >
            <Typography component="span" sx={{ fontSize: "0.6875rem" }}>
              {formatTime(message.at)}
            </Typography>
            {mine && <Ticks status={message.status} />}
          </Box>
        </Box>
        {message.link && (
          <Choice>
            <Link
              href={message.link.url}
              target="_blank"
              rel="noopener"
              underline="none"
              sx={{ color: WHATSAPP.link, fontWeight: 600 }}
            >
              {message.link.title}
            </Link>
          </Choice>
        )}
        <Buttons phone={phone} message={message} />
      </Box>
    </Box>
  );
}

function Formatted({ text }: { text: string }) {
  return splitMarks(text).map((piece, place) =>
    piece.style === "bold" ? (
      <strong key={place}>{piece.text}</strong>
    ) : piece.style === "italic" ? (
      <em key={place}>{piece.text}</em>
    ) : (
      <span key={place}>{piece.text}</span>
    ),
  );
}

function Media({ message }: { message: PhoneMessage }) {
  const { t } = useTranslation();
  const { media } = message;
  if (!media) return null;
  if (media.mime_type?.startsWith("image/") === true || message.type === "image") {
    return (
      <Box
        component="img"
        src={media.url}
        alt={t("phone.photo")}
        sx={{
          display: "block",
          width: 240,
          maxWidth: 1,
          maxHeight: 300,
          objectFit: "cover",
          objectPosition: "top",
        }}
      />
    );
  }
  return (
    <Link
      href={media.url}
      target="_blank"
      rel="noopener"
      underline="none"
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 2,
        m: 1,
        p: 2,
        borderRadius: "6px",
        bgcolor: "rgb(11 20 26 / 0.06)",
        color: WHATSAPP.ink,
      }}
    >
      <InsertDriveFileOutlined fontSize="small" />
      {media.filename ?? t("phone.file")}
    </Link>
  );
}

function Ticks({ status }: { status: string }) {
  const { t } = useTranslation();
  const size = { fontSize: 16 };
  switch (status) {
    case "read":
      return <DoneAllIcon titleAccess={t("phone.tick.read")} sx={{ ...size, color: WHATSAPP.read }} />;
    case "delivered":
      return <DoneAllIcon titleAccess={t("phone.tick.delivered")} sx={size} />;
    case "sent":
      return <DoneIcon titleAccess={t("phone.tick.sent")} sx={size} />;
    case "failed":
      return <ErrorOutlined titleAccess={t("phone.tick.failed")} sx={{ ...size, color: "#B91C1C" }} />;
    default:
      return <ScheduleOutlined titleAccess={t("phone.tick.waiting")} sx={size} />;
  }
}

function Buttons({ phone, message }: { phone: string; message: PhoneMessage }) {
  const { t } = useTranslation();
  const [press, { isLoading }] = usePressButtonMutation();
  const rows = message.list?.sections.flatMap((section) => section.rows) ?? [];
  const tap = async (id: string) => {
    const answer = await press({ phone, message_id: message.id, button_id: id });
    if (answer.error) announce(problemText(t, problemOf(answer.error)));
  };
  return [...message.buttons, ...rows].map((button) => (
    <Choice key={button.id}>
      <ButtonBase
        disabled={isLoading}
        onClick={() => void tap(button.id)}
        sx={{ width: 1, py: 1, color: WHATSAPP.link, fontWeight: 600, fontSize: "0.9375rem" }}
      >
        {button.title}
      </ButtonBase>
    </Choice>
  ));
}

function Choice({ children }: { children: ReactNode }) {
  return (
    <Box sx={{ px: 2, py: 1, textAlign: "center", borderTop: "1px solid rgb(11 20 26 / 0.1)" }}>
      {children}
    </Box>
  );
}
