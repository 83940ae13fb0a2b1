/** Runs before the page is drawn, so that a theme that was chosen before does not flash the other one first. */
import { applyTheme, storedTheme } from './theme.js';

applyTheme(storedTheme());
