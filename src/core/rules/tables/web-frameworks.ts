/** Web frameworks and their authentication middleware. */
import type { RuleTable } from '../table.js';

export const WEB_FRAMEWORKS: readonly RuleTable[] = [
  {
    system: 'actix-web-httpauth',
    source: 'actix/actix-extras:actix-web-httpauth/src/headers/authorization/errors.rs',
    phrases: {
      malformed_credentials: ['Missing authorization scheme', 'Missing header field (', 'Invalid header value'],
    },
  },
  {
    system: 'aiohttp-security',
    source: 'aio-libs/aiohttp-security, aiohttp (from memory)',
    codes: {
      unknown: 'HTTPUnauthorized',
      insufficient_scope: 'HTTPForbidden',
      proxy_authentication: 'HTTPProxyAuthenticationRequired',
    },
    phrases: {
      insufficient_scope: ['User has no permission'],
    },
  },
  {
    system: 'aspnetcore-auth',
    source: 'dotnet/aspnetcore:src/Security/Authentication/Cookies/src/CookieAuthenticationHandler.cs',
    phrases: {
      session_expired: ['Unprotect ticket failed', 'Ticket expired', 'SessionId missing', 'Identity missing in session store'],
    },
  },
  {
    system: 'aspnetcore-auth',
    source:
      'dotnet/aspnetcore:src/Security/Authentication (JwtBearer, Cookies, OAuth, OpenIdConnect, Certificate, Negotiate) (from memory)',
    codes: {
      unknown: 'AuthenticationFailureException AntiforgeryValidationException',
    },
    phrases: {
      session_cookie_missing: [
        'Correlation failed',
        'cookie not found',
        'The oauth state was missing or invalid',
        'Unable to unprotect the message.State',
        'OpenIdConnectAuthenticationHandler: message.State is null or empty',
        'The required antiforgery cookie * is not present',
      ],
      unknown: [
        'An error was encountered while handling the remote login',
        'Access was denied by the resource owner or by the remote server',
        'AuthenticationScheme: * was challenged',
        'was not authenticated. Failure message',
        'Antiforgery token validation failed',
        'The required antiforgery form field * is not present',
        'The required antiforgery header value * is not present',
        'The provided antiforgery token was meant for a different claims-based user',
      ],
      server_misconfiguration: [
        'No authenticationScheme was specified, and there was no DefaultChallengeScheme found',
        'No authentication handler is registered for the scheme',
        'No sign-in authentication handlers are registered',
        'Cannot redirect to the authorization endpoint, the configuration may be missing',
        'The antiforgery token could not be decrypted',
        'The key * was not found in the key ring',
        'The payload was invalid. For more information go to',
      ],
      insufficient_scope: [
        'AuthenticationScheme: * was forbidden',
        'Authorization failed. These requirements were not met',
        'RolesAuthorizationRequirement:User.IsInRole must be true for one of the following roles',
      ],
      missing_credentials: [
        'AuthenticationScheme: * was not authenticated',
        'DenyAnonymousAuthorizationRequirement: Requires an authenticated user',
      ],
      invalid_token: ['Failed to validate the token', 'The token has no expiration', 'The token lifetime is invalid; NotBefore: * Expires'],
      audience_mismatch: ['The audience * is invalid', 'The audience is invalid'],
      issuer_mismatch: ['The issuer * is invalid', 'The issuer is invalid'],
      clock_skew: ['The token is not valid before'],
      expired_token: ['The token expired at'],
      invalid_signature: ['The signature key was not found', 'The signature is invalid'],
      client_certificate: [
        'Certificate validation failed, subject was',
        'No client certificate found',
        'Client certificate failed validation',
      ],
    },
  },
  {
    system: 'aspnetcore-auth',
    source: 'dotnet/aspnetcore:src/Security/Authentication/JwtBearer/src/JwtBearerHandler.cs',
    phrases: {
      clock_skew: ['The token is not valid yet'],
      invalid_token: ['The token lifetime is invalid'],
      malformed_credentials: ['No SecurityTokenValidator available for token'],
    },
  },
  {
    system: 'aspnetcore-identity',
    source: 'dotnet/aspnetcore:src/Identity/Extensions.Core/src/Resources.resx',
    codes: {
      invalid_credentials: 'PasswordMismatch',
      account_locked: 'UserLockedOut UserNotAllowed',
      mfa_required: 'RecoveryCodeRedemptionFailed',
    },
    phrases: {
      invalid_credentials: ['Incorrect password'],
      account_locked: ['User is locked out', 'Lockout is not enabled for this user'],
      mfa_required: ['Recovery code redemption failed'],
      server_misconfiguration: ['AddIdentity must be called on the service collection', 'No IUserTwoFactorTokenProvider * is registered'],
      insufficient_scope: ['User is not in role'],
    },
  },
  {
    system: 'aspnetcore-identity',
    source: 'dotnet/aspnetcore:src/Identity/Core/src/SignInManager.cs, LoggerEventIds (from memory)',
    codes: {
      mfa_required: 'RequiresTwoFactor',
      account_locked: 'LockedOut NotAllowed',
    },
    phrases: {
      invalid_credentials: ['User failed to provide the correct password'],
      account_locked: ['User is currently locked out'],
    },
  },
  {
    system: 'aspnetcore-identity',
    source: 'dotnet/aspnetcore:src/Identity/Core/src/SignInManager.cs',
    phrases: {
      account_locked: [
        'cannot sign in without a confirmed email',
        'cannot sign in without a confirmed phone number',
        'cannot sign in without a confirmed account',
      ],
      session_expired: ['Failed to validate a security stamp'],
    },
  },
  {
    system: 'authlib',
    source: 'lepture/authlib:authlib/oauth2/rfc6749/errors.py, rfc6750/errors.py, integrations (from memory)',
    codes: {
      malformed_credentials: 'unsupported_token_type UnsupportedTokenTypeError',
      missing_credentials: 'MissingAuthorizationError',
    },
    phrases: {
      missing_credentials: ['Missing "Authorization" in headers'],
      invalid_token: ['access token provided is expired, revoked, malformed, or invalid for other reasons'],
    },
  },
  {
    system: 'axum-extra',
    source: 'tokio-rs/axum:axum-extra/src/typed_header.rs',
    phrases: {
      missing_credentials: ['Header of type `authorization` was missing'],
      malformed_credentials: ['invalid HTTP header (authorization)'],
    },
  },
  {
    system: 'chi-jwtauth',
    source: 'go-chi/jwtauth:jwtauth.go',
    phrases: {
      invalid_token: ['token is unauthorized'],
      missing_credentials: ['no token found'],
      clock_skew: ['token nbf validation failed', 'token iat validation failed'],
    },
  },
  {
    system: 'csurf',
    source: 'expressjs/csurf, pillarjs csrf-csrf (from memory)',
    codes: {
      unknown: 'EBADCSRFTOKEN ForbiddenError',
    },
    phrases: {
      server_misconfiguration: ['misconfigured csrf'],
    },
  },
  {
    system: 'devise',
    source: 'heartcombo/devise:config/locales/en.yml',
    phrases: {
      missing_credentials: ['You need to sign in or sign up before continuing'],
      account_locked: [
        'You have to confirm your account before continuing',
        'Your account is locked',
        'Your account was not activated yet',
      ],
      invalid_credentials: ['Invalid email or password'],
      invalid_token: ['Invalid authentication token'],
      session_expired: ['Your session expired, please sign in again to continue'],
    },
  },
  {
    system: 'devise',
    source: 'heartcombo/devise:config/locales/en.yml (from memory)',
    phrases: {
      account_locked: [
        'You have to confirm your email address before continuing',
        'You have one more attempt before your account is locked',
        'Your account is not activated yet',
      ],
      unknown: ['Could not authenticate you from'],
    },
  },
  {
    system: 'dj-rest-auth',
    source: 'iMerica/dj-rest-auth:dj_rest_auth/serializers.py, jwt_auth.py (from memory)',
    phrases: {
      account_locked: ['User account is disabled', 'E-mail is not verified'],
      refresh_failed: ['No valid refresh token found', 'Refresh token was not included in request data'],
      missing_credentials: ['Must include either "username" or "email" and "password"'],
      server_misconfiguration: ['Neither cookies or blacklist are enabled'],
    },
  },
  {
    system: 'django',
    source: 'django/django:django/middleware/csrf.py',
    phrases: {
      session_cookie_missing: ['CSRF cookie not set'],
      unknown: [
        'CSRF token missing',
        'CSRF token missing or incorrect',
        'CSRF verification failed. Request aborted',
        'CSRF Failed',
        'Origin checking failed - * does not match any trusted origins',
        'Referer checking failed - no Referer',
        'Referer checking failed - * does not match any trusted origins',
        'Referer checking failed - Referer is malformed',
        'Referer checking failed - Referer is insecure while host is secure',
        'CSRF token from * incorrect',
        'CSRF token from * has incorrect length',
      ],
    },
  },
  {
    system: 'django',
    source: 'django/django:django/contrib/auth/forms.py, middleware.py, mixins.py (from memory)',
    codes: {
      insufficient_scope: 'PermissionDenied',
      session_expired: 'SessionInterrupted SuspiciousSession',
    },
    phrases: {
      invalid_credentials: [
        'Please enter a correct * and password. Note that both fields',
        'Your old password was entered incorrectly. Please enter it again',
      ],
      account_locked: ['This account is inactive'],
      missing_credentials: ['Authentication credentials were not provided'],
      server_misconfiguration: ['requires session middleware to be installed'],
      session_expired: ['Session data corrupted', "The request's session was deleted before the request completed"],
    },
  },
  {
    system: 'django-allauth',
    source: 'pennersr/django-allauth:allauth/account/adapter.py (from memory)',
    phrases: {
      account_locked: ['This account is currently inactive', 'Too many failed login attempts. Try again later'],
      invalid_credentials: [
        'The email address and/or password you specified are not correct',
        'The username and/or password you specified are not correct',
        'The phone number and/or password you specified are not correct',
        'The login and/or password you specified are not correct',
      ],
      invalid_token: ['The password reset token was invalid'],
    },
  },
  {
    system: 'django-oauth-toolkit',
    source: 'jazzband/django-oauth-toolkit; oauthlib/oauthlib:oauth2/rfc6749/errors.py (from memory)',
    codes: {
      invalid_credentials: 'InvalidClientError',
      unknown: 'InvalidGrantError MissingTokenError',
      session_cookie_missing: 'MismatchingStateError',
      server_misconfiguration: 'InsecureTransportError',
    },
    phrases: {
      invalid_credentials: ['(invalid_grant) Invalid credentials given'],
      session_cookie_missing: ['(mismatching_state) CSRF Warning! State not equal in request and response'],
      unknown: ['(missing_token) Missing access token parameter'],
      server_misconfiguration: ['(insecure_transport) OAuth 2 MUST utilize https'],
    },
  },
  {
    system: 'django-rest-framework',
    source: 'encode/django-rest-framework:rest_framework/authentication.py',
    phrases: {
      malformed_credentials: [
        'Invalid basic header. No credentials provided',
        'Invalid basic header. Credentials string should not contain spaces',
        'Invalid basic header. Credentials not correctly base64 encoded',
        'Invalid token header. No credentials provided',
        'Invalid token header. Token string should not contain spaces',
        'Invalid token header. Token string should not contain invalid characters',
      ],
      invalid_credentials: ['Invalid username/password'],
      account_locked: ['User inactive or deleted'],
      invalid_token: ['Invalid token'],
    },
  },
  {
    system: 'django-rest-framework',
    source: 'encode/django-rest-framework:rest_framework/exceptions.py, authtoken/serializers.py (from memory)',
    codes: {
      missing_credentials: 'not_authenticated NotAuthenticated',
      unknown: 'authentication_failed AuthenticationFailed',
      insufficient_scope: 'permission_denied',
    },
    phrases: {
      unknown: ['Incorrect authentication credentials'],
      insufficient_scope: ['You do not have permission to perform this action'],
      invalid_credentials: ['Unable to log in with provided credentials'],
      missing_credentials: ['Must include "username" and "password"'],
    },
  },
  {
    system: 'djangorestframework-simplejwt',
    source: 'jazzband/djangorestframework-simplejwt:rest_framework_simplejwt/authentication.py, tokens.py',
    codes: {
      invalid_token: 'token_not_valid',
      malformed_credentials: 'bad_authorization_header',
      account_locked: 'user_inactive',
      invalid_credentials: 'no_active_account',
    },
    phrases: {
      invalid_token: [
        'Given token not valid for any token type',
        'Token contained no recognizable user identification',
        'Token has wrong type',
        'Token has no type',
        'Token has no id',
        'Token is invalid or expired',
        "Token has no 'exp' claim",
      ],
      malformed_credentials: ['Authorization header must contain two space-delimited values'],
      account_locked: ['User is inactive'],
      invalid_credentials: ['No active account found with the given credentials'],
      revoked_token: ['Token is blacklisted', "The user's password has been changed"],
      expired_token: ["Token 'exp' claim has expired"],
    },
  },
  {
    system: 'doorkeeper',
    source: 'doorkeeper-gem/doorkeeper:config/locales/en.yml',
    phrases: {
      revoked_token: ['The access token was revoked'],
      expired_token: ['The access token expired'],
      invalid_token: ['The access token is invalid', 'The provided authorization grant is invalid, expired, revoked, does not match'],
      invalid_credentials: ['Client authentication failed due to unknown client, no client authentication included'],
      unknown: ['The resource owner or authorization server denied the request'],
      server_misconfiguration: [
        'Doorkeeper.configure.resource_owner_from_credentials being unconfigured',
        'Doorkeeper.configure.resource_owner_authenticator being unconfigured',
      ],
    },
  },
  {
    system: 'doorkeeper',
    source: 'doorkeeper-gem/doorkeeper:config/locales/en.yml (from memory)',
    codes: {
      revoked_token: 'TokenRevoked',
      expired_token: 'TokenExpired',
      invalid_token: 'TokenUnknown',
      insufficient_scope: 'TokenForbidden',
    },
    phrases: {
      insufficient_scope: ['Access to this resource requires scope'],
    },
  },
  {
    system: 'dropwizard',
    source: 'dropwizard/dropwizard:dropwizard-auth (from memory)',
    phrases: {
      missing_credentials: ['Credentials are required to access this resource'],
      insufficient_scope: ['User not authorized'],
    },
  },
  {
    system: 'echo',
    source: 'labstack/echo:middleware/jwt.go',
    phrases: {
      missing_credentials: ['missing or malformed jwt'],
      invalid_token: ['invalid or expired jwt'],
      invalid_signature: ['unexpected jwt signing method=', 'unexpected jwt key id='],
      server_misconfiguration: ['echo: jwt middleware requires signing key'],
    },
  },
  {
    system: 'echo',
    source: 'labstack/echo:middleware/key_auth.go, extractor.go (from memory)',
    phrases: {
      missing_credentials: ['missing value in request header', 'missing value in cookies', 'missing value in the query string'],
      malformed_credentials: ['invalid value in request header'],
      unknown: ['missing csrf token in request header', 'invalid csrf token'],
    },
  },
  {
    system: 'elytron',
    source: 'wildfly-security/wildfly-elytron:ElytronMessages.java (auth server, mechanisms)',
    codes: {
      invalid_credentials: 'ELY01151 ELY01033 ELY01096 ELY01064 ELY05013',
      insufficient_scope: 'ELY01152 ELY01112 ELY01088 ELY05004 ELY05014 ELY05093 AuthorizationFailureException',
      wrong_realm: 'ELY01092 ELY05087',
      server_misconfiguration: 'ELY01005 ELY01153 ELY01154 RealmUnavailableException',
      malformed_credentials: 'ELY05002 ELY05007 ELY05010 ELY05083',
      missing_credentials: 'ELY05008 ELY05009 ELY05019',
      unknown: 'ELY05012 ELY05058',
      proof_of_possession: 'ELY05038 ELY05055 ELY05084 ELY05088',
      client_certificate: 'ELY05097 ELY05098',
    },
    phrases: {
      invalid_credentials: ['Evidence Verification Failed', 'Authentication mechanism password not verified'],
      insufficient_scope: [
        'Authorization Check Failed',
        'Authentication mechanism authorization failed',
        'Authorization for anonymous access is denied',
      ],
      missing_credentials: ['No authentication mechanism login name was given', 'No authentication mechanism password was given'],
      proof_of_possession: ['Authentication rejected (invalid proof)'],
      unknown: ['Authentication mechanism server-side authentication failed'],
      wrong_realm: ['Client selected realm not offered by server'],
      server_misconfiguration: ['Direct LDAP verification failed with DN'],
      client_certificate: ['Unable to determine subject name from X.509 certificate'],
    },
  },
  {
    system: 'express-jwt',
    source: 'auth0/express-jwt:src/index.ts, errors/UnauthorizedError.ts (from memory)',
    codes: {
      missing_credentials: 'credentials_required',
      malformed_credentials: 'credentials_bad_scheme credentials_bad_format',
      invalid_token: 'invalid_token',
      revoked_token: 'revoked_token',
    },
    phrases: {
      missing_credentials: ['No authorization token was found'],
      revoked_token: ['The token has been revoked'],
      insufficient_scope: ['Permission denied'],
    },
  },
  {
    system: 'express-oauth2-jwt-bearer',
    source: 'auth0/node-oauth2-jwt-bearer:packages/oauth2-bearer/src/errors.ts, packages/access-token-jwt/src/validate.ts',
    codes: {
      insufficient_scope: 'InsufficientScopeError',
      malformed_credentials: 'InvalidRequestError',
    },
    phrases: {
      issuer_mismatch: ["Unexpected 'iss' value"],
      audience_mismatch: ["Unexpected 'aud' value"],
      expired_token: ["Unexpected 'exp' value"],
      clock_skew: ["Unexpected 'iat' value"],
      invalid_token: ["Unexpected 'typ' value"],
      invalid_signature: ["Unexpected 'alg' value"],
      insufficient_scope: ['Insufficient Scope'],
    },
  },
  {
    system: 'express-oauth2-jwt-bearer',
    source: 'auth0/node-oauth2-jwt-bearer:packages/oauth2-bearer/src/errors.ts, packages/access-token-jwt/src/validate.ts (from memory)',
    codes: {
      invalid_token: 'JwtVerifyError',
    },
    phrases: {
      server_misconfiguration: [
        'Failed to fetch authorization server metadata',
        "'issuer' not found in authorization server metadata",
        "'jwks_uri' not found in authorization server metadata",
      ],
      malformed_credentials: ['More than one method used for authentication'],
    },
  },
  {
    system: 'express-openid-connect',
    source: 'auth0/express-openid-connect:lib/context.js, requiresAuth.js (from memory)',
    phrases: {
      missing_credentials: ['Authentication is required for this route'],
      invalid_token: ['nonce mismatch, expected * got'],
      issuer_mismatch: ['unexpected iss value, expected * got'],
      audience_mismatch: ['aud mismatch, expected * got'],
      invalid_signature: ['unexpected JWT alg received, expected * got', 'failed to validate JWT signature'],
      expired_token: ['JWT expired, now * exp'],
      clock_skew: ['JWT not active yet, now * nbf', 'JWT issued in the future, now * iat'],
    },
  },
  {
    system: 'fastapi',
    source: 'tiangolo/fastapi:fastapi/security (from memory)',
    phrases: {
      missing_credentials: ['Not authenticated'],
      malformed_credentials: ['Invalid authentication credentials', 'Invalid digest authentication credentials'],
      unknown: ['Could not validate credentials'],
      insufficient_scope: ['Not enough permissions'],
    },
  },
  {
    system: 'fastapi-users',
    source: 'fastapi-users/fastapi-users:fastapi_users/router/common.py',
    codes: {
      invalid_credentials: 'LOGIN_BAD_CREDENTIALS',
      account_locked: 'LOGIN_USER_NOT_VERIFIED',
      invalid_token: 'RESET_PASSWORD_BAD_TOKEN VERIFY_USER_BAD_TOKEN',
      expired_token: 'ACCESS_TOKEN_ALREADY_EXPIRED',
      malformed_credentials: 'ACCESS_TOKEN_DECODE_ERROR',
      unknown: 'OAUTH_NOT_AVAILABLE_EMAIL OAUTH_USER_ALREADY_EXISTS',
    },
  },
  {
    system: 'fastapi-users',
    source: 'fastapi-users/fastapi-users:fastapi_users/router/common.py (from memory)',
    codes: {
      unknown: 'OAUTH_INVALID_STATE',
    },
  },
  {
    system: 'fastify-auth-plugins',
    source: 'fastify/fastify-jwt:jwt.js',
    codes: {
      missing_credentials: 'FST_JWT_NO_AUTHORIZATION_IN_HEADER FST_JWT_NO_AUTHORIZATION_IN_COOKIE',
      expired_token: 'FST_JWT_AUTHORIZATION_TOKEN_EXPIRED',
      invalid_token: 'FST_JWT_AUTHORIZATION_TOKEN_INVALID FST_JWT_AUTHORIZATION_TOKEN_UNTRUSTED',
      invalid_signature: 'FST_JWT_AUTHORIZATION_TOKEN_UNSIGNED',
      malformed_credentials: 'FST_JWT_BAD_REQUEST FST_JWT_BAD_COOKIE_REQUEST',
    },
    phrases: {
      missing_credentials: ['No Authorization was found in request.headers', 'No Authorization was found in request.cookies'],
      malformed_credentials: ['Format is Authorization: Bearer [token]', 'Cookie could not be parsed in request'],
      expired_token: ['Authorization token expired'],
      invalid_token: ['Untrusted authorization token', 'Authorization token is invalid'],
    },
  },
  {
    system: 'fiber',
    source: 'gofiber/contrib:jwt; gofiber/fiber:middleware/keyauth, csrf (from memory)',
    phrases: {
      invalid_api_key: ['Invalid or expired API Key'],
    },
  },
  {
    system: 'fiber',
    source: 'gofiber/contrib:jwt/config.go',
    phrases: {
      invalid_signature: ['the JWT header did not contain the expected algorithm', 'unexpected jwt signing method: expected'],
    },
  },
  {
    system: 'fiber',
    source: 'gofiber/fiber:middleware/keyauth/config.go',
    phrases: {
      server_misconfiguration: ['fiber: keyauth middleware requires a validator function'],
    },
  },
  {
    system: 'fiber',
    source: 'gofiber/fiber:middleware/keyauth (ErrMissingOrMalformedAPIKey)',
    phrases: {
      missing_credentials: ['missing or malformed API Key'],
    },
  },
  {
    system: 'flask-jwt',
    source: 'mattupstate/flask-jwt:flask_jwt/__init__.py (from memory)',
    phrases: {
      missing_credentials: ['Request does not contain an access token'],
      malformed_credentials: ['Unsupported authorization type', 'Token contains spaces'],
    },
  },
  {
    system: 'flask-jwt-extended',
    source: 'vimalloc/flask-jwt-extended:flask_jwt_extended/exceptions.py, view_decorators.py (from memory)',
    codes: {
      missing_credentials: 'NoAuthorizationError',
      malformed_credentials: 'InvalidHeaderError JWTDecodeError',
      revoked_token: 'RevokedTokenError',
      mfa_required: 'FreshTokenRequired',
      invalid_credentials: 'UserLookupError',
      invalid_token: 'WrongTokenError UserClaimsVerificationError',
      unknown: 'CSRFError',
    },
    phrases: {
      missing_credentials: ['Missing JWT in'],
      malformed_credentials: ["Missing 'Bearer' type in 'Authorization' header", 'Bad Authorization header. Expected'],
      mfa_required: ['Fresh token required'],
      invalid_token: ['Only non-refresh tokens are allowed', 'Only refresh tokens are allowed', 'User claims verification failed'],
      unknown: ['CSRF double submit tokens do not match', 'Missing CSRF token'],
      invalid_credentials: ['Error loading the user'],
    },
  },
  {
    system: 'flask-jwt-extended',
    source: 'vimalloc/flask-jwt-extended:flask_jwt_extended/view_decorators.py',
    phrases: {
      missing_credentials: ['Missing JWT in headers and cookies'],
      malformed_credentials: ['Bad Authorization header. Expected value'],
      invalid_token: ['Only * tokens can access this endpoint'],
      invalid_credentials: ['user_loader returned None for'],
      server_misconfiguration: ['A token_in_blacklist_callback must be provided via'],
    },
  },
  {
    system: 'flask-jwt-extended',
    source: 'vimalloc/flask-jwt-extended flask_jwt_extended/utils.py',
    phrases: {
      invalid_token: ['Only refresh tokens can access this endpoint'],
    },
  },
  {
    system: 'flask-login',
    source: 'maxcountryman/flask-login (from memory)',
    phrases: {
      server_misconfiguration: [
        'No user_loader has been installed for this LoginManager',
        'Missing user_loader or request_loader. Refer to',
      ],
    },
  },
  {
    system: 'flask-security',
    source: 'Flask-Middleware/flask-security:flask_security/core.py',
    phrases: {
      account_locked: ['Email requires confirmation'],
      invalid_credentials: [
        'Specified user does not exist',
        'Password or code submitted is not valid',
        'Identity * not registered',
        'You must specify a valid identity to sign in',
      ],
      missing_credentials: ['Email not provided', 'Please log in to access this page', 'Username not provided'],
      invalid_token: ['Invalid login token', 'Invalid reset password token'],
      expired_token: ['You did not login within * New instructions', 'You did not reset your password within'],
      mfa_required: [
        'Please reauthenticate to access this page',
        'Recovery code invalid',
        'Unregistered WebAuthn credential id',
        'Could not verify WebAuthn credential',
        "Credential user handle didn't match",
      ],
      session_expired: ['WebAuthn operation must be completed within'],
      unknown: ['An error occurred while communicating with the Oauth provider'],
      insufficient_scope: ['You currently do not have permissions to access this page'],
    },
  },
  {
    system: 'flask-security',
    source: 'Flask-Middleware/flask-security:flask_security/core.py (from memory)',
    phrases: {
      missing_credentials: ['You are not authenticated. Please supply the correct credentials'],
      mfa_required: ['You must reauthenticate to access this endpoint'],
      insufficient_scope: ['You do not have permission to view this resource'],
      invalid_credentials: ['Authentication failed - identity or password/passcode invalid'],
    },
  },
  {
    system: 'gin-jwt',
    source: 'appleboy/gin-jwt:auth_jwt.go',
    phrases: {
      missing_credentials: ['auth header is empty', 'query token is empty', 'cookie token is empty', 'missing Username or Password'],
      malformed_credentials: ['auth header is invalid'],
      invalid_credentials: ['incorrect Username or Password'],
      insufficient_scope: ["you don't have permission to access this resource"],
      invalid_signature: ['invalid signing algorithm'],
      server_misconfiguration: [
        'secret key is required',
        'private key file unreadable',
        'public key file unreadable',
        'ginJWTMiddleware.Authenticator func is undefined',
      ],
    },
  },
  {
    system: 'gin-jwt',
    source: 'appleboy/gin-jwt:auth_jwt.go (from memory)',
    phrases: {
      missing_credentials: ['parameter token is empty'],
      invalid_token: ['missing exp field', 'exp must be float64 format'],
    },
  },
  {
    system: 'go-gorilla-csrf',
    source: 'gorilla/csrf:csrf.go (from memory)',
    phrases: {
      unknown: [
        'Forbidden - referer not supplied',
        'Forbidden - CSRF token not found in request',
        'Forbidden - CSRF token invalid',
        'Forbidden - referer invalid',
      ],
    },
  },
  {
    system: 'go-oauth2',
    source: 'golang/oauth2:internal/token.go, oauth2.go',
    codes: {
      unknown: 'RetrieveError',
    },
    phrases: {
      refresh_failed: ['oauth2: token expired and refresh token is not set', 'oauth2: "invalid_grant"'],
      unknown: ['oauth2: cannot fetch token', 'oauth2: server response missing access_token'],
      invalid_credentials: ['oauth2: "invalid_client"'],
    },
  },
  {
    system: 'go-oidc',
    source: 'coreos/go-oidc:oidc/verify.go',
    phrases: {
      malformed_credentials: ['oidc: malformed jwt', 'oidc: malformed jwt, expected 3 parts got', 'oidc: failed to unmarshal claims'],
      issuer_mismatch: ['oidc: id token issued by a different provider, expected * got'],
      audience_mismatch: ['oidc: expected audience * got'],
      server_misconfiguration: ['oidc: invalid configuration, clientID must be provided or SkipClientIDCheck must be set'],
      expired_token: ['oidc: token is expired (Token Expiry'],
      clock_skew: ['oidc: current time * before the nbf (not before) time'],
      invalid_signature: [
        'oidc: id token not signed',
        'oidc: multiple signatures on id token not supported',
        'oidc: id token signed with unsupported algorithm, expected * got',
      ],
    },
  },
  {
    system: 'go-oidc',
    source: 'coreos/go-oidc:oidc/verify.go (from memory)',
    phrases: {
      server_misconfiguration: [
        'failed to verify signature: fetching keys',
        'oidc: failed to get keys',
        'oidc: failed to decode provider discovery object',
      ],
      issuer_mismatch: [
        'oidc: issuer did not match the issuer returned by provider',
        'oidc: issuer URL provided to client * did not match',
      ],
      invalid_token: ['access token hash does not match value in ID token', 'id token did not have an access token hash'],
    },
  },
  {
    system: 'hapi',
    source: 'hapijs/jwt:lib/token.js, lib/plugin.js',
    phrases: {
      malformed_credentials: [
        'Invalid token structure',
        'Invalid token * part',
        'Invalid token missing header',
        'Invalid token payload',
        'Token header missing alg attribute',
        'Token contains header',
        'Bad HTTP authentication header format',
      ],
      invalid_signature: ['Invalid token signature', 'Unsupported algorithm'],
      clock_skew: ['Token not yet active'],
      expired_token: ['Token maximum age exceeded'],
      invalid_token: [
        'Invalid payload exp value',
        'Invalid payload nbf value',
        'Missing or invalid payload iat value',
        'Token missing payload * value',
        'Token payload * value not allowed',
      ],
      audience_mismatch: ['Token missing payload aud value', 'Token audience is not allowed'],
      issuer_mismatch: ['Token missing payload iss value', 'Token payload iss value not allowed'],
    },
  },
  {
    system: 'hapi',
    source: 'hapijs/hapi, hapijs/cookie, hapijs/basic, hapijs/boom (from memory)',
    phrases: {
      missing_credentials: ['Missing authentication'],
      invalid_credentials: ['Bad username or password'],
      malformed_credentials: ['Bad header internal syntax', 'HTTP authentication header missing username'],
    },
  },
  {
    system: 'hapi-auth-jwt2',
    source: 'dwyl/hapi-auth-jwt2:lib/index.js (from memory)',
    phrases: {
      malformed_credentials: ['Invalid token format'],
      unknown: ['Missing auth token'],
    },
  },
  {
    system: 'hono',
    source: 'honojs/hono:src/utils/jwt/types.ts, src/middleware/jwt/jwt.ts, src/middleware/bearer-auth',
    codes: {
      invalid_token: 'JwtTokenInvalid',
      clock_skew: 'JwtTokenNotBefore JwtTokenIssuedAt',
      expired_token: 'JwtTokenExpired',
      invalid_signature: 'JwtTokenSignatureMismatched JwtAlgorithmNotImplemented',
    },
    phrases: {
      malformed_credentials: ['invalid credentials structure'],
      missing_credentials: ['no authorization included in request'],
      invalid_token: ['token verification failure'],
      expired_token: ['token ( * ) expired'],
      clock_skew: ["is being used before it's valid", 'Incorrect "iat" claim must be a older than'],
      invalid_signature: ['signature mismatched', 'is not an implemented algorithm'],
      server_misconfiguration: ['JWT auth middleware requires options for "secret"'],
    },
  },
  {
    system: 'hono',
    source: 'honojs/hono:src/utils/jwt/types.ts, src/middleware/jwt/jwt.ts, src/middleware/bearer-auth (from memory)',
    codes: {
      issuer_mismatch: 'JwtTokenIssuer',
      audience_mismatch: 'JwtTokenAudience',
      invalid_token: 'JwtPayloadRequiresAud',
      invalid_signature: 'JwtAlgorithmMismatch JwtHeaderRequiresKid',
      malformed_credentials: 'JwtHeaderInvalid',
    },
  },
  {
    system: 'identityserver',
    source: 'IdentityServer/IdentityServer4:src/IdentityServer4/src/Validation/Default/TokenValidator.cs, TokenRequestValidator.cs',
    phrases: {
      expired_token: ['Token expired'],
      invalid_token: ['Invalid reference token', 'JWT token validation error', 'invalid JWT token type'],
      invalid_credentials: [
        'Client deleted or disabled',
        'Unknown or disabled client',
        'Client is trying to use a code from a different client',
        "No clientId supplied, can't find id in identity token",
        'Client does not exist anymore',
      ],
      account_locked: ['User marked as not active', 'User has been disabled'],
      insufficient_scope: ['Checking for expected scope * failed', 'Client not authorized for code flow'],
      malformed_credentials: ['JWT too long', 'token handle too long'],
      unknown: ['Authorization code is missing', 'Grant type is missing'],
      refresh_failed: ['Invalid authorization code', 'Authorization code expired', 'Authorization code is expired'],
    },
  },
  {
    system: 'identityserver',
    source: 'IdentityServer/IdentityServer4:src/IdentityServer4/src/Validation/Default (client secrets, refresh) (from memory)',
    phrases: {
      invalid_credentials: [
        'Client secret validation failed for client',
        'No client with id * found. aborting',
        'No client identifier found',
        'Error validating client secret',
      ],
      refresh_failed: [
        'Invalid refresh token',
        'Refresh token has expired',
        'Rejecting refresh token because it has been consumed already',
      ],
      proof_of_possession: ['Transformed code verifier does not match code challenge'],
      audience_mismatch: ['API unauthorized to introspect token'],
    },
  },
  {
    system: 'iron-session',
    source: 'hapijs/iron:lib/index.js',
    phrases: {
      invalid_signature: ['Bad hmac value'],
      session_expired: ['Expired seal'],
      malformed_credentials: ['Incorrect number of sealed components', 'Wrong mac prefix'],
      server_misconfiguration: ['Password string too short (min', 'Cannot find password'],
    },
  },
  {
    system: 'jetty',
    source: 'jetty/jetty.project:jetty-security (from memory)',
    codes: {
      server_misconfiguration: 'ServerAuthException',
      invalid_credentials: 'UserAuthException',
    },
  },
  {
    system: 'ktor',
    source: 'ktorio/ktor:ktor-server-auth-jwt JWTUtils.kt; ktor-server-auth',
    phrases: {
      malformed_credentials: ['Illegal JWT', 'Illegal HTTP auth header'],
      invalid_signature: ['Failed to get JWK'],
      server_misconfiguration: ['Failed to create algorithm'],
      unknown: ['Token verification failed'],
    },
  },
  {
    system: 'ktor',
    source: 'ktorio/ktor:ktor-server-auth-jwt JWTUtils.kt; ktor-server-auth (from memory)',
    codes: {
      missing_credentials: 'AuthenticationFailedCause.NoCredentials',
      invalid_credentials: 'AuthenticationFailedCause.InvalidCredentials',
    },
    phrases: {
      server_misconfiguration: ['Default authentication configuration was not found'],
    },
  },
  {
    system: 'laravel',
    source: 'laravel/framework:src/Illuminate/Auth, resources/lang/en/auth.php; laravel/sanctum; laravel/passport (from memory)',
    codes: {
      unknown: 'AuthenticationException TokenMismatchException',
      insufficient_scope: 'AuthorizationException MissingAbilityException MissingScopeException',
      invalid_signature: 'InvalidSignatureException',
    },
    phrases: {
      invalid_credentials: ['These credentials do not match our records', 'The provided password is incorrect'],
      account_locked: ['Too many login attempts. Please try again in * seconds', 'Your email address is not verified'],
      insufficient_scope: ['This action is unauthorized', 'Invalid scope(s) provided'],
      unknown: ['CSRF token mismatch'],
      server_misconfiguration: [
        'Auth guard * is not defined',
        'Authentication user provider * is not defined',
        'Route [login] not defined',
        'Session store not set on request',
      ],
      mfa_required: ['The provided two factor authentication code was invalid', 'The provided two factor recovery code was invalid'],
    },
  },
  {
    system: 'laravel',
    source: 'laravel/sanctum:src/Exceptions/MissingAbilityException.php',
    phrases: {
      insufficient_scope: ['Invalid ability provided'],
    },
  },
  {
    system: 'league-oauth2-server',
    source: 'thephpleague/oauth2-server:src/Exception/OAuthServerException.php, src/AuthorizationValidators/BearerTokenValidator.php',
    codes: {
      unknown: 'OAuthServerException',
    },
    phrases: {
      missing_credentials: ['Missing "Authorization" header'],
      revoked_token: ['Access token has been revoked'],
      invalid_token: ['Access token could not be verified'],
      invalid_credentials: ['The user credentials were incorrect', 'Client authentication failed'],
    },
  },
  {
    system: 'league-oauth2-server',
    source:
      'thephpleague/oauth2-server:src/Exception/OAuthServerException.php, src/AuthorizationValidators/BearerTokenValidator.php (from memory)',
    phrases: {
      invalid_token: ['Access token is invalid', 'Error while decoding to JSON', 'Authorization code was not issued to this client'],
      invalid_signature: ['Access token is not signed'],
      refresh_failed: [
        'The refresh token is invalid',
        'Token is not linked to client',
        'Cannot decrypt the refresh token',
        'Authorization code has been revoked',
        'Authorization code has expired',
      ],
    },
  },
  {
    system: 'lexik-jwt-bundle',
    source: 'lexik/LexikJWTAuthenticationBundle:Security/Authenticator/JWTAuthenticator.php, Exception',
    codes: {
      expired_token: 'ExpiredTokenException',
      invalid_token: 'InvalidTokenException InvalidPayloadException JWTDecodeFailureException',
      missing_credentials: 'MissingTokenException',
      server_misconfiguration: 'JWTEncodeFailureException',
    },
    phrases: {
      missing_credentials: ['JWT Token not found'],
      expired_token: ['Expired JWT Token'],
      invalid_token: ['Invalid JWT Token', 'Unable to load an user with property'],
      invalid_credentials: ['Unable to find key * in the token payload'],
      invalid_signature: ['Unable to verify the given JWT through the given configuration'],
    },
  },
  {
    system: 'lexik-jwt-bundle',
    source: 'lexik/LexikJWTAuthenticationBundle:Security/Authenticator/JWTAuthenticator.php',
    phrases: {
      missing_credentials: ['Unable to extract a JWT token from the request'],
      invalid_credentials: ['There is no user with identifier', 'There is no user with username'],
    },
  },
  {
    system: 'litestar',
    source: 'litestar-org/litestar:litestar/security/jwt/middleware.py',
    codes: {
      unknown: 'NotAuthorizedException',
    },
    phrases: {
      missing_credentials: ['No JWT token found in request header', 'No JWT token found in request header or cookies'],
    },
  },
  {
    system: 'litestar',
    source: 'litestar-org/litestar:litestar/security/jwt/middleware.py (from memory)',
    codes: {
      insufficient_scope: 'PermissionDeniedException',
    },
  },
  {
    system: 'lucia',
    source: 'lucia-auth/lucia:packages/lucia/src/auth/error.ts',
    codes: {
      session_expired: 'AUTH_INVALID_SESSION_ID',
      invalid_credentials: 'AUTH_INVALID_PASSWORD AUTH_INVALID_KEY_ID AUTH_INVALID_USER_ID',
      unknown: 'AUTH_INVALID_REQUEST LuciaError',
      missing_credentials: 'AUTH_NOT_AUTHENTICATED',
      account_locked: 'AUTH_OUTDATED_PASSWORD',
    },
  },
  {
    system: 'lucia',
    source: 'lucia-auth/lucia:packages/lucia/src/auth/error.ts (from memory)',
    codes: {
      invalid_token: 'AUTH_INVALID_ACCESS_TOKEN',
      refresh_failed: 'AUTH_INVALID_REFRESH_TOKEN',
    },
  },
  {
    system: 'micronaut-security',
    source: 'micronaut-projects/micronaut-security:security/.../AuthenticationFailureReason.java',
    codes: {
      invalid_credentials: 'USER_NOT_FOUND CREDENTIALS_DO_NOT_MATCH',
      account_locked: 'USER_DISABLED ACCOUNT_EXPIRED ACCOUNT_LOCKED PASSWORD_EXPIRED',
    },
  },
  {
    system: 'micronaut-security',
    source: 'micronaut-projects/micronaut-security:security/.../AuthenticationFailureReason.java (from memory)',
    phrases: {
      invalid_credentials: ['User Not Found', 'Credentials Do Not Match'],
      account_locked: ['User Disabled', 'Account Locked', 'Password Expired'],
    },
  },
  {
    system: 'nestjs',
    source: 'nestjs/nest, nestjs/passport:lib/auth.guard.ts (from memory)',
    phrases: {
      insufficient_scope: ['Forbidden resource'],
      server_misconfiguration: ['In order to use "defaultStrategy", please, ensure to import PassportModule'],
    },
  },
  {
    system: 'next-auth',
    source: 'nextauthjs/next-auth:packages/core/src/errors.ts',
    codes: {
      server_misconfiguration:
        'AdapterError OAuthProfileParseError MissingSecret MissingAdapter MissingAuthorize InvalidEndpoints UntrustedHost UnsupportedStrategy ErrorPageLoop',
      unknown: 'AuthorizedCallbackError CallbackRouteError OAuthCallbackError MissingCSRF',
      invalid_token: 'JWTSessionError',
      session_expired: 'SessionTokenError',
    },
    phrases: {
      session_cookie_missing: ['InvalidCheck: pkceCodeVerifier value could not be parsed'],
      unknown: ['CSRF token was missing during an action'],
    },
  },
  {
    system: 'next-auth',
    source: 'nextauthjs/next-auth:packages/core/src/errors.ts (from memory)',
    codes: {
      invalid_credentials: 'CredentialsSignin',
      unknown: 'EmailSignInError OAuthAccountNotLinked OAuthSignin OAuthCallback CLIENT_FETCH_ERROR',
      session_cookie_missing: 'InvalidCheck OAUTH_CALLBACK_HANDLER_ERROR',
      missing_credentials: 'SessionRequired',
      expired_token: 'Verification',
      server_misconfiguration: 'JWT_SESSION_ERROR NO_SECRET',
      session_expired: 'SESSION_ERROR',
    },
    phrases: {
      session_cookie_missing: ['PKCE code_verifier cookie was missing', 'State cookie was missing', 'checks.state argument is missing'],
      invalid_token: ['state mismatch, expected * got'],
      server_misconfiguration: ['Please define a `secret`', 'Host must be trusted. URL was', 'no matching decryption secret'],
      unknown: ['Another account already exists with the same e-mail address'],
    },
  },
  {
    system: 'omniauth-warden',
    source: 'omniauth/omniauth, omniauth-oauth2 (from memory)',
    codes: {
      session_cookie_missing: 'csrf_detected',
      unknown: 'invalid_response CallbackError AuthenticityError',
      server_misconfiguration: 'failed_to_connect service_unavailable NoSessionError',
    },
    phrases: {
      server_misconfiguration: ['You must provide a session to use OmniAuth'],
    },
  },
  {
    system: 'omniauth-warden',
    source: 'wardencommunity/warden lib/warden/manager.rb',
    phrases: {
      server_misconfiguration: ['No Failure App provided'],
    },
  },
  {
    system: 'omniauth-warden',
    source: 'wardencommunity/warden lib/warden/strategies.rb',
    phrases: {
      server_misconfiguration: ['Invalid strategy'],
    },
  },
  {
    system: 'openid-client',
    source: 'panva/node-openid-client:lib/client.js (v2-v5; read in a bundled copy)',
    codes: {
      unknown: 'OPError RPError',
    },
    phrases: {
      malformed_credentials: ['failed to decode JWT ('],
      clock_skew: ['JWT not active yet, now'],
      expired_token: ['JWT expired, now', 'id_token expired, now'],
      invalid_token: ['JWT iat claim must be a JSON numeric value'],
      server_misconfiguration: ['issuer must be configured on the issuer'],
    },
  },
  {
    system: 'passport',
    source: 'jaredhanson/passport; passport-oauth2:lib/state/session.js; passport-jwt:lib/strategy.js',
    phrases: {
      session_cookie_missing: ['Unable to verify authorization request state'],
      invalid_token: ['Invalid authorization request state'],
      server_misconfiguration: [
        'OAuth2Strategy requires session support when using state',
        'JwtStrategy requires a secret or key',
        'JwtStrategy requires a function to retrieve jwt from requests',
      ],
      missing_credentials: ['No auth token'],
    },
  },
  {
    system: 'passport',
    source: 'jaredhanson/passport; passport-oauth2:lib/state/session.js; passport-jwt:lib/strategy.js (from memory)',
    codes: {
      server_misconfiguration: 'InternalOAuthError NoSaltValueStoredError',
      unknown: 'TokenError AuthorizationError',
      invalid_credentials: 'IncorrectPasswordError IncorrectUsernameError',
      account_locked: 'AttemptTooSoonError TooManyAttemptsError',
      missing_credentials: 'MissingPasswordError MissingUsernameError',
    },
    phrases: {
      missing_credentials: ['Missing credentials', 'Missing API Key', 'No username was given', 'No password was given'],
      server_misconfiguration: [
        'Unknown authentication strategy',
        'passport.initialize() middleware not in use',
        'Login sessions require session support. Did you forget to use',
        'Authentication strategies must have a name',
        'Failed to serialize user into session',
        'Failed to fetch user profile',
        'Failed to discover OP endpoint URL',
      ],
      session_expired: ['Failed to deserialize user out of session'],
      invalid_api_key: ['Invalid API Key'],
      invalid_credentials: [
        'Password or username is incorrect',
        'User is not yet registered',
        'Authentication not possible. No salt value stored',
      ],
      account_locked: ['Account locked due to too many failed login attempts', 'Account is currently locked. Try again later'],
    },
  },
  {
    system: 'passport-azure-ad',
    source: 'AzureAD/passport-azure-ad:lib/bearerstrategy.js, jsonWebToken.js (from memory)',
    phrases: {
      missing_credentials: ['authentication failed due to: token is not found'],
      clock_skew: ['jwt is not active'],
      audience_mismatch: ['jwt audience is invalid. expected'],
      issuer_mismatch: ['jwt issuer is invalid. expected'],
      malformed_credentials: ['jwtString is malformed'],
    },
  },
  {
    system: 'passport-azure-ad',
    source: 'AzureAD/passport-azure-ad:lib/jsonWebToken.js',
    phrases: {
      invalid_signature: ['signature is missing in jwtString', 'missing signature in the token'],
      malformed_credentials: ['failed to decode the token', 'missing header in the token', 'missing payload in the token'],
      issuer_mismatch: ['invalid iss value in payload'],
      invalid_token: ['invalid sub value in payload', 'jwt subject is invalid. expected', 'invalid exp value in payload'],
      audience_mismatch: ['mulitple audience in token is not allowed'],
      server_misconfiguration: ['options.issuer is missing', 'PEMKey must be provided in jsonWebToken.verify'],
    },
  },
  {
    system: 'play-framework',
    source: 'playframework/playframework:filters/csrf (from memory)',
    phrases: {
      unknown: [
        '[CSRF] Check failed because no or invalid token found in',
        'No CSRF token found in headers or body',
        'No CSRF token found in session',
      ],
    },
  },
  {
    system: 'pow',
    source: 'danschultzer/pow:lib/pow/phoenix/messages.ex, extensions (from memory)',
    phrases: {
      invalid_credentials: ['The provided login details did not work. Please verify your credentials'],
      missing_credentials: ['You need to sign in to see this page'],
      account_locked: ["You'll need to confirm your e-mail before you can sign in"],
      invalid_token: ['The confirmation token is invalid or has expired'],
    },
  },
  {
    system: 'quarkus-oidc',
    source: 'quarkusio/quarkus:extensions/oidc/runtime/src/main/java/io/quarkus/oidc/runtime/OidcProvider.java',
    codes: {
      unknown: 'AuthenticationFailedException',
      server_misconfiguration: 'OIDCException',
    },
    phrases: {
      invalid_signature: [
        'JWK with kid * is not available',
        'JWK with thumprint * is not available',
        "JWK is not available, neither 'kid' nor 'x5t' token headers are set",
      ],
      invalid_token: [
        'Verification of the token issued to client * has failed',
        'Token verification has failed',
        'Token issued to client * is not active',
      ],
      expired_token: ['Token issued to client * has expired'],
      server_misconfiguration: ['can not be introspected because the introspection endpoint address is unknown'],
    },
  },
  {
    system: 'quarkus-oidc',
    source: 'quarkusio/quarkus:extensions/oidc/runtime/src/main/java/io/quarkus/oidc/runtime/OidcProvider.java (from memory)',
    codes: {
      unknown: 'UnauthorizedException',
      insufficient_scope: 'ForbiddenException',
    },
    phrases: {
      server_misconfiguration: ['OIDC Server is not available', 'OIDC server is not available at the'],
    },
  },
  {
    system: 'rails',
    source: 'rails/rails:actionpack (from memory)',
    codes: {
      unknown: 'InvalidAuthenticityToken',
    },
    phrases: {
      unknown: [
        "Can't verify CSRF token authenticity",
        'HTTP Basic: Access denied',
        'HTTP Token: Access denied',
        'HTTP Digest: Access denied',
        "HTTP Origin header * didn't match request.base_url",
      ],
    },
  },
  {
    system: 'rocket',
    source: 'rwf2/Rocket:core (from memory)',
    phrases: {
      missing_credentials: ['The request requires user authentication'],
      insufficient_scope: ['The server refused to authorize the request'],
    },
  },
  {
    system: 'rodauth',
    source: 'jeremyevans/rodauth:lib/rodauth/features',
    phrases: {
      missing_credentials: ['Please login to continue'],
      invalid_credentials: ['no matching login', 'invalid password'],
      account_locked: [
        'unverified account, please verify account before logging in',
        'This account is currently locked out and cannot be logged in to',
      ],
      refresh_failed: ['invalid JWT refresh token'],
    },
  },
  {
    system: 'rodauth',
    source: 'jeremyevans/rodauth:lib/rodauth/features (from memory)',
    phrases: {
      session_expired: ['This session has been logged out', 'This session is no longer active'],
      account_locked: [
        'The account you tried to login with is currently awaiting verification',
        'Your account is currently inactive due to a lack of activity',
        'Your password has expired and needs to be changed',
      ],
      invalid_credentials: ['There was an error logging in'],
      expired_token: ['expired JWT access token'],
      invalid_token: ['invalid JWT format or claim in Authorization header'],
      missing_credentials: ['no JWT access token provided during refresh'],
    },
  },
  {
    system: 'rodauth',
    source: 'jeremyevans/rodauth:lib/rodauth/features/two_factor_base.rb',
    phrases: {
      mfa_required: [
        'You need to authenticate via 2nd factor before continuing',
        'This account has not been setup for two factor authentication',
      ],
    },
  },
  {
    system: 'sanic-jwt',
    source: 'ahopkins/sanic-jwt:sanic_jwt/exceptions.py',
    codes: {
      missing_credentials: 'MissingAuthorizationHeader MissingAuthorizationCookie',
      malformed_credentials: 'InvalidAuthorizationHeader',
      server_misconfiguration:
        'AuthenticateNotImplemented RefreshTokenNotImplemented ScopesNotImplemented MissingRegisteredClaim RequiredKeysNotFound',
    },
    phrases: {
      unknown: ['Authentication failed'],
      missing_credentials: ['Authorization header not present', 'Authorization cookie not present', 'Auth required'],
      malformed_credentials: ['Authorization header is invalid'],
      server_misconfiguration: [
        'Sanic JWT initialized without providing an authenticate method',
        'Refresh tokens have not been enabled',
        'Scopes have not been enabled',
      ],
    },
  },
  {
    system: 'sanic-jwt',
    source: 'ahopkins/sanic-jwt:sanic_jwt/exceptions.py (from memory)',
    phrases: {
      insufficient_scope: ['User does not have required scope'],
    },
  },
  {
    system: 'shiro',
    source: 'apache/shiro:core/src/main/java/org/apache/shiro/authc',
    codes: {
      invalid_credentials: 'UnknownAccountException',
      malformed_credentials: 'UnsupportedTokenException',
    },
    phrases: {
      invalid_credentials: ['was unable to find account data for the submitted AuthenticationToken'],
      server_misconfiguration: ['No realms have been configured! One or more realms must be present'],
      unknown: ['threw an exception during a multi-realm authentication attempt'],
    },
  },
  {
    system: 'shiro',
    source: 'apache/shiro:core/src/main/java/org/apache/shiro/authc (from memory)',
    codes: {
      invalid_credentials: 'IncorrectCredentialsException CredentialsException',
      account_locked:
        'LockedAccountException DisabledAccountException ExcessiveAttemptsException ConcurrentAccessException AccountException ExpiredCredentialsException',
      missing_credentials: 'UnauthenticatedException',
      session_expired: 'ExpiredSessionException UnknownSessionException StoppedSessionException InvalidSessionException',
      server_misconfiguration: 'UnavailableSecurityManagerException',
    },
    phrases: {
      invalid_credentials: ['did not match the expected credentials'],
      unknown: ['Authentication failed for token submission'],
      insufficient_scope: ['Subject does not have permission', 'Subject does not have role'],
      missing_credentials: ['The current Subject is not authenticated. Access denied', 'Attempting to perform a user-only operation'],
      session_expired: ['There is no session with id', 'has expired. Last access time'],
    },
  },
  {
    system: 'shiro',
    source: 'apache/shiro:core/src/main/java/org/apache/shiro/authc/pam/ModularRealmAuthenticator.java',
    phrases: {
      server_misconfiguration: ['does not support authentication token'],
    },
  },
  {
    system: 'spring-security',
    source: 'spring-projects/spring-security:core/src/main/resources/org/springframework/security/messages.properties',
    codes: {
      invalid_credentials:
        'AbstractUserDetailsAuthenticationProvider.badCredentials BindAuthenticator.badCredentials PasswordComparisonAuthenticator.badCredentials JdbcDaoImpl.notFound',
      account_locked:
        'AbstractUserDetailsAuthenticationProvider.locked AbstractUserDetailsAuthenticationProvider.disabled AbstractUserDetailsAuthenticationProvider.expired AbstractUserDetailsAuthenticationProvider.credentialsExpired ConcurrentSessionControllerImpl.exceededAllowed',
      missing_credentials:
        'AbstractSecurityInterceptor.authenticationNotFound LdapAuthenticationProvider.emptyUsername CasAuthenticationProvider.noServiceTicket',
      insufficient_scope: 'AbstractAccessDecisionManager.accessDenied JdbcDaoImpl.noAuthority',
      server_misconfiguration: 'ProviderManager.providerNotFound',
      client_certificate: 'X509AuthenticationProvider.certificateNull',
    },
    phrases: {
      invalid_credentials: ['Bad credentials'],
      account_locked: [
        'User account is locked',
        'User is disabled',
        'User account has expired',
        'User credentials have expired',
        'Maximum sessions of * for this principal exceeded',
      ],
      missing_credentials: [
        'An Authentication object was not found in the SecurityContext',
        'Failed to provide a CAS service ticket to validate',
      ],
      insufficient_scope: ['Access is denied', 'User * has no GrantedAuthority'],
      server_misconfiguration: ['No AuthenticationProvider found for', 'Unable to connect to LDAP server'],
      wrong_realm: ['Response realm name * does not match system realm name of'],
      clock_skew: ['Nonce has expired/timed out'],
      malformed_credentials: [
        'Nonce is not encoded in Base64; received nonce',
        'Nonce should have yielded two tokens but was',
        'Missing mandatory digest value; received header',
      ],
      proof_of_possession: ['Nonce token compromised'],
      client_certificate: ['No matching pattern was found in subjectDN'],
      invalid_token: [
        'The presented RememberMeAuthenticationToken does not contain the expected key',
        'The presented AnonymousAuthenticationToken does not contain the expected key',
      ],
    },
  },
  {
    system: 'spring-security',
    source: 'spring-projects/spring-security:core/src/main/resources/org/springframework/security/messages.properties (from memory)',
    codes: {
      missing_credentials: 'ExceptionTranslationFilter.insufficientAuthentication',
      account_locked: 'ConcurrentSessionControlAuthenticationStrategy.exceededAllowed',
      invalid_credentials:
        'LdapAuthenticationProvider.badCredentials DigestAuthenticationFilter.incorrectResponse DigestAuthenticationFilter.usernameNotFound',
      wrong_realm: 'DigestAuthenticationFilter.incorrectRealm',
      malformed_credentials:
        'DigestAuthenticationFilter.missingMandatory DigestAuthenticationFilter.missingAuth DigestAuthenticationFilter.nonceEncoding DigestAuthenticationFilter.nonceNotTwoTokens DigestAuthenticationFilter.nonceNotNumeric',
      proof_of_possession: 'DigestAuthenticationFilter.nonceCompromised',
      clock_skew: 'DigestAuthenticationFilter.nonceExpired',
      client_certificate: 'SubjectDnX509PrincipalExtractor.noMatching',
    },
  },
  {
    system: 'spring-security',
    source: 'spring-projects/spring-security:core/.../authentication, web/.../www, web/.../csrf (exception classes) (from memory)',
    codes: {
      account_locked: 'CompromisedPasswordException SessionAuthenticationException',
      server_misconfiguration: 'InternalAuthenticationServiceException',
      insufficient_scope: 'AccessDeniedException AuthorizationDeniedException',
      clock_skew: 'NonceExpiredException',
      invalid_token: 'InvalidCookieException RememberMeAuthenticationException',
      missing_credentials: 'PreAuthenticatedCredentialsNotFoundException',
    },
    phrases: {
      session_expired: [
        'Could not verify the provided CSRF token because no token was found',
        'This session has been expired (possibly due to multiple concurrent logins',
      ],
      unknown: ['Invalid CSRF Token * was found on the request parameter'],
      malformed_credentials: [
        'Failed to decode basic authentication token',
        'Invalid basic authentication token',
        'Empty basic authentication token',
        'Cookie token did not contain * tokens',
      ],
      invalid_token: ['Invalid remember-me token (Series/token) mismatch. Implies previous cookie theft attack'],
      expired_token: ['Remember-me login has expired'],
      server_misconfiguration: ['AuthenticationManager is required'],
      invalid_credentials: ['UserDetailsService returned null, which is an interface contract violation'],
    },
  },
  {
    system: 'spring-security',
    source: 'spring-projects/spring-security:core/.../authentication, web/.../www, web/.../csrf (exception classes)',
    codes: {
      session_expired: 'MissingCsrfTokenException',
    },
    phrases: {
      session_expired: ['Expected CSRF token not found. Has your session expired?'],
    },
  },
  {
    system: 'spring-security',
    source: 'spring-projects/spring-security:web/.../preauth, rememberme (from memory)',
    phrases: {
      missing_credentials: ['principal header not found in request'],
      invalid_signature: ['contained signature * but expected'],
    },
  },
  {
    system: 'spring-security',
    source: 'spring-projects/spring-security oauth2-resource-server SpringOpaqueTokenIntrospector',
    phrases: {
      server_misconfiguration: ['Introspection endpoint responded with'],
    },
  },
  {
    system: 'spring-security',
    source: 'spring-projects/spring-security oauth2-jose X509CertificateThumbprintValidator',
    phrases: {
      client_certificate: ['Unable to obtain X509Certificate from current request'],
    },
  },
  {
    system: 'spring-security-oauth2',
    source:
      'spring-projects/spring-security:oauth2/oauth2-jose/.../JwtTimestampValidator.java, NimbusJwtDecoder.java; oauth2-resource-server/.../DefaultBearerTokenResolver.java',
    codes: {
      invalid_token: 'JwtValidationException',
      unknown: 'OAuth2AuthenticationException',
    },
    phrases: {
      expired_token: ['Jwt expired at'],
      clock_skew: ['Jwt used before'],
      unknown: ['An error occurred while attempting to decode the Jwt'],
      malformed_credentials: [
        'An error occurred while attempting to decode the Jwt: Malformed payload',
        'Found multiple bearer tokens in the request',
        'Bearer token is malformed',
      ],
      server_misconfiguration: ['An error occurred while attempting to decode the Jwt: Malformed Jwk set'],
      invalid_signature: ['Unsupported algorithm of'],
      missing_credentials: ['The requested token parameter is an empty string'],
    },
  },
  {
    system: 'spring-security-oauth2',
    source:
      'spring-projects/spring-security:oauth2/oauth2-jose/.../JwtTimestampValidator.java, NimbusJwtDecoder.java; oauth2-resource-server/.../DefaultBearerTokenResolver.java (from memory)',
    codes: {
      invalid_token: 'InvalidBearerTokenException BadOpaqueTokenException',
      server_misconfiguration: 'JwtDecoderInitializationException OAuth2IntrospectionException',
      refresh_failed: 'ClientAuthorizationException',
      missing_credentials: 'ClientAuthorizationRequiredException',
    },
    phrases: {
      issuer_mismatch: ['The iss claim is not valid', 'This iss claim is not equal to the configured issuer'],
      audience_mismatch: ['The aud claim is not valid'],
      invalid_token: ['This * claim is not equal to the configured', "Provided token isn't active"],
      insufficient_scope: ['The request requires higher privileges than provided by the access token'],
      server_misconfiguration: [
        'Unable to resolve the Configuration with the provided Issuer of',
        'The Issuer * provided in the configuration did not match the requested issuer',
      ],
      unknown: ['Invalid bearer token'],
    },
  },
  {
    system: 'spring-security-oauth2',
    source:
      'spring-projects/spring-security:oauth2/oauth2-client/.../OAuth2LoginAuthenticationFilter.java, OidcAuthorizationCodeAuthenticationProvider',
    codes: {
      session_cookie_missing: 'authorization_request_not_found',
      server_misconfiguration: 'invalid_user_info_response',
    },
  },
  {
    system: 'spring-security-oauth2',
    source:
      'spring-projects/spring-security:oauth2/oauth2-client/.../OAuth2LoginAuthenticationFilter.java, OidcAuthorizationCodeAuthenticationProvider (from memory)',
    codes: {
      server_misconfiguration: 'client_registration_not_found missing_signature_verifier missing_user_info_uri missing_user_name_attribute',
      invalid_token: 'invalid_state_parameter invalid_nonce invalid_id_token invalid_redirect_uri_parameter',
      unknown: 'invalid_token_response',
      missing_credentials: 'client_authorization_required',
    },
    phrases: {
      server_misconfiguration: ['Failed to find a Signature Verifier for Client Registration'],
      invalid_credentials: [
        'Client authentication failed: client_secret',
        'Client authentication failed: client_id',
        'Client authentication failed: authentication_method',
        'Client authentication failed: credentials',
      ],
      proof_of_possession: ['Client authentication failed: code_verifier'],
      client_certificate: ['Client authentication failed: x509_certificate_issuer'],
    },
  },
  {
    system: 'spring-security-saml',
    source: 'spring-projects/spring-security:saml2/.../Saml2ErrorCodes.java (from memory)',
    codes: {
      server_misconfiguration: 'internal_validation_error relying_party_registration_not_found decryption_error',
      malformed_credentials: 'malformed_response_data malformed_request_data',
      audience_mismatch: 'invalid_destination',
      invalid_token: 'invalid_assertion invalid_in_response_to Saml2AuthenticationException',
      invalid_credentials: 'subject_not_found username_not_found',
    },
  },
  {
    system: 'supertokens',
    source: 'supertokens/supertokens-node:lib/ts/recipe/session/sessionRequestFunctions.ts, error.ts',
    codes: {
      missing_credentials: 'UNAUTHORISED',
      expired_token: 'TRY_REFRESH_TOKEN',
      refresh_failed: 'TOKEN_THEFT_DETECTED',
    },
    phrases: {
      refresh_failed: ['Refresh token not found. Are you sending the refresh token'],
      unknown: ["anti-csrf check failed. Please pass 'rid", 'anti-csrf check failed'],
      session_expired: ['using legacy session, please call the refresh API'],
    },
  },
  {
    system: 'supertokens',
    source: 'supertokens/supertokens-node:lib/ts/recipe/session/sessionRequestFunctions.ts, error.ts (from memory)',
    codes: {
      insufficient_scope: 'INVALID_CLAIMS',
    },
    phrases: {
      expired_token: ['try refresh token', 'Access token has expired. Please call the refresh API'],
      refresh_failed: ['token theft detected'],
      missing_credentials: ['Session does not exist. Are you sending the session tokens'],
    },
  },
  {
    system: 'symfony-security',
    source: 'symfony/symfony:src/Symfony/Component/Security/Core/Resources/translations/security.en.xlf',
    phrases: {
      unknown: ['An authentication exception occurred'],
      missing_credentials: ['Authentication credentials could not be found', 'No token could be found'],
      server_misconfiguration: [
        'Authentication request could not be processed due to a system problem',
        'No authentication provider found to support the authentication token',
      ],
      invalid_token: ['Cookie has already been used by someone else'],
      insufficient_scope: ['Not privileged to request the resource'],
      session_cookie_missing: ['No session available, it either timed out or cookies are not enabled'],
      invalid_credentials: ['Username could not be found'],
      account_locked: [
        'Account has expired',
        'Credentials have expired',
        'Account is disabled',
        'Account is locked',
        'Too many failed login attempts, please try again later',
      ],
    },
  },
  {
    system: 'symfony-security',
    source: 'symfony/symfony:src/Symfony/Component/Security/Core/Resources/translations/security.en.xlf (from memory)',
    phrases: {
      account_locked: ['Too many failed login attempts, please try again in * minute'],
    },
  },
  {
    system: 'symfony-security',
    source: 'symfony/symfony:src/Symfony/Component/Security/Core/Exception (from memory)',
    codes: {
      missing_credentials: 'AuthenticationCredentialsNotFoundException InsufficientAuthenticationException TokenNotFoundException',
      server_misconfiguration: 'AuthenticationServiceException ProviderNotFoundException UnsupportedUserException',
      invalid_credentials: 'BadCredentialsException UserNotFoundException UsernameNotFoundException',
      account_locked:
        'AccountExpiredException CredentialsExpiredException DisabledException LockedException AccountStatusException CustomUserMessageAccountStatusException TooManyLoginAttemptsAuthenticationException',
      session_cookie_missing: 'SessionUnavailableException',
      invalid_token: 'CookieTheftException',
      unknown: 'InvalidCsrfTokenException',
    },
    phrases: {
      missing_credentials: ['Full authentication is required to access this resource'],
    },
  },
  {
    system: 'tomcat',
    source: 'apache/tomcat:java/org/apache/catalina/realm/LocalStrings.properties, authenticator/LocalStrings.properties',
    phrases: {
      invalid_credentials: [
        'Failed to authenticate user * with realm',
        'Username * NOT successfully authenticated',
        'User name or password is incorrect',
        'Username * NOT authenticated due to failed login',
      ],
      account_locked: [
        'Username * NOT authenticated due to expired account',
        'Username * NOT authenticated due to expired credential',
        'An attempt was made to authenticate the locked user',
      ],
      server_misconfiguration: [
        'Exception performing authentication',
        'Exception opening directory server connection',
        'Exception opening database connection',
        'No UserDatabase component found under key',
        'Failed to start * realm',
        'Unable to login as the service principal',
      ],
      insufficient_scope: [
        'Access to the requested resource has been denied',
        'Username * does NOT have role',
        'does not have authorization to access the resource',
      ],
      client_certificate: [
        'No client certificate chain in this request',
        'No certificates are included with this request',
        'Authentication with the provided certificates failed',
      ],
      unknown: ['Cannot authenticate with the provided credentials', 'User authentication failure'],
      missing_credentials: ['No authorization header sent by client'],
      session_expired: [
        'The time allowed for the login process has been exceeded',
        'Client inactivity caused the session to expire during authentication',
        'SSO did not find a cached Principal. Erasing SSO cookie',
      ],
      malformed_credentials: [
        'Basic Authorization credentials do not contain a colon',
        'Basic Authorization credentials are not Base64',
        "Authorization header method is not 'Basic'",
        'RFC 7613 does not permit empty user names',
        'Invalid direct reference to form login page',
        'Negotiate authorization header sent by the client did not include a token',
        'The authorization header sent by the client did not start with Negotiate',
      ],
      session_cookie_missing: ['SSO did not find an SSO cookie'],
      invalid_token: [
        'The token sent by the client was invalid',
        'Failed to validate client supplied ticket',
        'Unable to authenticate the client provided ticket',
      ],
    },
  },
  {
    system: 'tomcat',
    source: 'apache/tomcat java/org/apache/catalina/authenticator/LocalStrings.properties',
    phrases: {
      session_expired: ['SSO did not find a cached Principal'],
    },
  },
  {
    system: 'tornado',
    source: 'tornadoweb/tornado:tornado/web.py (from memory)',
    phrases: {
      unknown: ["'_xsrf' argument missing from POST", 'XSRF cookie does not match POST argument'],
    },
  },
  {
    system: 'ueberauth',
    source: 'ueberauth/ueberauth, ueberauth strategies (from memory)',
    codes: {
      session_cookie_missing: 'csrf_attack',
    },
  },
  {
    system: 'undertow',
    source: 'undertow-io/undertow:core/src/main/java/io/undertow/UndertowLogger.java',
    codes: {
      invalid_token: 'UT005008',
      missing_credentials: 'UT005009',
      invalid_credentials: 'UT005010',
    },
    phrases: {
      missing_credentials: ['A mandatory token * is missing from the request'],
      invalid_credentials: ['Verification of authentication tokens for user * has failed using mechanism'],
      invalid_token: ['An invalid token * with value * has been received'],
    },
  },
  {
    system: 'warden-jwt-auth',
    source: 'waiting-for-dev/warden-jwt_auth:lib/warden/jwt_auth/errors.rb',
    codes: {
      revoked_token: 'RevokedToken',
      insufficient_scope: 'WrongScope',
      audience_mismatch: 'WrongAud MissingAudHeaderWithNoFallback',
    },
  },
  {
    system: 'warden-jwt-auth',
    source: 'waiting-for-dev/warden-jwt_auth:lib/warden/jwt_auth/errors.rb (from memory)',
    codes: {
      invalid_credentials: 'NilUser',
    },
  },
  {
    system: 'wordpress',
    source: 'WordPress/WordPress wp-admin/includes/class-wp-site-health.php',
    phrases: {
      stripped_credentials: [
        'The authorization header is missing. The Authorization header is used by third-party applications',
        'The authorization header is invalid. The Authorization header is used by third-party applications',
      ],
    },
  },
];
