// Elements built in code: the policy of the page forbids inline script and style, and text is never parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Properties: `class`, `data` (object), `on` (object of listeners), `style` (object of CSS properties);
 * names with a dash, `role`, `for` and the like become attributes; all others are set as properties.
 * Children: elements, texts, or arrays of them; null and false are left out.
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "value" && tag === "input") node.defaultValue = value;
    else if (name in node && !name.includes("-") && name !== "role" && name !== "list") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An icon of the page, unseen by screen readers. */
export function icon(name) {
  const image = document.createElementNS(SVG, "svg");
  image.setAttribute("class", "icon");
  image.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  image.append(use);
  return image;
}

export function setIcon(button, name) {
  button.querySelector("use")?.setAttribute("href", `#icon-${name}`);
}

/** A button with an icon, a text, or both. `label` names it where no text does; `keys` is its shortcut, for the tooltip. */
export function button({ label, text, iconName, keys, kind = "plain", press, ...rest }) {
  const tip = [label ?? text, keys ? `(${keys})` : null].filter(Boolean).join(" ");
  return element(
    "button",
    {
      type: "button", class: `button ${kind}${text ? "" : " bare"}`, title: tip,
      "aria-label": text ? undefined : label,
      on: { click: press }, ...rest,
    },
    iconName ? icon(iconName) : null, text ? element("span", {}, text) : null);
}

/** Where the pointer or the space bar is down, and what is to be filled in when it is let go. */
let pressed = null;
const waiting = new Map();

/** True for a number that has the focus, and for a text that was typed and is not given yet. */
const isTyped = (node) => node?.type === "number" || (node?.type === "text" && node.value !== node.defaultValue);

/**
 * Replaces what `parent` holds, keeping the keyboard's focus, and what is selected of a text, where an element of the same `data-key` or id
 * comes again. While something in `parent` is pressed this waits: a button that is replaced between down and up would never be clicked.
 * So it does while a text or a number is typed, which would be lost.
 */
export function fill(parent, ...children) {
  const active = parent.contains(document.activeElement) ? document.activeElement : null;
  if ((pressed && parent.contains(pressed)) || isTyped(active)) {
    waiting.set(parent, children);
    return;
  }
  waiting.delete(parent);
  const key = active?.dataset.key ?? active?.id;
  const scrolled = parent.scrollTop;
  parent.replaceChildren(...children.flat(3).filter(Boolean));
  parent.scrollTop = scrolled;
  if (!key) return;
  const next = parent.querySelector(`[data-key="${CSS.escape(key)}"], #${CSS.escape(key)}`);
  next?.focus({ preventScroll: true });
  if (next?.type === "text" && active.type === "text") next.setSelectionRange(active.selectionStart, active.selectionEnd);
}

function fillWaiting() {
  for (const [parent, children] of [...waiting]) fill(parent, ...children);
}

function letGo() {
  const released = pressed;
  // The click comes after the event that lets go.
  setTimeout(() => {
    if (pressed !== released) return;
    pressed = null;
    fillWaiting();
  });
}

addEventListener("pointerdown", (event) => { pressed = event.target; }, true);
addEventListener("keydown", (event) => { if (event.key === " ") pressed = event.target; }, true);
addEventListener("keyup", (event) => { if (event.key === " ") letGo(); }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, letGo, true);
addEventListener("blur", letGo);
// The focus is elsewhere only after this event.
addEventListener("focusout", () => setTimeout(fillWaiting));

export const $ = (selector) => document.querySelector(selector);
