/**
 * Masks routes and paths: segments that are values become `{id}`, so that a route stays one route whoever asks for what.
 */
import { isKnown } from './known-words.js';
import { clip, looksEncoded, looksSecret, NAMED_WITH_DIGITS } from './mask.js';
import { memo } from './memo.js';

const MAX_INPUT = 2_000;
const MAX_ROUTE = 200;
/** Behind these stand names of people, or what opens doors. */
const PRIVATE_COLLECTION =
  /^(?:u|users?|accounts?|members?|people|customers?|profiles?|authors?|home|reset|invite|invitations?|verify|confirm|share|tokens?|magic|unsubscribe|activate)$|(?:reset|invite|verify|confirm|activate)[-_]/i;
/** How frameworks write a parameter in a declared route. */
const PARAMETER = /^(?:\{.*\}|\[.*\]|<.*>|[:*$].*|\(.*\))$/;
const FILE = /\.(?:html?|json|xml|php|jspx?|aspx?|js|css|map|png|jpe?g|gif|svg|ico|txt|md|pdf|csv|do|action|cgi|rss|atom|well-known)$/i;

/** Masks the segments of a URL path that look like values; query and fragment are dropped. `/a/17?x=1` -> `/a/{id}`. */
export const maskPath = memo((urlOrPath: string): string => {
  const path = clip(urlOrPath, MAX_INPUT).replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  return masked(path, (segment) => /\d/.test(segment) && !/^v\d{1,3}(?:\.\d+)*(?:(?:alpha|beta)\d{0,2})?$|^[234]fa$/i.test(segment)) || '/';
});

/** Masks the segments of a declared route that are no words after all: frameworks now and then fill in what was asked for. */
export const maskRoute = memo((route: string): string => {
  return masked(
    clip(route, MAX_INPUT),
    (segment) => /^\d+$|\d{4,}|^\d+(?:\.\d+)+$/.test(segment) || (segment.length >= 12 && /\d/.test(segment)),
  );
});

function masked(path: string, hasValueDigits: (segment: string) => boolean): string {
  const segments = path
    .split(/[?#&]/, 1)
    .join('')
    .split('/')
    .map((segment, index, all) => (!PARAMETER.test(segment) && isValue(segment, all[index - 1] ?? '', hasValueDigits) ? '{id}' : segment));
  return clip(segments.join('/'), MAX_ROUTE);
}

function isValue(segment: string, before: string, hasValueDigits: (segment: string) => boolean): boolean {
  if (segment === '' || NAMED_WITH_DIGITS.test(segment)) return false;
  if (PRIVATE_COLLECTION.test(before)) return !isKnown(segment) || /\d/.test(segment);
  return (
    hasValueDigits(segment) ||
    segment.length > 40 ||
    segment.startsWith('~') ||
    /[;@%]|^[0-9a-f]{8,}$/i.test(segment) ||
    (/[\s:=,]/.test(segment) && !isKnown(segment)) ||
    (/^[A-Za-z]+\.[A-Za-z]+$/.test(segment) && !FILE.test(segment) && !isKnown(segment)) ||
    looksEncoded(segment) ||
    looksSecret(segment)
  );
}
