import { Navigate } from "react-router";

import { useGetSessionQuery } from "@/client/identity";

import { placesFor } from "./places";
import { RefusedPage } from "./RefusedPage";

/** Where a day begins: the first place that this person may use. */
export function HomePage() {
  const session = useGetSessionQuery();
  if (!session.data) return null;
  const [first] = placesFor(session.data, false);
  return first ? <Navigate to={first.path} replace /> : <RefusedPage session={session.data} />;
}
