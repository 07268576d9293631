declare module "dmn-js/lib/Modeler" {
  export type View = { type: "drd" | "decisionTable" | "literalExpression"; name?: string; id: string };

  /** The editor of decision tables of bpmn.io; it ships no types. */
  export default class Modeler {
    constructor(options: { container: HTMLElement } & Record<string, unknown>);
    importXML(xml: string): Promise<{ warnings: unknown[] }>;
    saveXML(options?: { format?: boolean }): Promise<{ xml: string }>;
    getViews(): View[];
    open(view: View): Promise<unknown>;
    destroy(): void;
  }
}

declare module "dmn-js/lib/NavigatedViewer" {
  export { default } from "dmn-js/lib/Modeler";
}
