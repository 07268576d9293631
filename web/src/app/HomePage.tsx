import { Navigate } from "react-router";

import { useGetSessionQuery } from "@/client/identity";

import { isClerk } from "./places";

/** Where a day begins: the queue for the operator's people, the desk for a provider's. */
export function HomePage() {
  const session = useGetSessionQuery();
  if (!session.data) return null;
  return <Navigate to={isClerk(session.data) ? "/prestador/pedidos" : "/cockpit/fila"} replace />;
}
