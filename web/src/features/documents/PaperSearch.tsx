import CloseOutlined from "@mui/icons-material/Close";
import SearchOutlined from "@mui/icons-material/Search";
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import IconButton from "@mui/material/IconButton";
import InputBase from "@mui/material/InputBase";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSearchDocumentsMutation } from "@/client/documents";
import type { FoundDocument, FoundPlace } from "@/client/types/documents";
import { formatDate } from "@/lib/format";
import { findText } from "@/ui/findText";
import { ProblemAlert } from "@/ui/Problems";

type Props = {
  memberId: string;
  show: (documentId: string, place: FoundPlace) => void;
  clear: () => void;
};

/** Looks for words in all papers of a member. It asks on Enter: each paper found is written into the access record. */
export function PaperSearch({ memberId, show, clear }: Props) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState("");
  const [search, { data, error, isLoading, reset }] = useSearchDocumentsMutation();
  const end = () => {
    setQuery("");
    reset();
    clear();
  };
  const look = () => {
    const wanted = query.trim();
    if (wanted === "") return;
    setAsked(wanted);
    clear();
    void search({ query: wanted, member_id: memberId });
  };
  return (
    <Box
      role="search"
      sx={{ flex: "none", borderBottom: "1px solid", borderColor: "divider", bgcolor: "background.paper" }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 2, px: 3, minHeight: 40 }}>
        <SearchOutlined fontSize="small" sx={{ color: "text.secondary" }} />
        <InputBase
          value={query}
          placeholder={t("paper_search.hint")}
          inputProps={{ "aria-label": t("paper_search.label"), maxLength: 200, enterKeyHint: "search" }}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") look();
            if (event.key === "Escape") end();
          }}
          sx={{ flex: 1, fontSize: "0.8125rem" }}
        />
        {(query !== "" || data) && (
          <IconButton size="small" aria-label={t("paper_search.clear")} onClick={end}>
            <CloseOutlined fontSize="small" />
          </IconButton>
        )}
      </Box>
      <Box role="status" sx={{ "&:empty": { display: "none" }, px: 3, pb: 2 }}>
        {isLoading && <Quiet>{t("paper_search.looking")}</Quiet>}
        {error && <ProblemAlert error={error} />}
        {data && <Quiet>{t("paper_search.found", { count: data.items.length, query: asked })}</Quiet>}
      </Box>
      {data && data.items.length > 0 && (
        <Box
          component="ul"
          aria-label={t("paper_search.results")}
          sx={{ listStyle: "none", m: 0, p: 0, maxHeight: 220, overflowY: "auto" }}
        >
          {data.items.flatMap((one) =>
            one.places.map((place, index) => (
              <li key={`${one.id}-${index}`}>
                <Found one={one} place={place} show={() => show(one.id, place)} />
              </li>
            )),
          )}
        </Box>
      )}
    </Box>
  );
}

function Found({ one, place, show }: { one: FoundDocument; place: FoundPlace; show: () => void }) {
  const { t } = useTranslation();
  const kind = findText(`document_class.${one.document_class ?? "other"}`) ?? one.document_class;
  return (
    <ButtonBase
      onClick={show}
      sx={{
        display: "block",
        width: 1,
        textAlign: "left",
        px: 3,
        py: 1,
        "&:hover": { bgcolor: "surface.hover" },
      }}
    >
      <Typography variant="body2" sx={{ overflowWrap: "anywhere" }}>
        {place.text}
      </Typography>
      <Quiet>{t("paper_search.where", { kind, page: place.page, date: formatDate(one.created_at) })}</Quiet>
    </ButtonBase>
  );
}

function Quiet({ children }: { children: string }) {
  return (
    <Typography variant="caption" component="p" sx={{ color: "text.secondary" }}>
      {children}
    </Typography>
  );
}
