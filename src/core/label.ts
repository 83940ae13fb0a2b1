/** Names that people give (services, environments, versions, clients): kept readable, but no address, e-mail, key or password slips in. */
import { clip, looksSecret, maskText } from './mask.js';
import { memo } from './memo.js';
import { isScrambled } from './scrambled.js';

export const MAX_LABEL = 100;
/** Addresses, long numbers, and a scheme with what follows it. */
const VERBATIM_RISK = /\d{6,}|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|\b(?:bearer|basic|token|password) \S/i;

export const label = memo((text: string): string => {
  if (!/^[\w ./()-]*$/.test(text) || VERBATIM_RISK.test(text)) return clip(maskText(text), MAX_LABEL);
  return clip(
    // A pod's or a build's suffix goes, the name in front of it stays.
    text.replace(/\w+(?:-\w+)*/g, (name) => (isMadeUp(name) ? name.replace(/\w+/g, (part) => (isMadeUp(part) ? '<id>' : part)) : name)),
    MAX_LABEL,
  );
});

function isMadeUp(text: string): boolean {
  return text.length >= 5 && (isScrambled(text) || (text.length >= 7 && (looksSecret(text) || /^(?=.*\d)[0-9a-f]+$/i.test(text))));
}
