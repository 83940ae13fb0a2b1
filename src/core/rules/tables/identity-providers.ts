/** Identity providers: event types, error codes and messages of their logs and answers. */
import type { RuleTable } from '../table.js';

export const IDENTITY_PROVIDERS: readonly RuleTable[] = [
  {
    system: 'auth0',
    source: 'auth0.com/docs deploy-monitor/logs/log-event-type-codes',
    codes: {
      unknown:
        'auth0:f auth0:fcoa auth0:fcp auth0:fce auth0:fcu auth0:fcpn auth0:fcpr auth0:fd auth0:fdu auth0:fdeac auth0:fdeaz auth0:fede auth0:fi auth0:flo auth0:fpar auth0:fs auth0:fui auth0:fv auth0:fvr auth0:fapi auth0:w auth0:limit_ui auth0:limit_delegation auth0:api_limit auth0:ciba_exchange_failed auth0:oidc_backchannel_logout_failed',
      invalid_credentials: 'auth0:fp auth0:fu auth0:feccft auth0:fepft auth0:fepotpft',
      server_misconfiguration:
        'auth0:fc auth0:fcph auth0:fcpro auth0:fn auth0:fpurh auth0:coff auth0:gd_send_pn_failure auth0:gd_send_sms_failure auth0:gd_send_voice_failure auth0:gd_send_email_verification_failure auth0:actions_execution_failed',
      insufficient_scope: 'auth0:fco auth0:fdecc',
      invalid_token: 'auth0:feacft auth0:fens auth0:fecte',
      mfa_required:
        'auth0:feoobft auth0:feotpft auth0:fercft auth0:mfar auth0:gd_auth_failed auth0:gd_auth_rejected auth0:gd_auth_fail_email_verification auth0:gd_recovery_failed auth0:gd_start_enroll_failed auth0:gd_webauthn_challenge_failed auth0:gd_webauthn_enrollment_failed',
      refresh_failed: 'auth0:fertft auth0:ferrt',
      session_expired: 'auth0:fsa',
      account_locked:
        'auth0:gd_otp_rate_limit_exceed auth0:gd_recovery_rate_limit_exceed auth0:limit_wc auth0:limit_mu auth0:limit_sul auth0:pwd_leak auth0:signup_pwd_leak auth0:reset_pwd_leak',
    },
  },
  {
    system: 'auth0',
    source: 'auth0.com/docs Authentication API and Management API errors; auth0/auth0.js, lock error codes',
    codes: {
      invalid_credentials: 'invalid_user_password',
      mfa_required:
        'mfa_required mfa_registration_required mfa_invalid_code a0.mfa_required a0.mfa_invalid_code a0.mfa_registration_required',
      account_locked: 'password_leaked too_many_attempts',
      unknown: 'auth0:unauthorized',
    },
    phrases: {
      invalid_credentials: ['Wrong email or password', 'Wrong email or verification code'],
      refresh_failed: ['Unknown or invalid refresh token', "The refresh_token was generated for a user who doesn't exist anymore"],
      mfa_required: ['Multifactor authentication required', 'Invalid otp_code'],
      malformed_credentials: ['Malformed mfa_token'],
      expired_token: ['mfa_token is expired', 'Expired token received for JSON Web Token validation'],
      account_locked: [
        'Your account has been blocked after multiple consecutive login attempts',
        'This login attempt has been blocked because the password',
        'user is blocked',
        'Please verify your email before logging in',
      ],
      insufficient_scope: [
        'Insufficient scope, expected any of',
        'Client is not authorized to access',
        'Client has not been granted scopes',
        'Grant type * not allowed for the client',
      ],
      audience_mismatch: ['Service not enabled within domain'],
      proof_of_possession: ['Failed to verify code verifier'],
      invalid_signature: ['Invalid signature received for JSON Web Token validation'],
      missing_credentials: ['Client authentication is required'],
    },
  },
  {
    system: 'authentik',
    source: 'goauthentik/authentik providers/oauth2/errors.py, stages, flows',
    codes: {
      invalid_credentials: 'authentik:login_failed',
      unknown: 'authentik:suspicious_request',
      server_misconfiguration: 'authentik:configuration_error',
    },
    phrases: {
      unknown: ['Failed to authenticate'],
      insufficient_scope: ['Flow does not apply to current user'],
      mfa_required: ['Invalid Token. Please ensure the time on your device'],
    },
  },
  {
    system: 'authentik',
    source: 'goauthentik/authentik authentik/providers/oauth2/errors.py',
    phrases: {
      invalid_credentials: ['The client identifier (client_id) is missing or invalid'],
    },
  },
  {
    system: 'azure-ad',
    source: 'learn.microsoft.com/entra/identity-platform/reference-error-codes (MicrosoftDocs/azure-docs reference-aadsts-error-codes.md)',
    codes: {
      unknown:
        'AADSTS16000 AADSTS50012 AADSTS50097 AADSTS50140 AADSTS50155 AADSTS50187 AADSTS50196 AADSTS50199 AADSTS70003 AADSTS70016 AADSTS70037 AADSTS700020 AADSTS75005 AADSTS81004 AADSTS90004 AADSTS90014 AADSTS900561 AADSTS1000000',
      session_expired: 'AADSTS16002 AADSTS50058 AADSTS50089 AADSTS50132 AADSTS50139 AADSTS70044',
      wrong_realm:
        'AADSTS16003 AADSTS50002 AADSTS50020 AADSTS50059 AADSTS50107 AADSTS50128 AADSTS50143 AADSTS50169 AADSTS50194 AADSTS500200 AADSTS500208 AADSTS700005 AADSTS700016 AADSTS90002 AADSTS90019 AADSTS90038 AADSTS90051 AADSTS90072 AADSTS900023 AADSTS90130',
      server_misconfiguration:
        'AADSTS20001 AADSTS20012 AADSTS20033 AADSTS40008 AADSTS40010 AADSTS50000 AADSTS50003 AADSTS50007 AADSTS50011 AADSTS50146 AADSTS50161 AADSTS50166 AADSTS50170 AADSTS50180 AADSTS500014 AADSTS51000 AADSTS650056 AADSTS70004 AADSTS700054 AADSTS80001 AADSTS80002 AADSTS80005 AADSTS80007 AADSTS80010 AADSTS80014 AADSTS81007 AADSTS90006 AADSTS90033 AADSTS9002326 AADSTS9002327 AADSTS220501',
      insufficient_scope:
        'AADSTS28002 AADSTS28003 AADSTS50005 AADSTS50105 AADSTS50127 AADSTS50129 AADSTS50131 AADSTS500021 AADSTS52004 AADSTS53000 AADSTS53001 AADSTS53002 AADSTS53003 AADSTS530032 AADSTS65001 AADSTS65004 AADSTS65005 AADSTS650052 AADSTS70011 AADSTS7000114 AADSTS90008 AADSTS90084 AADSTS90093 AADSTS90094 AADSTS90095 AADSTS90099 AADSTS90123 AADSTS240001',
      refresh_failed: 'AADSTS40009 AADSTS50085 AADSTS70000 AADSTS70008 AADSTS70043 AADSTS700081 AADSTS700082 AADSTS700084',
      audience_mismatch: 'AADSTS50001 AADSTS50010 AADSTS500011 AADSTS700212',
      invalid_signature: 'AADSTS50006 AADSTS50099 AADSTS700027 AADSTS130005 AADSTS135010',
      invalid_token: 'AADSTS50008 AADSTS50013 AADSTS50027 AADSTS54005 AADSTS700021 AADSTS700213 AADSTS81010 AADSTS90016 AADSTS140001',
      account_locked:
        'AADSTS50014 AADSTS50053 AADSTS50055 AADSTS50057 AADSTS50125 AADSTS50135 AADSTS50144 AADSTS53011 AADSTS54000 AADSTS70001 AADSTS7000112 AADSTS80012 AADSTS120014 AADSTS130007 AADSTS135011',
      client_certificate: 'AADSTS50017 AADSTS700030',
      invalid_credentials:
        'AADSTS50034 AADSTS50056 AADSTS50064 AADSTS50126 AADSTS51004 AADSTS70002 AADSTS70018 AADSTS7000215 AADSTS7000222 AADSTS81011 AADSTS81012 AADSTS90125 AADSTS120000 AADSTS130004',
      issuer_mismatch: 'AADSTS50048 AADSTS700211',
      mfa_required: 'AADSTS50072 AADSTS50074 AADSTS50076 AADSTS50078 AADSTS50079 AADSTS50158 AADSTS500121 AADSTS53004 AADSTS75011',
      malformed_credentials: 'AADSTS50120 AADSTS81005 AADSTS81009 AADSTS900144',
      revoked_token: 'AADSTS50133 AADSTS50173',
      proof_of_possession: 'AADSTS50147 AADSTS50148 AADSTS501481 AADSTS9002325 AADSTS140000',
      expired_token: 'AADSTS500133 AADSTS70019 AADSTS700024 AADSTS90086',
      missing_credentials: 'AADSTS7000218 AADSTS81006',
      clock_skew: 'AADSTS80013',
    },
    phrases: {
      invalid_credentials: [
        'Error validating credentials due to invalid username or password',
        'Invalid client secret provided. Ensure the secret being sent',
      ],
      insufficient_scope: [
        'is not assigned to a role for the application',
        'Access has been blocked by Conditional Access policies',
        'The user or administrator has not consented to use the application',
      ],
      wrong_realm: ['was not found in the directory', 'Selected user account does not exist in tenant'],
      mfa_required: ['Due to a configuration change made by your administrator'],
      expired_token: ['Client assertion is not within its valid time range'],
      missing_credentials: ["The request body must contain the following parameter: 'client_assertion' or 'client_secret'"],
      audience_mismatch: ['The resource principal named * was not found in the tenant'],
      refresh_failed: ['sign-in frequency checks by Conditional Access'],
    },
  },
  {
    system: 'clerk',
    source: 'clerk/javascript packages/backend/src/errors.ts, tokens/authStatus.ts; clerk.com/docs/errors',
    codes: {
      expired_token: 'token-expired session-token-expired verification_expired',
      invalid_token: 'token-invalid token-verification-failed actor_token_already_used_code actor_token_cannot_be_used_code',
      invalid_signature: 'token-invalid-algorithm token-invalid-signature jwk-kid-mismatch',
      audience_mismatch: 'token-invalid-authorized-parties',
      issuer_mismatch: 'token-invalid-issuer',
      clock_skew: 'token-not-active-yet token-iat-in-the-future session-token-nbf',
      invalid_api_key: 'secret-key-invalid clerk_key_invalid clerk_key_invalid_code',
      server_misconfiguration: 'jwk-local-missing jwk-remote-failed-to-load jwk-remote-invalid jwk-remote-missing jwk-failed-to-resolve',
      missing_credentials: 'session-token-and-uat-missing session-token-missing',
      session_cookie_missing: 'session-token-but-no-client-uat client-uat-but-no-session-token dev-browser-missing',
      session_expired: 'session-token-iat-before-client-uat authentication_invalid authentication_invalid_code',
      unknown: 'primary-responds-to-syncing could_not_authenticate_request client_state_invalid',
      insufficient_scope: 'authorization_invalid authorization_invalid_code',
      malformed_credentials: 'authorization_header_format_invalid authorization_header_format_invalid_code',
      invalid_credentials: 'form_password_incorrect form_identifier_not_found form_code_incorrect',
      account_locked: 'form_password_pwned user_locked user_banned',
      revoked_token: 'actor_token_revoked_code',
    },
    phrases: {
      invalid_api_key: ['The provided Clerk Secret Key is invalid'],
      session_expired: ['Unable to authenticate the request, you need to supply an active session'],
      malformed_credentials: ['Invalid Authorization header format. Must be "Bearer <YOUR_API_KEY>"'],
      insufficient_scope: ['You are not authorized to perform this request'],
    },
  },
  {
    system: 'cognito',
    source: 'docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference (error lists and messages)',
    codes: {
      account_locked: 'UserNotConfirmedException PasswordResetRequiredException TooManyFailedAttemptsException',
      mfa_required: 'CodeMismatchException MFAMethodNotFoundException SoftwareTokenMFANotFoundException EnableSoftwareTokenMFAException',
      expired_token: 'ExpiredCodeException',
      server_misconfiguration:
        'UserPoolAddOnNotEnabledException InvalidUserPoolConfigurationException UnexpectedLambdaException InvalidLambdaResponseException InvalidIdentityPoolConfigurationException',
      unknown: 'UserLambdaValidationException PreconditionNotMetException',
      refresh_failed: 'RefreshTokenReuseException',
    },
    phrases: {
      invalid_credentials: ['User does not exist', 'Unable to verify secret hash for client'],
      account_locked: [
        'Password attempts exceeded',
        'Temporary password has expired and must be reset by an administrator',
        'User is not confirmed',
      ],
      expired_token: ['Access Token has expired', 'Invalid login token. Token expired'],
      invalid_token: ['Invalid Access Token', "Logins don't match. Please include at least one valid login"],
      refresh_failed: ['Refresh Token has been revoked'],
      session_expired: ['Invalid session for the user, session is expired', 'Invalid session for the user'],
      missing_credentials: [
        'is configured with secret but SECRET_HASH was not received',
        'Unauthenticated access is not supported for this identity pool',
      ],
      insufficient_scope: ['flow not enabled for this client'],
      issuer_mismatch: [
        "Invalid login token. Issuer doesn't match providerName",
        'Token is not from a supported provider of this identity pool',
      ],
      invalid_signature: ['Invalid login token. Token signature invalid'],
      audience_mismatch: ['Invalid login token. Incorrect token audience'],
    },
  },
  {
    system: 'descope',
    source: 'docs.descope.com/common-errors; descope/go-sdk descope/errors.go',
    codes: {
      account_locked: 'E061103',
      invalid_credentials: 'E061102 E062108',
    },
  },
  {
    system: 'firebase-admin',
    source: 'firebase.google.com/docs/auth/admin/errors; firebase-js-sdk AuthErrorCode',
    codes: {
      expired_token: 'auth/id-token-expired auth/user-token-expired auth/code-expired auth/expired-action-code',
      revoked_token: 'auth/id-token-revoked auth/session-cookie-revoked',
      session_expired: 'auth/session-cookie-expired auth/invalid-verification-id auth/null-user',
      invalid_token: 'auth/invalid-id-token auth/invalid-user-token auth/invalid-action-code auth/invalid-custom-token',
      unknown:
        'auth/invalid-session-cookie-duration auth/second-factor-already-in-use auth/captcha-check-failed auth/invalid-app-credential auth/account-exists-with-different-credential',
      account_locked: 'auth/user-disabled auth/too-many-requests auth/unverified-email',
      invalid_credentials:
        'auth/user-not-found auth/wrong-password auth/invalid-login-credentials auth/invalid-verification-code auth/invalid-credential auth/user-mismatch auth/invalid-oauth-client-id',
      missing_credentials: 'auth/missing-password auth/missing-verification-code',
      mfa_required:
        'auth/requires-recent-login auth/multi-factor-auth-required auth/missing-multi-factor-session auth/invalid-multi-factor-session auth/multi-factor-info-not-found',
      invalid_api_key: 'auth/invalid-api-key auth/api-key-not-valid.-please-pass-a-valid-api-key.',
      insufficient_scope: 'auth/app-not-authorized auth/admin-restricted-operation auth/insufficient-permission auth/user-cancelled',
      server_misconfiguration:
        'auth/operation-not-allowed auth/unauthorized-domain auth/unauthorized-continue-uri auth/project-not-found auth/configuration-not-found',
      wrong_realm: 'auth/tenant-id-mismatch auth/invalid-tenant-id auth/custom-token-mismatch',
      proof_of_possession: 'auth/missing-or-invalid-nonce',
      session_cookie_missing: 'auth/web-storage-unsupported',
    },
    phrases: {
      audience_mismatch: ['Firebase ID token has incorrect "aud" (audience) claim'],
      issuer_mismatch: ['Firebase ID token has incorrect "iss" (issuer) claim'],
      invalid_signature: [
        'Firebase ID token has incorrect algorithm',
        'Firebase ID token has no "kid" claim',
        'Firebase ID token has "kid" claim which does not correspond',
        'Firebase ID token has invalid signature',
      ],
      expired_token: ['Firebase ID token has expired'],
      session_expired: ['Firebase session cookie has expired'],
      revoked_token: ['The Firebase session cookie has been revoked'],
      malformed_credentials: ['Decoding Firebase ID token failed'],
      invalid_token: ['verifyIdToken() expects an ID token, but was given a custom token'],
      server_misconfiguration: ['Error fetching public keys for Google certs'],
    },
  },
  {
    system: 'firebase-admin',
    source: 'cloud.google.com/identity-platform REST; firebase-js-sdk ServerError map',
    codes: {
      invalid_credentials: 'EMAIL_NOT_FOUND INVALID_PASSWORD INVALID_LOGIN_CREDENTIALS INVALID_OAUTH_CLIENT_ID',
      refresh_failed: 'INVALID_REFRESH_TOKEN MISSING_REFRESH_TOKEN',
      mfa_required: 'CREDENTIAL_TOO_OLD_LOGIN_AGAIN INVALID_MFA_PENDING_CREDENTIAL MFA_ENROLLMENT_NOT_FOUND MISSING_MFA_PENDING_CREDENTIAL',
      account_locked: 'TOO_MANY_ATTEMPTS_TRY_LATER RESET_PASSWORD_EXCEED_LIMIT UNVERIFIED_EMAIL',
      missing_credentials: 'MISSING_PASSWORD MISSING_ID_TOKEN',
      expired_token: 'EXPIRED_OOB_CODE identitytoolkit:SESSION_EXPIRED',
      invalid_token: 'INVALID_OOB_CODE INVALID_TEMPORARY_PROOF INVALID_IDP_RESPONSE INVALID_PENDING_TOKEN INVALID_CUSTOM_TOKEN',
      session_expired: 'INVALID_SESSION_INFO',
      wrong_realm: 'CREDENTIAL_MISMATCH TENANT_ID_MISMATCH PROJECT_NUMBER_MISMATCH',
      server_misconfiguration: 'PASSWORD_LOGIN_DISABLED OPERATION_NOT_ALLOWED UNAUTHORIZED_DOMAIN CONFIGURATION_NOT_FOUND',
      insufficient_scope: 'ADMIN_ONLY_OPERATION',
      unknown: 'INVALID_CERT_HASH INVALID_GRANT_TYPE FEDERATED_USER_ID_ALREADY_LINKED',
    },
  },
  {
    system: 'forgerock',
    source: 'ForgeRock AM / OpenAM amAuth.properties, REST authentication',
    codes: {
      invalid_credentials: 'errorCode=103',
      account_locked: 'errorCode=104',
      session_expired: 'errorCode=110',
    },
    phrases: {
      account_locked: ['User Account Locked'],
      invalid_credentials: ['Warning: You will be locked out after'],
      session_expired: ['Access Denied!! Session has timed out', 'Authentication failed. Session timed out'],
    },
  },
  {
    system: 'fusionauth',
    source: 'fusionauth.io/docs/operate/troubleshoot, apis/login',
    codes: {
      account_locked: 'change_password_administrative change_password_breached change_password_expired change_password_validation',
      mfa_required: 'two_factor_required',
    },
  },
  {
    system: 'fusionauth',
    source: 'FusionAuth login API, generalErrors / fieldErrors codes',
    codes: {
      account_locked: '[LoginPreventedException] [UserLockedException] [UserExpiredException]',
      insufficient_scope: '[UserAuthorizedNotRegisteredException]',
      refresh_failed: '[invalid]refreshToken',
    },
  },
  {
    system: 'fusionauth',
    source: 'FusionAuth/fusionauth-java-client OAuthError.java (error_reason, error)',
    codes: {
      invalid_token: 'auth_code_not_found access_token_failed_processing',
      malformed_credentials: 'access_token_malformed invalid_client_authentication_scheme',
      server_misconfiguration: 'access_token_unavailable_for_processing',
      proof_of_possession: 'invalid_pkce_code_verifier',
      invalid_credentials: 'invalid_client_authentication',
      missing_credentials: 'client_authentication_missing',
      audience_mismatch: 'client_id_mismatch',
      account_locked: 'login_prevented user_expired change_password_required',
      insufficient_scope: 'grant_type_disabled',
    },
  },
  {
    system: 'keycloak',
    source: 'keycloak/keycloak server-spi-private/src/main/java/org/keycloak/events/Errors.java',
    codes: {
      server_misconfiguration:
        'realm_disabled ssl_required identity_provider_login_failure identity_provider_error unknown_identity_provider keycloak:invalid_config',
      invalid_credentials:
        'client_not_found invalid_client_credentials invalid_user_credentials different_user_authenticated invalid_oauth2_user_code',
      account_locked: 'client_disabled resolve_required_actions user_temporarily_disabled',
      insufficient_scope: 'consent_denied rejected_by_user keycloak:not_allowed illegal_origin keycloak:access_denied',
      missing_credentials: 'username_missing saml_token_not_found password_missing',
      invalid_token:
        'keycloak:invalid_code invalid_token_type invalid_saml_response invalid_artifact_response invalid_permission_ticket invalid_oauth2_device_code keycloak:invalid_token',
      session_expired: 'keycloak:expired_code user_session_not_found session_expired not_logged_in',
      unknown:
        'invalid_authn_request invalid_logout_request invalid_logout_response keycloak:invalid_registration reset_credential_disabled password_rejected generic_authentication_error keycloak:invalid_redirect_uri',
      session_cookie_missing: 'cookie_not_found',
      proof_of_possession: 'code_verifier_missing invalid_code_verifier pkce_verification_failed invalid_code_challenge_method',
      expired_token: 'expired_oauth2_device_code',
      malformed_credentials: 'missing_required_destination invalid_saml_document',
    },
  },
  {
    system: 'keycloak',
    source:
      'keycloak/keycloak services: TokenEndpoint, OAuth2GrantType, AuthenticationManager, TokenManager; themes messages_en.properties',
    phrases: {
      invalid_credentials: ['Invalid user credentials', 'Invalid client or Invalid client credentials', 'Invalid username or password'],
      account_locked: [
        'Account is not fully set up',
        'Account disabled',
        'Account temporarily disabled',
        'Account is temporarily disabled; contact your administrator or retry later',
        'Account is disabled, contact your administrator',
      ],
      session_expired: [
        'Session not active',
        'Offline user session not found',
        'Code is expired',
        'Your login attempt timed out',
        "User session not found or doesn't have client attached",
      ],
      refresh_failed: [
        'Stale token',
        'Refresh token expired',
        'Maximum allowed refresh token reuse exceeded',
        "Session doesn't have required client",
      ],
      expired_token: ['Token is not active'],
      insufficient_scope: [
        'Client not allowed for direct access grants',
        'Client not enabled to retrieve service account',
        'Public client not allowed to retrieve service account',
      ],
      invalid_token: ['Code not valid'],
      proof_of_possession: ['PKCE verification failed: Code mismatch', 'PKCE code verifier not specified'],
      session_cookie_missing: ['Cookie not found. Please make sure cookies are enabled'],
      server_misconfiguration: ['Realm not enabled', 'HTTPS required'],
      wrong_realm: ['Realm does not exist'],
      issuer_mismatch: ['Invalid token issuer. Expected'],
      audience_mismatch: ["Token audience doesn't match domain"],
      mfa_required: ['Invalid authenticator code'],
    },
  },
  {
    system: 'nextjs-auth0',
    source: 'auth0/nextjs-auth0 src/errors',
    codes: {
      session_expired: 'missing_session',
      refresh_failed: 'failed_to_refresh_token',
    },
  },
  {
    system: 'oathkeeper',
    source: 'ory/oathkeeper pipeline/authn, helper/errors.go',
    phrases: {
      audience_mismatch: ['Token audience is not intended for target audience'],
    },
  },
  {
    system: 'okta',
    source: 'developer.okta.com/docs/reference/error-codes',
    codes: {
      invalid_credentials: 'E0000004 E0000087',
      session_expired: 'E0000005',
      insufficient_scope: 'E0000006 E0000015',
      invalid_token: 'E0000011 E0000105 E0000110',
      unknown: 'E0000014 E0000017 E0000034 E0000047 E0000079',
      account_locked: 'E0000064 E0000069 E0000119',
      mfa_required: 'E0000068 E0000082',
    },
    phrases: {
      insufficient_scope: [
        'You do not have permission to perform the requested action',
        'You do not have permission to access the feature you are requesting',
        'One or more scopes are not configured for the authorization server resource',
        'Policy evaluation failed for this request',
        'User is not assigned to the client application',
        'The client is not authorized to use the provided grant type',
      ],
      session_expired: ['Your session has expired due to inactivity'],
      mfa_required: ['Invalid Passcode/Answer', "Your passcode doesn't match our records. Please try again"],
      invalid_credentials: [
        'The recovery question answer did not match our records',
        "The 'client_secret' is invalid",
        "Invalid value for 'client_id' parameter",
        'The credentials provided were invalid',
      ],
      account_locked: ['Your password is expired', 'Your account is locked. Please contact your administrator'],
      expired_token: ['You have accessed an account recovery link that has expired'],
      refresh_failed: ['The refresh token is invalid or expired'],
      invalid_token: ['The authorization code is invalid or has expired', 'The client_assertion token has an expiration that is too far'],
      invalid_signature: ['The client_assertion signature is invalid'],
      audience_mismatch: ['The audience claim for client_assertion must be the endpoint invoked'],
      proof_of_possession: ['PKCE verification failed', 'The DPoP proof JWT header is missing'],
    },
  },
  {
    system: 'okta',
    source: 'developer.okta.com/docs/reference/api/system-log (outcome.reason)',
    codes: {
      invalid_credentials: 'INVALID_CREDENTIALS VERIFICATION_ERROR okta:UNKNOWN_USER invalid_client_secret',
      account_locked: 'LOCKED_OUT',
      mfa_required: 'MFA_ENROLL',
      unknown: 'PASSWORD_WARN GENERAL_NONSUCCESS',
      insufficient_scope: 'no_matching_policy no_matching_scope NETWORK_ZONE_BLACKLIST',
    },
  },
  {
    system: 'okta',
    source: 'okta/okta-signin-widget login.properties (errors.E...)',
    codes: {
      mfa_required: 'E0000083 E0000092',
      invalid_credentials: 'E0000095',
      account_locked: 'E0000112',
    },
  },
  {
    system: 'ory-hydra',
    source: 'ory/fosite errors.go',
    codes: {
      unknown: 'request_unauthorized insufficient_entropy',
      insufficient_scope: 'request_forbidden scope_not_granted',
      invalid_signature: 'token_signature_mismatch',
      invalid_token: 'token_claim token_inactive',
      proof_of_possession: 'jti_known',
      server_misconfiguration: 'error=misconfiguration',
    },
    phrases: {
      unknown: ['The request could not be authorized'],
      invalid_token: [
        'Token is inactive because it is malformed, expired or otherwise invalid',
        'The token failed validation due to a claim mismatch',
        'The provided authorization grant (e.g., authorization code, resource owner credentials)',
      ],
      insufficient_scope: [
        'The token was not granted the requested scope',
        'The client is not authorized to request a token using this method',
      ],
      invalid_credentials: [
        'Client authentication failed (e.g., unknown client, no client authentication included',
        'The OAuth 2.0 Client supports client authentication method',
        'The requested OAuth 2.0 Client does not exist',
      ],
      refresh_failed: ['The refresh token has not been found', 'The refresh token was already used'],
      session_expired: ['The Authorization Server requires End-User authentication'],
    },
  },
  {
    system: 'ory-kratos',
    source: 'ory/kratos text/id.go, text/message_validation.go, session/session.go',
    codes: {
      invalid_credentials: 'id=4000006',
      mfa_required: 'id=4000008 id=4000011 id=4000012 id=4000013 id=4000016 session_refresh_required session_aal2_required',
      account_locked: 'id=4000010 id=4060007',
      session_expired:
        'id=4010001 id=4050001 id=4060005 id=4070005 session_inactive session_aal1_required self_service_flow_expired security_identity_mismatch',
      server_misconfiguration: 'id=4010002',
      invalid_token: 'id=4060004 id=4060006 id=4070001',
      session_cookie_missing: 'security_csrf_violation',
    },
    phrases: {
      invalid_credentials: ['The provided credentials are invalid, check for spelling mistakes'],
      session_cookie_missing: ['No valid session cookie found'],
      session_expired: ['No active session was found in this request', 'The login flow expired'],
      mfa_required: [
        'The provided authentication code is invalid, please try again',
        'An active session was found but it does not fulfil',
        'The login session is too old and thus not allowed',
      ],
      account_locked: ['Account not active yet. Did you forget to verify'],
    },
  },
  {
    system: 'ory-kratos',
    source: 'ory/kratos text/message_validation.go',
    phrases: {
      mfa_required: [
        'This backup recovery code has already been used',
        'The backup recovery code is not valid',
        'You have no TOTP device set up',
      ],
      invalid_credentials: [
        'This account does not exist or has no login method configured',
        'This account does not exist or has no security key set up',
      ],
      server_misconfiguration: ['Could not find any login identifiers. Did you forget to set them'],
    },
  },
  {
    system: 'ping',
    source: 'docs.pingidentity.com pingone API reference, error codes',
    codes: {
      unknown: 'ACCESS_FAILED',
      account_locked: 'PASSWORD_LOCKED_OUT',
      mfa_required: 'INVALID_OTP NO_USABLE_DEVICES',
      insufficient_scope: 'INSUFFICIENT_PERMISSIONS',
    },
    phrases: {
      insufficient_scope: ['The request could not be completed. You do not have access'],
      invalid_credentials: ["We didn't recognize the username or password you entered"],
    },
  },
  {
    system: 'saml',
    source: 'SAML 2.0 core 3.2.2.2 status codes',
    codes: {
      unknown:
        'urn:oasis:names:tc:SAML:2.0:status:Requester urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy urn:oasis:names:tc:SAML:2.0:status:PartialLogout urn:oasis:names:tc:SAML:2.0:status:UnknownAttrProfile',
      server_misconfiguration:
        'urn:oasis:names:tc:SAML:2.0:status:Responder urn:oasis:names:tc:SAML:2.0:status:NoAvailableIDP urn:oasis:names:tc:SAML:2.0:status:NoSupportedIDP urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding',
      malformed_credentials: 'urn:oasis:names:tc:SAML:2.0:status:VersionMismatch',
      invalid_credentials: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal',
      mfa_required: 'urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext',
      session_expired: 'urn:oasis:names:tc:SAML:2.0:status:NoPassive',
      insufficient_scope: 'urn:oasis:names:tc:SAML:2.0:status:RequestDenied',
    },
  },
  {
    system: 'saml',
    source: 'SAML libraries: onelogin python3-saml/php-saml/ruby-saml, node-saml, pysaml2, crewjam/saml, Spring Saml2ErrorCodes',
    codes: {
      invalid_signature: 'saml2:invalid_signature',
      invalid_token: 'saml2:subject_not_found',
      server_misconfiguration: 'saml2:decryption_error',
    },
    phrases: {
      invalid_signature: [
        'Signature validation failed. SAML Response rejected',
        'The Message of the Response is not signed and the SP',
        'No Signature found. SAML Response rejected',
        'Invalid signature on documentElement',
        'Fingerprint mismatch',
      ],
      clock_skew: [
        'Timing issues (please check your clock settings)',
        'SAML assertion not yet valid',
        'Current time is earlier than NotBefore condition',
      ],
      expired_token: ['SAML assertion expired', 'Current time is on or after NotOnOrAfter condition'],
      audience_mismatch: [
        'is not a valid audience for this Response',
        'SAML assertion audience mismatch',
        'The response was received at * instead of',
      ],
      issuer_mismatch: ['Invalid issuer in the Assertion/Response', 'Unknown SAML issuer. Expected'],
      session_expired: ['InResponseTo is not valid', 'does not match the ID of the AuthNRequest sent by the SP'],
      invalid_token: ['A valid SubjectConfirmation was not found on this Response'],
      unknown: ['The status code of the Response was not Success, was'],
      missing_credentials: ['SAML Response not found, Only supported HTTP_POST Binding'],
      malformed_credentials: ['SAML Response must contain 1 assertion'],
      server_misconfiguration: ['Encrypted Assertion not found and required'],
    },
  },
  {
    system: 'stytch',
    source: 'stytch.com/docs/api/errors',
    codes: {
      invalid_api_key: 'unauthorized_credentials unauthorized_credentials_error unauthorized_credentials_homepage',
      invalid_token: 'invalid_session_token unable_to_auth_magic_link magic_link_not_found',
      invalid_credentials: 'otp_code_not_found unable_to_auth_otp_code unable_to_auth_biometric_registration',
      account_locked: 'stytch:reset_password breached_password',
      server_misconfiguration: 'use_https',
    },
    phrases: {
      session_expired: ['Session could not be found'],
      invalid_credentials: ['Email could not be found', 'The provided credentials are invalid'],
      invalid_api_key: ['Replace the project ID and secret with your credentials'],
    },
  },
  {
    system: 'supabase-gotrue',
    source: 'supabase/auth internal/api/apierrors/errorcode.go',
    codes: {
      invalid_token: 'bad_jwt saml_assertion_no_user_id saml_assertion_no_email',
      insufficient_scope: 'not_admin email_address_not_authorized',
      missing_credentials: 'no_authorization',
      session_expired:
        'session_not_found flow_state_not_found flow_state_expired oauth_client_state_not_found oauth_client_state_expired bad_oauth_state saml_relay_state_not_found saml_relay_state_expired',
      refresh_failed: 'refresh_token_not_found refresh_token_already_used',
      unknown: 'bad_oauth_callback captcha_failed over_request_rate_limit',
      server_misconfiguration:
        'oauth_provider_not_supported email_provider_disabled phone_provider_disabled provider_disabled saml_provider_disabled saml_idp_not_found sso_provider_not_found sso_provider_disabled saml_metadata_fetch_failed otp_disabled anonymous_provider_disabled hook_timeout hook_timeout_after_retry mfa_totp_verify_not_enabled web3_provider_disabled',
      account_locked: 'provider_email_needs_verification email_not_confirmed phone_not_confirmed',
      audience_mismatch: 'unexpected_audience',
      mfa_required:
        'mfa_factor_not_found mfa_ip_address_mismatch mfa_challenge_expired mfa_verification_failed mfa_verification_rejected insufficient_aal reauthentication_needed reauthentication_not_valid',
      issuer_mismatch: 'saml_entity_id_mismatch',
      expired_token: 'otp_expired',
      proof_of_possession: 'bad_code_verifier',
      invalid_credentials: 'oauth_client_not_found',
    },
    phrases: {
      invalid_credentials: ['Invalid login credentials', 'User from sub claim in JWT does not exist'],
      refresh_failed: ['Invalid Refresh Token: Already Used', 'Invalid Refresh Token: Refresh Token Not Found'],
      session_expired: ['Invalid Refresh Token: Session Expired', 'Session from session_id claim in JWT does not exist'],
      account_locked: ['Email not confirmed'],
      missing_credentials: ['This endpoint requires a valid Bearer token'],
      invalid_token: ['Token has expired or is invalid'],
    },
  },
  {
    system: 'supertokens',
    source: 'supertokens/supertokens-node lib/ts/recipe/session/error.ts',
    codes: {
      invalid_credentials: 'WRONG_CREDENTIALS_ERROR UNKNOWN_USER_ID_ERROR INCORRECT_USER_INPUT_CODE_ERROR',
      mfa_required: 'INVALID_TOTP_ERROR',
      account_locked: 'LIMIT_REACHED_ERROR',
      expired_token: 'EXPIRED_USER_INPUT_CODE_ERROR',
      session_expired: 'RESTART_FLOW_ERROR',
      insufficient_scope: 'SIGN_IN_NOT_ALLOWED',
    },
    phrases: {
      session_expired: ['Session missing in db or has expired'],
    },
  },
  {
    system: 'webauthn',
    source: 'WebAuthn Level 3; duo-labs/py_webauthn; MasterKale/SimpleWebAuthn; go-webauthn/webauthn',
    phrases: {
      invalid_credentials: [
        'Unexpected authentication response challenge',
        'Response counter value * was lower than expected',
        'Unable to find the credential for the returned credential ID',
      ],
      audience_mismatch: ['Unexpected authentication response origin', 'Unexpected RP ID hash'],
      mfa_required: ['User verification required, but user could not be verified', 'User not present during authentication'],
      unknown: ['The operation either timed out or was not allowed'],
      server_misconfiguration: ['The relying party ID is not a registrable domain suffix'],
    },
  },
  {
    system: 'workos',
    source: 'workos.com/docs user-management errors',
    codes: {
      account_locked: 'email_verification_required',
      mfa_required: 'mfa_enrollment mfa_challenge',
      unknown: 'sso_required organization_selection_required',
      insufficient_scope: 'organization_authentication_methods_required authentication_method_not_allowed',
      session_cookie_missing: 'no_session_cookie_provided',
      invalid_token: 'invalid_session_cookie invalid_jwt',
    },
    phrases: {
      unknown: ['Organization must authenticate using SSO or'],
    },
  },
  {
    system: 'zitadel',
    source: 'zitadel/zitadel internal/static/i18n/en.yaml (Errors.* keys and texts)',
    codes: {
      invalid_credentials:
        'Errors.User.Password.Invalid Errors.User.NotFound Errors.User.Code.Invalid Errors.User.Machine.Secret.NotExisting Errors.User.Machine.Secret.Invalid Errors.Project.App.ClientSecretInvalid Errors.User.WebAuthN.ValidateLoginFailed Errors.User.Password.NotSet',
      account_locked: 'Errors.User.Locked Errors.User.NotInitialised Errors.Project.App.NotActive Errors.Limits.Instance.Blocked',
      expired_token: 'Errors.User.Code.Expired Errors.OIDCSession.Token.Expired',
      mfa_required: 'Errors.User.MFA.OTP.InvalidCode Errors.User.MFA.OTP.NotReady Errors.User.MFA.RecoveryCodes.InvalidCode',
      refresh_failed: 'Errors.User.RefreshToken.Invalid Errors.User.RefreshToken.NotFound Errors.OIDCSession.RefreshTokenInvalid',
      wrong_realm: 'Errors.User.NotAllowedOrg Errors.User.NotFoundOnOrg',
      invalid_api_key: 'Errors.User.Machine.Key.NotFound Errors.User.PAT.NotFound',
      server_misconfiguration:
        'Errors.User.ExternalIDP.LoginFailed Errors.Org.LoginPolicy.UsernamePasswordNotAllowed Errors.WebKey.NoActive',
      insufficient_scope: 'Errors.User.ExternalIDP.NotAllowed Errors.OriginNotAllowed Errors.TokenExchange.Impersonation.PolicyDisabled',
      invalid_token:
        'Errors.Token.Invalid Errors.Session.Token.Invalid Errors.OIDCSession.Token.Invalid Errors.TokenExchange.Token.Invalid Errors.Intent.InvalidToken',
      session_expired:
        'Errors.Session.Terminated Errors.Session.Expired Errors.Session.NotExisting Errors.Intent.Expired Errors.AuthRequest.NotExisting',
      audience_mismatch: 'Errors.OIDCSession.InvalidClient',
      missing_credentials: 'Errors.TokenExchange.Token.Missing',
      malformed_credentials: 'Errors.TokenExchange.Token.TypeNotSupported',
    },
    phrases: {
      wrong_realm: ['User is no member of the required organization', 'User could not be found on chosen organization'],
      mfa_required: ["Multifactor OTP (OneTimePassword) isn't ready"],
      audience_mismatch: ['Token was not issued for this client'],
    },
  },
];
