/** Clouds and services: the codes and sentences of their APIs. */
import type { RuleTable } from '../table.js';

export const CLOUDS: readonly RuleTable[] = [
  {
    system: 'alibaba-cloud',
    source: 'alibabacloud.com common error codes',
    codes: {
      invalid_api_key: 'InvalidAccessKeyId.NotFound InvalidAccessKeyId.Inactive InvalidSecurityToken.MismatchWithAccessKey',
      clock_skew: 'InvalidTimeStamp.Expired',
      expired_token: 'InvalidSecurityToken.Expired SecurityTokenExpired',
      malformed_credentials: 'InvalidSecurityToken.Malformed',
      proof_of_possession: 'SignatureNonceUsed',
      insufficient_scope: 'Forbidden.RAM',
      missing_credentials: 'MissingSecurityToken',
    },
  },
  {
    system: 'anthropic',
    source: 'docs.anthropic.com/en/api/errors',
    codes: {
      unknown: 'authentication_error',
      insufficient_scope: 'permission_error',
    },
    phrases: {
      invalid_api_key: ['invalid x-api-key'],
      missing_credentials: ['x-api-key header is required'],
      expired_token: ['OAuth token has expired. Please obtain a new token or refresh'],
      malformed_credentials: ['OAuth authentication is currently not supported'],
      account_locked: ['This organization has been disabled'],
      revoked_token: ['OAuth token has been revoked'],
    },
  },
  {
    system: 'appsync',
    source: 'docs.aws.amazon.com/appsync troubleshooting; errorType',
    phrases: {
      insufficient_scope: ['You are not authorized to make this call'],
      missing_credentials: ['Valid authorization header not provided', 'Required headers are missing'],
      server_misconfiguration: ['Permission denied while accessing token issuer'],
    },
  },
  {
    system: 'atlassian',
    source: 'developer.atlassian.com, support.atlassian.com, Jira Seraph',
    codes: {
      account_locked: 'CAPTCHA_CHALLENGE AUTHENTICATION_DENIED X-Seraph-LoginReason=AUTHENTICATION_DENIED',
      invalid_credentials:
        'AUTHENTICATED_FAILED X-Seraph-LoginReason=AUTHENTICATED_FAILED oauth_problem=consumer_key_unknown oauth_problem=consumer_key_rejected',
      session_expired: 'X-Seraph-LoginReason=OUT',
      expired_token: 'oauth_problem=token_expired',
      invalid_token: 'oauth_problem=token_rejected oauth_problem=token_used',
      revoked_token: 'oauth_problem=token_revoked',
      invalid_signature: 'oauth_problem=signature_invalid oauth_problem=signature_method_rejected',
      proof_of_possession: 'oauth_problem=nonce_used',
      clock_skew: 'oauth_problem=timestamp_refused',
      missing_credentials: 'oauth_problem=parameter_absent',
      malformed_credentials: 'oauth_problem=parameter_rejected oauth_problem=version_rejected',
      insufficient_scope: 'oauth_problem=permission_denied oauth_problem=user_refused',
      unknown: 'oauth_problem=permission_unknown',
    },
    phrases: {
      malformed_credentials: ['Basic authentication with passwords is deprecated'],
      missing_credentials: ['Client must be authenticated to access this resource'],
      insufficient_scope: ['Unauthorized; scope does not match', 'Your credentials lack one or more required privilege scopes'],
      expired_token: ['Access token expired. Use your refresh token to obtain a new'],
      invalid_token: ['Token is invalid, expired, or not supported for this endpoint'],
      mfa_required: ['To access this repository, use of two-step verification is required'],
    },
  },
  {
    system: 'aws-alb',
    source: 'docs.aws.amazon.com/elasticloadbalancing access logs, error reason codes',
    codes: {
      server_misconfiguration: 'JWKSRequestTimeout JWKSResponseSizeExceeded',
      invalid_signature: 'JWTSignatureValidationFailed',
    },
  },
  {
    system: 'aws-api-gateway',
    source: 'docs.aws.amazon.com/apigateway gateway response types',
    codes: {
      insufficient_scope: 'WAF_FILTERED',
    },
    phrases: {
      expired_token: ['The incoming token has expired', 'the token has expired'],
      malformed_credentials: ['is not a valid key=value pair (missing equal-sign) in Authorization header'],
    },
  },
  {
    system: 'aws-sigv4',
    source: 'docs.aws.amazon.com IAM/STS CommonErrors, S3 ErrorResponses',
    codes: {
      missing_credentials:
        'MissingAuthenticationToken MissingSecurityHeader MissingSecurityElement NoCredentialsError CredentialsProviderError NoCredentialProviders',
      malformed_credentials: 'IncompleteSignature AuthorizationHeaderMalformed AuthorizationQueryParametersError CredentialsNotSupported',
      invalid_api_key: 'InvalidClientTokenId UnrecognizedClientException InvalidAccessKeyId',
      invalid_signature: 'SignatureDoesNotMatch XAmzContentSHA256Mismatch UnsupportedSignature',
      clock_skew: 'RequestTimeTooSkewed RequestExpired',
      expired_token: 'ExpiredToken TokenRefreshRequired',
      insufficient_scope: 'UnauthorizedOperation OptInRequired NotSignedUp AllAccessDisabled UnauthorizedAccess',
      unknown: 'AuthFailure CrossLocationLoggingProhibited',
      invalid_token: 'InvalidSecurity',
      account_locked: 'AccountProblem InvalidPayer',
      session_expired: 'TokenRetrievalError SSOTokenLoadError UnauthorizedSSOTokenError',
    },
    phrases: {
      invalid_api_key: [
        'The security token included in the request is invalid',
        'AWS Access Key Id you provided does not exist in our records',
      ],
      expired_token: ['The security token included in the request is expired', 'The provided token has expired'],
      insufficient_scope: [
        'The AWS Access Key Id needs a subscription for the service',
        'not authorized to perform: * because no identity-based policy allows',
        'with an explicit deny in a service control policy',
        'with an explicit deny in an identity-based policy',
        'is not authorized to perform',
      ],
      invalid_signature: [
        'The request signature we calculated does not match the signature you provided',
        'There were headers present in the request which were not signed',
      ],
      clock_skew: [
        'Signature expired: * is now earlier than',
        'Signature not yet current: * is still later than',
        'difference between the request time and the current time is too large',
      ],
      wrong_realm: [
        'Credential should be scoped to a valid region',
        'Credential should be scoped to correct service',
        "the region '*' is wrong; expecting",
      ],
      missing_credentials: [
        'Request is missing Authentication Token',
        'Unable to locate credentials. You can configure credentials',
        'Could not load credentials from any providers',
      ],
      malformed_credentials: [
        "Authorization header requires 'Credential' parameter",
        "Authorization header requires 'Signature' parameter",
        'AWS authentication requires a valid Date or x-amz-date header',
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256',
        'Query-string authentication version 4 requires the X-Amz-Algorithm',
        'Error parsing the X-Amz-Credential parameter',
      ],
      invalid_token: ['The provided token is malformed or otherwise invalid'],
      session_expired: ['The SSO session associated with this profile has expired', 'Error loading SSO Token'],
    },
  },
  {
    system: 'aws-sigv4',
    source: 'docs.aws.amazon.com/STS/latest/APIReference',
    codes: {
      invalid_token: 'IDPRejectedClaim InvalidIdentityToken',
      server_misconfiguration: 'IDPCommunicationError',
      wrong_realm: 'RegionDisabledException',
      unknown: 'InvalidAuthorizationMessageException',
    },
    phrases: {
      issuer_mismatch: ['No OpenIDConnect provider found in your account for'],
      audience_mismatch: ['Incorrect token audience'],
      insufficient_scope: ['Not authorized to perform sts:AssumeRoleWithWebIdentity'],
      server_misconfiguration: [
        "Couldn't retrieve verification key from your identity provider",
        "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
      ],
      expired_token: ['Token must be less than'],
      mfa_required: [
        'MultiFactorAuthentication failed with invalid MFA one time pass code',
        'MultiFactorAuthentication failed, must provide both MFA serial number and',
      ],
    },
  },
  {
    system: 'aws-sigv4',
    source: 'docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html',
    phrases: {
      unknown: ['AWS was not able to validate the provided access credentials'],
    },
  },
  {
    system: 'azure-apim',
    source: 'learn.microsoft.com/azure/api-management error-handling-policies',
    codes: {
      missing_credentials: 'TokenNotPresent HeaderNotFound',
    },
    phrases: {
      missing_credentials: ['JWT not present'],
      invalid_api_key: ['Access denied due to invalid subscription key or wrong API endpoint'],
      invalid_signature: ['Signing key ID not found'],
    },
  },
  {
    system: 'azure-key-vault',
    source: 'learn.microsoft.com/azure/key-vault/general/rest-error-codes',
    codes: {
      missing_credentials: 'AKV10000',
      audience_mismatch: 'AKV10022',
      issuer_mismatch: 'AKV10032',
      invalid_signature: 'AKV10046',
      insufficient_scope: 'ForbiddenByPolicy ForbiddenByFirewall ForbiddenByRbac ForbiddenByConnection',
    },
    phrases: {
      missing_credentials: ['AKV10000: Request is missing a Bearer or PoP token'],
      audience_mismatch: ['AKV10022: Invalid audience'],
      issuer_mismatch: ['AKV10032: Invalid issuer'],
    },
  },
  {
    system: 'azure-resource-manager',
    source: 'learn.microsoft.com azure-resource-manager common errors; Graph errors',
    codes: {
      invalid_token: 'InvalidAuthenticationToken',
      wrong_realm: 'InvalidAuthenticationTokenTenant SubscriptionNotFound',
      audience_mismatch: 'InvalidAuthenticationTokenAudience',
      expired_token: 'ExpiredAuthenticationToken',
      missing_credentials: 'AuthenticationFailedMissingToken',
      malformed_credentials: 'AuthenticationFailedInvalidHeader',
      unknown: 'InvalidSubscriptionId',
      insufficient_scope:
        'AuthorizationFailed LinkedAuthorizationFailed RequestDisallowedByPolicy DisallowedOperation MissingSubscriptionRegistration',
      account_locked: 'ReadOnlyDisabledSubscription',
    },
    phrases: {
      expired_token: ['The access token expiry UTC time * is earlier than current UTC time'],
      issuer_mismatch: ['The access token is from the wrong issuer'],
      missing_credentials: ["Authentication failed. The 'Authorization' header is missing"],
      malformed_credentials: ["The 'Authorization' header is provided in an invalid format"],
      insufficient_scope: ['does not have authorization to perform action'],
      invalid_token: ['received access token is not valid: at least one of the claims'],
      audience_mismatch: ['The access token has been obtained for wrong audience or resource'],
    },
  },
  {
    system: 'azure-sdk',
    source: 'Azure/azure-sdk-for-python azure-identity',
    codes: {
      unknown: 'ClientAuthenticationError',
      missing_credentials: 'CredentialUnavailableError CredentialUnavailableException AuthenticationRequiredError',
    },
    phrases: {
      missing_credentials: [
        'DefaultAzureCredential failed to retrieve a token from the included credentials',
        'EnvironmentCredential authentication unavailable. Environment variables are not fully configured',
        "Please run 'az login' to set up an account",
      ],
      server_misconfiguration: ['ManagedIdentityCredential authentication unavailable'],
    },
  },
  {
    system: 'azure-storage',
    source: 'learn.microsoft.com/rest/api/storageservices common error codes',
    codes: {
      unknown: 'azure-storage:AuthenticationFailed CannotVerifyCopySource',
      malformed_credentials: 'InvalidAuthenticationInfo',
      missing_credentials: 'NoAuthenticationInformation PublicAccessNotPermitted',
      insufficient_scope:
        'AuthorizationFailure AuthorizationPermissionMismatch AuthorizationProtocolMismatch AuthorizationResourceTypeMismatch AuthorizationServiceMismatch AuthorizationSourceIPMismatch InsufficientAccountPermissions KeyBasedAuthenticationNotPermitted UnauthorizedBlobOverwrite',
      account_locked: 'AccountIsDisabled',
    },
    phrases: {
      invalid_signature: ['Signature did not match. String to sign used was', 'is not the same as any computed signature'],
      expired_token: ['Signature not valid in the specified time frame'],
      unknown: ['Server failed to authenticate the request. Make sure the value of'],
      insufficient_scope: [
        'This request is not authorized to perform this operation using this permission',
        'Key based authentication is not permitted on this storage account',
      ],
      audience_mismatch: ['Audience validation failed. Audience did not match'],
      issuer_mismatch: ['Issuer validation failed. Issuer did not match'],
      clock_skew: ['The date header in the request is incorrect', 'Request date header too old'],
    },
  },
  {
    system: 'ceph-rgw',
    source: 'ceph/ceph src/rgw/rgw_common.cc, rgw_http_errors.h',
    codes: {
      account_locked: 'UserSuspended',
      invalid_credentials: 'InvalidSecretKey',
      invalid_api_key: 'InvalidAccessKey',
      wrong_realm: 'InvalidTenantName',
    },
  },
  {
    system: 'cloudflare-access',
    source: 'developers.cloudflare.com/cloudflare-one troubleshooting',
    phrases: {
      server_misconfiguration: ['Unable to find your Access application'],
      session_expired: ['Invalid session. Please try logging in again'],
    },
  },
  {
    system: 'cloudflare-api',
    source: 'developers.cloudflare.com/fundamentals/api/troubleshooting',
    codes: {
      unknown: 'cloudflare:10000 cloudflare:9109',
      malformed_credentials: 'cloudflare:6003 cloudflare:6111 cloudflare:6103',
      invalid_api_key: 'cloudflare:9103',
      missing_credentials: 'cloudflare:9106 cloudflare:9107',
      invalid_token: 'cloudflare:1000',
    },
    phrases: {
      malformed_credentials: ['Invalid format for Authorization header', 'Invalid format for X-Auth-Key header'],
      invalid_api_key: ['Unknown X-Auth-Key or X-Auth-Email'],
      missing_credentials: ['Missing X-Auth-Key, X-Auth-Email or Authorization headers'],
      insufficient_scope: ['Unauthorized to access requested resource'],
    },
  },
  {
    system: 'databricks',
    source: 'docs.databricks.com REST errors',
    codes: {
      unknown: 'databricks:UNAUTHENTICATED',
    },
    phrases: {
      invalid_token: ['Invalid Token or missing user in request header', 'Invalid access token. [ReqId'],
      missing_credentials: ['Credential was not sent or was of an unsupported type for'],
      expired_token: ['Token is expired'],
    },
  },
  {
    system: 'datadog',
    source: 'docs.datadoghq.com/api',
    phrases: {
      insufficient_scope: ['Failed permission authorization checks'],
    },
  },
  {
    system: 'digitalocean',
    source: 'docs.digitalocean.com/reference/api',
    phrases: {
      unknown: ['Unable to authenticate you'],
      insufficient_scope: ['You are not authorized to perform this operation'],
    },
  },
  {
    system: 'discord',
    source: 'discord.com/developers/docs/topics/opcodes-and-status-codes',
    codes: {
      unknown: 'discord:40001',
      account_locked: 'discord:40002',
      insufficient_scope: 'discord:50001 discord:50013 close_code=4014',
      invalid_token: 'discord:50014 discord:50025 close_code=4004',
      mfa_required: 'discord:60003',
      missing_credentials: 'close_code=4003',
      session_expired: 'close_code=4009',
    },
    phrases: {
      account_locked: ['You need to verify your account in order to perform this action'],
      mfa_required: ['Two factor is required for this operation'],
      invalid_token: ['Invalid OAuth2 access token provided', 'Invalid authentication token provided'],
      proof_of_possession: ['invalid request signature'],
    },
  },
  {
    system: 'docker-registry',
    source: 'distribution/distribution registry/api/errcode, v2; docker CLI',
    codes: {
      unknown: 'docker:UNAUTHORIZED',
      insufficient_scope: 'docker:DENIED',
    },
    phrases: {
      insufficient_scope: [
        'requested access to the resource is denied',
        'denied: Permission "artifactregistry.repositories.downloadArtifacts" denied',
        'insufficient scopes to access',
      ],
      invalid_credentials: ['unauthorized: incorrect username or password'],
      missing_credentials: ['no basic auth credentials', 'unauthorized: authentication required'],
      unknown: ["repository does not exist or may require 'docker login'"],
      expired_token: ['denied: Your authorization token has expired. Reauthenticate and try again'],
      invalid_api_key: ['unauthorized: personal access token is expired'],
    },
  },
  {
    system: 'dropbox',
    source: 'www.dropbox.com/developers/documentation/http (AuthError)',
    codes: {
      expired_token: 'expired_access_token',
      account_locked: 'user_suspended',
      wrong_realm: 'invalid_select_user invalid_select_admin',
      insufficient_scope: 'route_access_denied dropbox:missing_scope',
    },
    phrases: {
      malformed_credentials: ['The given OAuth 2 access token is malformed'],
    },
  },
  {
    system: 'facebook-graph',
    source: 'developers.facebook.com/docs/graph-api/guides/error-handling',
    codes: {
      revoked_token: 'error_subcode=458 error_subcode=460',
      account_locked: 'error_subcode=459 error_subcode=464',
      expired_token: 'error_subcode=463',
      invalid_token: 'error_subcode=467 facebook:190',
      insufficient_scope: 'error_subcode=492 facebook:10 facebook:200',
      session_expired: 'facebook:102',
      proof_of_possession: 'facebook:104',
    },
    phrases: {
      expired_token: ['Error validating access token: Session has expired on'],
      revoked_token: [
        'The session has been invalidated because the user changed their password',
        'The user has not authorized application',
      ],
      malformed_credentials: ['The access token could not be decrypted', 'Cannot parse access token'],
      missing_credentials: ['An active access token must be used to query information'],
      invalid_signature: ['Invalid OAuth access token signature'],
      proof_of_possession: [
        'Invalid appsecret_proof provided in the API argument',
        'API calls from the server require an appsecret_proof argument',
      ],
      audience_mismatch: ['The token was issued for a different application'],
    },
  },
  {
    system: 'gemini',
    source: 'ai.google.dev error messages',
    phrases: {
      invalid_api_key: ['API Key not found. Please pass a valid API key', 'Your API key was reported as leaked'],
    },
  },
  {
    system: 'github-api',
    source: 'docs.github.com REST troubleshooting, SSH errors, apps',
    codes: {
      invalid_token: 'bad_verification_code incorrect_device_code',
      invalid_credentials: 'incorrect_client_credentials',
      refresh_failed: 'bad_refresh_token',
      account_locked: 'unverified_user_email application_suspended',
      server_misconfiguration: 'device_flow_disabled',
    },
    phrases: {
      missing_credentials: ['Requires authentication'],
      insufficient_scope: [
        'Must have admin rights to Repository',
        'Resource not accessible by integration',
        'Resource not accessible by personal access token',
        'forbids access via a personal access token',
        'Although you appear to have the correct authorization credentials, the',
      ],
      wrong_realm: ['Resource protected by organization SAML enforcement'],
      mfa_required: ['Must specify two-factor authentication OTP code'],
      account_locked: [
        'Maximum number of login attempts exceeded',
        'Sorry. Your account was suspended',
        'This installation has been suspended',
      ],
      clock_skew: [
        "'Expiration time' claim ('exp') is too far in the future",
        "'Issued at' claim ('iat') must be an Integer representing the time",
      ],
      expired_token: ["claim ('exp') must be a numeric value representing the future time"],
      malformed_credentials: ['A JSON web token could not be decoded', 'Support for password authentication was removed'],
      issuer_mismatch: ['Integration not found'],
    },
  },
  {
    system: 'gitlab',
    source: 'docs.gitlab.com/ee/api, gitlab lib/gitlab/auth, lib/api/api_guard.rb',
    codes: {
      insufficient_scope: 'impersonation_disabled',
    },
    phrases: {
      malformed_credentials: ["You must use a personal access token with 'read_repository'"],
      expired_token: ['Token is expired. You can either do re-authorization or token refresh'],
      revoked_token: ['Token was revoked. You have to re-authorize from the user'],
      insufficient_scope: ['Impersonation is disabled'],
      proof_of_possession: ['DPoP validation error'],
      account_locked: [
        'Your password expired. Please access GitLab from a web browser',
        'Your account has been blocked',
        'Your account is pending approval from your administrator',
        'must accept the Terms of Service in order to perform this action',
      ],
    },
  },
  {
    system: 'google-api',
    source: 'googleapis/googleapis google/api/error_reason.proto',
    codes: {
      insufficient_scope:
        'SERVICE_DISABLED BILLING_DISABLED API_KEY_SERVICE_BLOCKED API_KEY_HTTP_REFERRER_BLOCKED API_KEY_IP_ADDRESS_BLOCKED API_KEY_ANDROID_APP_BLOCKED API_KEY_IOS_APP_BLOCKED LOCATION_TAX_POLICY_VIOLATED USER_PROJECT_DENIED SECURITY_POLICY_VIOLATED ACCESS_TOKEN_SCOPE_INSUFFICIENT RESOURCE_PROJECT_INVALID USER_BLOCKED_BY_ADMIN RESOURCE_USAGE_RESTRICTION_VIOLATED ORG_RESTRICTION_VIOLATION SERVICE_NOT_VISIBLE LOCATION_POLICY_VIOLATED',
      invalid_api_key: 'API_KEY_INVALID',
      unknown: 'RATE_LIMIT_EXCEEDED RESOURCE_QUOTA_EXCEEDED CONSUMER_INVALID SYSTEM_PARAMETER_UNSUPPORTED MISSING_ORIGIN',
      account_locked: 'CONSUMER_SUSPENDED ACCOUNT_STATE_INVALID GCP_SUSPENDED',
      expired_token: 'ACCESS_TOKEN_EXPIRED',
      malformed_credentials: 'ACCESS_TOKEN_TYPE_UNSUPPORTED ORG_RESTRICTION_HEADER_INVALID OVERLOADED_CREDENTIALS',
      missing_credentials: 'CREDENTIALS_MISSING',
      session_expired: 'SESSION_COOKIE_INVALID',
    },
  },
  {
    system: 'google-api',
    source: 'cloud.google.com docs; Google API error messages',
    codes: {
      invalid_token: 'reason=authError reason=invalidCredentials',
      invalid_api_key: 'reason=keyInvalid reason=keyExpired',
      insufficient_scope:
        'reason=accessNotConfigured reason=ipRefererBlocked reason=insufficientPermissions insufficientFilePermissions appNotAuthorizedToFile domainPolicy',
      missing_credentials: 'reason=dailyLimitExceededUnreg',
      account_locked: 'accountDisabled',
    },
    phrases: {
      invalid_token: ['Request had invalid authentication credentials. Expected OAuth 2 access token'],
      missing_credentials: [
        'Request is missing required authentication credential',
        'The request is missing a valid API key',
        "Method doesn't allow unregistered callers",
        'Daily Limit for Unauthenticated Use Exceeded',
        'Anonymous caller does not have',
      ],
      insufficient_scope: [
        'Request had insufficient authentication scopes',
        'Requests from referer * are blocked',
        'has not been used in project * before or it is disabled',
      ],
      invalid_api_key: ['API key not valid. Please pass a valid API key', 'API key expired. Please renew the API key'],
      wrong_realm: ['The API Key and the authentication credential are from different projects'],
    },
  },
  {
    system: 'google-iap',
    source: 'cloud.google.com/iap/docs/faq',
    phrases: {
      audience_mismatch: ["Invalid IAP credentials: JWT audience doesn't match"],
      expired_token: ['Invalid IAP credentials: Expired JWT'],
    },
  },
  {
    system: 'google-oauth',
    source: 'developers.google.com/identity/protocols/oauth2; google-auth libraries',
    codes: {
      insufficient_scope: 'admin_policy_enforced',
      unknown: 'disallowed_useragent',
      wrong_realm: 'org_internal',
      invalid_credentials: 'deleted_client',
      server_misconfiguration: 'redirect_uri_mismatch',
      mfa_required: 'invalid_rapt rapt_required',
      refresh_failed: 'RefreshError',
      missing_credentials: 'DefaultCredentialsError',
    },
    phrases: {
      invalid_token: ['Token has been expired or revoked', 'invalid_grant: Bad Request'],
      invalid_signature: ['Invalid JWT Signature'],
      clock_skew: ['Invalid JWT: Token must be a short-lived token'],
      insufficient_scope: [
        'Client is unauthorized to retrieve access tokens using this method',
        'Unable to acquire impersonated credentials',
      ],
      invalid_credentials: ['The OAuth client was not found', 'Invalid grant: account not found'],
      account_locked: ['The OAuth client was disabled'],
      mfa_required: ['reauth related error'],
      missing_credentials: ['Could not automatically determine credentials', 'Could not load the default credentials'],
    },
  },
  {
    system: 'heroku',
    source: 'devcenter.heroku.com/articles/platform-api-reference#errors',
    codes: {
      mfa_required: 'heroku:two_factor',
      account_locked: 'heroku:suspended heroku:delinquent heroku:verification_required',
    },
    phrases: {
      invalid_credentials: ['Invalid credentials provided'],
      missing_credentials: ['There were no credentials in your `Authorization` header'],
    },
  },
  {
    system: 'hubspot',
    source: 'developers.hubspot.com error handling',
    codes: {
      expired_token: 'category=EXPIRED_AUTHENTICATION EXPIRED_AUTHENTICATION',
      invalid_token: 'category=INVALID_AUTHENTICATION',
      insufficient_scope: 'category=MISSING_SCOPES',
    },
    phrases: {
      missing_credentials: ['Authentication credentials not found. This API supports OAuth 2.0 authentication'],
      expired_token: ['This oauth-token * is expired! The token expired'],
    },
  },
  {
    system: 'huggingface',
    source: 'huggingface/huggingface_hub utils/_http.py',
    codes: {
      insufficient_scope: 'X-Error-Code=GatedRepo GatedRepoError',
      unknown: 'X-Error-Code=RepoNotFound',
      missing_credentials: 'LocalTokenNotFoundError',
    },
    phrases: {
      invalid_api_key: ['Invalid credentials in Authorization header', 'User Access Token * is expired'],
      insufficient_scope: [
        'is restricted and you are not in the authorized list',
        'This authentication method does not have sufficient permissions',
      ],
      missing_credentials: ['You must have access to it and be authenticated to access it'],
    },
  },
  {
    system: 'ibm-cloud',
    source: 'cloud.ibm.com/docs account IAM token errors',
    codes: {
      invalid_api_key: 'BXNIM0415E',
    },
    phrases: {
      invalid_api_key: ['Provided API key could not be found'],
    },
  },
  {
    system: 'intercom',
    source: 'developers.intercom.com error codes',
    codes: {
      invalid_token: 'token_not_found',
      insufficient_scope: 'token_unauthorized',
      account_locked: 'token_suspended token_blocked',
    },
  },
  {
    system: 'jfrog',
    source: 'jfrog.com artifactory errors',
    phrases: {
      invalid_token: ['Props Authentication Token not found', 'Bad props auth token'],
    },
  },
  {
    system: 'linkedin',
    source: 'learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling',
    codes: {
      invalid_token: 'serviceErrorCode=65600 INVALID_ACCESS_TOKEN',
      revoked_token: 'serviceErrorCode=65601 REVOKED_ACCESS_TOKEN',
      expired_token: 'serviceErrorCode=65602',
      missing_credentials: 'serviceErrorCode=65604 EMPTY_ACCESS_TOKEN',
      insufficient_scope: 'serviceErrorCode=100',
    },
    phrases: {
      revoked_token: ['The token used in the request has been revoked by the user'],
      expired_token: ['The token used in the request has expired'],
    },
  },
  {
    system: 'mailgun',
    source: 'documentation.mailgun.com',
    phrases: {
      invalid_api_key: ['Invalid private key'],
    },
  },
  {
    system: 'matrix',
    source: 'spec.matrix.org client-server API',
    codes: {
      missing_credentials: 'M_MISSING_TOKEN',
      invalid_token: 'M_UNKNOWN_TOKEN',
      account_locked: 'M_USER_DEACTIVATED M_USER_LOCKED M_USER_SUSPENDED',
      unknown: 'M_FORBIDDEN',
      insufficient_scope: 'M_GUEST_ACCESS_FORBIDDEN',
    },
  },
  {
    system: 'microsoft-graph',
    source: 'learn.microsoft.com/graph/errors, resolve-auth-errors',
    codes: {
      insufficient_scope: 'Authorization_RequestDenied Authentication_RequestFromNonPremiumTenantOrB2CTenant ErrorAccessDenied',
      wrong_realm: 'Authorization_IdentityNotFound',
      expired_token: 'Authentication_ExpiredToken',
      malformed_credentials: 'Authentication_MissingOrMalformed',
      unknown: 'Authentication_Unauthorized',
      invalid_credentials: 'ErrorInvalidUser',
    },
    phrases: {
      audience_mismatch: ['Access token validation failure. Invalid audience'],
      expired_token: ['Access token has expired or is not yet valid'],
      malformed_credentials: [
        'CompactToken parsing failed with error code',
        'IDX12741: JWT must have three segments (JWS) or five segments (JWE)',
      ],
      insufficient_scope: [
        'Insufficient privileges to complete the operation',
        'Either scp or roles claim need to be present in the token',
      ],
      wrong_realm: ['The identity of the calling application could not be established'],
      revoked_token: ['Continuous access evaluation resulted in challenge'],
      unknown: ['InteractionRequired and result: LocationConditionEvaluationSatisfied'],
    },
  },
  {
    system: 'minio',
    source: 'minio/minio cmd/api-errors.go, cmd/sts-errors.go',
    codes: {
      invalid_credentials: 'XMinioInvalidIAMCredentials',
      client_certificate: 'InvalidClientCertificate',
      server_misconfiguration: 'STSNotInitialized',
    },
    phrases: {
      invalid_api_key: ['The Access Key Id you provided does not exist in our records'],
      clock_skew: ['Request is not valid yet'],
      expired_token: ['Request has expired'],
      malformed_credentials: [
        'Signature header missing Signature field',
        'Signature header missing SignedHeaders field',
        'Missing Credential field for this request',
        "one and only one ' ' (space) required",
        'X-Amz-Expires must be non-negative',
      ],
      account_locked: ['Your account is disabled; please contact your administrator'],
    },
  },
  {
    system: 'notion',
    source: 'developers.notion.com/reference/status-codes',
    codes: {
      insufficient_scope: 'restricted_resource',
    },
    phrases: {
      invalid_api_key: ['API token is invalid'],
      insufficient_scope: ['Insufficient permissions for this endpoint'],
    },
  },
  {
    system: 'npm-cli',
    source: 'npm/cli lib/utils/error-message.js; registry answers',
    codes: {
      mfa_required: 'EOTP',
      missing_credentials: 'ENEEDAUTH',
      unknown: 'E401',
      insufficient_scope: 'E403',
    },
    phrases: {
      mfa_required: [
        'This operation requires a one-time password',
        'Two-factor authentication or granular access token with bypass 2fa enabled is required',
      ],
      invalid_token: ['Unable to authenticate, your authentication token seems to be invalid'],
      invalid_credentials: ['Incorrect or missing password'],
      missing_credentials: ['This command requires you to be logged in'],
      insufficient_scope: ['You do not have permission to publish'],
    },
  },
  {
    system: 'oci',
    source: 'docs.oracle.com OCI API errors',
    codes: {
      insufficient_scope: 'NotAuthorizedOrNotFound SignUpRequired',
    },
    phrases: {
      unknown: ['The required information to complete authentication was not provided or was incorrect'],
      invalid_signature: ['Failed to verify the HTTP(S) Signature'],
    },
  },
  {
    system: 'openai-api',
    source: 'platform.openai.com/docs/guides/error-codes',
    codes: {
      account_locked: 'account_deactivated',
      wrong_realm: 'invalid_organization mismatched_organization',
      insufficient_scope: 'openai:insufficient_permissions unsupported_country_region_territory ip_not_authorized',
    },
    phrases: {
      invalid_api_key: ['Incorrect API key provided'],
      missing_credentials: ["You didn't provide an API key"],
      wrong_realm: [
        'You must be a member of an organization to use the API',
        'No such organization',
        'OpenAI-Organization header should match organization for API key',
      ],
      insufficient_scope: ['You have insufficient permissions for this operation. Missing scopes'],
    },
  },
  {
    system: 'openstack-keystone',
    source: 'openstack/keystone keystone/exception.py, keystonemiddleware',
    phrases: {
      unknown: ['The request you have made requires authentication'],
      invalid_token: ['Could not recognize Fernet token', 'The token could not be found'],
      account_locked: [
        'The account is locked for user',
        'The password is expired and needs to be changed for user',
        'Your password has expired. Please use the change password API',
      ],
    },
  },
  {
    system: 'paypal',
    source: 'developer.paypal.com api error messages',
    codes: {
      unknown: 'AUTHENTICATION_FAILURE',
      insufficient_scope: 'NOT_AUTHORIZED PERMISSION_NOT_GRANTED',
      account_locked: 'PAYEE_ACCOUNT_RESTRICTED',
      invalid_credentials: 'paypal:10002',
    },
    phrases: {
      unknown: [
        'Authentication failed due to invalid authentication credentials or a missing Authorization header',
        'Authentication failed due to missing authorization header, or invalid authentication credentials',
      ],
      invalid_signature: ['Token signature verification failed'],
      invalid_token: ['The token passed in was not found in the system'],
    },
  },
  {
    system: 'pypi',
    source: 'warehouse/api',
    phrases: {
      invalid_credentials: ['Invalid or non-existent authentication information'],
      malformed_credentials: ['Username/Password authentication is no longer supported. Migrate to API Tokens'],
      insufficient_scope: ["The user '*' isn't allowed to upload to project"],
    },
  },
  {
    system: 'salesforce',
    source: 'developer.salesforce.com REST API error codes; Login History',
    codes: {
      session_expired: 'INVALID_SESSION_ID',
      malformed_credentials: 'INVALID_AUTH_HEADER',
      insufficient_scope:
        'API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED INSUFFICIENT_ACCESS INSUFFICIENT_ACCESS_OR_READONLY LOGIN_DURING_RESTRICTED_DOMAIN LOGIN_DURING_RESTRICTED_TIME CLIENT_NOT_ACCESSIBLE_FOR_USER invalid_app_access',
      invalid_credentials: 'LOGIN_MUST_USE_SECURITY_TOKEN',
      account_locked: 'PASSWORD_LOCKOUT ORG_LOCKED inactive_org inactive_user',
      invalid_token: 'Bad_OAuth_Token',
      missing_credentials: 'Missing_OAuth_Token',
      wrong_realm: 'Wrong_Org',
    },
    phrases: {
      session_expired: ['Session expired or invalid'],
      insufficient_scope: [
        'This session is not valid for use with the REST API',
        "user hasn't approved this consumer",
        "user hasn't admin approved this consumer",
        'ip restricted',
      ],
      invalid_credentials: ['Invalid username, password, security token; or user locked out', 'invalid client credentials'],
      refresh_failed: ['expired access/refresh token', 'token validity expired'],
      expired_token: ['expired authorization code'],
      audience_mismatch: ['audience is invalid'],
    },
  },
  {
    system: 'sendgrid',
    source: 'docs.sendgrid.com/api-reference errors',
    phrases: {
      invalid_token: ['The provided authorization grant is invalid, expired, or revoked'],
      invalid_credentials: ['Permission denied, wrong credentials'],
      unknown: ['Maximum credits exceeded'],
    },
  },
  {
    system: 'shopify',
    source: 'shopify.dev/docs/api/usage/response-codes, session tokens',
    codes: {
      invalid_token: 'invalid_subject_token',
    },
    phrases: {
      invalid_api_key: ['[API] Invalid API key or access token (unrecognized login or wrong password)'],
      insufficient_scope: ['This action requires merchant approval for * scope'],
      account_locked: ['Unavailable Shop'],
    },
  },
  {
    system: 'slack',
    source: 'api.slack.com/methods error lists',
    codes: {
      missing_credentials: 'not_authed',
      invalid_token: 'invalid_auth slack:invalid_code code_already_used',
      account_locked: 'account_inactive',
      revoked_token: 'token_revoked',
      expired_token: 'slack:token_expired',
      insufficient_scope: 'no_permission missing_scope ekm_access_denied user_is_bot user_is_restricted',
      malformed_credentials: 'not_allowed_token_type',
      wrong_realm: 'org_login_required enterprise_is_restricted team_access_not_granted team_added_to_org',
      mfa_required: 'two_factor_setup_required',
      invalid_credentials: 'bad_client_secret invalid_client_id',
      refresh_failed: 'cannot_refresh_token',
      server_misconfiguration: 'token_rotation_not_enabled',
    },
  },
  {
    system: 'snowflake',
    source: 'docs.snowflake.com/user-guide/key-pair-auth-troubleshooting; Snowflake drivers',
    codes: {
      invalid_credentials: 'error_code=390100 error_code=394300 JWT_TOKEN_INVALID_USER_IN_ISSUER INCORRECT_USERNAME_PASSWORD',
      session_expired: 'error_code=390111 error_code=390112',
      expired_token:
        'error_code=390110 error_code=390114 error_code=390318 error_code=394303 JWT_TOKEN_INVALID_EXPIRATION_TIME OAUTH_ACCESS_TOKEN_EXPIRED',
      invalid_token:
        'error_code=390113 error_code=390115 error_code=390144 error_code=390195 error_code=390303 JWT_TOKEN_INVALID OAUTH_ACCESS_TOKEN_INVALID',
      malformed_credentials: 'error_code=394301 JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME',
      clock_skew: 'error_code=394302 JWT_TOKEN_INVALID_ISSUE_TIME',
      invalid_signature:
        'error_code=394304 error_code=394305 JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH JWT_TOKEN_INVALID_ALGORITHM',
      wrong_realm: 'error_code=394307 JWT_TOKEN_ACCOUNT_MISMATCH',
      account_locked: 'USER_ACCESS_DISABLED USER_LOCKED_TEMP',
      insufficient_scope: 'INCOMING_IP_BLOCKED',
    },
    phrases: {
      invalid_token: ['JWT token is invalid', 'Invalid OAuth access token'],
      invalid_credentials: ['Incorrect username or password was specified'],
      expired_token: ['Authentication token has expired. The user must authenticate again', 'OAuth access token expired'],
      session_expired: ['Session no longer exists. New login required to access the service'],
      account_locked: [
        'user account has been temporarily locked due to too many failed attempts',
        'User access disabled. Contact your local system administrator',
      ],
      insufficient_scope: ['is not allowed to access Snowflake. Contact your local security administrator'],
    },
  },
  {
    system: 'spotify',
    source: 'developer.spotify.com/documentation/web-api',
    phrases: {
      malformed_credentials: ['Only valid bearer authentication supported'],
      missing_credentials: ['No token provided'],
      unknown: ['Bad OAuth request (wrong consumer key, bad nonce, expired timestamp...)'],
      insufficient_scope: ['Insufficient client scope', 'User not registered in the Developer Dashboard'],
      refresh_failed: ['Refresh token revoked'],
    },
  },
  {
    system: 'square',
    source: 'developer.squareup.com ErrorCode',
    codes: {
      revoked_token: 'ACCESS_TOKEN_REVOKED',
      insufficient_scope: 'INSUFFICIENT_SCOPES',
      account_locked: 'APPLICATION_DISABLED',
      malformed_credentials: 'V1_ACCESS_TOKEN',
      unknown: 'square:UNAUTHORIZED category=AUTHENTICATION_ERROR',
    },
    phrases: {
      unknown: ['This request could not be authorized'],
    },
  },
  {
    system: 'stripe',
    source: 'stripe.com/docs/error-codes',
    codes: {
      invalid_api_key: 'api_key_expired secret_key_required platform_api_key_expired livemode_mismatch',
      insufficient_scope: 'testmode_charges_only platform_account_required',
      wrong_realm: 'account_invalid',
    },
    phrases: {
      invalid_api_key: [
        'Invalid API Key provided',
        'Expired API Key provided',
        'This API call cannot be made with a publishable API key',
        'a similar object exists in live mode, but a test mode key',
        'a similar object exists in test mode, but a live mode key',
      ],
      missing_credentials: ['You did not provide an API key'],
      wrong_realm: ['does not have access to account'],
      insufficient_scope: ['The provided key * does not have the required permissions for this endpoint'],
      invalid_signature: ['No signatures found matching the expected signature for payload'],
      clock_skew: ['Timestamp outside the tolerance zone'],
    },
  },
  {
    system: 'telegram',
    source: 'core.telegram.org/api/errors',
    codes: {
      session_expired: 'AUTH_KEY_UNREGISTERED',
      invalid_token: 'AUTH_KEY_INVALID ACCESS_TOKEN_INVALID',
      revoked_token: 'SESSION_REVOKED',
      mfa_required: 'SESSION_PASSWORD_NEEDED PASSWORD_HASH_INVALID',
      account_locked: 'USER_DEACTIVATED USER_DEACTIVATED_BAN',
      expired_token: 'AUTH_TOKEN_EXPIRED PHONE_CODE_EXPIRED',
      invalid_credentials: 'PHONE_CODE_INVALID',
    },
  },
  {
    system: 'tencent-cloud',
    source: 'cloud.tencent.com API 3.0 common error codes',
    codes: {
      invalid_api_key: 'AuthFailure.SecretIdNotFound AuthFailure.InvalidSecretId',
      clock_skew: 'AuthFailure.SignatureExpire',
      invalid_signature: 'AuthFailure.SignatureFailure AuthFailure.UnsignedHeader',
      invalid_token: 'AuthFailure.TokenFailure',
      mfa_required: 'AuthFailure.MFAFailure',
      insufficient_scope: 'AuthFailure.UnauthorizedOperation',
      malformed_credentials: 'AuthFailure.InvalidAuthorization',
    },
  },
  {
    system: 'twilio',
    source: 'www.twilio.com/docs/api/errors',
    codes: {
      unknown: 'twilio:20003 twilio:20151',
      insufficient_scope: 'twilio:20004 twilio:20006 twilio:20403',
      account_locked: 'twilio:20005 twilio:60202 twilio:60203',
      invalid_token: 'twilio:20101 twilio:20106',
      malformed_credentials: 'twilio:20102',
      issuer_mismatch: 'twilio:20103',
      expired_token: 'twilio:20104',
      clock_skew: 'twilio:20105 twilio:20157',
      invalid_signature: 'twilio:20107',
    },
    phrases: {
      expired_token: ['Access Token expired or expiration date invalid'],
      clock_skew: ['Access Token not yet valid'],
      invalid_signature: ['Access Token signature validation failed'],
      issuer_mismatch: ['Invalid Access Token issuer/subject'],
      malformed_credentials: ['Invalid Access Token header'],
    },
  },
  {
    system: 'twitch',
    source: 'dev.twitch.tv/docs/authentication',
    phrases: {
      invalid_token: ['Invalid OAuth token'],
      missing_credentials: ['OAuth token is missing', 'Client ID is missing'],
      audience_mismatch: ['Client ID and OAuth token do not match'],
      insufficient_scope: ['missing required oauth scope'],
    },
  },
  {
    system: 'x-api',
    source: 'developer.x.com/en/support/x-api/error-troubleshooting',
    codes: {
      unknown: 'x:32',
      account_locked: 'x:63 x:64 x:326 x:416',
      invalid_token: 'x:89',
      invalid_credentials: 'x:99',
      clock_skew: 'x:135',
      malformed_credentials: 'x:215',
      insufficient_scope: 'x:220 x:453',
    },
    phrases: {
      unknown: ['Could not authenticate you'],
      invalid_token: ['Invalid or expired token'],
      malformed_credentials: ['Bad Authentication data'],
      clock_skew: ['Timestamp out of bounds'],
      insufficient_scope: ['Your credentials do not allow access to this resource'],
      invalid_credentials: ['Unable to verify your credentials'],
      account_locked: ['To protect our users from spam and other malicious activity, this account'],
    },
  },
  {
    system: 'zoom',
    source: 'developers.zoom.us/docs/api/errors',
    codes: {
      invalid_token: 'zoom:124',
      insufficient_scope: 'zoom:4711',
      revoked_token: 'zoom:4741',
    },
    phrases: {
      insufficient_scope: ['Invalid access token, does not contain scopes'],
    },
  },
];
