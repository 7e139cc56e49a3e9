// Where the picture lies in the viewer: a scale and an offset, in CSS pixels.

const LARGEST = 64;
const MARGIN = 12;

export class Viewport {
  scale = 1;
  x = 0;
  y = 0;
  isFitted = true;
  #listeners = [];

  constructor() {
    this.view = { width: 1, height: 1 };
    this.picture = { width: 1, height: 1 };
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  setView(width, height) {
    this.view = { width, height };
    this.isFitted ? this.fit() : this.#settle();
  }

  setPicture(width, height) {
    if (width === this.picture.width && height === this.picture.height) return;
    this.picture = { width, height };
    this.fit();
  }

  get fittingScale() {
    const { view, picture } = this;
    return Math.max(0.01, Math.min((view.width - 2 * MARGIN) / picture.width, (view.height - 2 * MARGIN) / picture.height));
  }

  fit() {
    this.scale = this.fittingScale;
    this.isFitted = true;
    this.#settle();
  }

  /** Zooms so that the pixel under (x, y) stays there. */
  zoom(factor, x = this.view.width / 2, y = this.view.height / 2) {
    const scale = Math.min(LARGEST, Math.max(this.fittingScale * 0.5, this.scale * factor));
    const grown = scale / this.scale;
    this.x = x - (x - this.x) * grown;
    this.y = y - (y - this.y) * grown;
    this.scale = scale;
    this.isFitted = Math.abs(scale - this.fittingScale) < 1e-6;
    this.#settle();
  }

  /** One picture pixel to one device pixel. */
  actualSize() {
    this.zoom(1 / (devicePixelRatio * this.scale));
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#settle();
  }

  /** Centres what is smaller than the view, and never lets the picture leave it. */
  #settle() {
    const place = (offset, size, room) =>
      size <= room ? (room - size) / 2 : Math.min(room / 2, Math.max(room / 2 - size, offset));
    this.x = place(this.x, this.picture.width * this.scale, this.view.width);
    this.y = place(this.y, this.picture.height * this.scale, this.view.height);
    for (const listener of this.#listeners) listener();
  }

  toPicture(x, y) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  toView(x, y) {
    return [this.x + x * this.scale, this.y + y * this.scale];
  }

  contains(x, y) {
    return x >= 0 && y >= 0 && x < this.picture.width && y < this.picture.height;
  }
}
