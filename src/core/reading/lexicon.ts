/**
 * What words mean when somebody tells why a request was refused: who or what it is about (a token, a session, a key …)
 * and what is wrong with it (absent, expired, malformed …). Words that say that all is well mean the opposite behind a
 * negation. English in full; the words that translated frameworks use most in other languages.
 * `_` joins words that mean something together only; of several readings the longest counts.
 */
import type { Word } from './words.js';

/** What it is about. */
const SUBJECTS = {
  TOKEN:
    'provider_token password_was_changed password_changed password_has_changed password_has_been_changed not_a_jwt token tokens jwt jwts jws jwe bearer assertion ticket tokenid pat idtoken accesstoken json_web_token id_token access_token identity_token acl_token oauth_token bearer_token security_token auth_token authorization_token jwttoken 令牌 токен jeton トークン 토큰',
  REFRESH: 'refresh_token refreshtoken refresh_tokens refreshing refreshed refresh rt',
  SESSION:
    'session sessions sso_session login_attempt login_process login_flow sitzung sesión sesion sessione sessão 会话 сессия セッション re_authenticate reauthenticate re_login relogin',
  COOKIE:
    'not_accept_cookies cookies_are_disabled cookies_disabled cookies_are_blocked cookie cookies correlation csrf_cookie state_cookie',
  CSRF: 'csrf_detected csrf_attack csrf xsrf anti_forgery antiforgery csrf_token xsrf_token authenticity_token csrfmiddlewaretoken request_verification_token crumb state_has state_mismatch invalid_state state_parameter state_not_found oauth_state state_is state_does',
  APIKEY:
    'master_key api_key apikey api_keys apikeys access_key access_key_id accesskey subscription_key application_key app_key consumer_key license_key client_key service_key publishable_key secret_key live_key test_key api_token apitoken app_token project_key api_schlüssel clave_api clé_api api_密钥 access_keys dsn integration_key server_key x_api_key developer_key account_key personal_access_token deploy_token deploy_key app_id application_token',
  PASSWORD:
    'password_hash password passwords passwd passphrase username_password username usernames user_name login_name userid user_id email_address passwort kennwort benutzername contraseña mot_de_passe identifiant senha parola_dordine wachtwoord nom_dutilisateur 密码 用户名 пароль パスワード 비밀번호 usuario_y_contraseña bind client_secret pin login_or_password e_mail_or_password',
  SECRET: 'secret secrets secret_key signing_secret jwt_secret keyfunc shared_secret',
  CREDENTIALS:
    'credential credentials creds authentication_credentials login_credentials zugangsdaten anmeldedaten identifiants credenciales credenziali credenciais 凭证 凭据 身份认证信息 認証情報 учетные_данные inloggegevens informations_didentification dinformations_didentification données_didentification dati_di_accesso',
  USER: 'учётная_запись учетная_запись аккаунт email_is_not_verified email_address_is_not_verified verify_your_email verify_your_account confirm_your_email requires_confirmation awaiting_verification e_mail_is_not_verified user_not_verified user users account accounts principal identity member customer email email_not_verified email_not_confirmed unverified_email person benutzer benutzerkonto konto compte utilisateur usuario cuenta utente conta 用户 账户 账号 пользователь ユーザー アカウント serviceaccount service_account login',
  CLIENT: 'client clients client_id clientid oauth_client application app consumer client_application relying_party installation',
  CERT: 'issuer_certificate local_issuer_certificate ca_certificate bad_certificate certificate_unknown unknown_ca crl fingerprint thumbprint certificate certificates cert certs x509 client_certificate client_cert clientcert x5t x5c ssl_certificate mtls certificate_chain zertifikat certificat certificado',
  SIGNATURE:
    'query_hash not_signed unsigned signature signatures signer sig hmac mac signed signing cryptographic crypto hash_signature digest_value unterschrift signatur 签名 подпись firma 署名 signaturprüfung',
  ALG: 'alg algorithm algorithms alg_header',
  KEYID: 'kid key_id keyid',
  SIGNKEY:
    'signing_key verification_key public_key jwk signing_keys public_keys matching_key signature_key security_key security_keys verification_keys applicable_key jwks_key cryptographic_key encryption_key decryption_key',
  KEY: 'key keys schlüssel clave 密钥 pem',
  KEYSET:
    'jwks jwk_set json_web_key_set jwks_uri jwksuri keyset key_set openid_configuration well_known discovery discovery_document metadata oidc_configuration provider_metadata public_keys_for certs_endpoint get_keys fetching_keys fetch_keys jwks_keys remote_jwk_set',
  PROVIDER:
    'imap_server radius_server ldap_server mail_server authentication_server provider providers token_introspection idp identity_provider ldap directory_server active_directory directory auth_server authentication_server authorization_server authserver backend database db introspection introspection_endpoint userinfo_endpoint token_endpoint upstream authentication_service auth_service radius kdc sso auth_provider authenticator authentication_backend oidc keystone domain_controller authz_service authorization_service',
  CONFIG:
    'configuration config settings setting environment_variable env setup secret_or_public_key private_key strategy default_scheme authname guard user_provider provider_configuration auth_provider_configured',
  ISSUER: 'not_issued_by issuer iss issuers emisor émetteur 颁发者 issued_by',
  AUDIENCE:
    'minted_for not_issued_for not_issued_to issued_to_another audience aud audiences azp authorized_party recipient audiencia 受众',
  REALM:
    'subdomain school merchant company realm realms tenant tenants tenant_id organization organisation organizations organisations org directory_id workspace region project_id pool namespace_id site cluster_id issuer_tenant mandant',
  NOTBEFORE: 'nbf not_before notbefore iat issued_at issuedat',
  CLOCK:
    'clock clocks clock_skew clockskew time_skew timeskew skew skewed drift timestamp timestamps date_header request_time system_time server_time x_amz_date request_date time_difference x_date time_offset uhrzeit',
  EXP: 'max_age_exceeded maxage_exceeded maximum_age_exceeded exp expiration expiry lifetime expiration_time expires_at exp_claim max_age maxage maximum_age ttl',
  CLAIM: 'claim claims subject sub jti typ subject_claim nonce_claim at_hash token_type tokentype',
  SCOPE:
    'permissions_to privileges_to permission_to scope scopes permission permissions role roles privilege privileges rbac acl policy policies_of policies entitlement entitlements authority authorities grants_permission berechtigung berechtigungen permisos droits permissões access_rights rights',
  POP: 'dpop dpop_proof proof proof_of_possession pop jkt cnf htm htu ath nonce cnonce nonces signature_input message_signature key_binding holder_of_key replay replay_attack proof_key pkce code_verifier code_challenge channel_binding token_binding dpop_nonce nonce_count binding http_signature',
  MFA: 'user_verification tan two_steps_verification authn_context_class_ref authn_context authentication_code two_step two_step_verification two_factor_authentication mfa 2fa tfa otp totp hotp two_factor twofactor second_factor multi_factor multifactor one_time_password one_time_code one_time_passcode passcode verification_code authenticator_code invalid_code incorrect_code wrong_code authenticator_app security_code stepup step_up acr acr_values backup_code recovery_code webauthn passkey zweiter_faktor otp_code additional_verification additional_authentication user_authentication_requirements one_time login_code aal assurance_level authenticator_assurance_level factor factors additional_authentications_steps authentication_context',
  HEADER:
    'wsgi_pass_authorization cgi_pass_auth sensitive_headers header headers authorization authorization_header auth_header token_header bearer_header basic_header authentication_header authorisation authorization_headers authheader',
  SCHEME:
    'scheme prefix auth_scheme authentication_scheme authorization_scheme authorization_type auth_type authentication_type authentication_method auth_method authorization_mechanism authentication_mechanism bearer_prefix mechanism',
  FORM: 'format integer numeric float64 numericdate exp_value nbf_value iat_value json base64 base64url segments segment parts part dots structure encoding padding serialization syntax payload compact delimiter delimiters length characters character octets utf8 bytes claims_set jwt_format separator',
  PROXY: 'proxy proxyauthentifizierung proxy_authentication proxy_authorization',
  AUTH: 'only_signed_in only_authenticated only_logged_in anonymous_access_not_enabled anonymous_access_is_not_enabled anonymous_access_is_disabled anonymous_access_disabled anonymous_access_is_not_allowed authentication auth authenticate authenticating authenticated authn login logon sign_in signin log_in signed_in logged_in anmeldung connexion autenticación autenticazione autenticação autenticacion 认证 登录 身份验证 認証 ログイン аутентификация проверку_подлинности logging_in bind_operation log_on logged_on authed must_sign_in must_authenticate must_be_logged_in must_be_authenticated must_first_log_in user_authentication authentifizierung authentification not_authenticated not_logged_in not_signed_in not_authed must_log_in must_login please_log_in please_login need_to_sign_in',
  REQUEST:
    'request url presigned_url signed_url link code authorization_code auth_code grant authorization_grant device_code user_code magic_link',
} as const;

/** What is wrong with it: words that say so themselves. */
const STATES = {
  UNAUTHENTICATED: 'unauthenticated',
  ABSENT:
    'only_signed_in only_authenticated only_logged_in not_accept_cookies cookies_are_disabled cookies_disabled cookies_are_blocked anonymous_access_not_enabled anonymous_access_is_not_enabled anonymous_access_is_disabled anonymous_access_disabled anonymous_access_is_not_allowed suppressed not_signed unsigned does_not_have doesnt_have do_not_have dont_have missing absent empty null nil none blank undefined lacks lacking lack without omitted required requires require needed needs requiring needs_to need_to must_provide please_provide please_supply anonymous not_authenticated must_sign_in must_authenticate must_be_logged_in must_be_authenticated must_first_log_in not_logged_in not_signed_in not_authed must_log_in must_login please_log_in please_login need_to_sign_in fehlt fehlen manquant manquante falta faltante ausente mancante nicht_angegeben 缺少 未提供 отсутствует no_se_proveyeron не_были_предоставлены requis requise requerida requerido erforderlich obligatoire 必要 required_but nicht_angemeldet non_fournies non_fourni pas_été_fournies',
  NO: 'no kein keine aucun aucune ningún ninguna nessun nessuna não_há sin 没有',
  UNKNOWN:
    'not_registered unknown unrecognized unrecognised nonexistent no_such unregistered unfamiliar not_exist inexistant inexistente unbekannt unbekannter unbekannte desconocido inconnu 不存在',
  NOTFOUND:
    'nicht_gefunden no_encontrado introuvable 未找到 not_found notfound unfound cannot_find unable_to_find could_not_find does_not_exist doesnt_exist did_not_find',
  INVALID:
    'csrf_detected csrf_attack incorrectly enter_a_correct enter_the_correct invalid incorrect wrong bad illegal unacceptable unexpected improper faulty invalide ungültig ungültige ungültiger ungültiges inválido inválida inválidos inválidas invalido invalida non_valide non_valides incorrecto incorrecta incorrectos incorrectas falsch falsche falscher fehlerhaft fehlerhafte ongeldig ongeldige erroné errado 无效 错误 不正确 неверный неверные недействителен недействительный 無効 不正 잘못된 non_valido non_valida',
  MISMATCH:
    'not_associated_with belongs_to_a_different belong_to_a_different not_belong_to_this not_a_member_of minted_for not_issued_by not_issued_for not_issued_to issued_to_another state_mismatch mismatch not_in not_among not_one_of not_part_of mismatched mismatches mismatching different differs differ another conflicting incompatible does_not_match doesnt_match not_match other_than belongs_to_another unequal nicht_überein correspond_pas correspondent_pas stimmt_nicht stimmen_nicht',
  EXPECTED: 'expected expecting expects must_be has_value should_be must',
  FAILED:
    'did_not_verify does_not_verify not_verify failed failure fails fail failing unsuccessful reject rejected rejects rejecting refused refuse failed_to unable unable_to couldnt could_not cannot cant error errors failures refusé refusée abgelehnt rechazado отказано fehlgeschlagen échec échoué falló fallida fallito fallita falhou 失败 失敗 не_удалась не_прошёл не_прошел',
  VERIFY: 'verification validation verify verifying validating validate check checking verified validated',
  EXPIRED:
    'terminated exceeded on_or_after after_the_expiration expired expire expires expiring stale timed_out timeout too_old outdated elapsed lapsed no_longer_valid no_longer_active no_longer_exists no_longer_exist no_longer_available abgelaufen expiré expirée expirado expirada scaduto scaduta verlopen caducado caducada 过期 已过期 истек истёк истекла 期限切れ 期限が切れ 有効期限 만료 overdue max_age_exceeded maxage_exceeded exceeded_max_age maximum_age_exceeded past_its_expiration past_expiration in_the_past not_fresh fresh_token_required aged_out re_authenticate reauthenticate re_login relogin older_than not_to_be_used_after used_after no_longer_fresh',
  NOTYET:
    'early not_yet not_before not_valid_yet not_active_yet not_valid_until not_valid_before not_to_be_used_before be_used_before before_use before_valid active_at prior_to before_the_nbf used_before accepted_before be_used_yet used_yet prior_to_nbf too_early in_the_future from_the_future immature premature prematurely before_issued future noch_nicht_gültig ahead_of not_been_reached',
  TOOFAR:
    'too_large too_far outside_the_tolerance out_of_range out_of_sync too_skewed outside skewed drifted not_synchronized unsynchronized too_great not_recent not_recent_enough time_travel out_of_bounds tolerance',
  OFF: 'disabled not_enabled turned_off switched_off',
  REVOKED:
    'password_was_changed password_changed password_has_changed password_has_been_changed revoked revocation blacklisted blocklisted denylisted invalidated logged_out signed_out blacklist blocklist denylist black_listed withdrawn widerrufen révoqué revocado revocada revocato 已撤销 已吊销 отозван lista_negra gesperrtes_token voided has_been_deleted was_deleted',
  REUSED:
    'used_twice claimed_twice presented_twice redeemed_twice already_been_exchanged replay replay_attack reused reuse replayed already_used already_been_used previously_used used_already rotated already_redeemed already_consumed already_been_redeemed been_used previously_been already_exchanged',
  LOCKED:
    'заблокирована prohibited_from_login is_prohibited email_is_not_verified email_address_is_not_verified verify_your_email verify_your_account confirm_your_email requires_confirmation awaiting_verification e_mail_is_not_verified user_not_verified locked lock locking lockout temporarily_locked 次数 超过限制 attempts_exceeded locked_out disabled suspended suspend inactive deactivated banned blocked frozen unconfirmed unverified too_many too_many_attempts login_attempts_exceeded ban application_is_pending registration_pending registration_is_pending account_pending brute_force throttled gesperrt deaktiviert bloqueado bloqueada bloqué désactivé verrouillé bloccato disabilitato desactivado inaktiv inattivo inativo inactief inactivo désactivée 锁定 被锁定 禁用 被禁用 заблокирован отключен ロック 停用 not_enabled pending_approval awaiting_approval pending_activation spammer is_closed closed geblokkeerd 已停用 must_change change_password reset_required password_reset must_reset email_not_verified email_not_confirmed not_fully_set_up temporarily restricted_account',
  MALFORMED:
    'does_not_look_like not_look_like simultaneously more_than_one only_one_of too_long too_short not_a_string not_an_integer not_a_number must_be_a must_be_an malformed defective misformatted misformed ill_formed illformed not_well_formed corrupted corrupt truncated unparseable unparsable undecodable garbled multiple incomplete duplicate duplicated badly_formed badly_formatted bad_format invalid_format wrong_format not_a_valid_jwt not_a_jwt fehlformatiert format_is spaces nonprintable contains_invalid two_space_delimited must_be_a_string',
  DECODE:
    'decode decoding decoded parse parsing parsed deserialize deserialise deserializing unmarshal unpack interpret split read_token unparse',
  DECRYPT: 'decrypt decryption decrypted decrypting decrypts',
  UNREACHABLE:
    'connection_lost lost_connection request_is_timed_out request_has_timed_out authentication_timed_out no_route_to_host cannot_achieve consistency_level connection_refused econnrefused enotfound etimedout econnreset unreachable unavailable service_unavailable bad_gateway gateway_timeout name_resolution name_or_service not_known unexpected_status could_not_connect cannot_connect cant_connect cannot_contact cant_contact network_error no_such_file no_such_file_or_directory unable_to_establish establish_connection max_retries unresolvable unreadable connection_reset connection_timed_out no_such_host getaddrinfo i_o_timeout socket_hang_up dial_tcp cannot_reach cant_reach could_not_reach unable_to_reach unable_to_connect failed_to_connect connect_failed connection_failed not_reachable io_exception ioexception internal_server_error server_error connection_error connection_closed deadline_exceeded request_timed_out request_timeout read_timeout operation_timed_out execution_expired timeout_error jwks_timeout urlopen_error resourceaccessexception system_problem connect_timeout connect_timed_out read_timed_out service_error',
  FETCH:
    'connection_to connect_to fetch fetching fetched retrieve retrieving retrieved retrieval download downloading discover discovering load loading obtain obtaining get_keys query querying resolve resolving refresh_keys connecting contacting reach initialise initialize initialising initializing initialization',
  UNCONFIGURED:
    'must_have_set running_without to_be_configured unconfigured misconfigured misconfiguration uninitialized not_configured not_initialized no_default improperly_configured without_corresponding_module not_implemented must_be_configured must_be_set must_initialize nicht_konfiguriert null_or_whitespace is_not_set not_set not_installed ensure_configured setup_error no_provider unsupported_configuration',
  UNSUPPORTED: 'unsupported not_supported unimplemented non_supported nicht_unterstützt',
  NOTALLOWED:
    'disallowed not_allowed not_permitted prohibited unacceptable_algorithm not_accepted not_in_the_list not_in_list untrusted not_trusted unauthorized_client nicht_erlaubt not_whitelisted',
  DENIED:
    'unauthorized_scope unauthorized_scopes access_not_allowed not_allowed_from cannot_perform not_an_admin must_be_an_admin must_be_an_administrator must_be_admin admin_only admins_only administrators_only no_write_access no_read_access user_not_authorized user_is_not_authorized is_unauthorized unauthorized_for_user not_privileged not_authorised_to forbids not_assigned not_consented consent_required does_not_have_role denied forbidden insufficient insufficient_scope insufficient_permissions insufficient_privileges not_authorized_to not_allowed_to not_permitted_to lack_permission higher_privileges do_not_have_permission does_not_have_permission not_enough_permissions cannot_access no_permission no_permissions has_no_access no_access_to access_denied permission_denied explicit_deny restricted not_accessible deny unauthorized_to keine_berechtigung verweigert interdit denegado denegada negado negato verboten 拒绝 没有权限 запрещен zugriff_verweigert accès_refusé acceso_denegado not_have_access doesnt_have_access have_no_access not_have_permission not_have_the_required not_granted dont_have_permission dont_have_access doesnt_have_permission',
  STRIPPED:
    'absent_at_origin absent_at_the_origin absent_at_the_service absent_at_upstream absent_at_the_backend req_unset bereq_unset drops removes did_not_forward does_not_forward wsgi_pass_authorization cgi_pass_auth sensitive_headers stripped strip strips scrubbed scrub removed_by dropped_by swallowed discarded_by not_passing not_forwarding does_not_pass not_forwarded not_passed_through not_passed_on forwarded_without removing dropping underscores_in_headers removed dropped lost_on_redirect',
  LISTED: 'either or oder ou o either and_or possibly 或',
  UNTRUSTED:
    'signed_by_unknown_authority unknown_authority self_signed untrusted unable_to_get_local_issuer_certificate unknown_ca bad_certificate certificate_unknown',
} as const;

/** Words that say that all is well, and what they say behind a negation ("not valid", "could not be verified"). */
const DENIABLE = {
  ABSENT:
    'authenticated logged_in signed_in authed provided provide present supplied supply sent send included include given specified contain contains received receive attached available supplied_with submitted presented transmitted specify',
  NOTFOUND:
    'found find exist exists locate located known existing recognized_user exists_for associated resolve_user look_up lookup existent',
  UNKNOWN: 'recognized recognised recognize identify identified recognizable registered',
  INVALID:
    'korrekt richtig valid accept accepted acceptable correct right allowed_value proper legitimate trusted correctly gültig válido válida valide good success successful successfully successfully_authenticated ok suitable',
  MISMATCH:
    'expected match matches matched matching correspond corresponds equal equals same satisfied satisfy pass passed meet belong belongs agree compatible intended meant corresponding identical consistent',
  FAILED: 'authenticate',
  LOCKED: 'active activated confirmed verified_email enabled approved activate verified_user confirm',
  MALFORMED:
    'well_formed formatted properly_formatted well_formatted correctly_formatted decode decoded parse parsed deserialize deserialized unmarshal decrypt decrypted base64_encoded',
  NOTALLOWED: 'allowed permitted allow whitelisted listed trusted_list',
  DENIED:
    'permission authorized_to authorised_to allowed_to permitted_to permissions_to privileges_to access_to entitled granted sufficient enough',
  UNSUPPORTED: 'supported support',
  UNCONFIGURED: 'implement configured configure initialized initialised implemented installed setup defined set_up',
  UNREACHABLE: 'erreichbar readable reachable resolvable',
} as const satisfies Partial<Record<keyof typeof STATES, string>>;

/** Turns what follows into its opposite. */
const NOT =
  'does_not_have doesnt_have do_not_have dont_have not never neither no_longer isnt wasnt arent werent doesnt dont didnt hasnt havent cannot cant couldnt wont wouldnt shouldnt mustnt nicht nie pas no_es 未 не non neither nor kein keine aucun ningún não';
/** Says that something which was attempted, or is demanded, is not so: turns only what says that all is well. */
const LACKING =
  'no failed fails fail failure unable error must should unsuccessful impossible without couldnt cannot cant could_not can_not failed_to unable_to needs_to have_to has_to must_be should_be';
/** Words that look like something else when read one by one, and phrases in which "provided" only points at a thing. */
const MEANS_NOTHING =
  'response_status_code status_code bad_request client_data user_agent coupon_code reset_link cache_entry registration login_method header_content_type required_header_content_type quota_exceeded rate_limit limit_exceeded complexity_requirements does_not_meet must_differ bank_account cors_header content_type_header token_bucket token_limit max_tokens unexpected_token json_at_position client_version app_version upload_session game_session checkout_session coupon webhook_signature git_hash record_locked session_limit terminated_by_realm too_many_requests key_value access_control access_control_configuration redirect_uri redirection_uri security_context trace_id correlation_id request_id content_type the_provided the_given the_supplied the_specified provided_by service_provider token_endpoint_auth contact_method json_web_token_error error_uri error_code';
/** A negation does not reach over these. */
const JOINTS = 'or and but because since as while if when after before oder und ou et y e than which that';

type Sense = keyof typeof SUBJECTS | keyof typeof STATES;

const SENSES = [...Object.keys(SUBJECTS), ...Object.keys(STATES)] as Sense[];

/** A set of senses: two words of 32 bits, because there are more senses than bits in one. */
export interface Senses {
  low: number;
  high: number;
}

interface Meaning {
  asserted: Senses;
  negated: Senses;
  not: boolean;
  lacking: boolean;
  joint: boolean;
  /** Longer entries that begin with this word. */
  next: Map<string, Meaning>;
  /** False where only longer entries exist. */
  isEntry: boolean;
  isState: boolean;
}

/** How far a negation reaches, in words. */
const REACH = 6;
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** "Cannot be used before" is no denial of "used before". */
const NEVER_DENIED = setOf('NOTYET|UNREACHABLE|NOTFOUND|UNCONFIGURED|FETCH|DECODE|DECRYPT|VERIFY|EXPECTED');

const ROOT = build();
const CJK_ENTRIES = [...ROOT.next].filter(([word]) => CJK.test(word));

export function setOf(names: string): Senses {
  const senses = { low: 0, high: 0 };
  for (const name of names.split('|')) {
    const index = SENSES.indexOf(name as Sense);
    if (index === -1) throw new Error(`cannot read the grammar: there is no sense ${name}`);
    addBit(senses, index);
  }
  return senses;
}

export function overlaps(a: Senses, b: Senses): boolean {
  return (a.low & b.low) !== 0 || (a.high & b.high) !== 0;
}

/** "No token needed", "no signature errors": what is denied is the trouble itself. */
const NO_TROUBLE = /^no (?:[^ ]+ ){0,3}(?:needed|required|necessary|errors?|failures?|problems?|issues?)$/;

/** @returns the senses of a clause, negations resolved */
export function sensesOf(words: readonly Word[]): Senses {
  const senses = { low: 0, high: 0 };
  const text = words.map((word) => word.text).join(' ');
  if (NO_TROUBLE.test(text) || words.some((word) => word.text === 'false')) return senses;
  let notUntil = -1;
  let lackingUntil = -1;
  for (let at = 0; at < words.length;) {
    const { meaning, length } = longestAt(words, at);
    if (meaning === undefined) {
      const word = words[at]?.text ?? '';
      if (CJK.test(word)) addCjk(senses, word);
      at += 1;
      continue;
    }
    if (meaning.joint || words[at]?.isListed === true) notUntil = lackingUntil = -1;
    const isNot = at < notUntil;
    if (!isNot || !meaning.isState || overlaps(meaning.asserted, NEVER_DENIED)) add(senses, meaning.asserted);
    if (isNot || at < lackingUntil) add(senses, meaning.negated);
    at += length;
    if (meaning.not) notUntil = at + REACH;
    if (meaning.lacking) lackingUntil = at + REACH;
  }
  return senses;
}

/** Every word that means something here, alone or with others. */
export function lexiconWords(): string[] {
  const words: string[] = [];
  const walk = (node: Meaning): void => {
    for (const [word, next] of node.next) {
      words.push(word);
      walk(next);
    }
  };
  walk(ROOT);
  return words;
}

export function isPlaceholder(word: string): boolean {
  return word.startsWith('<');
}

function longestAt(words: readonly Word[], at: number): { meaning: Meaning | undefined; length: number } {
  let node: Meaning | undefined = ROOT;
  let meaning: Meaning | undefined;
  let length = 1;
  for (let index = at; index < words.length; index += 1) {
    node = node.next.get(words[index]?.text ?? '');
    if (node === undefined) break;
    if (node.isEntry) {
      meaning = node;
      length = index - at + 1;
    }
  }
  return { meaning, length };
}

/** Chinese, Japanese and Korean put no spaces between words: entries are looked for inside. */
function addCjk(senses: Senses, word: string): void {
  for (const [entry, meaning] of CJK_ENTRIES) if (word.includes(entry)) add(senses, meaning.asserted);
}

function add(to: Senses, more: Senses): void {
  to.low |= more.low;
  to.high |= more.high;
}

function addBit(senses: Senses, index: number): void {
  if (index < 32) senses.low |= 1 << index;
  else senses.high |= 1 << (index - 32);
}

function build(): Meaning {
  const root = newMeaning();
  for (const [name, entries] of [...Object.entries(SUBJECTS), ...Object.entries(STATES)]) {
    for (const entry of entries.split(' ')) {
      const meaning = entryAt(root, entry);
      addBit(meaning.asserted, SENSES.indexOf(name as Sense));
      meaning.isState ||= name in STATES;
    }
  }
  for (const [name, entries] of Object.entries(DENIABLE)) {
    for (const entry of entries.split(' ')) addBit(entryAt(root, entry).negated, SENSES.indexOf(name as Sense));
  }
  for (const entry of NOT.split(' ')) entryAt(root, entry).not = true;
  for (const entry of LACKING.split(' ')) entryAt(root, entry).lacking = true;
  for (const entry of JOINTS.split(' ')) entryAt(root, entry).joint = true;
  for (const entry of MEANS_NOTHING.split(' ')) entryAt(root, entry);
  return root;
}

function entryAt(root: Meaning, entry: string): Meaning {
  let node = root;
  for (const word of entry.split('_')) {
    let next = node.next.get(word);
    if (next === undefined) {
      next = newMeaning();
      node.next.set(word, next);
    }
    node = next;
  }
  node.isEntry = true;
  return node;
}

function newMeaning(): Meaning {
  return {
    asserted: { low: 0, high: 0 },
    negated: { low: 0, high: 0 },
    not: false,
    lacking: false,
    joint: false,
    next: new Map(),
    isEntry: false,
    isState: false,
  };
}
