// Controls of the project's settings: each by its name, with the words `settings.NAME` and `settings.NAMEHint`.

import { has, t } from "../messages.js";
import { setSettings } from "../preferences.js";
import { state } from "../state.js";
import { field, numberInput, select, slider, toggle } from "./controls.js";

const label = (name) => t(`settings.${name}`);
const hint = (name) => (has(`settings.${name}Hint`) ? t(`settings.${name}Hint`) : null);

/** What every control of a setting needs: its key, its value now, and what changes it. */
const bound = (name) => ({
  key: name,
  value: state.project.settings[name] ?? null,
  change: (value) => setSettings({ [name]: value }),
});

export const settingNumber = (name, min, max) => field(label(name), numberInput({ ...bound(name), min, max }), hint(name));

export const settingSwitch = (name) => toggle({ ...bound(name), label: label(name), hint: hint(name) });

/** A slider from 0 to `max`; `auto` is the word for no value, where there may be none. */
export const settingSlider = (name, max, { unit = "", auto } = {}) =>
  field(label(name), slider({ ...bound(name), min: 0, max, unit, auto }), hint(name));

/** One of some choices, or none: the server chooses. */
export function settingChoice(name, choices) {
  const { key, value, change } = bound(name);
  return field(
    label(name),
    select({ key, value: value ?? "", choices: [["", t("automatic")], ...choices], change: (chosen) => change(chosen || null) }),
    hint(name));
}
