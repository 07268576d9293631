import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { useListDemoMemberSignInsQuery } from "@/client/demo";
import { formatDate } from "@/lib/format";

/** Whom one may be in the demonstration; elsewhere nothing. */
export function DemoMembers({ choose }: { choose: (person: { number: string; birthDate: string }) => void }) {
  const { t } = useTranslation();
  const people = useListDemoMemberSignInsQuery().data ?? [];
  if (people.length === 0) return null;
  return (
    <Box component="section" aria-labelledby="demo-pessoas" sx={{ display: "grid", gap: 2 }}>
      <Typography id="demo-pessoas" component="h2" sx={{ fontSize: "1rem", color: "text.secondary" }}>
        {t("my.sign_in.demo")}
      </Typography>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2 }}>
        {people.map((one) => (
          <Button
            key={one.number}
            variant="outlined"
            onClick={() => choose({ number: one.number, birthDate: formatDate(one.birth_date) })}
            sx={{ minHeight: 44, fontSize: "1rem" }}
          >
            {one.name}
          </Button>
        ))}
      </Box>
      <Link href="/demo/caixa-de-saida" target="_blank" rel="noopener" sx={{ fontSize: "1rem" }}>
        {t("my.sign_in.demo_code")}
      </Link>
    </Box>
  );
}
