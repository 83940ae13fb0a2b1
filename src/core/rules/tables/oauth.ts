/** OAuth 2.0, OpenID Connect and their extensions: error codes and the sentences that servers put beside them. */
import type { RuleTable } from '../table.js';

export const OAUTH: readonly RuleTable[] = [
  {
    system: 'ciba',
    source: 'OpenID Connect CIBA Core 1.0, 13',
    codes: {
      expired_token: 'expired_login_hint_token',
      invalid_credentials: 'unknown_user_id invalid_user_code',
      missing_credentials: 'missing_user_code',
      unknown: 'invalid_binding_message',
    },
  },
  {
    system: 'gnap',
    source: 'RFC 9635 3.6',
    codes: {
      invalid_token: 'invalid_continuation',
      insufficient_scope: 'user_denied',
      proof_of_possession: 'invalid_rotation',
      server_misconfiguration: 'key_rotation_not_supported',
      invalid_credentials: 'unknown_user',
    },
  },
  {
    system: 'http-message-signatures',
    source: 'dhensby/node-http-message-signatures src/errors, src/httpbis',
    codes: {
      malformed_credentials: 'MalformedSignatureError',
      proof_of_possession: 'UnacceptableSignatureError',
    },
    phrases: {
      proof_of_possession: ['Missing required signature parameters', 'Missing required signed fields'],
      malformed_credentials: ['Malformed signature input'],
    },
  },
  {
    system: 'http-message-signatures',
    source: 'mastodon/mastodon app/controllers/concerns/signature_verification.rb',
    phrases: {
      missing_credentials: ['Request not signed'],
      clock_skew: ['Signed request date outside acceptable time window'],
      malformed_credentials: ['Incompatible request signature. keyId and signature are required'],
      proof_of_possession: ['Mastodon requires the Date header or (created) pseudo-header to be signed'],
      invalid_signature: ['Public key not found for key'],
    },
  },
  {
    system: 'oauth-device-flow',
    source: 'RFC 8628 3.5',
    codes: {
      unknown: 'authorization_pending error=slow_down',
      expired_token: 'error=expired_token',
    },
  },
  {
    system: 'oauth-dynamic-registration',
    source: 'RFC 7591 3.2.2',
    codes: {
      invalid_token: 'invalid_software_statement',
      insufficient_scope: 'unapproved_software_statement',
      unknown: 'invalid_client_metadata',
    },
  },
  {
    system: 'oauth-introspection',
    source: 'RFC 7662 2.2',
    codes: {
      invalid_token: 'active=false',
    },
  },
  {
    system: 'oauth-jwt-assertion',
    source: 'RFC 7523 3.1, 3.2',
    phrases: {
      audience_mismatch: ['Audience validation failed'],
    },
  },
  {
    system: 'oauth-par',
    source: 'RFC 9126 2.3, 2.2',
    codes: {
      unknown: 'invalid_request_uri invalid_request_object',
    },
  },
  {
    system: 'oauth-rar',
    source: 'RFC 9396 5',
    codes: {
      insufficient_scope: 'invalid_authorization_details',
    },
  },
  {
    system: 'oauth-resource-indicators',
    source: 'RFC 8707 2',
    codes: {
      audience_mismatch: 'invalid_target',
    },
  },
  {
    system: 'oauth2',
    source: 'RFC 6749 4.1.2.1, 5.2',
    codes: {
      invalid_token: 'invalid_grant',
      invalid_credentials: 'invalid_client',
      insufficient_scope: 'unauthorized_client error=invalid_scope',
      unknown: 'error=invalid_request unsupported_grant_type unsupported_response_type',
      server_misconfiguration: 'error=server_error error=temporarily_unavailable',
    },
  },
  {
    system: 'oidc',
    source: 'OpenID Connect Core 1.0, 3.1.2.6',
    codes: {
      session_expired: 'login_required',
      unknown: 'interaction_required account_selection_required request_not_supported request_uri_not_supported registration_not_supported',
      insufficient_scope: 'consent_required',
      mfa_required: 'unmet_authentication_requirements',
    },
  },
  {
    system: 'rfc6750',
    source: 'RFC 6750 3.1',
    codes: {
      invalid_token: 'error=invalid_token',
      insufficient_scope: 'insufficient_scope',
      malformed_credentials: 'invalid_request',
    },
    phrases: {
      invalid_token: ['The access token provided is expired, revoked, malformed, or invalid'],
    },
  },
  {
    system: 'rfc7616',
    source: 'RFC 7616 3.3',
    codes: {
      proof_of_possession: 'stale=true',
    },
  },
  {
    system: 'rfc9449',
    source: 'RFC 9449 5, 7, 8, 9',
    codes: {
      proof_of_possession: 'use_dpop_nonce invalid_dpop_proof',
    },
    phrases: {
      proof_of_possession: [
        'Authorization server requires nonce in DPoP proof',
        'Resource server requires nonce in DPoP proof',
        'Invalid DPoP key binding',
        'DPoP proof has already been used',
        'DPoP proof is missing',
      ],
    },
  },
  {
    system: 'step-up',
    source: 'RFC 9470 3',
    codes: {
      mfa_required: 'insufficient_user_authentication',
    },
    phrases: {
      mfa_required: ['A different authentication level is required', 'More recent authentication is required'],
    },
  },
];
