import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import type { Authenticity, DocumentSignature } from "@/client/types/documents";
import { formatDateTime } from "@/lib/format";
import { Facts } from "@/ui/Facts";
import { findText } from "@/ui/findText";
import { Folded } from "@/ui/Folded";
import { Tag, type Tone } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

/** From here down somebody should look before deciding: a single strong sign is enough to get there. */
const STRONG = -20;

/** What speaks for and against a paper, unfolded when something strong speaks against it. It decides nothing. */
export function AuthenticityNote({ found }: { found: Authenticity }) {
  const { t } = useTranslation();
  return (
    <Box sx={{ mt: 2 }}>
      <Folded
        summary={t("authenticity.summary", { score: found.score })}
        open={found.parts.some((part) => part.points <= STRONG)}
      >
        <Typography variant="caption" component="p" sx={{ color: "text.secondary", mb: 2 }}>
          {t("authenticity.lead")}
        </Typography>
        {found.parts.length === 0 ? (
          <Typography variant="body2">{t("authenticity.nothing")}</Typography>
        ) : (
          <Box
            component="ul"
            aria-label={t("authenticity.parts")}
            sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 1 }}
          >
            {found.parts.map((part) => (
              <Box component="li" key={part.code} sx={{ display: "flex", gap: 2, alignItems: "baseline" }}>
                <Box sx={{ ...TABULAR, flex: "none", minWidth: 44, textAlign: "right" }}>
                  <Tag tone={toneOf(part.points)}>{signed(part.points)}</Tag>
                </Box>
                <Typography variant="body2">
                  {findText(`authenticity.part.${part.code}`) ?? part.code}
                </Typography>
              </Box>
            ))}
          </Box>
        )}
        {found.signatures.map((signature, place) => (
          <SignatureFacts
            key={place}
            signature={signature}
            title={t("authenticity.signature", { place: place + 1, count: found.signatures.length })}
          />
        ))}
        {found.made_by && (
          <Typography variant="caption" component="p" sx={{ color: "text.secondary", mt: 2 }}>
            {t("authenticity.made_by", { programs: found.made_by })}
          </Typography>
        )}
      </Folded>
    </Box>
  );
}

function SignatureFacts({ signature, title }: { signature: DocumentSignature; title: string }) {
  const { t } = useTranslation();
  const { coverage, signed_at: at } = signature;
  const time =
    at && t(`authenticity.${signature.time_stamped ? "at_stamped" : "at_own"}`, { at: formatDateTime(at) });
  const rows: [string, string][] = [
    [t("authenticity.state"), t(`authenticity.integrity.${signature.integrity}`)],
    ...(coverage === null
      ? []
      : [[t("authenticity.after"), t(`authenticity.coverage.${coverage}`)] satisfies [string, string]]),
    [t("authenticity.signer"), signature.signer ?? t("common.unknown")],
    [t("authenticity.cpf"), signature.cpf ?? t("authenticity.no_cpf")],
    [t("authenticity.registration"), signature.registration ?? t("authenticity.no_registration")],
    [t("authenticity.at"), time ?? t("common.unknown")],
    [
      t("authenticity.certificate"),
      t(`authenticity.chain.${signature.chain}`, { root: signature.root ?? t("common.unknown") }),
    ],
    [t("authenticity.revocation"), t("authenticity.revocation_unknown")],
  ];
  return (
    <Box sx={{ mt: 3 }}>
      <Typography variant="caption" component="p" sx={{ color: "text.secondary", mb: 1 }}>
        {title}
      </Typography>
      <Facts rows={signature.integrity === "unreadable" ? rows.slice(0, 1) : rows} />
    </Box>
  );
}

function toneOf(points: number): Tone {
  if (points <= STRONG) return "bad";
  if (points < 0) return "doubt";
  return points > 0 ? "good" : "quiet";
}

function signed(points: number): string {
  return points > 0 ? `+${points}` : String(points).replace("-", "−");
}
