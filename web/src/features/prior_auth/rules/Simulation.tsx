import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSimulateRulesMutation } from "@/client/rules";
import type { SimulationResult, SimulatedWay } from "@/client/types/rules";
import { formatDate } from "@/lib/format";
import { ProblemAlert } from "@/ui/Problems";

const DAYS = 90;

/** Which past requests would have gone another way by this version, and by which rules. */
export function Simulation({ id }: { id: string }) {
  const { t } = useTranslation();
  const [days, setDays] = useState(String(DAYS));
  const [simulate, { data, error, isLoading }] = useSimulateRulesMutation();
  return (
    <Box sx={{ display: "grid", gap: 4 }}>
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("rules.simulation_lead")}
      </Typography>
      <Box
        component="form"
        sx={{ display: "flex", gap: 3, alignItems: "center", flexWrap: "wrap" }}
        onSubmit={(event) => {
          event.preventDefault();
          void simulate({ id, since_days: Number(days) || DAYS });
        }}
      >
        <TextField
          type="number"
          label={t("rules.days")}
          value={days}
          onChange={(event) => setDays(event.target.value)}
          slotProps={{ htmlInput: { min: 1, max: 3660 } }}
          sx={{ width: 140 }}
        />
        <Button type="submit" variant="contained" disabled={isLoading}>
          {t(isLoading ? "rules.simulating" : "rules.simulate")}
        </Button>
      </Box>
      {error !== undefined && <ProblemAlert error={error} />}
      {data && <Outcome found={data} />}
    </Box>
  );
}

function Outcome({ found }: { found: SimulationResult }) {
  const { t } = useTranslation();
  return (
    <Box role="status" sx={{ display: "grid", gap: 4 }}>
      <Alert severity={found.changed === 0 ? "success" : "warning"} variant="outlined">
        {t("rules.simulated", {
          count: found.looked_at,
          changed: found.changed,
          since: formatDate(found.since),
        })}
        {found.unreadable > 0 && ` ${t("rules.unreadable", { count: found.unreadable })}`}
        {!found.whole && ` ${t("rules.not_whole")}`}
      </Alert>
      <Box component="ul" sx={{ m: 0, pl: 5, display: "grid", gap: 1 }}>
        {found.ways.map((way, index) => (
          <Typography component="li" variant="body2" key={index}>
            {t("rules.ways", {
              count: way.requests,
              before: wayText(way.before),
              after: wayText(way.after),
            })}
          </Typography>
        ))}
      </Box>
      <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
        {found.examples.map((one) => (
          <Box component="li" key={one.request_id}>
            <Typography variant="body2" sx={{ fontWeight: 600 }}>
              {one.protocol}, {formatDate(one.assessed_at)}: {wayText(one.before)} → {wayText(one.after)}
            </Typography>
            {one.speaks_now.map((rule) => (
              <Typography variant="body2" key={`+${rule}`}>
                {t("rules.speaks_now", { rule })}
              </Typography>
            ))}
            {one.speaks_no_longer.map((rule) => (
              <Typography variant="body2" key={`-${rule}`}>
                {t("rules.speaks_no_longer", { rule })}
              </Typography>
            ))}
          </Box>
        ))}
      </Box>
    </Box>
  );

  function wayText({ path, queue, days }: SimulatedWay): string {
    if (days !== null) return t("rules.way_days", { path, count: days });
    return queue === null ? path : `${path} (${queue})`;
  }
}
