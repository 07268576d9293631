import QuickreplyOutlined from "@mui/icons-material/QuickreplyOutlined";
import Button from "@mui/material/Button";
import ListItemText from "@mui/material/ListItemText";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useListCannedAnswersQuery } from "@/client/chat";
import { useGetSessionQuery, useMay } from "@/client/identity";
import { useListRequestsInfiniteQuery } from "@/client/members";
import type { HandOver } from "@/client/types/chat";

import { fillIn, firstName } from "./placeholders";

/** The operator's own answers; one that is chosen stands in the field, to be read before it is sent. */
export function AnswerMenu({ one, use }: { one: HandOver; use: (words: string) => void }) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const answers = useListCannedAnswersQuery().data ?? [];
  const memberId = one.line.member_id;
  const mayRequests = useMay("authorization:read");
  const requests = useListRequestsInfiniteQuery(memberId ?? "", { skip: memberId === null || !mayRequests });
  const me = useGetSessionQuery().data?.principal.name ?? null;
  const filling = {
    nome: firstName(one.name),
    protocolo: requests.data?.pages[0]?.items[0]?.protocol ?? null,
    atendente: firstName(me),
  };
  if (answers.length === 0) return null;
  return (
    <>
      <Button
        startIcon={<QuickreplyOutlined />}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {t("answers.use")}
      </Button>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        slotProps={{ paper: { sx: { maxWidth: 480, maxHeight: 360 } } }}
      >
        {answers.map((answer) => (
          <MenuItem
            key={answer.id}
            onClick={() => {
              setAnchor(null);
              use(fillIn(answer.text, filling));
            }}
          >
            <ListItemText
              primary={answer.title}
              secondary={answer.text}
              slotProps={{ secondary: { noWrap: true } }}
            />
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
