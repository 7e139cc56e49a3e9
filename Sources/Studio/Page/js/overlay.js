// The tint over selected objects: the palette's colour inside, a light contour around, so that it shows on any ground.

const TINT = 0.5;
const INCLUDED_CONTOUR = 255;
const EXCLUDED_CONTOUR = 110;

const channels = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
const lightened = (color) => channels(color).map((value) => Math.round(value * 0.45 + 255 * 0.55));

/** A canvas of the frame's size: objects tinted, their contours drawn. Hidden objects and unknown labels stay clear. */
export function paintLabels(labels, width, height, objects, chosen) {
  const paints = Array(256).fill(null);
  for (const object of objects) {
    if (!object.visible) continue;
    paints[object.id] = {
      fill: channels(object.color), edge: lightened(object.color),
      tint: Math.round(255 * (object.included ? TINT : TINT / 3) * (object.id === chosen ? 1.15 : 1)),
      contour: object.included ? INCLUDED_CONTOUR : EXCLUDED_CONTOUR,
    };
  }
  const image = new ImageData(width, height);
  const data = image.data;
  // A contour as wide at any size: about one pixel of a 480-line picture.
  const reach = Math.max(1, Math.round(height / 480));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const label = labels[at];
      const paint = label === 0 ? null : paints[label];
      if (!paint) continue;
      const edge = x < reach || y < reach || x >= width - reach || y >= height - reach
        || labels[at - reach] !== label || labels[at + reach] !== label
        || labels[at - reach * width] !== label || labels[at + reach * width] !== label;
      const color = edge ? paint.edge : paint.fill;
      data[4 * at] = color[0];
      data[4 * at + 1] = color[1];
      data[4 * at + 2] = color[2];
      data[4 * at + 3] = edge ? paint.contour : Math.min(255, paint.tint);
    }
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
