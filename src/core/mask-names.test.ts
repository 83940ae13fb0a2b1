import { describe, expect, it } from '@jest/globals';
import { holdsCredential, maskText } from './mask.js';
import { maskPath } from './mask-path.js';
import { signatureOf } from './refusal.js';

/** Lines as real systems write them; what may not be left stands behind them. */
const LINES: readonly (readonly [line: string, ...secrets: string[]])[] = [
  ['Parameters: {"user"=>"jane", "password"=>"hunterhunter"}', 'hunter', 'jane'],
  ['%{"password" => "hunterhunter", "email" => "x"}', 'hunter'],
  ['[password] => hunterhunter [user] => jane', 'hunter'],
  ['body {\\"user\\":\\"jane\\",\\"password\\":\\"hunterhunter\\"} rejected', 'hunter'],
  ['headers {"x-api-key":["hunterhunter"],"host":["a"]}', 'hunter'],
  ['password=<hunterhunter> refused', 'hunter'],
  ['password="it\'s hunter" refused', 'hunter'],
  ['password="abc\\"hunterTail" refused', 'hunter'],
  ['password=pa,hunter!x refused', 'hunter'],
  ['password: correct hunter battery staple', 'hunter', 'battery', 'staple'],
  ['X-Api-Key: hunterhunter', 'hunter'],
  ['Authorization: hunterhunter', 'hunter'],
  ['token: hunterhunter expired', 'hunter'],
  ['curl -u jane:hunterhunter https://a.example', 'hunter', 'jane'],
  ['deploy --password hunterhunter --force', 'hunter'],
  ['the password hunterhunter is wrong', 'hunter'],
  ['Wrong password "hunterhunter"', 'hunter'],
  ["Token 'hunterhunterhunt' is invalid", 'hunter'],
  ['password_confirmation=hunterhunter', 'hunter'],
  ['passwort: hunterhunter', 'hunter'],
  ['jdbc:oracle:thin:jane/hunterhunter@//db:1521/x refused', 'hunter', 'jane'],
  ['Invalid basic auth credentials dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['seed JBSWY3DPEHPK3PXPQQAB rejected', 'JBSWY3'],
  ['NTLM TlRMTVNTUAACAAAADAAMADgAAAAFgomi', 'TlRMTVNT'],
  ['AH01617: user jane: authentication failure for "/secure": Password Mismatch', 'jane'],
  ['Failed password for invalid user jane from 10.0.0.1 port 22 ssh2', 'jane'],
  ['Failed publickey for jane from 10.0.0.1', 'jane'],
  ['Authentication failed for Jane Doe', 'Jane', 'Doe'],
  ['Unknown user Jane Doe', 'Jane', 'Doe'],
  ['User Jane Doe (jane.doe) could not be authenticated', 'Jane', 'Doe', 'jane'],
  ["user 'O'Brien' not found", 'Brien'],
  ['user = Jane Doe, reason = locked', 'Jane', 'Doe'],
  ['janedoe is not authorized to view this', 'janedoe'],
  ['user janedoe has exceeded the login attempts', 'janedoe'],
  ['Login failed: janedoe', 'janedoe'],
  ['user not found: janedoe', 'janedoe'],
  ['Bad credentials for user [janedoe]', 'janedoe'],
  ['arn:aws:sts::123456789012:assumed-role/Admin/jane.doe is not authorized', 'jane', '123456789012'],
  ['FATAL: role "janedoe" does not exist', 'janedoe'],
  ["Access denied for user 'jane'@'janes-laptop.corp'", 'jane'],
  ['preferred_username=janedoe given_name="Jane" family_name: Doe', 'jane', 'Jane', 'Doe'],
  ['cannot open /home/janedoe/.aws/credentials', 'janedoe'],
  ["Benutzer 'mueller' ist gesperrt", 'mueller'],
  ["L'utilisateur dupont est introuvable", 'dupont'],
];

describe('names and secrets in the lines of real systems', () => {
  it.each(LINES)('are masked in: %s', (line, ...secrets) => {
    const masked = maskText(line);
    expect(secrets.filter((secret) => masked.includes(secret))).toEqual([]);
    expect(maskText(masked)).toBe(masked);
  });

  it.each([
    'token=expired',
    'session=expired',
    'Could not verify JWT: JWTExpired',
    'user account is locked',
    'Token introspection failed',
    'Bearer token is missing',
    'username: unknown',
    'the user agent is not allowed',
    'signature: invalid',
    'password is required',
    'API key not valid. Please pass a valid API key.',
    'No OAuth2AuthenticationException was expected',
    'HmacSHA256 is not allowed',
  ])('leave the reason readable: %s', (line) => {
    expect(maskText(line)).toBe(line);
  });

  it('are no part of paths: names behind collections, tokens behind invitations', () => {
    expect(maskPath('/users/janedoe/orders')).toBe('/users/{id}/orders');
    expect(maskPath('/reset-password/hunterhunter')).toBe('/reset-password/{id}');
    expect(maskPath('/t/JBSWYDPEHPKPXPQQ')).toBe('/t/{id}');
    expect(maskPath('/login;jsessionid=hunterhunter')).toBe('/{id}');
    expect(maskPath('/oauth2/token')).toBe('/oauth2/token');
    expect(maskPath('/api/v2beta1/pods')).toBe('/api/v2beta1/pods');
  });

  it('do not come in through members that nobody knows, headers of proxies, or words taken for codes', () => {
    const kept = (attributes: Record<string, string>, body: unknown): string =>
      JSON.stringify(signatureOf({ timeMs: 0, body: body as string, attributes, resource: {} }, 401));
    expect(kept({}, { username: 'janedoe', password: 'hunterhunter' })).not.toMatch(/janedoe|hunter/);
    expect(kept({}, { fullName: 'Jane Doe', city: 'Bern' })).not.toMatch(/Jane|Doe/);
    expect(
      kept({}, '<a:Envelope><wsse:Username>janedoe</wsse:Username><wsse:Password>hunterhunter</wsse:Password></a:Envelope>'),
    ).not.toMatch(/janedoe|hunter/);
    expect(
      kept({ 'http.response.header.x-auth-request-user': 'janedoe', 'http.response.header.x-auth-token': 'hunterhunter' }, ''),
    ).not.toMatch(/janedoe|hunter/);
    expect(kept({ 'why401.code': 'hunterhunter', 'error.type': 'user:janedoe' }, '')).not.toMatch(/janedoe|hunter/);
  });
});

describe('holdsCredential', () => {
  it.each([
    'password=hunter22',
    'password: hunter22',
    '{"password":"hunter22"}',
    'Bearer 9f86d081884c7d659a2f',
    'https://a:hunter22@b.example/',
  ])('sees one in %s', (text) => {
    expect(holdsCredential(text)).toBe(true);
  });

  it.each([
    'password=$PASSWORD',
    'password={password}',
    'Bearer ${token}',
    'Bearer xxxxxxxxxxxxxxxxxxxx',
    'Authorization: Bearer YOUR_ACCESS_TOKEN_HERE1',
    'password is required',
    'api_key: [REDACTED]',
  ])('sees none in %s', (text) => {
    expect(holdsCredential(text)).toBe(false);
  });
});
