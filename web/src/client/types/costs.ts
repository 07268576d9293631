/** Millionths of a currency: prices of one message have more than two decimals. */
export type Amount = { currency: string; micros: number };

/** Delivered messages together; what the report does not part by is null. */
export type CostLine = {
  day: string | null;
  number_id: string | null;
  category: string | null;
  messages: number;
  free: number;
  /** Charged, without a price that was entered: not in `amounts`. */
  unpriced: number;
  amounts: Amount[];
};

export type CostReport = {
  first_day: string;
  last_day: string;
  time_zone: string;
  items: CostLine[];
  total: CostLine;
};

/** What a message of a category costs from a day on. */
export type Price = {
  id: string;
  category: string;
  currency: string;
  micros: number;
  source: string;
  verified_on: string;
  valid_from: string;
  valid_until: string | null;
};
