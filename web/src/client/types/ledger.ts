export type LedgerCheckpoint = {
  origin: string;
  size: number;
  root: string;
  note: string;
  public_key: string;
};

export type LedgerProof = {
  format: string;
  state: string;
  entry: {
    id: string;
    index: number;
    source_event_id: string;
    kind: string;
    time: string;
    leaf_data: string;
    salt: string | null;
    statement: string | null;
  };
  leaf_hash: string;
  proof: string[];
  tree_size: number;
  root: string;
  checkpoint: string;
  public_key: string;
};
