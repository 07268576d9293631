import { adminTexts } from "./admin";
import { calendarTexts } from "./calendar";
import { accessTexts } from "./access";
import { care } from "./care";
import { caseTexts } from "./case";
import { boardTexts } from "./board";
import { conversationTexts } from "./conversations";
import { templateTexts } from "./templates";
import { costTexts } from "./costs";
import { checklistTexts } from "./checklist";
import { common } from "./common";
import { deskTexts } from "./desk";
import { decisionTexts } from "./decision";
import { member } from "./member";
import { myTexts } from "./my";
import { memberTexts } from "./members";
import { paperTexts } from "./papers";
import { queue } from "./queue";
import { reviewTexts } from "./reviews";
import { rulesTexts } from "./rules";
import { signalTexts } from "./signals";

/** Every text of the screen in Portuguese. Its shape is the catalogue that other languages must fill. */
export const ptBR = {
  ...common,
  ...accessTexts,
  ...queue,
  ...caseTexts,
  ...boardTexts,
  ...checklistTexts,
  ...conversationTexts,
  ...costTexts,
  ...templateTexts,
  ...decisionTexts,
  ...deskTexts,
  ...adminTexts,
  ...calendarTexts,
  ...care,
  ...member,
  ...myTexts,
  ...memberTexts,
  ...reviewTexts,
  ...paperTexts,
  ...rulesTexts,
  ...signalTexts,
};

export type Catalogue = typeof ptBR;
