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

/** An electronic signature inside a PDF, as checked without a network. */
export type DocumentSignature = {
  integrity: "intact" | "altered" | "unreadable";
  /** `extended`: only what signing needs came after it. */
  coverage: "whole_file" | "extended" | "changed" | null;
  chain: "trusted" | "out_of_date" | "unknown" | "not_checked";
  root: string | null;
  signer: string | null;
  cpf: string | null;
  /** As the signed file declares it; the certificate does not prove it. */
  registration: string | null;
  signed_at: string | null;
  time_stamped: boolean;
};

/** What speaks for and against a paper. The score starts at 50 and is no probability. */
export type Authenticity = {
  score: number;
  parts: { code: string; points: number }[];
  signatures: DocumentSignature[];
  made_by: string;
};

/** A line of a page in which something that was asked for stands, and the boxes of it. */
export type FoundPlace = { page: number; text: string; boxes: Box[] };

export type FoundDocument = {
  id: string;
  document_class: string | null;
  created_at: string;
  places: FoundPlace[];
};

export type DocumentDetail = {
  id: string;
  /** The member whose paper it is. */
  subject: string;
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
  /** Rows of its lists, with what tells each one apart first. */
  items: { kind: "medicine" | "lab_value" | "opme_item"; parts: DocumentField[] }[];
  /** Null for members and providers, and for papers read before it was kept. */
  authenticity: Authenticity | null;
};

/** How far a document is, without what stands in it. `sentence`: why it is refused, for who sent it. */
export type DocumentState = {
  id: string;
  status: "stored" | "reading" | "read" | "refused";
  refusal: string | null;
  sentence: string | null;
};
