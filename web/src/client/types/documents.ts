export type FieldStatus = "accepted" | "confirm" | "unreadable";

export type Box = { page: number; x0: number; y0: number; x1: number; y1: number };

/** One fact read from a paper. Names repeat (`cid`), so its place in the list is what tells it apart. */
export type DocumentField = {
  name: string;
  value: string | null;
  normal: string | null;
  /** Fractions of the page's width and height, from the top left. */
  box: Box | null;
  confidence: number;
  passed: string[];
  failed: string[];
  status: FieldStatus;
};

export type DocumentDetail = {
  id: string;
  status: "stored" | "reading" | "read" | "refused";
  refusal: string | null;
  document_class: string | null;
  handwritten: boolean;
  pages: { number: number; width: number; height: number }[];
  fields: DocumentField[];
  procedures: {
    description: DocumentField;
    tuss: DocumentField | null;
    laterality: DocumentField | null;
    quantity: DocumentField | null;
  }[];
};

/** How far a document is, without what stands in it. `sentence`: why it is refused, for who sent it. */
export type DocumentState = {
  id: string;
  status: "stored" | "reading" | "read" | "refused";
  refusal: string | null;
  sentence: string | null;
};
