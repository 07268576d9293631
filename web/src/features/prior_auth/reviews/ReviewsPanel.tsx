import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetReviewsQuery } from "@/client/reviews";
import type { ReviewAct, ReviewBook } from "@/client/types/priorAuth";
import { formatDateTime } from "@/lib/format";

import { ExtensionDialog, type ExtendedRequest } from "./ExtensionDialog";
import { ReopenDialog } from "./ReopenDialog";

type Props = {
  request: ExtendedRequest;
  /** Where the pages of requests lie for this person. */
  place: string;
};

/** What may come after an answer: nothing is shown while nothing may, and nothing did. */
export function ReviewsPanel({ request, place }: Props) {
  const { t } = useTranslation();
  const titleId = useId();
  const found = useGetReviewsQuery(request.request_id);
  const [act, setAct] = useState<ReviewAct | null>(null);
  const book = found.data;
  if (!book || (book.may.length === 0 && book.reviews.length === 0)) return null;
  const close = () => setAct(null);
  return (
    <Box component="section" aria-labelledby={titleId} sx={{ display: "grid", gap: 2.5 }}>
      <Typography id={titleId} variant="h2">
        {t("reviews.title")}
      </Typography>
      <Opened reviews={book.reviews} />
      {book.may.length > 0 && (
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2 }}>
          {book.may.map((one) => (
            <Button key={one} variant="outlined" color="secondary" onClick={() => setAct(one)}>
              {t(`reviews.act.${one}`)}
            </Button>
          ))}
        </Box>
      )}
      <ExtensionDialog request={request} place={place} open={act === "extend"} onClose={close} />
      <ReopenDialog
        requestId={request.request_id}
        version={book.version}
        act={act === "extend" ? null : act}
        onClose={close}
      />
    </Box>
  );
}

function Opened({ reviews }: { reviews: ReviewBook["reviews"] }) {
  const { t } = useTranslation();
  if (reviews.length === 0) return null;
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 2 }}>
      {reviews.map((review) => (
        <Box component="li" key={review.at}>
          <Typography variant="body2" sx={{ fontWeight: 550 }}>
            {t(`reviews.kind.${review.kind}`)}
          </Typography>
          {review.written !== null && (
            <Typography variant="body2" sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
              {review.written}
            </Typography>
          )}
          <Typography variant="caption" sx={{ color: "text.secondary" }}>
            {formatDateTime(review.at)} · {t(`reviews.by.${kindOf(review.by)}`)}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}

function kindOf(actor: string): "member" | "clerk" | "staff" {
  const [kind] = actor.split(":");
  return kind === "member" || kind === "clerk" ? kind : "staff";
}
