/** Gateways, proxies and web servers, and what they say when they are the ones who refuse. */
import type { RuleTable } from '../table.js';

export const GATEWAYS: readonly RuleTable[] = [
  {
    system: 'active-directory',
    source: 'Active Directory LDAP bind sub-codes (AcceptSecurityContext error, data ...)',
    codes: {
      invalid_credentials: 'data=52e data=525',
      account_locked: 'data=530 data=531 data=532 data=533 data=701 data=773 data=775',
    },
  },
  {
    system: 'apache-httpd',
    source: 'apache/httpd modules/aaa/mod_auth_basic.c',
    codes: {
      malformed_credentials: 'AH01614',
      server_misconfiguration: 'AH01615 AH01616',
      invalid_credentials: 'AH01617 AH01618',
    },
    phrases: {
      invalid_credentials: ['authentication failure for * Password Mismatch'],
    },
  },
  {
    system: 'apache-httpd',
    source: 'apache/httpd modules/aaa/mod_auth_digest.c',
    codes: {
      server_misconfiguration: 'AH01780 AH01771',
      malformed_credentials: 'AH01781 AH01782 AH01783 AH01785 AH01786 AH01787 AH01789 AH01793 AH10560 AH01772 AH01773',
      wrong_realm: 'AH02533 AH01788',
      invalid_credentials: 'AH01790 AH01791 AH01792 AH01794',
      proof_of_possession: 'AH01774 AH01775 AH01776 AH01779',
      clock_skew: 'AH01777 AH01778',
    },
    phrases: {
      malformed_credentials: [
        'client used wrong authentication scheme',
        'missing user, realm, nonce, uri, digest, cnonce, or nonce_count in authorization header',
        'invalid nc * received - not a number',
        'no nonce count allowed when qop=none',
        'received invalid opaque - got',
        'RFC 2069 is no longer supported',
      ],
      wrong_realm: ['realm mismatch - got * but expected', 'realm mismatch - got * but no realm specified'],
      proof_of_possession: [
        'invalid nonce * received - hash is not',
        'invalid nonce * received - length is not',
        'one-time-nonce mismatch - sending new nonce',
        'Warning, possible replay attack: nonce-count check failed',
      ],
      clock_skew: ['invalid nonce * received - user attempted time travel', 'nonce expired * sending new nonce'],
    },
  },
  {
    system: 'apache-httpd',
    source: 'apache/httpd modules/aaa/mod_authnz_ldap.c',
    codes: {
      server_misconfiguration: 'AH01690 AH01698 AH01708 AH01721 AH01729 AH02558 AH02585 AH02586 AH02587 AH02588 AH02659',
      missing_credentials: 'AH01692 AH01693 AH10263',
      unknown: 'AH01694 AH01695',
      insufficient_scope:
        'AH01701 AH01702 AH01704 AH01706 AH01707 AH01712 AH01719 AH01718 AH01720 AH01725 AH01727 AH01728 AH01733 AH01736 AH01737',
      malformed_credentials: 'AH02622',
    },
    phrases: {
      missing_credentials: ['auth_ldap authenticate: empty password specified'],
      server_misconfiguration: ['auth_ldap authenticate: no sec->host - weird'],
      insufficient_scope: [
        'auth_ldap authorize user: authorization denied for user',
        'auth_ldap authorize group: authorization denied for user',
        'auth_ldap authorize dn: authorization denied for user',
        "require group: user's DN has not been defined; failing authorization",
      ],
    },
  },
  {
    system: 'apache-httpd',
    source: 'apache/httpd modules/ssl/ssl_engine_kernel.c',
    codes: {
      client_certificate: 'AH02039 AH02040 AH02225 AH02261 AH02262 AH02263 AH10158 AH10228',
      unknown: 'AH02219 AH02227 AH02228 AH02229 AH02266',
      server_misconfiguration: 'AH02265',
    },
    phrases: {
      client_certificate: [
        'cannot perform post-handshake authentication',
        'Re-negotiation handshake failed: Client verification failed',
        'Re-negotiation handshake failed: Client certificate missing',
        'Certificate Verification: Certificate Chain too long',
        'Certificate Verification: Error (',
        'Cannot find peer certificate chain',
        'Found CRL is expired - revoking all certificates',
      ],
      unknown: ['SSL requirement expression not fulfilled'],
    },
  },
  {
    system: 'apache-httpd',
    source: 'apache/httpd modules/aaa/mod_auth_form.c',
    phrases: {
      server_misconfiguration: ['no authn provider configured', 'form auth cannot be used for proxy requests due to XSS risk'],
    },
  },
  {
    system: 'apache-httpd',
    source: 'apache/httpd modules/aaa/mod_authz_core.c',
    codes: {
      server_misconfiguration: 'AH01627',
      missing_credentials: 'AH01629',
      insufficient_scope: 'AH01630 AH01631 AH01797',
    },
    phrases: {
      server_misconfiguration: ['AuthType configured with no corresponding authorization directives'],
      missing_credentials: ['authorization failure (no authenticated user)'],
      insufficient_scope: ['client denied by server configuration', 'user * authorization failure for'],
    },
  },
  {
    system: 'apache-httpd',
    source: 'apache/httpd modules/aaa/mod_authn_socache.c',
    codes: {
      unknown: 'AH01684',
      server_misconfiguration: 'AH01686',
    },
    phrases: {
      server_misconfiguration: ['Error accessing authentication cache'],
    },
  },
  {
    system: 'apache-httpd',
    source: 'apache/httpd modules/ldap/util_ldap.c',
    phrases: {
      invalid_credentials: ['to check user credentials failed'],
      server_misconfiguration: [
        'to check user credentials failed with server down',
        'to check user credentials timed out',
        'User is not unique (search found two or more matches)',
        'LDAP: ldap_simple_bind() failed',
        "Can't contact LDAP server",
      ],
    },
  },
  {
    system: 'apigee',
    source: 'cloud.google.com/apigee/docs JWT policies error reference (VerifyJWT), google apigee docs',
    codes: {
      expired_token: 'steps.jwt.TokenExpired',
      clock_skew: 'steps.jwt.TokenNotYetValid',
      invalid_signature:
        'steps.jwt.InvalidToken steps.jwt.KeyIdMissing steps.jwt.NoMatchingPublicKey steps.jwt.AlgorithmMismatch steps.jwt.AlgorithmInTokenNotPresentInConfiguration',
      audience_mismatch: 'steps.jwt.JwtAudienceMismatch',
      issuer_mismatch: 'steps.jwt.JwtIssuerMismatch',
      invalid_token: 'steps.jwt.JwtSubjectMismatch steps.jwt.InvalidClaim steps.jwt.UnhandledCriticalHeader',
      malformed_credentials: 'steps.jwt.NoAlgorithmFoundInHeader steps.jwt.FailedToDecode steps.jwt.InvalidJsonFormat',
      missing_credentials: 'steps.jwt.FailedToResolveVariable',
      server_misconfiguration:
        'steps.jwt.KeyParsingFailed steps.jwt.WrongKeyType steps.jwt.InvalidPublicKey steps.jwt.InvalidSecretKey steps.jwt.InvalidCurve steps.jwt.InsufficientKeyLength',
      unknown: 'steps.jwt.UnknownException',
    },
  },
  {
    system: 'apigee',
    source: 'cloud.google.com/apigee/docs OAuth HTTP response error reference; fault codes',
    codes: {
      expired_token: 'keymanagement.service.access_token_expired oauth.v2.AccessTokenExpired steps.oauth.v2.access_token_expired',
      invalid_token: 'keymanagement.service.invalid_access_token oauth.v2.InvalidAccessToken steps.oauth.v2.invalid_access_token',
      revoked_token: 'keymanagement.service.access_token_not_approved steps.oauth.v2.access_token_not_approved',
      insufficient_scope:
        'keymanagement.service.InvalidAPICallAsNoApiProductMatchFound keymanagement.service.apiresource_doesnot_exist oauth.v2.InvalidApiKeyForGivenResource steps.oauth.v2.InsufficientScope steps.oauth.v2.InvalidAPICallAsNoApiProductMatchFound',
      account_locked:
        'keymanagement.service.invalid_client-client_id_not_approved keymanagement.service.DeveloperStatusNotActive keymanagement.service.CompanyStatusNotActive',
      invalid_credentials: 'keymanagement.service.invalid_client-invalid_client_id',
      invalid_api_key: 'keymanagement.service.consumer_key_expired keymanagement.service.invalid_consumer_key oauth.v2.InvalidApiKey',
      refresh_failed: 'keymanagement.service.refresh_token_expired keymanagement.service.invalid_refresh_token',
      missing_credentials:
        'oauth.v2.FailedToResolveAPIKey steps.oauth.v2.FailedToResolveAPIKey steps.oauth.v2.FailedToResolveAccessToken steps.basicauthentication.UnresolvedVariable',
      malformed_credentials: 'steps.basicauthentication.InvalidBasicAuthenticationSource',
      invalid_signature: 'steps.hmac.HmacVerificationFailed',
    },
    phrases: {
      missing_credentials: ['Failed to resolve API Key variable'],
      revoked_token: ['Access Token not approved'],
      insufficient_scope: ['Invalid API call as no apiproduct match found', 'Invalid ApiKey for given resource'],
    },
  },
  {
    system: 'apisix',
    source: 'apache/apisix apisix/plugins/hmac-auth.lua',
    phrases: {
      missing_credentials: ['access key or signature missing'],
      server_misconfiguration: ['Missing related consumer'],
      invalid_api_key: ['Invalid access key'],
      malformed_credentials: ['Invalid GMT format time'],
      clock_skew: ['Clock skew exceeded'],
      invalid_signature: ['Invalid signed header'],
    },
  },
  {
    system: 'apisix',
    source: 'apache/apisix apisix/plugins/jwt-auth.lua',
    phrases: {
      missing_credentials: ['Missing JWT token in request', 'failed to fetch JWT token'],
      invalid_token: ['missing user key in JWT token', 'Invalid user key in JWT token'],
    },
  },
  {
    system: 'apisix',
    source: 'apache/apisix apisix/plugins/wolf-rbac.lua',
    phrases: {
      missing_credentials: ['Missing rbac token in request'],
      malformed_credentials: ['invalid rbac token: parse failed', 'invalid rbac token: version'],
      invalid_token: ['Invalid appid in rbac token'],
      server_misconfiguration: ['request to wolf-server failed', 'check permission failed! parse response json failed!'],
    },
  },
  {
    system: 'apisix',
    source: 'apache/apisix apisix/plugins/authz-keycloak.lua',
    phrases: {
      missing_credentials: ['authorization header not available'],
      server_misconfiguration: [
        'Accessing token endpoint URL failed',
        'Unable to determine token endpoint',
        'Accessing resource registration endpoint URL',
      ],
      refresh_failed: ['No or expired refresh token. Clearing session'],
    },
  },
  {
    system: 'apisix',
    source: 'apache/apisix apisix/plugins/key-auth.lua',
    phrases: {
      missing_credentials: ['Missing API key found in request', 'Missing API key in request'],
      invalid_api_key: ['Invalid API key in request'],
    },
  },
  {
    system: 'apisix',
    source: 'apache/apisix apisix/plugins/basic-auth.lua',
    phrases: {
      missing_credentials: ['Missing authorization in request'],
      malformed_credentials: [
        'Invalid authorization in request',
        'Invalid authorization header format',
        'Failed to decode authentication header',
        'Split authorization err',
      ],
      invalid_credentials: ['Invalid user authorization', 'failed to find user: invalid user'],
    },
  },
  {
    system: 'apisix',
    source: 'apache/apisix apisix/plugins/consumer-restriction.lua',
    phrases: {
      server_misconfiguration: ['Missing authentication or identity verification'],
      insufficient_scope: [
        'The consumer_name is forbidden',
        'The consumer_group_id is forbidden',
        'The service_id is forbidden',
        'The route_id is forbidden',
      ],
      unknown: ['The request is rejected, please check the * for this request'],
    },
  },
  {
    system: 'authelia',
    source: 'authelia/authelia internal/handlers/const.go',
    phrases: {
      invalid_credentials: ['Authentication failed. Check your credentials'],
    },
  },
  {
    system: 'authelia',
    source: 'authelia/authelia internal/handlers/handler_authz_authn.go',
    phrases: {
      malformed_credentials: [
        'failed to parse content of * header: header is malformed',
        'header is malformed: empty value',
        'header is malformed: does not appear to have a scheme',
        'header is malformed: unexpected scheme',
        'header is malformed: could not decode credentials',
        'header is malformed: format of header must be <user>:<password>',
      ],
      invalid_credentials: [
        'failed to validate parsed credentials of * header for user',
        'validated parsed credentials of * header but they are not valid',
      ],
      session_expired: ['has exceeded configured session inactivity'],
      account_locked: ['indicating they were deleted, disabled, or otherwise no longer authorized to login'],
      unknown: ['does not match the Session-Username header'],
      missing_credentials: ['header Authorization expected'],
    },
  },
  {
    system: 'authentik-proxy',
    source: 'goauthentik/authentik internal/outpost/proxyv2/application/auth_bearer.go',
    phrases: {
      server_misconfiguration: [
        'failed to send introspection request',
        'failed to parse introspection response',
        'failed to create introspection request',
      ],
    },
  },
  {
    system: 'aws-alb',
    source: 'docs.aws.amazon.com/elasticloadbalancing: access logs, error reason codes',
    codes: {
      invalid_token:
        'AuthInvalidCookie AuthInvalidGrantError AuthInvalidIdToken JWTClaimNotPresent JWTClaimValueInvalid JWTClaimFormatInvalid',
      unknown: 'AuthInvalidStateParam AuthMissingCodeParam AuthMissingStateParam AuthMissingHostHeader AuthUnhandledException',
      server_misconfiguration:
        'AuthInvalidTokenResponse AuthInvalidUserinfoResponse AuthTokenEpRequestFailed AuthTokenEpRequestTimeout AuthUserinfoEpRequestFailed AuthUserinfoEpRequestTimeout AuthUserinfoResponseSizeExceeded',
      session_cookie_missing: 'AuthMissingAWSALBAuthNonce',
      invalid_signature: 'JWTSignatureValidationError',
      missing_credentials: 'JWTHeaderNotPresent',
      malformed_credentials: 'JWTRequestFormatInvalid',
    },
  },
  {
    system: 'aws-alb',
    source: 'docs.aws.amazon.com/elasticloadbalancing and CloudFront: connection logs, mTLS error reason codes',
    codes: {
      client_certificate:
        'ClientCertUntrusted ClientCertExpired ClientCertNotYetValid ClientCertMaxChainDepthExceeded ClientCertMaxSizeExceeded ClientCertTypeUnsupported ClientCertInvalid ClientCertMissing ClientCertRejected',
    },
  },
  {
    system: 'aws-api-gateway',
    source: 'docs.aws.amazon.com/apigateway supported-gateway-response-types',
    codes: {
      missing_credentials: 'MISSING_AUTHENTICATION_TOKEN MissingAuthenticationTokenException',
      invalid_api_key: 'INVALID_API_KEY',
      server_misconfiguration: 'AUTHORIZER_FAILURE AUTHORIZER_CONFIGURATION_ERROR',
      malformed_credentials: 'IncompleteSignatureException',
    },
    phrases: {
      insufficient_scope: ['User is not authorized to access this resource with an explicit deny'],
      invalid_api_key: ['Invalid API Key identifier specified'],
      audience_mismatch: ['the token does not have a valid audience'],
      server_misconfiguration: ['OIDC discovery endpoint communication error'],
    },
  },
  {
    system: 'aws-api-gateway',
    source: 'API Gateway developer guide, important notes (remapped headers)',
    codes: {
      stripped_credentials: 'x-amzn-remapped-authorization',
    },
  },
  {
    system: 'aws-api-gateway',
    source: 'AWS API Gateway HTTP API authorizer errors (documentation and quoted access logs)',
    phrases: {
      server_misconfiguration: ['JWKS communication error'],
      missing_credentials: ['missing: token not provided'],
    },
  },
  {
    system: 'aws-cloudfront',
    source: 'Amazon CloudFront developer guide, request and response behavior for custom origins',
    phrases: {
      stripped_credentials: ['CloudFront removes the Authorization header'],
    },
  },
  {
    system: 'azure-apim',
    source: 'Azure API Management documentation: error handling in policies, predefined errors (validate-jwt, subscription)',
    codes: {
      missing_credentials: 'TokenNotFound SubscriptionKeyNotFound',
      invalid_signature: 'TokenSignatureInvalid TokenSignatureKeyNotFound',
      audience_mismatch: 'TokenAudienceNotAllowed',
      issuer_mismatch: 'TokenIssuerNotAllowed',
      invalid_token: 'TokenClaimNotFound TokenClaimValueNotAllowed',
      invalid_api_key: 'SubscriptionKeyInvalid',
      unknown: 'CallerIpNotAllowed CallerIpBlocked',
    },
    phrases: {
      missing_credentials: ['Access denied due to missing subscription key', 'JWT not found in the request. Access denied'],
      invalid_api_key: ['Access denied due to invalid subscription key'],
      expired_token: ['Invalid JWT token. Token is expired'],
      invalid_token: ['JWT token is missing the following claims', 'Claim * value of * is not allowed. Access denied'],
    },
  },
  {
    system: 'caddy',
    source: 'caddyserver/caddy modules/caddyhttp/caddyauth/caddyauth.go',
    phrases: {
      server_misconfiguration: ['auth provider returned error'],
      unknown: ['http.handlers.authentication * not authenticated'],
    },
  },
  {
    system: 'caddy-security',
    source: 'greenpau/go-authcrunch pkg/errors/kms.go',
    phrases: {
      invalid_token: ['keystore: failed to parse token', 'keystore: failed creating user from a parsed token'],
      expired_token: ['keystore: parsed token has expired'],
      server_misconfiguration: ['keystore: no verification keys found', 'keystore: no signing keys found'],
      invalid_signature: ['signing method mismatch: * (expected) vs. * (received)'],
    },
  },
  {
    system: 'caddy-security',
    source: 'greenpau/go-authcrunch pkg/errors/validator.go',
    phrases: {
      invalid_token: ['token validator: invalid token'],
      server_misconfiguration: [
        'token validator: auth proxy config is nil',
        'token validator: no verification keys found when adding to keystore',
      ],
    },
  },
  {
    system: 'caddy-security',
    source: 'greenpau/go-authcrunch pkg/errors/database.go',
    phrases: {
      invalid_credentials: ['user password is invalid', 'user password not set'],
    },
  },
  {
    system: 'caddy-security',
    source: 'greenpau/go-authcrunch pkg/errors/mfa_token.go',
    phrases: {
      mfa_required: ['invalid MFA token passcode', 'webauthn authentication request failed', 'webauthn challenge not found'],
    },
  },
  {
    system: 'caddy-security',
    source: 'greenpau/go-authcrunch pkg/errors/identity_provider.go',
    phrases: {
      session_expired: ['OAuth 2.0 authorization state not found'],
      server_misconfiguration: [
        'failed to fetch jwt keys for OAuth 2.0 authorization server',
        'failed to fetch metadata for OAuth 2.0 authorization server',
        'jwks response has no keys field',
        'no jwks keys found',
        'too many attemps to fetch jwks keys',
        'failed obtaining OAuth 2.0 access token',
      ],
      invalid_signature: ['signed with unsupported algorithm', 'OAuth 2.0 kid not found in', 'has unregisted key id'],
      proof_of_possession: ['nonce claim validation failed'],
      invalid_token: ['failed validating OAuth 2.0 access token'],
    },
  },
  {
    system: 'cloudflare-access',
    source: 'Cloudflare One documentation, Access error pages (quoted in public repositories)',
    phrases: {
      insufficient_scope: ['That account does not have access'],
    },
  },
  {
    system: 'curl',
    source: 'curl lib/http.c Curl_http_follow',
    phrases: {
      stripped_credentials: ['Clear auth, redirects to port from', 'Clear auth, redirects scheme from'],
    },
  },
  {
    system: 'envoy',
    source: 'envoyproxy/envoy source/common/jwt/status.cc (formerly google/jwt_verify_lib src/status.cc)',
    phrases: {
      missing_credentials: ['Jwt is missing'],
      clock_skew: ['Jwt not yet valid'],
      malformed_credentials: [
        'Jwt is not in the form of Header.Payload.Signature',
        'Jwt header is an invalid Base64url encoded',
        'Jwt header is an invalid Base64url input or an invalid JSON',
        'Jwt header is an invalid JSON',
        'Jwt header [alg] field is required and must be a string',
        'Jwt header [alg] field is not a string',
        'Jwt header [kid] field is not a string',
        'Jwt payload is an invalid Base64url encoded',
        'Jwt payload is an invalid Base64 or an invalid JSON',
        'Jwt payload is an invalid JSON',
        'Jwt payload [iss] field is not a string',
        'Jwt payload [sub] field is not a string',
        'Jwt payload [iat] field is not an integer',
        'Jwt payload [iat] field is not a positive 64 bit integer',
        'Jwt payload [nbf] field is not an integer',
        'Jwt payload [nbf] field is not a positive 64 bit integer',
        'Jwt payload [exp] field is not an integer',
        'Jwt payload [exp] field is not a positive 64 bit integer',
        'Jwt payload [jti] field is not a string',
        'Jwt payload [aud] field is not a string or string list',
        'Jwt signature is an invalid Base64url encoded',
        'Jwt signature is an invalid Base64',
        'Found multiple Jwt tokens',
      ],
      invalid_signature: [
        'Jwt header [alg] is not supported',
        'Jwt header [alg] field value is invalid',
        'Jwt ED25519 signature is wrong length',
        'Jwt verification fails',
        "Jwks doesn't have key to match kid or alg from Jwt",
      ],
      issuer_mismatch: ['Jwt issuer is not configured'],
      audience_mismatch: ['Audiences in Jwt are not allowed'],
      server_misconfiguration: [
        'Jwks is an invalid JSON',
        'Jwks does not have [keys] field',
        '[keys] in Jwks is not an array',
        "Jwks doesn't have any valid public key",
        'Jwks RSA [n] or [e] field is missing',
        'Jwks EC create key fail',
        'Jwks EC [x] or [y] field is an invalid Base64',
        'Jwks EC [x] and [y] fields have a parse error',
        'Jwks Oct key is an invalid Base64',
        'Jwks OKP [x] field is an invalid Base64',
        'Jwks OKP [x] field is wrong length',
        'Jwks remote fetch is failed',
        'Jwks PEM public key is an invalid Base64',
        'Jwks PEM public key parse error',
        '[kty] is missing in [keys]',
        '[kty] is bad in [keys]',
        '[kty] is not supported in [keys]',
        '[alg] is not started with [RS]',
        '[n] field is missing for a RSA key',
        '[n] field is not string for a RSA key',
        '[e] field is missing for a RSA key',
        '[e] field is not string for a RSA key',
        '[alg] is not started with [ES] for an EC key',
        '[crv] field is not string for an EC key',
        '[crv] or [alg] field is not supported for an EC key',
        '[crv] field specified is not compatible with [alg] for an EC key',
        '[x] field is missing for an EC key',
        '[x] field is not string for an EC key',
        '[y] field is missing for an EC key',
        '[y] field is not string for an EC key',
        '[alg] does not start with [HS] for an HMAC key',
        '[k] field is missing for an HMAC key',
        '[k] field is not string for an HMAC key',
        '[alg] is not [EdDSA] for an OKP key',
        '[crv] field is missing for an OKP key',
        '[crv] field is not string for an OKP key',
        '[crv] field is not supported for an OKP key',
        '[x] field is missing for an OKP key',
        '[x] field is not string for an OKP key',
        'X509 parse pubkey fails',
        'X509 get pubkey fails',
        'X509 parse pubkey internal fails',
        'PEM Key type is not supported',
        'PEM pubkey parse fails',
        'PEM failed to get raw ED25519 key',
      ],
    },
  },
  {
    system: 'envoy',
    source:
      'envoyproxy/envoy docs/root/configuration/http/http_conn_man/response_code_details.rst; source/extensions/filters/common/rbac/utility.cc',
    codes: {
      insufficient_scope: 'rbac_access_denied_matched_policy',
    },
    phrases: {
      insufficient_scope: ['RBAC: access denied'],
    },
  },
  {
    system: 'envoy',
    source: 'envoyproxy/envoy source/extensions/filters/http/api_key_auth/api_key_auth.cc',
    codes: {
      missing_credentials: 'missing_api_key',
      invalid_api_key: 'unkonwn_api_key unknown_api_key',
      server_misconfiguration: 'missing_key_sources',
      insufficient_scope: 'client_not_allowed',
    },
    phrases: {
      insufficient_scope: ['Client is forbidden'],
    },
  },
  {
    system: 'envoy',
    source: 'envoyproxy/envoy source/extensions/filters/http/basic_auth/basic_auth_filter.cc',
    codes: {
      missing_credentials: 'no_credential_for_basic_auth',
      malformed_credentials: 'invalid_scheme_for_basic_auth invalid_format_for_basic_auth',
      invalid_credentials: 'invalid_credential_for_basic_auth',
    },
    phrases: {
      missing_credentials: ['User authentication failed. Missing username and password'],
      malformed_credentials: [
        "User authentication failed. Expected 'Basic' authentication scheme",
        'User authentication failed. Invalid basic credential format',
      ],
      invalid_credentials: ['User authentication failed. Invalid username/password combination'],
    },
  },
  {
    system: 'envoy',
    source: 'envoyproxy/envoy source/extensions/filters/http/credential_injector/credential_injector_filter.cc',
    codes: {
      server_misconfiguration: 'failed_to_inject_credential',
    },
    phrases: {
      server_misconfiguration: ['Failed to inject credential'],
    },
  },
  {
    system: 'envoy',
    source:
      'envoyproxy/envoy source/extensions/filters/http/jwt_authn/filter.cc (status text with blanks replaced by underscores, inside jwt_authn_access_denied{...})',
    codes: {
      missing_credentials: 'jwt_authn_access_denied{Jwt_is_missing}',
      expired_token: 'jwt_authn_access_denied{Jwt_is_expired}',
      clock_skew: 'jwt_authn_access_denied{Jwt_not_yet_valid}',
      issuer_mismatch: 'jwt_authn_access_denied{Jwt_issuer_is_not_configured}',
      audience_mismatch: 'jwt_authn_access_denied{Audiences_in_Jwt_are_not_allowed}',
      invalid_signature:
        "jwt_authn_access_denied{Jwt_verification_fails} jwt_authn_access_denied{Jwks_doesn't_have_key_to_match_kid_or_alg_from_Jwt}",
      server_misconfiguration: 'jwt_authn_access_denied{Jwks_remote_fetch_is_failed}',
      malformed_credentials:
        'jwt_authn_access_denied{Jwt_is_not_in_the_form_of_Header.Payload.Signature_with_two_dots_and_3_sections} jwt_authn_access_denied{Found_multiple_Jwt_tokens}',
    },
    phrases: {
      server_misconfiguration: ['Failed JWT authentication: Wrong requirement_name'],
    },
  },
  {
    system: 'envoy',
    source: 'envoyproxy/envoy test/extensions/filters/http/ext_authz; source/extensions/filters/http/ext_authz/ext_authz.cc',
    codes: {
      unknown: 'ext_authz_denied UAEX',
      server_misconfiguration: 'ext_authz_error',
    },
  },
  {
    system: 'envoy',
    source: 'envoyproxy/envoy source/extensions/filters/http/oauth2/filter.cc',
    codes: {
      missing_credentials: 'oauth.missing_credentials',
    },
    phrases: {
      unknown: ['OAuth flow failed'],
    },
  },
  {
    system: 'google-cloud-run',
    source: 'Cloud Run troubleshooting documentation',
    codes: {
      stripped_credentials: 'SIGNATURE_REMOVED_BY_GOOGLE',
    },
    phrases: {
      missing_credentials: [
        'The request was not authenticated. Either allow unauthenticated invocations or set',
        'The request was not authenticated * Empty Authorization header value',
      ],
      insufficient_scope: ['The request was not authorized to invoke this service'],
    },
  },
  {
    system: 'google-esp',
    source: 'cloudendpoints/esp src/api_manager/check_auth.cc',
    phrases: {
      missing_credentials: ['JWT validation failed: Missing or invalid credentials'],
      issuer_mismatch: ['JWT validation failed: Issuer not allowed'],
      audience_mismatch: ['JWT validation failed: Audience not allowed'],
      server_misconfiguration: [
        'JWT validation failed: Cannot determine the URI of the key',
        'Unable to fetch URI of the key via OpenID discovery',
        'Unable to parse URI of the key via OpenID discovery',
        'JWT validation failed: Unable to fetch verification key',
        'JWT validation failed: Missing verification key',
      ],
    },
  },
  {
    system: 'google-esp',
    source: 'cloudendpoints/esp src/api_manager/auth/lib/auth_jwt_validator.cc (grpc_jwt_verifier_status_to_string)',
    phrases: {
      expired_token: ['JWT validation failed: TIME_CONSTRAINT_FAILURE'],
      invalid_signature: ['JWT validation failed: BAD_SIGNATURE', 'ES256 signature length is not correct'],
      malformed_credentials: ['JWT validation failed: BAD_FORMAT'],
      audience_mismatch: ['JWT validation failed: BAD_AUDIENCE'],
      server_misconfiguration: ['JWT validation failed: KEY_RETRIEVAL_ERROR'],
    },
  },
  {
    system: 'google-iap',
    source: 'Google Cloud IAP responses (quoted in public repositories)',
    phrases: {
      missing_credentials: ['Invalid IAP credentials: empty token'],
      malformed_credentials: ['Invalid IAP credentials: Unable to parse JWT'],
      invalid_signature: ['Invalid IAP credentials: JWT signature is invalid'],
      audience_mismatch: [
        'Invalid IAP credentials: Invalid JWT audience',
        'Invalid IAP credentials: Invalid bearer token. Invalid JWT audience',
      ],
      invalid_token: ['Invalid IAP credentials'],
    },
  },
  {
    system: 'gravitee',
    source: 'gravitee-io/gravitee-policy-jwt README.adoc, src/main/java/io/gravitee/policy/jwt/JWTPolicy.java',
    codes: {
      missing_credentials: 'JWT_MISSING_TOKEN',
      invalid_token: 'JWT_INVALID_TOKEN',
      revoked_token: 'JWT_REVOKED',
      proof_of_possession: 'JWT_INVALID_CERTIFICATE_BOUND_THUMBPRINT',
    },
  },
  {
    system: 'gravitee',
    source: 'gravitee-io/gravitee-policy-apikey README.adoc',
    codes: {
      missing_credentials: 'API_KEY_MISSING',
      invalid_api_key: 'API_KEY_INVALID_KEY',
    },
  },
  {
    system: 'gravitee',
    source: 'gravitee-io/gravitee-policy-oauth2 README.adoc',
    codes: {
      server_misconfiguration: 'OAUTH2_MISSING_SERVER OAUTH2_INVALID_SERVER_RESPONSE OAUTH2_SERVER_UNAVAILABLE',
      missing_credentials: 'OAUTH2_MISSING_HEADER OAUTH2_MISSING_ACCESS_TOKEN',
      invalid_token: 'OAUTH2_INVALID_ACCESS_TOKEN',
      insufficient_scope: 'OAUTH2_INSUFFICIENT_SCOPE',
    },
    phrases: {
      missing_credentials: ['No OAuth authorization header was supplied', 'No OAuth access token was supplied'],
      server_misconfiguration: ['No OAuth Authorization Server resource has been configured'],
    },
  },
  {
    system: 'gravitee',
    source: 'gravitee-io APIM gateway plan resolution (documentation, response templates)',
    codes: {
      unknown: 'GATEWAY_PLAN_UNRESOLVABLE',
    },
  },
  {
    system: 'gravitee',
    source: 'Gravitee APIM documentation, response template keys; SecurityChain.java',
    codes: {
      server_misconfiguration: 'GATEWAY_PLAN_RESOLUTION_FAILURE GATEWAY_OAUTH2_SERVER_ERROR',
      unknown: 'GATEWAY_OAUTH2_ACCESS_DENIED GATEWAY_OAUTH2_INVALID_CLIENT GATEWAY_MISSING_SECURITY_PROVIDER',
    },
  },
  {
    system: 'gssapi',
    source: 'krb5 src/lib/gssapi/generic/disp_major_status.c',
    phrases: {
      malformed_credentials: ['An unsupported mechanism was requested', 'Invalid token was supplied'],
      expired_token: ['The referenced credentials have expired'],
      server_misconfiguration: ['No credentials were supplied, or the credentials were unavailable or inaccessible'],
    },
  },
  {
    system: 'haproxy',
    source: 'haproxy/haproxy include/haproxy/jwt-t.h; doc/configuration.txt jwt_verify',
    codes: {
      invalid_signature: 'JWT_VRFY_UNKNOWN_ALG JWT_VRFY_UNMANAGED_ALG',
      malformed_credentials: 'JWT_VRFY_INVALID_TOKEN',
      server_misconfiguration: 'JWT_VRFY_UNKNOWN_CERT JWT_VRFY_OUT_OF_MEMORY',
    },
  },
  {
    system: 'haproxy',
    source: 'haproxy/haproxy src/connection.c (conn_err_code_str)',
    phrases: {
      client_certificate: ['SSL client CA chain cannot be verified', 'SSL client certificate not trusted'],
    },
  },
  {
    system: 'iis',
    source: 'Microsoft Learn: HTTP status codes in IIS (support article 943891)',
    codes: {
      invalid_credentials: '401.1',
      unknown: '401.2 401.4 401.5 403.4 403.6',
      insufficient_scope: '401.3 401.7',
      client_certificate: '403.7 403.12 403.13 403.16 403.17',
      account_locked: '403.11',
    },
    phrases: {
      invalid_credentials: ['Access is denied due to invalid credentials'],
      server_misconfiguration: ['Access is denied due to server configuration'],
      insufficient_scope: ['Access is denied due to an ACL set on the requested resource'],
      unknown: ['not authorized to view this page due to invalid authentication headers'],
      client_certificate: [
        'Client certificate has expired or is not yet valid',
        'Client certificate is untrusted or invalid',
        'Mapper denied access',
      ],
    },
  },
  {
    system: 'kerberos',
    source: 'krb5 src/lib/krb5/error_tables/krb5_err.et (MIT Kerberos)',
    phrases: {
      clock_skew: ['Clock skew too great', 'Ticket not yet valid'],
      proof_of_possession: ['Request is a replay'],
      audience_mismatch: ["Ticket isn't for us"],
      server_misconfiguration: [
        'Wrong principal in request',
        'Key version is not available',
        'Key table entry not found',
        'No key table entry found',
        'Key version number for principal in key table is incorrect',
        'Cannot find key for * kvno * in keytab',
        'Cannot decrypt ticket for * using keytab key for',
        'Cannot contact any KDC for realm',
        'Cannot find KDC for',
        'Server not found in Kerberos database',
        'KDC has no support for encryption type',
        'Bad encryption type',
        'Encryption type * not permitted',
      ],
      invalid_credentials: ['Client not found in Kerberos database', 'Preauthentication failed'],
      account_locked: [
        'Clients credentials have been revoked',
        "Client's credentials have been revoked",
        "Client's entry in database has expired",
      ],
      unknown: ['Decrypt integrity check failed', 'Unspecified GSS failure. Minor code may provide more information'],
      wrong_realm: ['Illegal cross-realm ticket'],
    },
  },
  {
    system: 'kerberos',
    source: 'RFC 4120 section 7.5.9 error codes',
    codes: {
      clock_skew: 'KRB_AP_ERR_SKEW KRB_AP_ERR_TKT_NYV',
      expired_token: 'KRB_AP_ERR_TKT_EXPIRED',
      proof_of_possession: 'KRB_AP_ERR_REPEAT',
      audience_mismatch: 'KRB_AP_ERR_NOT_US',
      server_misconfiguration: 'KRB_AP_ERR_MODIFIED KRB_AP_ERR_NOKEY KRB_AP_ERR_BADKEYVER KDC_ERR_S_PRINCIPAL_UNKNOWN KDC_ERR_ETYPE_NOSUPP',
      unknown: 'KRB_AP_ERR_BAD_INTEGRITY',
      invalid_credentials: 'KDC_ERR_C_PRINCIPAL_UNKNOWN KDC_ERR_PREAUTH_FAILED',
      account_locked: 'KDC_ERR_CLIENT_REVOKED KDC_ERR_KEY_EXPIRED',
      wrong_realm: 'KDC_ERR_WRONG_REALM',
    },
  },
  {
    system: 'kong',
    source: 'Kong/kong kong/plugins/jwt/handler.lua',
    phrases: {
      malformed_credentials: [
        'Multiple tokens provided',
        'Unrecognizable token',
        'Bad token; invalid JSON',
        'Bad token; invalid claims',
        'Bad token; invalid signature',
      ],
      invalid_signature: ['Bad token; invalid alg'],
      invalid_token: [
        'No mandatory * in claims',
        'No credentials found for given',
        'Could not find consumer for',
        'exceeds maximum allowed expiration',
      ],
      server_misconfiguration: ['Invalid key/secret'],
    },
  },
  {
    system: 'kong',
    source: 'Kong/kong kong/plugins/jwt/jwt_parser.lua',
    phrases: {
      server_misconfiguration: ['Consumer Public Key is Invalid'],
      invalid_signature: ['Signature must be 64 bytes'],
    },
  },
  {
    system: 'kong',
    source: 'Kong/kong kong/plugins/hmac-auth/access.lua',
    phrases: {
      malformed_credentials: ['HMAC signature cannot be verified'],
      clock_skew: ['a valid date or x-date header is required for HMAC Authentication'],
      invalid_signature: ['HMAC signature does not match'],
      proof_of_possession: ['enforced header not used for HMAC Authentication'],
    },
  },
  {
    system: 'kong',
    source: 'Kong/kong kong/plugins/ldap-auth/access.lua',
    phrases: {
      server_misconfiguration: ['failed to do SSL handshake with'],
    },
  },
  {
    system: 'kong',
    source: 'Kong/kong kong/plugins/oauth2/access.lua',
    phrases: {
      missing_credentials: ['The access token is missing'],
      invalid_token: ['The access token is invalid or has expired'],
      wrong_realm: ['The access token is global, but the current plugin is configured without'],
    },
  },
  {
    system: 'kong',
    source: 'Kong/kong kong/plugins/key-auth/handler.lua',
    phrases: {
      missing_credentials: ['No API key found in request'],
      malformed_credentials: ['Duplicate API key found'],
    },
  },
  {
    system: 'kong',
    source: 'Kong/kong kong/plugins/acl/handler.lua',
    phrases: {
      insufficient_scope: ['You cannot consume this service'],
      server_misconfiguration: ['Cannot identify the consumer, add an authentication plugin'],
    },
  },
  {
    system: 'kong',
    source: 'Kong Gateway documentation, mtls-auth / header-cert-auth / mtls plugins (tests quote them)',
    phrases: {
      client_certificate: ['TLS certificate failed verification', 'No required TLS certificate was sent'],
    },
  },
  {
    system: 'krakend',
    source: 'go-jose/go-jose jwt/errors.go, jws.go (KrakenD validator log)',
    phrases: {
      clock_skew: ['token issued in the future (iat)'],
      invalid_signature: ['go-jose: error in cryptographic primitive', 'go-jose: unexpected signature algorithm'],
      malformed_credentials: ['compact JWS format must have three parts'],
    },
  },
  {
    system: 'lighttpd',
    source: 'lighttpd/lighttpd1.4 src/mod_auth.c',
    phrases: {
      invalid_credentials: [
        'digest: auth failed for * wrong password',
        "password doesn't match for * username",
        'could not find entry for user',
        'get_password failed, IP',
      ],
      malformed_credentials: [
        'digest: missing field',
        'digest: qop=auth-int not supported',
        'digest: auth failed: uri mismatch',
        'digest: invalid username',
      ],
      wrong_realm: ['digest: realm mismatch'],
      proof_of_possession: ['digest: nonce invalid', 'digest: nonce mismatch'],
    },
  },
  {
    system: 'linkerd',
    source: 'linkerd/linkerd2-proxy linkerd/app/inbound/src/policy.rs',
    phrases: {
      insufficient_scope: ['unauthorized connection on'],
    },
  },
  {
    system: 'linkerd',
    source: 'linkerd/linkerd2-proxy linkerd/app/inbound/src/policy/http.rs',
    phrases: {
      insufficient_scope: ['unauthorized request on route'],
    },
  },
  {
    system: 'lua-resty-jwt',
    source: 'SkyLothar/lua-resty-jwt lib/resty/jwt-validators.lua',
    phrases: {
      expired_token: ["'exp' claim expired at"],
      clock_skew: ["'nbf' claim not valid until", "'iat' claim not valid until"],
      invalid_token: ["'exp' claim is required", 'Missing one of claims - ['],
    },
  },
  {
    system: 'lua-resty-jwt',
    source: 'SkyLothar/lua-resty-jwt lib/resty/jwt.lua',
    phrases: {
      malformed_credentials: ['invalid jwt string', 'Wrongly encoded signature', 'Malformed x5c header'],
      invalid_signature: [
        'signature mismatch',
        'whitelist unsupported alg',
        "Cert used to sign the JWT isn't trusted",
        'Unable to extract signing cert from JWT',
        'Unsupported RS256 key model',
        'secret function specified without kid in header',
      ],
      server_misconfiguration: ['Decode secret is not a valid cert/public key', 'No trusted certs loaded'],
      issuer_mismatch: ["Claim 'iss' * returned failure"],
      audience_mismatch: ["Claim 'aud' * returned failure"],
    },
  },
  {
    system: 'lua-resty-openidc',
    source: 'zmartzone/lua-resty-openidc lib/resty/openidc.lua',
    phrases: {
      missing_credentials: ['no Authorization header found'],
      malformed_credentials: ['no Bearer authorization header value found', 'no Bearer access token value found'],
      session_cookie_missing: ['no Cookie header found'],
      expired_token: ['token expired: json.exp=', '"exp" claim * JWT expired'],
    },
  },
  {
    system: 'mod-auth-gssapi',
    source: 'gssapi/mod_auth_gssapi src/mod_auth_gssapi.c',
    phrases: {
      server_misconfiguration: ['Mechanism needs continuation but neither GssapiConnectionBound nor GssapiUseSessions are'],
      unknown: ['gss_accept_sec_context() failed', 'Not a TLS connection, refusing to authenticate!'],
      invalid_credentials: ['gss_acquire_cred_with_password() failed'],
    },
  },
  {
    system: 'mod-auth-kerb',
    source: 'mod_auth_kerb src/mod_auth_kerb.c',
    phrases: {
      malformed_credentials: ["received token seems to be NTLM, which isn't supported"],
      invalid_credentials: ['krb5_get_init_creds_password() failed'],
      server_misconfiguration: ['failed to verify krb5 credentials'],
    },
  },
  {
    system: 'mod-auth-mellon',
    source: 'Uninett/mod_auth_mellon auth_mellon_handler.c',
    phrases: {
      session_cookie_missing: ['User has disabled cookies, or has lost the cookie before returning', 'Repost query without a session'],
      invalid_token: [
        'No acceptable name identifier found in SAML 2.0 response',
        'Error processing authn response. Lasso error',
        'Unable to accept SSO message. Lasso error',
      ],
      missing_credentials: ['Could not find SAMLResponse field in POST data'],
      server_misconfiguration: ['Failed to handle HTTP-Artifact response data'],
    },
  },
  {
    system: 'mod-auth-openidc',
    source: 'OpenIDC/mod_auth_openidc src/proto/id_token.c',
    phrases: {
      expired_token: ['"exp" validation failure * JWT expired * seconds ago'],
      clock_skew: [
        '"iat" validation failure * JWT was issued more than * seconds ago',
        '"iat" validation failure * JWT was issued more than * seconds in the future',
      ],
      invalid_token: ['JWT did not contain an "exp" number value', 'id_token JSON payload did not contain the required-by-spec "sub"'],
      issuer_mismatch: ['requested issuer * does not match received "iss" value in id_token', 'JWT did not contain an "iss" string'],
      audience_mismatch: [
        'the configured client_id * did not match the "aud" claim value',
        'our configured client_id * could not be found in the array of values',
        'is present in the id_token, but is not equal to the configured',
        'there are other unknown/untrusted values included as well',
        'id_token JSON payload did not contain an "aud" claim',
      ],
      proof_of_possession: [
        'in the id_token did not match the one stored in the browser',
        'was found in the cache already; possible replay attack',
      ],
      invalid_signature: ['JWT was not signed with the expected configured algorithm', 'JWT signature verification failed'],
    },
  },
  {
    system: 'mod-wsgi',
    source: 'mod_wsgi documentation WSGIPassAuthorization; Django REST framework authentication guide',
    phrases: {
      stripped_credentials: ['WSGIPassAuthorization is off', 'WSGIPassAuthorization Off', 'mod_wsgi * authorization header is not passed'],
    },
  },
  {
    system: 'nginx',
    source: 'nginx/nginx src/http/modules/ngx_http_auth_basic_module.c',
    phrases: {
      missing_credentials: ['no user/password was provided for basic authentication'],
      invalid_credentials: ['user * was not found in', 'password mismatch, client'],
    },
  },
  {
    system: 'nginx',
    source: 'nginx/nginx src/http/ngx_http_request.c',
    phrases: {
      client_certificate: ['client SSL certificate verify error', 'client sent no required SSL certificate'],
    },
  },
  {
    system: 'nginx',
    source: 'nginx/nginx src/http/ngx_http_special_response.c',
    phrases: {
      client_certificate: ['400 No required SSL certificate was sent', 'No required SSL certificate was sent', 'The SSL certificate error'],
    },
  },
  {
    system: 'nginx',
    source: 'nginx/nginx src/http/modules/ngx_http_auth_request_module.c',
    phrases: {
      server_misconfiguration: ['auth request unexpected status'],
    },
  },
  {
    system: 'nginx',
    source: 'nginx/nginx src/http/modules/ngx_http_access_module.c',
    phrases: {
      unknown: ['access forbidden by rule'],
    },
  },
  {
    system: 'nginx',
    source: 'nginx/nginx src/http/ngx_http_request.c (underscores_in_headers, ignore_invalid_headers)',
    phrases: {
      stripped_credentials: ['client sent invalid header line * while reading client request headers'],
    },
  },
  {
    system: 'ntlm',
    source: '[MS-ERREF] NTSTATUS values (Windows, Samba winbind, ntlm_auth helper)',
    codes: {
      invalid_credentials:
        'NT_STATUS_LOGON_FAILURE NT_STATUS_WRONG_PASSWORD NT_STATUS_NO_SUCH_USER 0xC000006A 0xC0000064 0xC000006D SEC_E_LOGON_DENIED',
      account_locked:
        'NT_STATUS_ACCOUNT_LOCKED_OUT NT_STATUS_ACCOUNT_DISABLED NT_STATUS_ACCOUNT_EXPIRED NT_STATUS_PASSWORD_EXPIRED NT_STATUS_PASSWORD_MUST_CHANGE NT_STATUS_INVALID_LOGON_HOURS NT_STATUS_INVALID_WORKSTATION 0xC0000234 0xC0000072 0xC0000193 0xC0000071 0xC0000224 0xC000006F 0xC0000070',
      server_misconfiguration:
        'NT_STATUS_NO_LOGON_SERVERS NT_STATUS_CANT_ACCESS_DOMAIN_INFO NT_STATUS_TRUSTED_RELATIONSHIP_FAILURE 0xC000005E SEC_E_NO_AUTHENTICATING_AUTHORITY SEC_E_WRONG_PRINCIPAL',
      insufficient_scope: 'NT_STATUS_LOGON_TYPE_NOT_GRANTED 0xC000015B',
      clock_skew: 'NT_STATUS_TIME_DIFFERENCE_AT_DC 0xC0000133 SEC_E_TIME_SKEW',
    },
  },
  {
    system: 'oathkeeper',
    source: 'ory/oathkeeper helper/errors.go',
    phrases: {
      insufficient_scope: ['Access credentials are not sufficient to access this resource'],
      invalid_token: ['Access credentials are either expired or missing a scope'],
      unknown: ['Access credentials are invalid'],
    },
  },
  {
    system: 'oathkeeper',
    source: 'ory/oathkeeper credentials/verifier_default.go',
    phrases: {
      invalid_signature: [
        'JSON Web Token used signing method * which is not allowed',
        'This request object uses unsupported signing algorithm',
        'signing key algorithm does not match the algorithm from the token header',
      ],
      malformed_credentials: ['JSON Web Token must contain a kid header value but did not'],
      audience_mismatch: ['is not intended for target audience'],
      issuer_mismatch: ['Token issuer does not match any trusted issuer'],
      insufficient_scope: ['JSON Web Token is missing required scope'],
      server_misconfiguration: ['Scope validation was requested but scope strategy is set to "none"'],
    },
  },
  {
    system: 'oathkeeper',
    source: 'ory/oathkeeper pipeline/authn/authenticator.go',
    phrases: {
      server_misconfiguration: [
        'authenticator matching this route is misconfigured or disabled',
        'Authenticator * is disabled per configuration',
        'Configuration for authenticator * could not be validated',
      ],
    },
  },
  {
    system: 'oathkeeper',
    source: 'ory/oathkeeper pipeline/authn/authenticator_oauth2_introspection.go',
    phrases: {
      invalid_token: ['Access token i says token is not active', 'Access token introspection says token is not active'],
    },
  },
  {
    system: 'oauth2-proxy',
    source: 'oauth2-proxy/oauth2-proxy oauthproxy.go',
    phrases: {
      session_cookie_missing: [
        'Invalid authentication via OAuth2: unable too obtain CSRF cookie',
        'Invalid authentication via OAuth2: csrf token mismatch, potential attack',
        'Error loading cookied session: cookie * not present',
      ],
      insufficient_scope: ['Invalid authentication via OAuth2: unauthorized', 'Invalid authentication via session: removing session'],
      refresh_failed: ['removing session. error refreshing access token'],
      expired_token: ['Removing session: token expired'],
      invalid_token: ['Removing session: error validating', 'unable to verify jwt token'],
      invalid_credentials: ['Invalid authentication via basic auth: not in Htpasswd File', 'Invalid authentication via HtpasswdFile'],
      malformed_credentials: ['no valid bearer token found in authorization header'],
      server_misconfiguration: ['Error redeeming code during OAuth2 callback'],
      session_expired: ['Cookie Signature not valid'],
    },
  },
  {
    system: 'oauth2-proxy',
    source: 'oauth2-proxy/oauth2-proxy providers/oidc.go',
    phrases: {
      insufficient_scope: ["email in id_token * isn't verified"],
    },
  },
  {
    system: 'php-cgi',
    source: 'Apache httpd documentation core CGIPassAuth; mod_proxy_fcgi / PHP-FPM guides',
    phrases: {
      stripped_credentials: [
        'Authorization header unless CGIPassAuth',
        'CGIPassAuth is off',
        'Authorization header is not passed to PHP',
        'Apache strips the Authorization header',
        'PHP-FPM strips the Authorization header',
        'PHP-CGI does not pass * Authorization',
      ],
    },
  },
  {
    system: 'pomerium',
    source: 'pomerium/pomerium pkg/policy/criteria/reasons.go',
    codes: {
      missing_credentials: 'user-unauthenticated',
      mfa_required: 'device-unauthenticated',
      insufficient_scope:
        'device-unauthorized user-unauthorized claim-unauthorized email-unauthorized domain-unauthorized groups-unauthorized http-method-unauthorized http-path-unauthorized mcp-tool-unauthorized',
      client_certificate: 'client-certificate-required invalid-client-certificate client-certificate-unauthorized',
    },
  },
  {
    system: 'proxy',
    source: 'client messages about a proxy refusing (curl lib/cf-h1-proxy.c, Node.js, Java sun.net)',
    codes: {
      proxy_authentication: 'ERR_PROXY_AUTH_UNSUPPORTED ERR_PROXY_AUTH_REQUESTED',
    },
    phrases: {
      proxy_authentication: [
        'CONNECT tunnel failed, response 407',
        'Received HTTP code 407 from proxy after CONNECT',
        'Unable to tunnel through proxy. Proxy returns "HTTP/1.1 407',
        'Tunnel connection failed: 407',
        '407 Proxy Authentication Required',
      ],
    },
  },
  {
    system: 'proxy-strip',
    source: 'symptom sentences quoted in public issue threads and source comments',
    phrases: {
      stripped_credentials: [
        'Authorization header was stripped',
        'Authorization header stripped',
        'strips the Authorization header',
        'stripped the Authorization header',
        'Authorization header removed by proxy',
        'Authorization header not forwarded',
        'Authorization header was not forwarded',
        'did not forward the Authorization header',
        'does not forward the Authorization header',
        'drops the Authorization header',
        'dropped the Authorization header',
        'dropping Authorization header on redirect',
        'removing Authorization header on cross-origin redirect',
        'proxy removed the Authorization header',
        'headers with underscores are ignored',
      ],
    },
  },
  {
    system: 'squid',
    source: 'squid-cache/squid src/err_type.h, errors/templates, src/client_side_request.cc',
    codes: {
      proxy_authentication: 'ERR_CACHE_ACCESS_DENIED ERR_CACHE_MGR_ACCESS_DENIED TCP_DENIED/407 TCP_DENIED_REPLY/407',
      unknown: 'ERR_ACCESS_DENIED ERR_FORWARDING_DENIED TCP_DENIED/403 TCP_DENIED/401',
    },
    phrases: {
      proxy_authentication: [
        'Sorry, you are not currently allowed to request * from this cache',
        'from this cache until you have authenticated yourself',
        'Cache Access Denied',
        'Cache Manager Access Denied',
      ],
    },
  },
  {
    system: 'squid',
    source: 'squid-cache/squid src/auth/digest/Config.cc',
    phrases: {
      proof_of_possession: [
        'Username for the nonce does not equal the username for the request',
        'Unexpected or invalid nonce received from',
      ],
      malformed_credentials: [
        'Empty or not present username',
        'Empty or not present nonce',
        'Empty or not present realm',
        'invalid algorithm specified!',
        'Invalid qop option received',
        'Missing cnonce field',
      ],
    },
  },
  {
    system: 'squid',
    source: 'squid-cache/squid src/auth/negotiate/UserRequest.cc, src/auth/ntlm/UserRequest.cc',
    phrases: {
      proxy_authentication: ['Negotiate Authentication validating user', 'NTLM Authentication validating user'],
      server_misconfiguration: ['BH gss_accept_sec_context() failed'],
      malformed_credentials: ['BH received type 1 NTLM token'],
    },
  },
  {
    system: 'traefik',
    source: 'traefik/traefik pkg/middlewares/auth/forward.go',
    phrases: {
      unknown: ['Remote error * StatusCode: 401'],
    },
  },
  {
    system: 'traefik',
    source: 'traefik/traefik pkg/middlewares/auth/digest_auth.go, basic_auth.go',
    phrases: {
      proof_of_possession: ['Digest authentication failed, possibly because out of order requests'],
      unknown: ['Digest authentication failed'],
      stripped_credentials: ['Removing the Authorization header'],
    },
  },
  {
    system: 'tyk',
    source: 'TykTechnologies/tyk gateway/mw_auth_key.go',
    codes: {
      missing_credentials: 'auth.auth_field_missing',
      invalid_api_key: 'auth.key_not_found auth.key_is_invalid',
      client_certificate: 'auth.cert_not_found auth.cert_expired',
    },
    phrases: {
      invalid_api_key: ['Attempted access with non-existent key', 'Attempted access with invalid key'],
      client_certificate: ['Attempted access with non-existent cert'],
      missing_credentials: [
        'Attempted access with malformed header, no auth header found',
        'Request signature header not found or empty',
        'Authorization field missing',
      ],
      unknown: ['Access to this API has been disallowed'],
      proof_of_possession: ['Request signature verification failed'],
      server_misconfiguration: ['Request signature secret not found or empty', 'Invalid signature verification algorithm'],
    },
  },
  {
    system: 'tyk',
    source: 'TykTechnologies/tyk gateway/mw_oauth2_key_exists.go',
    codes: {
      missing_credentials: 'oauth.auth_field_missing',
      malformed_credentials: 'oauth.auth_field_malformed',
      invalid_token: 'oauth.key_not_found',
      revoked_token: 'oauth.client_deleted',
    },
    phrases: {
      malformed_credentials: ['Bearer token malformed'],
      revoked_token: ['Key not authorised. OAuth client access was revoked', 'Attempted access for deleted OAuth client'],
      unknown: ['Key not authorised'],
    },
  },
  {
    system: 'tyk',
    source: 'TykTechnologies/tyk gateway/mw_jwt.go',
    phrases: {
      missing_credentials: ['Attempted access with malformed header, no JWT auth header found'],
      invalid_token: [
        'Attempted JWT access with non-existent key',
        'no suitable claims for user ID were found',
        'found an empty user ID in sub claim',
        'found an empty user ID in predefined base field claim',
      ],
      invalid_signature: [
        'No matching KID could be found',
        'token invalid, key not found',
        'Key not authorized: Unexpected signing method',
      ],
      insufficient_scope: [
        'key not authorized: no matching policy',
        'key not authorized: could not apply new policy',
        'Could not find a valid policy to apply to this token',
      ],
      expired_token: ['Key not authorized: token has expired'],
      clock_skew: ['Key not authorized: token used before issued', 'Key not authorized: token is not valid yet'],
      server_misconfiguration: ['Failed to decode JWKs body. Trying x5c PEM fallback', 'Failed to decode JWT key'],
    },
  },
  {
    system: 'tyk',
    source: 'TykTechnologies/tyk gateway/mw_hmac.go',
    phrases: {
      unknown: ['Authorization field missing, malformed or invalid', 'Authorization field missing or malformed'],
      invalid_api_key: ['No HMAC secret for this key'],
      invalid_signature: ['Signature string does not match!'],
      clock_skew: ['Clock skew outside of acceptable bounds'],
      server_misconfiguration: ['session missing HMACSecret or HMAC not enabled for key'],
      malformed_credentials: [
        'Header field value malformed (need two elements in field)',
        'Header key is not valid, not in allowed parameter list',
      ],
    },
  },
  {
    system: 'tyk',
    source: 'TykTechnologies/tyk gateway/mw_basic_auth.go',
    phrases: {
      malformed_credentials: [
        'malformed header, header not in basic auth format',
        'malformed header, auth data not encoded correctly',
        'malformed header, values not in basic auth format',
      ],
      invalid_credentials: [
        'Attempted access with existing user, failed password check',
        'Attempted access with non-existent user',
        'User not authorised',
      ],
      missing_credentials: ['Body do not contain username', 'Body do not contain password'],
    },
  },
  {
    system: 'tyk',
    source: 'TykTechnologies/tyk gateway/mw_key_expired_check.go',
    phrases: {
      invalid_api_key: [
        'Key has expired, please renew',
        'Key is inactive, please renew',
        'Attempted access from inactive key',
        'Attempted access from expired key',
      ],
      missing_credentials: ['Session state is missing or unset!'],
    },
  },
  {
    system: 'tyk',
    source: 'TykTechnologies/tyk gateway/mw_access_rights.go',
    phrases: {
      insufficient_scope: ['Attempted access to unauthorised API version', 'Attempted access to unauthorised API'],
    },
  },
  {
    system: 'tyk',
    source: 'TykTechnologies/tyk gateway/mw_openid.go',
    phrases: {
      issuer_mismatch: ['No issuer or audiences found!'],
    },
  },
  {
    system: 'tyk',
    source: 'TykTechnologies/tyk gateway/mw_request_signing.go, mw_http_signature_validation.go',
    phrases: {
      invalid_signature: ['Request signature validation failed'],
    },
  },
  {
    system: 'wso2-apim',
    source: 'wso2/carbon-apimgt components/apimgt/org.wso2.carbon.apimgt.gateway/.../handlers/security/APISecurityConstants.java',
    codes: {
      unknown: '900900 900912',
      invalid_token: '900901 900905',
      missing_credentials: '900902 900913 900915 900916 900917',
      expired_token: '900903',
      revoked_token: '900904',
      insufficient_scope: '900908 900909 900910',
      client_certificate: '900911',
      invalid_credentials: '900914',
      server_misconfiguration: '900918',
    },
    phrases: {
      unknown: ['Unclassified Authentication Failure', 'Authentication has failed after trying with multiple authenticators'],
      missing_credentials: [
        'Missing OAuth Credentials',
        'Make sure your API invocation call has a header',
        'Missing Basic Auth Credentials',
      ],
      invalid_token: [
        'Invalid OAuth Credentials',
        'Make sure you have given the correct access token',
        'Incorrect Access Token Type is provided',
      ],
      expired_token: ['Access Token Expired'],
      revoked_token: ['Access Token Inactive'],
      insufficient_scope: [
        'The subscription to the API is inactive',
        'The access token does not allow you to access the requested resource',
      ],
      client_certificate: ['mutual SSL authentication has failed due to invalid/missing client certificate'],
      invalid_credentials: ['Invalid Basic Auth Credentials'],
    },
  },
  {
    system: 'zuul',
    source: 'Spring Cloud Netflix documentation zuul.sensitiveHeaders',
    phrases: {
      stripped_credentials: ['sensitiveHeaders: Cookie,Set-Cookie,Authorization'],
    },
  },
];
