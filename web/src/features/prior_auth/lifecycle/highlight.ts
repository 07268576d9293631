import type NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import type { Lifecycle } from "@/client/types/priorAuth";

/** Parts of bpmn-js that we use; it ships no types for them. */
type Shape = {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  waypoints?: unknown;
  businessObject?: { documentation?: { text: string }[] };
  di: { set: (name: string, value: string) => void };
};
type Elements = {
  forEach: (visit: (element: Shape, graphics: SVGElement) => void) => void;
  get: (id: string) => Shape | undefined;
  getGraphics: (id: string) => SVGElement;
};
type Part = { x: number; y: number; width: number; height: number };
type Canvas = {
  addMarker: (id: string, marker: string) => void;
  viewbox: (part?: Part) => Part & { inner: Part };
  zoom: (level?: number | "fit-viewport", center?: "auto") => number;
};
type Graphics = { update: (kind: "shape" | "connection", element: Shape, graphics: SVGElement) => void };

const PASSED = "#0F766E";
const PRESENT_FILL = "#CFEBE7";
/** Of what was not passed: in the background, and still to be read. */
export const QUIET = {
  defaultStrokeColor: "#94A3B8",
  defaultLabelColor: "#475569",
  defaultFillColor: "#FFFFFF",
};

/** Below this the names of states cannot be read, so the picture starts at the request's place instead. */
const READABLE = 0.7;

/** Draws the life cycle with the request's way on top of it and its place in view. */
export async function show(viewer: NavigatedViewer, way: Lifecycle): Promise<void> {
  await viewer.importXML(way.bpmn);
  const elements = viewer.get<Elements>("elementRegistry");
  for (const id of new Set(way.steps.flatMap((step) => step.elements))) {
    const passed = elements.get(id);
    if (passed) mark(viewer, passed, id === way.state);
  }
  elements.forEach(nameOnHover);
  lookAt(viewer.get<Canvas>("canvas"), elements.get(way.state));
}

function mark(viewer: NavigatedViewer, element: Shape, present: boolean): void {
  element.di.set("bioc:stroke", PASSED);
  if (present) element.di.set("bioc:fill", PRESENT_FILL);
  const graphics = viewer.get<Elements>("elementRegistry").getGraphics(element.id);
  const isFlow = element.waypoints !== undefined;
  viewer.get<Graphics>("graphicsFactory").update(isFlow ? "connection" : "shape", element, graphics);
  viewer.get<Canvas>("canvas").addMarker(element.id, present ? "present" : "passed");
  // Flows share their way; the one that was taken lies on top.
  const group = graphics.parentElement;
  if (isFlow && group) group.parentElement?.appendChild(group);
}

/** All of it where that can be read, else the present state with what led there. */
function lookAt(canvas: Canvas, present: Shape | undefined): void {
  if (canvas.zoom("fit-viewport", "auto") >= READABLE || !present) return;
  canvas.zoom(READABLE);
  const { inner, ...seen } = canvas.viewbox();
  const across = Math.min(
    present.x + 1.5 * present.width - 0.7 * seen.width,
    inner.x + inner.width - seen.width,
  );
  const down = Math.min(present.y + present.height - 0.5 * seen.height, inner.y + inner.height - seen.height);
  canvas.viewbox({ ...seen, x: Math.max(inner.x - 12, across), y: Math.max(inner.y - 12, down) });
}

/** What a flow means, and who may cause it, in the browser's own tooltip. */
function nameOnHover({ businessObject }: Shape, graphics: SVGElement): void {
  const text = businessObject?.documentation?.[0]?.text;
  if (text === undefined) return;
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = text;
  graphics.prepend(title);
}

export function zoomBy(factor: number): (viewer: NavigatedViewer) => void {
  return (viewer) => {
    const canvas = viewer.get<Canvas>("canvas");
    canvas.zoom(canvas.zoom() * factor);
  };
}

export function zoomWhole(viewer: NavigatedViewer): void {
  viewer.get<Canvas>("canvas").zoom("fit-viewport", "auto");
}
