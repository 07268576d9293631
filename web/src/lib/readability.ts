/** How easily a member will read a text. The rules are those of the texts that AUSTA sends. */
export type Readability = {
  /** 0 (hard) to 100 (easy). */
  score: number;
  level: "easy" | "fair" | "hard";
  words: number;
  longSentences: readonly string[];
  /** Words that are no conclusive answer (RN ANS 623/2024) or that a member may not know. */
  problems: readonly WordProblem[];
};

export type WordProblem = { word: string; reason: "not_an_answer" | "jargon" };

export const MAX_WORDS_IN_SENTENCE = 15;

const NOT_AN_ANSWER = ["em análise", "em auditoria", "em processamento", "sob avaliação"];
const JARGON = [
  "opme",
  "dut",
  "cid",
  "tuss",
  "glosa",
  "indeferido",
  "indeferida",
  "indeferimento",
  "segmentação",
  "cobertura parcial temporária",
  "supracitado",
  "outrossim",
  "em tela",
  "vossa senhoria",
];

/**
 * Judges a text by sentence and word length (Flesch, as fitted to Portuguese by Martins et al., 1996), as the server
 * does (`prior_auth/domain/readability.py`); `tests/golden/readability.json` tests both.
 */
export function judgeReadability(text: string): Readability {
  const sentences = splitSentences(text);
  const words = splitWords(text);
  const score = words.length === 0 ? 0 : fleschForPortuguese(words, Math.max(1, sentences.length));
  const longSentences = sentences.filter((one) => splitWords(one).length > MAX_WORDS_IN_SENTENCE);
  return { score, level: levelOf(score), words: words.length, longSentences, problems: findProblems(text) };
}

function fleschForPortuguese(words: readonly string[], sentences: number): number {
  const syllables = words.reduce((sum, word) => sum + countSyllables(word), 0);
  const raw = 248.835 - 1.015 * (words.length / sentences) - 84.6 * (syllables / words.length);
  return Math.round(Math.min(100, Math.max(0, raw)));
}

function levelOf(score: number): Readability["level"] {
  if (score >= 60) return "easy";
  return score >= 40 ? "fair" : "hard";
}

function splitSentences(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => splitWords(sentence).length > 0);
}

function splitWords(text: string): string[] {
  return text.match(/\p{L}+(?:-\p{L}+)*/gu) ?? [];
}

/** Vowel groups, where an accented or strong vowel next to another opens a new syllable (`sa-ú-de`, `le-al`). */
export function countSyllables(word: string): number {
  const letters = word.toLowerCase().replace(/([qg])u(?=[eiéíê])/g, "$1");
  let count = 0;
  let previous = "";
  for (const letter of letters) {
    if (isVowel(letter) && !joinsPrevious(previous, letter)) count += 1;
    previous = letter;
  }
  return Math.max(1, count);
}

function isVowel(letter: string): boolean {
  return /[aeiouáàâãéêíóôõúü]/.test(letter);
}

function joinsPrevious(previous: string, letter: string): boolean {
  if (!isVowel(previous)) return false;
  if (/[ãõ]/.test(previous) && /[eio]/.test(letter)) return true;
  if (/[íú]/.test(previous) || /[íú]/.test(letter)) return false;
  const weak = /[iuü]/;
  return weak.test(letter) || (weak.test(previous) && !/[áéóâêô]/.test(letter) && /[uü]/.test(previous));
}

function findProblems(text: string): WordProblem[] {
  const padded = ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ")} `;
  const found = (list: readonly string[], reason: WordProblem["reason"]) =>
    list.filter((word) => padded.includes(` ${word} `)).map((word) => ({ word, reason }));
  return [...found(NOT_AN_ANSWER, "not_an_answer"), ...found(JARGON, "jargon")];
}
