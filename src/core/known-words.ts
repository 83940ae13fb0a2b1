/**
 * Words that cannot be a name or a secret because the rules, the general reading or plain English use them. Behind
 * "user", "token:" or "password" every other word is taken for a value.
 */
import { vocabulary } from './rules/index.js';
import { memo } from './memo.js';
import { wordsOf } from './reading/words.js';

/** What the vocabulary of refusals leaves out and sentences about them use all the same. */
const PLAIN =
  'a an the this that these those it its and or but nor if then than as at by for from in into of off on onto out over per since so to under until up upon via with within without about above after again all also any are be been before being below between both can could did do does doing done down during each else even ever every few had has have having here how i is just less let like made make many may me might mine more most much must my no not now once one only other our own please same shall she should some such still take their them there they through too two us use used uses using very was we were what when where which while who whom whose why will would yes yet you your yourself agent info id ids input output profile state status type value name names data list role group endpoint handler filter guard check cache bucket pool pair manager context object class method function module service resource record store rotation refresh introspection exchange lifetime length limit quota policy registration creation deletion update lookup import export sync retry request response redirect callback header body query path route header cookie apps page form link button email mail phone mongodb rabbitmq javascript typescript jakarta influxdb couchdb dropbox mozilla phoenix wildfly traefik keycloak microsoft library aiohttp pymongo grafana zitadel sonarqube symfony django flask laravel rails kafka redis postgres postgresql mysql nginx apache envoy istio haproxy kubernetes docker github gitlab bitbucket google amazon azure cloudflare auth0 okta cognito firebase supabase stripe slack discord telegram twilio shopify wordpress drupal joomla magento nextjs nestjs express fastapi werkzeug uvicorn gunicorn hyper reqwest spring tomcat jetty quarkus micronaut passport jsonwebtoken localhost example knowledge monday tuesday wednesday thursday friday saturday sunday';

let known: ReadonlySet<string> | undefined;

export function knownWords(): ReadonlySet<string> {
  return (known ??= new Set([...vocabulary(), ...PLAIN.split(' ')]));
}

/** True where every word in the text is one of the language; numbers and placeholders count as such. */
export const isKnown = memo((text: string): boolean => {
  const language = knownWords();
  const words = wordsOf(text);
  return (
    words.length > 0 &&
    words.every((word) => word.text.startsWith('<') || word.text.length === 1 || /^\d+$/.test(word.text) || language.has(word.text))
  );
});
