/**
 * Why no answer came, as a short fixed sentence with Node's or OpenSSL's own code. The text of an error is never used: it
 * may quote what the other side sent, or name an address inside a network.
 */

export function failureOf(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const [, sentence = 'the request failed'] = SENTENCES.find(([pattern]) => pattern.test(code)) ?? [];
  return /^\w{1,60}$/.test(code) ? `${sentence} (${code})` : sentence;
}

const SENTENCES: readonly (readonly [code: RegExp, sentence: string])[] = [
  [/^ECONNREFUSED$/, 'the connection was refused'],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED)$/, 'the connection was closed before an answer came'],
  [/^ETIMEDOUT$/, 'the connection timed out'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)$/, 'there is no way to the host'],
  [/^CERT_HAS_EXPIRED$/, "the receiver's certificate has expired"],
  [/^CERT_NOT_YET_VALID$/, "the receiver's certificate is not valid yet"],
  [/^CERT_REVOKED$/, "the receiver's certificate was revoked"],
  [/^ERR_TLS_CERT_ALTNAME/, "the receiver's certificate is for another name"],
  [
    /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA)/,
    "the receiver's certificate is from nobody who is trusted here",
  ],
  [/^CERT_/, "the receiver's certificate cannot be used"],
  [/^(?:ERR_SSL_|ERR_TLS_|EPROTO)/, 'no secure connection could be agreed on'],
  [/^HPE_/, 'the answer is not HTTP'],
];
