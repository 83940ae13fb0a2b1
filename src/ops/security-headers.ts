/**
 * The headers that every answer carries, and the policies (CSP Level 3) of the three kinds of answers: data, the
 * dashboard, and the documentation. None lets a browser run script that stands in a page, or show the answer in a frame.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

const NO_FRAME = "base-uri 'none'; frame-ancestors 'none'";

export const POLICIES = {
  /** Nothing of it is a page: opened by itself, it may load and run nothing. */
  data: `default-src 'none'; form-action 'none'; ${NO_FRAME}`,
  dashboard: `default-src 'self'; object-src 'none'; form-action 'self'; ${NO_FRAME}`,
  /** Swagger UI has style elements and data: images of its own; its script is in files. */
  docs: `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; form-action 'none'; ${NO_FRAME}`,
};

const HEADERS = {
  'x-content-type-options': 'nosniff',
  // Addresses hold names of services and routes.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
};

const [OF_DATA, OF_DOCS] = [Object.entries(securityHeaders('data')), Object.entries(securityHeaders('docs'))];

/** A year, this host alone: what else runs under the domain is not known here. */
const HTTPS_ONLY = 'max-age=31536000';

/** To be called before anything else answers; whoever answers with a page overwrites policy and caching. */
export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  const isDocs = /^\/docs(?:[/?]|$)/.test(request.url ?? '');
  for (const [name, value] of isDocs ? OF_DOCS : OF_DATA) response.setHeader(name, value);
  // Swagger UI is 1.5 MB: kept, and asked for whether it is still the same.
  if (isDocs) response.setHeader('cache-control', 'no-cache');
  // TLS ends in front of this process, so only what stands there knows of it. Over plain http it must not be sent (RFC 6797
  // section 7.2). Whoever forges the header binds no browser but their own.
  if (/^https\b/i.test(String(request.headers['x-forwarded-proto']))) response.setHeader('strict-transport-security', HTTPS_ONLY);
}

export function securityHeaders(kind: keyof typeof POLICIES): Record<string, string> {
  return { ...HEADERS, 'content-security-policy': POLICIES[kind], 'cache-control': 'no-store' };
}
