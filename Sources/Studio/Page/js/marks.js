// Marks drawn over the picture: points, boxes, scribbles, and the one being drawn.

const INSIDE = "#2fbf71";
const OUTSIDE = "#e5484d";
const RADIUS = 7;

/** Draws the marks of a prompt and the draft of a tool, in CSS pixels. */
export function drawMarks(context, viewport, { prompt, draft }) {
  context.save();
  context.lineJoin = "round";
  context.lineCap = "round";
  if (prompt) {
    if (prompt.box) drawBox(context, viewport, prompt.box, false);
    for (const { points, inside } of prompt.strokes) drawStroke(context, viewport, points, inside);
    for (const { x, y, inside } of prompt.points) drawPoint(context, viewport.toView(x + 0.5, y + 0.5), inside);
  }
  if (draft.shape?.kind === "box") drawBox(context, viewport, draft.shape.box, true);
  if (draft.shape?.kind === "stroke") drawStroke(context, viewport, draft.shape.points, draft.shape.inside);
  if (draft.cursor) drawCursor(context, viewport, draft.cursor);
  context.restore();
}

function drawPoint(context, [x, y], inside) {
  context.beginPath();
  context.arc(x, y, RADIUS, 0, 2 * Math.PI);
  context.fillStyle = inside ? INSIDE : OUTSIDE;
  context.shadowColor = "rgb(0 0 0 / 0.6)";
  context.shadowBlur = 4;
  context.fill();
  context.shadowBlur = 0;
  context.lineWidth = 1.75;
  context.strokeStyle = "#fff";
  context.stroke();
  context.beginPath();
  context.moveTo(x - 3, y);
  context.lineTo(x + 3, y);
  if (inside) {
    context.moveTo(x, y - 3);
    context.lineTo(x, y + 3);
  }
  context.stroke();
}

function drawBox(context, viewport, [x, y, width, height], isDraft) {
  const [left, top] = viewport.toView(x, y);
  const [right, bottom] = viewport.toView(x + width, y + height);
  context.lineWidth = 3.5;
  context.strokeStyle = "rgb(0 0 0 / 0.5)";
  context.strokeRect(left, top, right - left, bottom - top);
  context.lineWidth = 1.75;
  context.strokeStyle = isDraft ? "#fff" : INSIDE;
  if (isDraft) context.setLineDash([6, 4]);
  context.strokeRect(left, top, right - left, bottom - top);
  context.setLineDash([]);
}

function drawStroke(context, viewport, points, inside) {
  if (points.length === 0) return;
  context.beginPath();
  points.forEach(([x, y], index) => {
    const [left, top] = viewport.toView(x + 0.5, y + 0.5);
    if (index === 0) context.moveTo(left, top);
    context.lineTo(left, top);
  });
  context.lineWidth = 7;
  context.strokeStyle = "rgb(255 255 255 / 0.85)";
  context.stroke();
  context.lineWidth = 4;
  context.strokeStyle = inside ? INSIDE : OUTSIDE;
  context.stroke();
}

/** The cross that the arrow keys move. */
function drawCursor(context, viewport, { x, y }) {
  const [left, top] = viewport.toView(x + 0.5, y + 0.5);
  for (const [width, color] of [[3.5, "rgb(0 0 0 / 0.7)"], [1.5, "#fff"]]) {
    context.lineWidth = width;
    context.strokeStyle = color;
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(left + 4 * dx, top + 4 * dy);
      context.lineTo(left + 14 * dx, top + 14 * dy);
    }
    context.stroke();
  }
}
