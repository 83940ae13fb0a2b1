/** Directories, databases, brokers and operating systems whose refusal an API passes on. */
import type { RuleTable } from '../table.js';

export const DIRECTORIES: readonly RuleTable[] = [
  {
    system: 'active-directory-ldap',
    source: 'learn.microsoft.com / LDAP bind sub-codes "AcceptSecurityContext error, data ..."',
    codes: {
      server_misconfiguration: 'data=568',
      account_locked: 'data=52f',
      insufficient_scope: 'data=569',
    },
    phrases: {
      missing_credentials: ['In order to perform this operation a successful bind must be completed'],
    },
  },
  {
    system: 'consul-nomad',
    source: 'hashicorp/consul acl errors; hashicorp/nomad structs errors',
    phrases: {
      invalid_api_key: ['ACL not found', 'ACL token not found', 'ACL token expired', 'token does not exist: ACL not found'],
      insufficient_scope: ['Permission denied: token with AccessorID * lacks permission'],
      missing_credentials: ['Permission denied: anonymous token lacks permission'],
      server_misconfiguration: ['ACL support disabled'],
    },
  },
  {
    system: 'elasticsearch',
    source: 'elastic/elasticsearch x-pack security; OpenSearch security plugin',
    codes: {
      unknown: 'security_exception',
    },
    phrases: {
      missing_credentials: ['missing authentication credentials for REST request'],
      invalid_credentials: [
        'unable to authenticate user * for REST request',
        'unable to authenticate with provided credentials and anonymous access is not allowed',
        'Authentication finally failed',
      ],
      invalid_api_key: [
        'api key has been invalidated',
        'api key is expired',
        'invalid credentials for API key',
        'unable to find apikey with id',
        'invalidated or expired api key',
      ],
      insufficient_scope: ['is unauthorized for user', 'is unauthorized for API key', 'no permissions for'],
      server_misconfiguration: [
        'current license is non-compliant for [security]',
        'Open Distro Security not initialized',
        'OpenSearch Security not initialized',
        'Not yet initialized (you may need to run securityadmin)',
      ],
      refresh_failed: ['refresh token is expired', 'token has already been refreshed', 'could not refresh the requested token'],
      revoked_token: ['token has been invalidated'],
    },
  },
  {
    system: 'etcd',
    source: 'etcd-io/etcd server/auth/store.go',
    phrases: {
      invalid_credentials: ['password was given for no password user'],
      server_misconfiguration: ['root user does not exist', 'root user does not have root role'],
      invalid_token: ['revision in header is old'],
    },
  },
  {
    system: 'grpc',
    source: 'grpc.github.io status codes; google.golang.org/grpc/codes',
    codes: {
      unknown: 'grpc-status=16 StatusCode.UNAUTHENTICATED',
      insufficient_scope: 'grpc-status=7 StatusCode.PERMISSION_DENIED',
    },
    phrases: {
      unknown: ['rpc error: code = Unauthenticated', 'Request unauthenticated with bearer'],
      insufficient_scope: ['rpc error: code = PermissionDenied'],
      missing_credentials: ['transport: per-RPC creds failed due to error'],
    },
  },
  {
    system: 'hasura',
    source: 'hasura/graphql-engine server Hasura.Server.Auth.JWT, Hasura.Base.Error',
    codes: {
      invalid_token: 'invalid-jwt jwt-invalid-claims',
      server_misconfiguration: 'invalid-jwt-key',
      insufficient_scope: 'jwt-missing-role-claims',
      unknown: 'access-denied',
      malformed_credentials: 'invalid-headers',
    },
    phrases: {
      expired_token: ['Could not verify JWT: JWTExpired'],
      clock_skew: ['Could not verify JWT: JWTNotYetValid', 'Could not verify JWT: JWTIssuedAtFuture'],
      audience_mismatch: ['Could not verify JWT: JWTNotInAudience'],
      issuer_mismatch: ['Could not verify JWT: JWTNotInIssuer'],
      invalid_signature: ['Could not verify JWT: JWSError JWSInvalidSignature', 'Could not verify JWT: JWSError JWSNoSignatures'],
      missing_credentials: [
        'Missing Authorization header in JWT authentication mode',
        '"x-hasura-admin-secret"/"x-hasura-access-key" required, but not found',
      ],
      malformed_credentials: ['Malformed Authorization header'],
      insufficient_scope: [
        'JWT claim does not contain x-hasura-allowed-roles',
        'JWT claim does not contain x-hasura-default-role',
        'Your requested role is not in allowed roles',
        'Your current role is not in allowed roles',
      ],
      invalid_api_key: ['invalid "x-hasura-admin-secret"/"x-hasura-access-key"'],
      unknown: ['Authentication hook unauthorized this request'],
      server_misconfiguration: ['Webhook authentication request failed'],
    },
  },
  {
    system: 'kafka',
    source: 'apache/kafka clients common/protocol/Errors.java',
    codes: {
      invalid_credentials: 'SaslAuthenticationException SASL_AUTHENTICATION_FAILED',
      client_certificate: 'SslAuthenticationException',
      insufficient_scope:
        'TopicAuthorizationException GroupAuthorizationException ClusterAuthorizationException TransactionalIdAuthorizationException DelegationTokenAuthorizationException TOPIC_AUTHORIZATION_FAILED GROUP_AUTHORIZATION_FAILED CLUSTER_AUTHORIZATION_FAILED',
      server_misconfiguration: 'UnsupportedSaslMechanismException IllegalSaslStateException UNSUPPORTED_SASL_MECHANISM',
      expired_token: 'DelegationTokenExpiredException DELEGATION_TOKEN_EXPIRED',
      invalid_token: 'DelegationTokenNotFoundException',
    },
    phrases: {
      invalid_credentials: [
        'Authentication failed: Invalid username or password',
        'Authentication failed during authentication due to invalid credentials with SASL mechanism',
      ],
      insufficient_scope: ['Not authorized to access topics'],
      malformed_credentials: ['Unexpected handshake request with client mechanism'],
      server_misconfiguration: ['Client SASL mechanism * not enabled in the server'],
    },
  },
  {
    system: 'kerberos',
    source: 'MIT krb5 lib/krb5/error_tables/krb5_err.et, k5e1_err; RFC 4120 7.5.9',
    codes: {
      account_locked: 'KRB5KDC_ERR_NAME_EXP KRB5KDC_ERR_CLIENT_REVOKED KRB5KDC_ERR_KEY_EXP',
      server_misconfiguration:
        'KRB5KDC_ERR_SERVICE_EXP KRB5KDC_ERR_C_OLD_MAST_KVNO KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN KRB5KDC_ERR_PRINCIPAL_NOT_UNIQUE KRB5KDC_ERR_NULL_KEY KRB5KDC_ERR_ETYPE_NOSUPP KRB5KDC_ERR_SUMTYPE_NOSUPP KRB5KDC_ERR_PADATA_TYPE_NOSUPP KRB5KDC_ERR_SERVICE_REVOKED KRB5KDC_ERR_SVC_UNAVAILABLE KDC_ERR_ETYPE_NOTSUPP KRB5KRB_AP_ERR_BADKEYVER KRB5KRB_AP_ERR_NOKEY KRB5_KDC_UNREACH KRB5_REALM_CANT_RESOLVE KRB5_KT_NOTFOUND KRB5KRB_ERR_RESPONSE_TOO_BIG',
      malformed_credentials: 'KRB5KDC_ERR_BAD_PVNO KRB5KRB_AP_ERR_BADVERSION KRB5KRB_AP_ERR_MSG_TYPE KRB5KRB_AP_ERR_INAPP_CKSUM',
      invalid_credentials: 'KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN KRB5KDC_ERR_PREAUTH_FAILED',
      clock_skew:
        'KRB5KDC_ERR_CANNOT_POSTDATE KRB5KDC_ERR_NEVER_VALID KRB5KDC_ERR_CLIENT_NOTYET KRB5KDC_ERR_SERVICE_NOTYET KRB5KRB_AP_ERR_TKT_NYV KRB5KRB_AP_ERR_SKEW',
      insufficient_scope: 'KRB5KDC_ERR_POLICY KRB5KDC_ERR_BADOPTION',
      revoked_token: 'KRB5KDC_ERR_TGT_REVOKED',
      missing_credentials: 'KRB5KDC_ERR_PREAUTH_REQUIRED KDC_ERR_PREAUTH_REQUIRED KRB5_CC_NOTFOUND KRB5_FCC_NOFILE',
      audience_mismatch: 'KRB5KDC_ERR_SERVER_NOMATCH KRB5KRB_AP_ERR_NOT_US',
      client_certificate: 'KRB5KDC_ERR_CLIENT_NOT_TRUSTED KRB5KDC_ERR_CLIENT_NAME_MISMATCH KDC_ERR_CLIENT_NOT_TRUSTED',
      invalid_signature: 'KRB5KRB_AP_ERR_BAD_INTEGRITY KRB5KRB_AP_ERR_MODIFIED',
      expired_token: 'KRB5KRB_AP_ERR_TKT_EXPIRED',
      proof_of_possession: 'KRB5KRB_AP_ERR_REPEAT KRB5KRB_AP_ERR_BADMATCH KRB5KRB_AP_ERR_BADADDR',
      wrong_realm: 'KRB5_REALM_UNKNOWN',
    },
    phrases: {
      invalid_credentials: [
        'Pre-authentication information was invalid',
        'Password incorrect while getting initial credentials',
        'Integrity check on decrypted field failed',
      ],
      account_locked: ['Password has expired while getting initial credentials'],
      expired_token: ['Ticket expired while'],
      server_misconfiguration: [
        'Cannot find KDC for realm',
        'Cannot contact any KDC for requested realm',
        'Specified version of key is not available',
        'Cannot find key of appropriate type to decrypt AP REP',
        'Encryption type * is not supported/enabled',
      ],
      missing_credentials: [
        'No Kerberos credentials available',
        'No credentials cache found',
        'No valid credentials provided (Mechanism level: Failed to find any Kerberos tgt)',
      ],
      invalid_signature: ['Checksum failed', 'Failure unspecified at GSS-API level (Mechanism level: Checksum failed)'],
      malformed_credentials: ['Defective token detected'],
    },
  },
  {
    system: 'kubernetes',
    source: 'kubernetes/kubernetes staging apiserver, plugin/pkg/auth',
    phrases: {
      missing_credentials: ['User "system:anonymous" cannot'],
      insufficient_scope: ['is forbidden: User * cannot * resource * in API group'],
      expired_token: ['service account token has expired', 'oidc: verify token: oidc: token is expired'],
      clock_skew: ['service account token is not valid yet'],
      revoked_token: [
        'service account token has been invalidated',
        'serviceaccount * has been deleted',
        'invalid bearer token, Token has been invalidated',
      ],
      audience_mismatch: ['token audiences * is invalid for the target audiences'],
      unknown: ['the server has asked for the client to provide credentials', 'You must be logged in to the server'],
      client_certificate: ['verifying certificate SN=* failed', 'tls: bad certificate', 'tls: certificate required'],
      invalid_signature: [
        'oidc: verify token: failed to verify signature',
        'invalid bearer token, square/go-jose: error in cryptographic primitive',
      ],
    },
  },
  {
    system: 'ldap',
    source: 'RFC 4511 appendix A; RFC 4513; OpenLDAP, JNDI, python-ldap',
    codes: {
      invalid_credentials: 'LDAP_INVALID_CREDENTIALS LDAP_NO_SUCH_OBJECT LDAPInvalidCredentialsResult InvalidCredentialsError',
      malformed_credentials: 'LDAP_INAPPROPRIATE_AUTH',
      insufficient_scope: 'LDAP_INSUFFICIENT_ACCESS NoPermissionException',
      server_misconfiguration:
        'LDAP_STRONG_AUTH_REQUIRED LDAP_AUTH_METHOD_NOT_SUPPORTED LDAP_CONFIDENTIALITY_REQUIRED LDAP_SERVER_DOWN LDAP_CONNECT_ERROR SERVER_DOWN LDAPSocketOpenError CommunicationException ServiceUnavailableException',
      unknown: 'LDAP_UNWILLING_TO_PERFORM LDAPBindError',
    },
    phrases: {
      invalid_credentials: [
        'invalidCredentials (49)',
        'LDAP: error code 49',
        'LDAP Result Code 49 "Invalid Credentials"',
        'ldap_bind: Invalid credentials (49)',
      ],
      insufficient_scope: ['LDAP: error code 50', 'LDAP Result Code 50 "Insufficient Access Rights"'],
      server_misconfiguration: [
        'LDAP: error code 13',
        'LDAP: error code 8 -',
        'LDAP Result Code 200 "Network Error"',
        'ldap_start_tls: Connect error',
        'Strong(er) authentication required',
      ],
      malformed_credentials: ['LDAP: error code 48'],
    },
  },
  {
    system: 'ldap-password-policy',
    source: 'draft-behera-ldap-password-policy; OpenLDAP ppolicy',
    codes: {
      account_locked: 'ppolicy:passwordExpired ppolicy:accountLocked ppolicy:changeAfterReset',
    },
    phrases: {
      account_locked: [
        'Password must be changed',
        'Exceed password retry limit. Please try later',
        'Account inactivated. Contact system administrator',
      ],
    },
  },
  {
    system: 'mongodb',
    source: 'mongodb/mongo src/mongo/base/error_codes.yml; Atlas Admin API errors',
    codes: {
      invalid_credentials: 'mongodb:18 mongodb:11 codeName=AuthenticationFailed codeName=UserNotFound MongoAuthError',
      unknown: 'mongodb:13 codeName=Unauthorized codeName=AtlasError',
      expired_token: 'mongodb:391 codeName=ReauthenticationRequired',
      insufficient_scope:
        'IP_ADDRESS_NOT_ON_ACCESS_LIST ORG_REQUIRES_ACCESS_LIST USER_CANNOT_ACCESS_ORG USER_UNAUTHORIZED NOT_ORG_GROUP_CREATOR',
    },
    phrases: {
      invalid_credentials: [
        'bad auth : Authentication failed',
        'SCRAM-SHA-1 authentication failed, storedKey mismatch',
        'Could not find user * for db',
      ],
      missing_credentials: ['command * requires authentication'],
      insufficient_scope: ['not authorized on * to execute command'],
      unknown: ['You are not authorized for this resource'],
    },
  },
  {
    system: 'mqtt',
    source: 'OASIS MQTT 3.1.1 table 3.1; MQTT 5.0 reason codes',
    codes: {
      invalid_credentials: 'CONNACK=4 reason_code=0x86',
      insufficient_scope: 'CONNACK=5 reason_code=0x87',
      unknown: 'CONNACK=2',
      account_locked: 'reason_code=0x8A',
      malformed_credentials: 'reason_code=0x8C',
    },
    phrases: {
      invalid_credentials: ['Connection Refused, bad user name or password', 'Bad User Name or Password'],
      insufficient_scope: ['Connection Refused, not authorized'],
      malformed_credentials: ['Bad authentication method'],
    },
  },
  {
    system: 'mysql',
    source: 'dev.mysql.com server error reference',
    codes: {
      invalid_credentials: 'ER_ACCESS_DENIED_ERROR',
      missing_credentials: 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
      insufficient_scope: 'ER_DBACCESS_DENIED_ERROR ER_TABLEACCESS_DENIED_ERROR ER_SPECIFIC_ACCESS_DENIED_ERROR ER_HOST_NOT_PRIVILEGED',
      account_locked:
        'ER_ACCOUNT_HAS_BEEN_LOCKED ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK ER_MUST_CHANGE_PASSWORD ER_MUST_CHANGE_PASSWORD_LOGIN ER_HOST_IS_BLOCKED',
      server_misconfiguration: 'ER_NOT_SUPPORTED_AUTH_MODE ER_SECURE_TRANSPORT_REQUIRED',
    },
    phrases: {
      invalid_credentials: ['ERROR 1045 (28000)', 'Access denied for user * (using password: YES)'],
      insufficient_scope: ['ERROR 1044 (42000)', 'ERROR 1130 (HY000)', 'is not allowed to connect to this MySQL server'],
      missing_credentials: ['Access denied for user * (using password: NO)'],
      account_locked: [
        'Your password has expired. To log in you must change it',
        'Account is blocked for * due to * consecutive failed logins',
        'Access denied for user * Account is locked',
      ],
      server_misconfiguration: ["Authentication plugin 'caching_sha2_password' cannot be loaded"],
    },
  },
  {
    system: 'oracle',
    source: 'docs.oracle.com database error messages',
    codes: {
      invalid_credentials: 'ORA-01017',
      account_locked: 'ORA-28000 ORA-28001',
      missing_credentials: 'ORA-01005',
      insufficient_scope: 'ORA-01031 ORA-01045',
      unknown: 'ORA-28003',
      expired_token: 'ORA-25707',
    },
  },
  {
    system: 'postgresql',
    source: 'postgresql.org errcodes; src/backend/libpq/auth.c, hba.c',
    codes: {
      invalid_credentials: '28P01',
      unknown: 'SQLSTATE=28000 invalid_authorization_specification SQLSTATE=08004',
      insufficient_scope: 'SQLSTATE=42501 insufficient_privilege',
    },
    phrases: {
      invalid_credentials: [
        'password authentication failed for user',
        'Ident authentication failed for user',
        'Peer authentication failed for user',
        'LDAP authentication failed for user',
        'PAM authentication failed for user',
        'RADIUS authentication failed for user',
        'SCRAM authentication failed',
      ],
      server_misconfiguration: ['no pg_hba.conf entry for host'],
      insufficient_scope: ['pg_hba.conf rejects connection for host', 'permission denied for table', 'permission denied for schema'],
      unknown: ['GSSAPI authentication failed for user'],
      client_certificate: ['certificate authentication failed for user', 'connection requires a valid client certificate'],
      invalid_token: ['OAuth bearer authentication failed for user'],
      account_locked: ['is not permitted to log in'],
      missing_credentials: [
        'fe_sendauth: no password supplied',
        'The server requested password-based authentication, but no password was provided',
        'empty password returned by client',
      ],
    },
  },
  {
    system: 'postgrest',
    source: 'PostgREST docs/references/errors.rst',
    codes: {
      server_misconfiguration: 'PGRST300',
      invalid_token: 'PGRST301 PGRST303',
      missing_credentials: 'PGRST302',
    },
    phrases: {
      clock_skew: ['JWT issued at future'],
      audience_mismatch: ['JWT not in audience'],
      invalid_signature: ['JWSError JWSInvalidSignature', 'No suitable key or wrong key type', 'Wrong or unsupported encoding algorithm'],
      malformed_credentials: ['JWSError (CompactDecodeError Invalid number of parts', 'JWSError (JSONDecodeError'],
      missing_credentials: ['Anonymous access is disabled'],
      server_misconfiguration: ['Server lacks JWT secret'],
    },
  },
  {
    system: 'rabbitmq',
    source: 'rabbitmq/rabbitmq-server rabbit_reader, rabbit_auth_backend',
    codes: {
      unknown: 'ACCESS_REFUSED not_authorised',
    },
    phrases: {
      invalid_credentials: [
        'ACCESS_REFUSED - Login was refused using authentication mechanism',
        "user '*' - invalid credentials",
        'PLAIN login refused: user',
      ],
      insufficient_scope: ['access to vhost * refused for user', 'user * can only connect via localhost', 'Not management user'],
      expired_token: ['Token has expired but is still being used'],
    },
  },
  {
    system: 'redis',
    source: 'redis.io/docs ACL, AUTH',
    codes: {
      missing_credentials: 'NOAUTH',
      invalid_credentials: 'WRONGPASS',
      insufficient_scope: 'NOPERM',
    },
    phrases: {
      missing_credentials: ['NOAUTH Authentication required'],
      invalid_credentials: ['WRONGPASS invalid username-password pair or user is disabled', 'ERR invalid password'],
      insufficient_scope: ['NOPERM this user has no permissions to'],
      server_misconfiguration: [
        'ERR Client sent AUTH, but no password is set',
        'ERR AUTH <password> called without any password configured',
        'DENIED Redis is running in protected mode',
      ],
    },
  },
  {
    system: 'sqlserver',
    source: 'learn.microsoft.com sql MSSQLSERVER_18456 states',
    phrases: {
      unknown: ['Login failed for user'],
      invalid_credentials: [
        'Reason: Password did not match that for the login provided',
        'Reason: Could not find a login matching the name provided',
      ],
      account_locked: [
        'Reason: The account is disabled',
        'The account is currently locked out. The system administrator can unlock it',
        'The password of the account has expired',
      ],
      wrong_realm: ['The login is from an untrusted domain and cannot be used'],
      server_misconfiguration: [
        'Cannot generate SSPI context',
        'An attempt to login using SQL authentication failed. Server is configured for',
      ],
    },
  },
  {
    system: 'vault',
    source: 'hashicorp/vault vault/request_handling.go, sdk/logical/error.go',
    phrases: {
      missing_credentials: ['missing client token'],
      unknown: [
        '1 error occurred: * permission denied',
        'lookup failed: service account unauthorized; this could mean it has been deleted',
      ],
      server_misconfiguration: [
        'Vault is sealed',
        'could not load configuration; no configuration provided',
        'role with oidc role_type is not allowed',
      ],
      invalid_token: ['wrapping token is not valid or does not exist'],
      invalid_credentials: ['invalid role or secret ID', 'invalid secret id'],
      mfa_required: ['failed to validate MFA', 'login MFA validation failed for methodID'],
      audience_mismatch: [
        'error validating token: invalid audience (aud) claim',
        'audience claim found in JWT but no audiences bound to the role',
      ],
      insufficient_scope: ['claim "sub" does not match any associated bound claim values', 'service account name not authorized'],
      issuer_mismatch: ['error validating token: invalid issuer (iss) claim'],
      invalid_signature: ['token mac for * is wrong'],
    },
  },
  {
    system: 'windows',
    source: 'MS-ERREF NTSTATUS; Windows Security event 4625 sub status',
    codes: {
      account_locked:
        '0xC000006E STATUS_ACCOUNT_RESTRICTION STATUS_INVALID_LOGON_HOURS STATUS_PASSWORD_EXPIRED STATUS_ACCOUNT_DISABLED STATUS_ACCOUNT_EXPIRED STATUS_PASSWORD_MUST_CHANGE STATUS_ACCOUNT_LOCKED_OUT NT_STATUS_ACCOUNT_RESTRICTION ERROR_ACCOUNT_DISABLED ERROR_ACCOUNT_LOCKED_OUT ERROR_PASSWORD_EXPIRED ERROR_PASSWORD_MUST_CHANGE ERROR_ACCOUNT_EXPIRED ERROR_ACCOUNT_RESTRICTION',
      server_misconfiguration:
        '0xC00000DC 0xC000018C 0xC000018D 0xC0000192 0xC000009A 0xC000019B STATUS_NO_LOGON_SERVERS STATUS_TRUSTED_RELATIONSHIP_FAILURE STATUS_TRUSTED_DOMAIN_FAILURE STATUS_NETLOGON_NOT_STARTED SEC_E_TARGET_UNKNOWN',
      unknown: '0xC0000225 0xC00002EE 0xC0000388',
      insufficient_scope:
        '0xC0000413 0xC0000022 STATUS_INVALID_WORKSTATION STATUS_LOGON_TYPE_NOT_GRANTED STATUS_AUTHENTICATION_FIREWALL_FAILED NT_STATUS_ACCESS_DENIED',
      invalid_credentials: '0xC0000380 STATUS_NO_SUCH_USER STATUS_WRONG_PASSWORD STATUS_LOGON_FAILURE ERROR_LOGON_FAILURE',
      clock_skew: 'STATUS_TIME_DIFFERENCE_AT_DC',
      missing_credentials: 'SEC_E_NO_CREDENTIALS',
      malformed_credentials: 'SEC_E_INVALID_TOKEN',
    },
    phrases: {
      invalid_credentials: ['Unknown user name or bad password', 'The user name or password is incorrect'],
      account_locked: [
        'The specified user account has expired',
        'Account logon time restriction violation',
        "The specified account's password has expired",
        'referenced account is currently locked out and may not be logged',
      ],
      insufficient_scope: ['User not allowed to logon at this computer'],
      server_misconfiguration: [
        'The trust relationship between this workstation and the primary domain failed',
        'There are currently no logon servers available to service the logon request',
        'The target principal name is incorrect',
      ],
    },
  },
];
