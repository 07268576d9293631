const KEY = "austa.operadora";

/** The plan that the address names (`?operadora=123456`), remembered for the next visit; null where none was named. */
export function chosenOperator(search: URLSearchParams): string | null {
  const named = search.get("operadora");
  if (named !== null && /^\d{6}$/.test(named)) {
    localStorage.setItem(KEY, named);
    return named;
  }
  return localStorage.getItem(KEY);
}
