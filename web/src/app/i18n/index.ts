import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { ptBR } from "./pt-BR";

export type Language = "pt-BR" | "en";

const STORAGE_KEY = "austa.language";

/** Starts the catalogues: Portuguese is in the bundle, English is fetched when chosen. */
export async function startCatalogues(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "pt-BR",
    fallbackLng: "pt-BR",
    resources: { "pt-BR": { translation: ptBR } },
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  });
  if (localStorage.getItem(STORAGE_KEY) === "en") await chooseLanguage("en");
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (language === "en" && !i18next.hasResourceBundle("en", "translation")) {
    const { en } = await import("./en");
    i18next.addResourceBundle("en", "translation", en);
  }
  await i18next.changeLanguage(language);
  localStorage.setItem(STORAGE_KEY, language);
  document.documentElement.lang = language;
}
